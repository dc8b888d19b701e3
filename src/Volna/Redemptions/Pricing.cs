using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Redemptions;

/// <summary>
/// What the lines of a receipt cost with the customer's offers.
///
/// Where a mass promotion made the shelf price lower than the regular one, a personal offer counts from the regular price and the customer pays the
/// lower of the two prices: never both discounts and never more than on the shelf. The floor bounds the price from below, so a part of the discount may
/// remain. Each offer is used once on a receipt, each line takes one offer, and an offer on the whole basket may come on top of those. Among all
/// allowed ways to spread the offers over the lines the customer gets the one with the largest benefit, exactly; where several are equal, the one with
/// fewer offers, then with earlier lines. Without benefit nothing is spent.
/// </summary>
static class Pricing
{
    /// <summary>The lines' prices, in their order.</summary>
    /// <param name="customerKnown">False names the customer as unknown on every line.</param>
    /// <param name="offers">What she holds on the receipt's business day, also what she can't use now.</param>
    /// <param name="basketOnTop">False: either offers on lines or one on the basket, whichever brings her more.</param>
    public static BasketPrice Price(ReadOnlySpan<ReceiptLine> lines, bool customerKnown, IReadOnlyList<HeldOffer> offers, Catalog? catalog = null, bool basketOnTop = true)
    {
        var uses = new List<LineUse>();
        for (var line = 0; line < lines.Length; line++)
            for (var offer = 0; offer < offers.Count; offer++)
                if (offers[offer].Blocked == TillRefusal.None && offers[offer].IsFor(lines[line], catalog) && Discount(lines[line], offers[offer].Offer) is (var discount, var earned, TillRefusal.None))
                    uses.Add(new LineUse(line, offer, discount, earned));
        var chosen = Assignment.Best(uses);
        var basket = BestBasket(lines, offers, chosen);
        if (!basketOnTop && basket.Offer >= 0 && chosen.Count > 0)
        {
            var alone = BestBasket(lines, offers, []);
            if (alone.Discount + alone.Points > chosen.Aggregate(Money.Zero, (sum, use) => sum + use.Benefit)) (basket, chosen) = (alone, []);
            else basket = BasketUse.None;
        }

        var prices = new LinePrice[lines.Length];
        for (var line = 0; line < lines.Length; line++) prices[line] = new LinePrice(lines[line].Total, default, null, TillRefusal.None);
        foreach (var use in chosen)
            prices[use.Line] = new LinePrice(lines[use.Line].Total - use.Discount, use.Discount, offers[use.Offer], TillRefusal.None) { Points = use.Points };
        for (var line = 0; line < lines.Length; line++)
            if (prices[line].Used is null)
                prices[line] = prices[line] with { Refusal = customerKnown ? Refusal(lines[line], offers, chosen, catalog) : TillRefusal.CustomerUnknown };
        if (basket.Offer < 0) return new BasketPrice(prices, null, default, default);

        var (weights, rooms) = Rooms(lines, offers, chosen);
        var shares = BasketSplit.Split(basket.Discount.Minor, weights, rooms);
        var points = BasketSplit.Split(basket.Points.Minor, weights, null);
        for (var line = 0; line < lines.Length; line++)
            prices[line] = prices[line] with { Total = prices[line].Total - new Money(shares[line]), BasketDiscount = new Money(shares[line]), BasketPoints = new Money(points[line]) };
        return new BasketPrice(prices, offers[basket.Offer], basket.Discount, basket.Points);
    }

