using System.Text.Json.Serialization;
using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Publishing;

/// <summary>A customer's offers of a wave as she sees them, whatever the channel: in her language, with codes, prices and reasons.</summary>
/// <param name="Customer">The retailer's key.</param>
/// <param name="FirstName">Empty where not known.</param>
/// <param name="Language">Code of ISO 639-1.</param>
/// <param name="Until">The last day on which the offers can be used.</param>
public sealed record Card(string Customer, string FirstName, string LastName, string Language, string Wave, DateOnly From, DateOnly Until, IReadOnlyList<CardOffer> Offers)
{
    /// <summary>Puts a customer's card together.</summary>
    /// <param name="secret">Of the installation, for the codes.</param>
    public static Card Of(Contact contact, Language language, string wave, Period validity, IReadOnlyList<Offer> offers, Catalog catalog, ReadOnlySpan<byte> secret)
    {
        var cardOffers = new CardOffer[offers.Count];
        for (var i = 0; i < offers.Count; i++)
        {
            var offer = offers[i];
            var (key, name, category) = offer.TargetKind == TargetKind.Basket ? ("", OfferTexts.Basket(offer.LeastTotal).In(language), "") : About(catalog.Product(offer.Target), catalog);
            cardOffers[i] = new CardOffer(
                OfferCode.Of(secret, wave, offer.Customer, offer.Index), key, Plain(name), Plain(category),
                offer.Depth.BasisPoints, offer.RegularPrice.Minor, offer.Price.Minor,
                OfferTexts.Slot(offer.Slot).In(language), Sentence(Plain(OfferTexts.Reason(offer, catalog).In(language))))
            {
                Deal = OfferTexts.Deal(offer).In(language),
                FromMinor = offer.LeastTotal.Minor,
            };
        }

        return new Card(contact.Key, Plain(contact.FirstName), Plain(contact.LastName), language.Code(), wave, validity.Start, validity.End.AddDays(-1), cardOffers);
    }

    static (string Key, string Name, string Category) About(Product product, Catalog catalog) =>
        (product.Key, product.Name.Length > 0 ? product.Name : product.Key, product.Category.Value == 0 ? "" : catalog.Categories[product.Category.Value]!.Name);

    static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>On one line: names come from outside, and a line break in one could become a header of a letter or a command for a printer.</summary>
    static string Plain(string text) => string.Join(' ', string.Concat(text.Select(symbol => char.IsControl(symbol) ? ' ' : symbol)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <param name="Code">What the till reads.</param>
/// <param name="Product">The retailer's key; empty for the whole basket.</param>
/// <param name="PriceMinor">With the discount.</param>
/// <param name="Goal">The slot's heading.</param>
/// <param name="Reason">Why she gets it.</param>
public sealed record CardOffer(
    string Code, string Product, string Name, string Category, int PercentBasisPoints, long RegularPriceMinor, long PriceMinor, string Goal, string Reason)
{
    /// <summary>What she gets off, or in points, in words.</summary>
    public required string Deal { get; init; }

    /// <summary>For an offer on the whole basket: what it has to come to; else 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long FromMinor { get; init; }
}
