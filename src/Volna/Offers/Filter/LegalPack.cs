using System.Collections.Immutable;

namespace Volna.Offers.Filter;

/// <summary>What Russian law says of personal discounts on goods that carry a tag.</summary>
/// <param name="OffersForbidden">No offer at all.</param>
/// <param name="NeedsFloor">Only with a minimum price that is known.</param>
/// <param name="LeastAge">Years the customer must be known to have; 0 for none.</param>
/// <param name="Source">The law.</param>
public sealed record LegalRule(string Tag, bool OffersForbidden, bool NeedsFloor, int LeastAge, string Source);

/// <summary>The rules by tag. The retailer's lawyers have the last word: what they forbid beyond it goes into the exclusions.</summary>
public static class LegalPack
{
    public static ImmutableArray<LegalRule> Rules { get; } =
    [
        // Minimum retail prices are set by order of the Ministry of Finance; sale to minors is forbidden.
        new("alcohol", OffersForbidden: false, NeedsFloor: true, LeastAge: 18, "171-ФЗ, ст. 11 п. 5, ст. 16 п. 2"),
        // Discounts of any kind are forbidden as promotion of tobacco and of nicotine goods.
        new("tobacco", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "15-ФЗ, ст. 16 ч. 1"),
        new("nicotine", OffersForbidden: true, NeedsFloor: false, LeastAge: 18, "15-ФЗ, ст. 16 ч. 1"),
        // What she takes speaks of her health, a special category of personal data; prescription goods aren't advertised to the public.
        new("medicine", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, "152-ФЗ, ст. 10; 38-ФЗ, ст. 24"),
        // The WHO code names special offers and discounts on breast-milk substitutes.
        new("infant-formula", OffersForbidden: true, NeedsFloor: false, LeastAge: 0, "WHO Code of Marketing of Breast-milk Substitutes, 5.3; 38-ФЗ, ст. 25"),
        new("18+", OffersForbidden: false, NeedsFloor: false, LeastAge: 18, "436-ФЗ"),
    ];
}