    /// <summary>What one offer takes off one line, or gives in points, or why nothing.</summary>
    internal static (Money Discount, Money Points, TillRefusal Refusal) Discount(ReceiptLine line, Offer offer)
    {
        // Of a larger quantity only so much is discounted.
        var part = offer.MostPieces.Thousandths > 0 && offer.MostPieces.Thousandths < line.Quantity.Thousandths ? offer.MostPieces : line.Quantity;
        var shelf = part == line.Quantity ? line.Total : part.Times(line.UnitPrice);
        if (offer.Mechanic == Mechanic.Points)
        {
            var points = offer.Amount > Money.Zero ? part.Times(offer.Amount) : offer.Depth.OfRoundedDown(shelf);
            return (default, points, points > Money.Zero ? TillRefusal.None : TillRefusal.NoBenefit);
        }

        var regularPrice = Money.Max(line.RegularPrice, line.UnitPrice);
        var regular = part.Times(regularPrice);
        var personal = offer.Mechanic switch
        {
            Mechanic.PercentOff => regular - offer.Depth.OfRoundedDown(regular),
            Mechanic.AmountOff => regular - Money.Min(regular, part.Times(offer.Amount)),
            Mechanic.FixedPrice => part.Times(offer.Amount),
            Mechanic.NPlusM => new Quantity(part.Thousandths - FreePieces(part, offer)).Times(regularPrice),
            _ => throw new ArgumentOutOfRangeException(nameof(offer), offer.Mechanic, "No such mechanic."),
        };
        var lowest = RoundedUp(part, Money.Max(offer.Floor, line.Floor));
        var discount = shelf - Money.Max(personal, lowest);
        if (discount > Money.Zero) return (discount, default, TillRefusal.None);
        return (default, default, shelf > personal ? TillRefusal.FloorReached : TillRefusal.NoBenefit);
    }

    /// <summary>Of each N + M whole pieces M are free; goods by weight have no pieces.</summary>
    static long FreePieces(Quantity part, Offer offer) =>
        part.Thousandths % 1_000 != 0 || offer.Buy + offer.Free <= 0 ? 0 : part.Thousandths / 1_000 / (offer.Buy + offer.Free) * offer.Free * 1_000;

    /// <summary>The offer on the whole basket that brings most on top of what was chosen for the lines.</summary>
    static BasketUse BestBasket(ReadOnlySpan<ReceiptLine> lines, IReadOnlyList<HeldOffer> offers, List<LineUse> chosen)
    {
        var best = BasketUse.None;
        for (var i = 0; i < offers.Count; i++)
        {
            if (offers[i].Blocked != TillRefusal.None || offers[i].Offer.TargetKind != TargetKind.Basket) continue;
            var offer = offers[i].Offer;
            Money shelf = default, allowed = default, room = default;
            var (weights, rooms) = Rooms(lines, offers, chosen);
            for (var line = 0; line < lines.Length; line++)
            {
                if (lines[line].IsInBasket) shelf += lines[line].Total;
                allowed += new Money(weights[line]);
                room += new Money(rooms[line]);
            }

            if (shelf < offer.LeastTotal) continue;
            var use = offer.Mechanic switch
            {
                Mechanic.PercentOff => new BasketUse(i, Money.Min(offer.Depth.OfRoundedDown(allowed), room), default),
                Mechanic.AmountOff => new BasketUse(i, Money.Min(offer.Amount, room), default),
                Mechanic.Points => new BasketUse(i, default, allowed == Money.Zero ? default : offer.Amount > Money.Zero ? offer.Amount : offer.Depth.OfRoundedDown(allowed)),
                _ => BasketUse.None,
            };
            if (use.Discount + use.Points > best.Discount + best.Points) best = use;
        }

        return best;
    }

    /// <summary>For each line what it costs after its own offer, and how far it may fall yet; nothing for what isn't in the basket that an offer speaks of.</summary>
    static (long[] Weights, long[] Rooms) Rooms(ReadOnlySpan<ReceiptLine> lines, IReadOnlyList<HeldOffer> offers, List<LineUse> chosen)
    {
        var (weights, rooms) = (new long[lines.Length], new long[lines.Length]);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].IsInBasket) continue;
            var (total, floor) = (lines[i].Total, lines[i].Floor);
            foreach (var use in chosen)
                if (use.Line == i)
                    (total, floor) = (total - use.Discount, Money.Max(floor, offers[use.Offer].Offer.Floor));
            weights[i] = total.Minor;
            rooms[i] = Math.Max(0, (total - RoundedUp(lines[i].Quantity, floor)).Minor);
        }

        return (weights, rooms);
    }

    static TillRefusal Refusal(ReceiptLine line, IReadOnlyList<HeldOffer> offers, List<LineUse> chosen, Catalog? catalog)
    {
        var refusal = TillRefusal.NoOfferForProduct;
        for (var offer = 0; offer < offers.Count; offer++)
        {
            if (!offers[offer].IsFor(line, catalog)) continue;
            var taken = false;
            foreach (var use in chosen) taken |= use.Offer == offer;
            if (!taken && offers[offer].Blocked == TillRefusal.None)
            {
                // One that would do and isn't used gave way to a better combination.
                var own = Discount(line, offers[offer].Offer).Refusal;
                return own == TillRefusal.None ? TillRefusal.OfferUsed : own;
            }

            refusal = taken ? TillRefusal.OfferUsed : offers[offer].Blocked;
        }

        return refusal;
    }

    // A floor is a floor: half a kopeck below it is below it.
    static Money RoundedUp(Quantity quantity, Money unitPrice) => unitPrice == Money.Zero ? unitPrice : new((long)((((Int128)unitPrice.Minor * quantity.Thousandths) + 999) / 1_000));

    readonly record struct BasketUse(int Offer, Money Discount, Money Points)
    {
        public static BasketUse None => new(-1, default, default);
    }
}

