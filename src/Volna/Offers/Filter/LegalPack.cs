using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers.Plans;

namespace Volna.Offers.Filter;

/// <summary>What a country's law says of personal discounts on goods that carry a tag.</summary>
/// <param name="OffersForbidden">No offer at all.</param>
/// <param name="NeedsFloor">Only with a minimum price that is known.</param>
/// <param name="LeastAge">Years the customer must be known to have; 0 for none.</param>
/// <param name="Source">The law.</param>
public sealed record LegalRule(string Tag, bool OffersForbidden, bool NeedsFloor, int LeastAge, string Source);

/// <summary>The rules by country and tag. The retailer's lawyers have the last word: what they forbid beyond it goes into the exclusions.</summary>
public static class LegalPack
{
    // No law, but what it names, special offers and discounts on breast-milk substitutes, is left alone everywhere.
    const string MilkCode = "WHO Code of Marketing of Breast-milk Substitutes, 5.3";

    static readonly ImmutableArray<LegalRule> s_russia =
    [
        // Minimum retail prices are set by order of the Ministry of Finance; sale to minors is forbidden.
        new("alcohol", OffersForbidden: false, NeedsFloor: true, LeastAge: 18, "171-ФЗ, ст. 11 п. 5, ст. 16 п. 2"),
        // Discounts of any kind are forbidden as promotion of tobacco and of nicotine goods.
        new("tobacco", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "15-ФЗ, ст. 16 ч. 1"),
        new("nicotine", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "15-ФЗ, ст. 16 ч. 1"),
        // What she takes speaks of her health, a special category of personal data; prescription goods aren't advertised to the public.
        new("medicine", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, "152-ФЗ, ст. 10; 38-ФЗ, ст. 24"),
        new("infant-formula", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, $"{MilkCode}; 38-ФЗ, ст. 25"),
        new("18+", OffersForbidden: false, NeedsFloor: false, LeastAge: 18, "436-ФЗ"),
    ];

    static readonly ImmutableArray<LegalRule> s_kazakhstan =
    [
        // Advertising of alcohol, tobacco, vapes and breast-milk substitutes is forbidden altogether; whether an offer to one person is advertising is left to the lawyers.
        new("alcohol", OffersForbidden: true, NeedsFloor: false, LeastAge: 21, "Закон РК от 19.12.2003 № 508-II, ст. 13 п. 1; Закон РК от 16.07.1999 № 429-I; Кодекс РК от 07.07.2020 № 360-VI, ст. 110"),
        new("tobacco", OffersForbidden: true, NeedsFloor: false, LeastAge: 21, "Кодекс РК от 07.07.2020 № 360-VI, ст. 110; Закон РК от 19.12.2003 № 508-II, ст. 13 п. 1"),
        new("nicotine", OffersForbidden: true, NeedsFloor: false, LeastAge: 21, "Кодекс РК от 07.07.2020 № 360-VI, ст. 110; Закон РК от 19.12.2003 № 508-II, ст. 13 п. 1"),
        new("medicine", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, "Закон РК от 21.05.2013 № 94-V; Кодекс РК от 07.07.2020 № 360-VI"),
        new("infant-formula", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, $"Закон РК от 19.12.2003 № 508-II, ст. 13 п. 1; {MilkCode}"),
        new("18+", OffersForbidden: false, NeedsFloor: false, LeastAge: 18, "Закон РК от 02.07.2018 № 169-VI"),
    ];

    static readonly ImmutableArray<LegalRule> s_belarus =
    [
        // Minimum prices are set by the government; sale to minors is forbidden.
        new("alcohol", OffersForbidden: false, NeedsFloor: true, LeastAge: 18, "Закон РБ от 27.08.2008 № 429-З"),
        new("tobacco", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "Декрет Президента РБ от 17.12.2002 № 28; Закон РБ от 10.05.2007 № 225-З"),
        // Electronic systems and their liquids came into the same decree by Decree № 2 of 24.01.2019.
        new("nicotine", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "Декрет Президента РБ от 17.12.2002 № 28"),
        // Health is among the special personal data here, too.
        new("medicine", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, "Закон РБ от 07.05.2021 № 99-З; Закон РБ от 10.05.2007 № 225-З"),
        new("infant-formula", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, MilkCode),
        new("18+", OffersForbidden: false, NeedsFloor: false, LeastAge: 18, "Закон РБ от 19.11.1993 № 2570-XII"),
    ];

    /// <summary>True if a law speaks of a product. Which goods they speak of, the countries agree.</summary>
    public static bool Names(Product product) => Names(product.Tags);

    /// <inheritdoc cref="Names(Product)"/>
    /// <param name="tags">The product's.</param>
    public static bool Names(IEnumerable<string> tags) => tags.Any(tag => s_russia.Any(rule => rule.Tag == tag));

    public static ImmutableArray<LegalRule> Of(Country country) => country switch
    {
        Country.Russia => s_russia,
        Country.Kazakhstan => s_kazakhstan,
        Country.Belarus => s_belarus,
        _ => throw new ArgumentOutOfRangeException(nameof(country), country, "No legal pack for this country."),
    };
}
