using Volna.Offers;
using Volna.Publishing;

namespace Volna.Redemptions;

/// <summary>
/// What the lines of a receipt cost with the customer's offers.
///
/// A percentage counts from the regular price of the line, rounded down to the minor unit. Where a mass promotion made the shelf price lower than
/// the regular one, the customer pays the lower of the two prices, never both discounts and never more than on the shelf. The floor bounds the
/// price from below, so a part of the discount may remain. Each offer is spent on one line, each line takes one offer: the largest benefit is
/// chosen first, the earlier line where benefits are equal. Without benefit nothing is spent.
/// </summary>
static class Pricing
{
    /// <summary>The lines' prices, in their order.</summary>
    /// <param name="customerKnown">False names the customer as unknown on every line.</param>
    /// <param name="offers">What she holds on the receipt's business day, spent or not.</param>
    public static LinePrice[] Price(IReadOnlyList<ReceiptLine> lines, bool customerKnown, IReadOnlyList<HeldOffer> offers)
    {
        var uses = new List<(int Line, int Offer, Money Discount)>();
        for (var line = 0; line < lines.Count; line++)
            for (var offer = 0; offer < offers.Count; offer++)
                if (offers[offer].Blocked == TillRefusal.None && offers[offer].IsFor(lines[line]) && Discount(lines[line], offers[offer].Offer) is (var discount, TillRefusal.None))
                    uses.Add((line, offer, discount));
        // The sort is stable, so ties keep the order of lines.
        var chosen = new (int Offer, Money Discount)?[lines.Count];
        var taken = new bool[offers.Count];
        foreach (var (line, offer, discount) in uses.OrderByDescending(use => use.Discount))
        {
            if (chosen[line] is not null || taken[offer]) continue;
            chosen[line] = (offer, discount);
            taken[offer] = true;
        }

        var prices = new LinePrice[lines.Count];
        for (var line = 0; line < lines.Count; line++)
            prices[line] = chosen[line] is var (offer, discount)
                ? new LinePrice(lines[line].Total - discount, discount, offers[offer], TillRefusal.None)
                : new LinePrice(lines[line].Total, Money.Zero, null, customerKnown ? Refusal(lines[line], offers, taken) : TillRefusal.CustomerUnknown);
        return prices;
    }

    /// <summary>What one offer takes off one line, or why nothing.</summary>
    internal static (Money Discount, TillRefusal Refusal) Discount(ReceiptLine line, Offer offer)
    {
        var regular = line.Quantity.Times(Money.Max(line.RegularPrice, line.UnitPrice));
        var personal = regular - offer.Depth.OfRoundedDown(regular);
        var lowest = RoundedUp(line.Quantity, Money.Max(offer.Floor, line.Floor));
        var discount = line.Total - Money.Max(personal, lowest);
        if (discount > Money.Zero) return (discount, TillRefusal.None);
        return (Money.Zero, line.Total > personal ? TillRefusal.FloorReached : TillRefusal.NoBenefit);
    }

    static TillRefusal Refusal(ReceiptLine line, IReadOnlyList<HeldOffer> offers, bool[] taken)
    {
        var refusal = TillRefusal.NoOfferForProduct;
        for (var offer = 0; offer < offers.Count; offer++)
        {
            if (!offers[offer].IsFor(line)) continue;
            if (offers[offer].Blocked == TillRefusal.None && !taken[offer]) return Discount(line, offers[offer].Offer).Refusal;
            refusal = taken[offer] ? TillRefusal.OfferUsed : offers[offer].Blocked;
        }

        return refusal;
    }

    // A floor is a floor: half a kopeck below it is below it.
    static Money RoundedUp(Quantity quantity, Money unitPrice) => new((long)((((Int128)unitPrice.Minor * quantity.Thousandths) + 999) / 1_000));
}

/// <summary>A line of a receipt with what the catalogue says of its product.</summary>
/// <param name="Product">0 where the product isn't known.</param>
/// <param name="UnitPrice">On the shelf, as the till sent it.</param>
/// <param name="RegularPrice">Without mass promotion; not above the shelf price where none runs.</param>
/// <param name="Floor">The lowest unit price that the product's policy allows today; zero where nothing limits it.</param>
readonly record struct ReceiptLine(ProductId Product, Quantity Quantity, Money UnitPrice, Money RegularPrice, Money Floor)
{
    /// <summary>Without any personal offer.</summary>
    public Money Total => Quantity.Times(UnitPrice);

    /// <summary>A till's line as the catalogue of the day sees it.</summary>
    public static ReceiptLine Of(TillLine line, LiveDay day, StoreId store)
    {
        if (day.Catalog.FindProduct(line.Product) is not { } product) return new ReceiptLine(default, line.Quantity, line.UnitPrice, line.UnitPrice, Money.Zero);
        var regular = day.IsPromoted(product.Id, store) ? day.Catalog.Price(product.Id.Value, store.Value) : null;
        return new ReceiptLine(product.Id, line.Quantity, line.UnitPrice, regular ?? line.UnitPrice, PriceFloor.ByPolicy(product, line.UnitPrice));
    }
}

/// <summary>An offer in a customer's hands.</summary>
/// <param name="Blocked">Why it can't be used now, or <see cref="TillRefusal.None"/>.</param>
sealed record HeldOffer(string Wave, Offer Offer, TillRefusal Blocked)
{
    public bool IsFor(ReceiptLine line) => Offer.TargetKind == Intake.Catalog.TargetKind.Product && Offer.Target == line.Product.Value;
}

/// <param name="Total">What is to be paid.</param>
/// <param name="Used">The offer spent on the line, or null.</param>
readonly record struct LinePrice(Money Total, Money Discount, HeldOffer? Used, TillRefusal Refusal);