/// <summary>One offer on one line.</summary>
readonly record struct LineUse(int Line, int Offer, Money Discount, Money Points)
{
    /// <summary>A point is worth a minor unit.</summary>
    public Money Benefit => Discount + Points;
}

/// <summary>A line of a receipt with what the catalogue says of its product.</summary>
/// <param name="Product">0 where the product isn't known.</param>
/// <param name="UnitPrice">On the shelf, as the till sent it.</param>
/// <param name="RegularPrice">Without mass promotion; not above the shelf price where none runs.</param>
/// <param name="Floor">The lowest unit price that the product's policy allows today; zero where nothing limits it.</param>
readonly record struct ReceiptLine(ProductId Product, Quantity Quantity, Money UnitPrice, Money RegularPrice, Money Floor)
{
    public CategoryId Category { get; init; }

    public string? Brand { get; init; }

    public string? Supplier { get; init; }

    /// <summary>An offer on the whole basket leaves it out.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>It counts towards the sum of an offer on the whole basket, and may get its share: its price may fall, and neither a law nor the business keeps it out.</summary>
    public bool IsInBasket => !IsLeftOut && Floor < UnitPrice;

    /// <summary>Without any personal offer.</summary>
    public Money Total => Quantity.Times(UnitPrice);

    /// <summary>A till's line as the catalogue of the day sees it.</summary>
    public static ReceiptLine Of(TillLine line, Publishing.LiveDay day, StoreId store)
    {
        if (day.Catalog.FindProduct(line.Product) is not { } product) return new ReceiptLine(default, line.Quantity, line.UnitPrice, line.UnitPrice, Money.Zero);
        var regular = day.IsPromoted(product.Id, store) ? day.Catalog.Price(product.Id.Value, store.Value) : null;
        return new ReceiptLine(product.Id, line.Quantity, line.UnitPrice, regular ?? line.UnitPrice, PriceFloor.ByPolicy(product, line.UnitPrice))
        {
            Category = product.Category,
            Brand = product.Brand,
            Supplier = product.Supplier,
            IsLeftOut = day.IsOutOfBasket(product.Id),
        };
    }
}

/// <summary>An offer in a customer's hands.</summary>
/// <param name="Blocked">Why it can't be used now, or <see cref="TillRefusal.None"/>.</param>
sealed record HeldOffer(string Wave, Offer Offer, TillRefusal Blocked)
{
    /// <summary>Whether it speaks of a line; one on the whole basket speaks of none.</summary>
    /// <param name="catalog">Needed for categories and brands.</param>
    public bool IsFor(ReceiptLine line, Catalog? catalog) => line.Product.Value != 0 && Offer.TargetKind switch
    {
        TargetKind.Product => Offer.Target == line.Product.Value,
        TargetKind.Category => catalog?.IsWithin(line.Category, new CategoryId(Offer.Target)) ?? false,
        TargetKind.Brand => line.Brand is { Length: > 0 } && catalog is not null && string.Equals(catalog.Product(Offer.Target).Brand, line.Brand, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}

/// <param name="Total">What is to be paid, the share of a basket discount taken off.</param>
/// <param name="Discount">What the line's own offer takes off.</param>
/// <param name="Used">The offer spent on the line, or null.</param>
readonly record struct LinePrice(Money Total, Money Discount, HeldOffer? Used, TillRefusal Refusal)
{
    public Money Points { get; init; }

    public Money BasketDiscount { get; init; }

    public Money BasketPoints { get; init; }
}

/// <param name="Offer">The offer spent on the whole basket, or null.</param>
sealed record BasketPrice(LinePrice[] Lines, HeldOffer? Offer, Money Discount, Money Points);
