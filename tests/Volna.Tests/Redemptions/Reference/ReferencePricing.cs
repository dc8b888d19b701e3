using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Tests.Redemptions.Reference;

/// <summary>What the till's contract says of prices, tried out in full: every way to spread the offers over the lines is looked at. Slow, and meant to be obvious.</summary>
static class ReferencePricing
{
    /// <summary>Which ways are best isn't said by the contract: two differ, but not in benefit, number of offers and lines.</summary>
    public sealed class SeveralBestException : Exception;

    public static ReferencePrice Best(ReferenceLine[] lines, ReferenceOffer[] offers, bool known, bool basketOnTop)
    {
        var chosen = BestOnLines(lines, offers);
        var basket = BestOnBasket(lines, offers, chosen);
        if (!basketOnTop && basket.Offer >= 0 && chosen.Any(offer => offer >= 0))
        {
            var ofLines = lines.Select((line, i) => chosen[i] < 0 ? 0 : Gain(line, offers[chosen[i]].Offer)).Sum();
            var none = lines.Select(_ => -1).ToArray();
            var alone = BestOnBasket(lines, offers, none);
            if (alone.Discount + alone.Points > ofLines) (chosen, basket) = (none, alone);
            else basket = (-1, 0, 0);
        }

        var (costs, rooms) = CostsAndRooms(lines, offers, chosen);
        var discounts = Split(basket.Discount, costs, rooms);
        var points = Split(basket.Points, costs, costs.Select(_ => long.MaxValue).ToArray());
        return new ReferencePrice(
            basket.Offer,
            [.. lines.Select((line, i) =>
            {
                var (discount, earned, _) = chosen[i] < 0 ? (0, 0, "") : Alone(line, offers[chosen[i]].Offer);
                return new ReferenceLinePrice(chosen[i], line.Total - discount - discounts[i], discount, discounts[i], earned, points[i], chosen[i] >= 0 ? "none" : WhyNot(line, offers, chosen, known));
            })]);
    }

    static long Gain(ReferenceLine line, Offer offer) => Alone(line, offer) is var (discount, points, _) ? discount + points : 0;

    /// <summary>For each line an offer, or -1.</summary>
    static int[] BestOnLines(ReferenceLine[] lines, ReferenceOffer[] offers)
    {
        var all = new List<(int[] Chosen, long Gain)>();
        // What each offer would bring on each line; nothing where it may not be used there.
        var gains = lines.Select(line => offers.Select(offer => offer.Blocked == null && IsFor(offer, line) ? Gain(line, offer.Offer) : 0).ToArray()).ToArray();
        void Go(int line, int[] chosen, long gain)
        {
            if (line == lines.Length)
            {
                all.Add(([.. chosen], gain));
                return;
            }

            chosen[line] = -1;
            Go(line + 1, chosen, gain);
            for (var offer = 0; offer < offers.Length; offer++)
            {
                if (gains[line][offer] == 0 || chosen.AsSpan(0, line).Contains(offer)) continue;
                chosen[line] = offer;
                Go(line + 1, chosen, gain + gains[line][offer]);
                chosen[line] = -1;
            }
        }

        Go(0, new int[lines.Length], 0);
        var largest = all.Max(one => one.Gain);
        var best = all.Where(one => one.Gain == largest).Select(one => one.Chosen).ToArray();
        var fewest = best.Min(chosen => chosen.Count(offer => offer >= 0));
        best = [.. best.Where(chosen => chosen.Count(offer => offer >= 0) == fewest)];
        if (best.Length == 1) return best[0];
        static int[] Used(int[] chosen) => [.. chosen.Index().Where(one => one.Item >= 0).Select(one => one.Index)];
        var earliest = best.Where(one => best.All(other => Used(one).Zip(Used(other)).All(pair => pair.First <= pair.Second))).ToArray();
        return earliest.Length == 1 ? earliest[0] : throw new SeveralBestException();
    }

    static (int Offer, long Discount, long Points) BestOnBasket(ReferenceLine[] lines, ReferenceOffer[] offers, int[] chosen)
    {
        var best = (Offer: -1, Discount: 0L, Points: 0L);
        var (costs, rooms) = CostsAndRooms(lines, offers, chosen);
        for (var i = 0; i < offers.Length; i++)
        {
            var offer = offers[i].Offer;
            if (offer.TargetKind != TargetKind.Basket || offers[i].Blocked != null || lines.Where(line => line.Floor < line.Price).Sum(line => line.Total) < offer.LeastTotal.Minor) continue;
            var discount = offer.Mechanic switch
            {
                Mechanic.PercentOff => Math.Min(PercentOf(offer.Depth, costs.Sum()), rooms.Sum()),
                Mechanic.AmountOff => Math.Min(offer.Amount.Minor, rooms.Sum()),
                _ => 0,
            };
            var points = offer.Mechanic != Mechanic.Points || costs.Sum() == 0 ? 0 : offer.Amount.Minor > 0 ? offer.Amount.Minor : PercentOf(offer.Depth, costs.Sum());
            if (discount + points > best.Discount + best.Points) best = (i, discount, points);
        }

        return best;
    }

    /// <summary>What each line costs after its own offer, and how far it may fall from there; goods that may not be discounted don't take part.</summary>
    static (long[] Costs, long[] Rooms) CostsAndRooms(ReferenceLine[] lines, ReferenceOffer[] offers, int[] chosen)
    {
        var (costs, rooms) = (new long[lines.Length], new long[lines.Length]);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Floor >= lines[i].Price) continue;
            costs[i] = lines[i].Total - (chosen[i] < 0 ? 0 : Alone(lines[i], offers[chosen[i]].Offer).Discount);
            var floor = Math.Max(lines[i].Floor, chosen[i] < 0 ? 0 : offers[chosen[i]].Offer.Floor.Minor);
            rooms[i] = Math.Max(0, costs[i] - Up(lines[i].Quantity * floor / 1000m));
        }

        return (costs, rooms);
    }

    static bool IsFor(ReferenceOffer offer, ReferenceLine line) => line.Good is { } good && offer.Offer.TargetKind switch
    {
        TargetKind.Product => good.Number == offer.Offer.Target,
        TargetKind.Category => good.Categories.Contains(offer.Offer.Target),
        TargetKind.Brand => good.Brand.Length > 0 && good.Brand == offer.Brand,
        _ => false,
    };

    static string WhyNot(ReferenceLine line, ReferenceOffer[] offers, int[] chosen, bool known)
    {
        if (!known) return "customer-unknown";
        var why = "no-offer-for-product";
        for (var i = 0; i < offers.Length; i++)
        {
            if (!IsFor(offers[i], line)) continue;
            if (offers[i].Blocked is { } blocked) why = blocked;
            else if (chosen.Contains(i)) why = "offer-used";
            else return Alone(line, offers[i].Offer).Why is "none" ? "offer-used" : Alone(line, offers[i].Offer).Why;
        }

        return why;
    }

    /// <summary>One offer on one line.</summary>
    static (long Discount, long Points, string Why) Alone(ReferenceLine line, Offer offer)
    {
        var quantity = offer.MostPieces.Thousandths > 0 ? Math.Min(offer.MostPieces.Thousandths, line.Quantity) : line.Quantity;
        var shelf = Half(quantity * line.Price / 1000m);
        if (offer.Mechanic == Mechanic.Points)
        {
            var points = offer.Amount.Minor > 0 ? Half(quantity * offer.Amount.Minor / 1000m) : PercentOf(offer.Depth, shelf);
            return (0, points, points > 0 ? "none" : "no-benefit");
        }

        var unit = Math.Max(line.Regular, line.Price);
        var regular = Half(quantity * unit / 1000m);
        var paidPieces = quantity % 1000 != 0 ? quantity : quantity - (quantity / 1000 / Math.Max(1, offer.Buy + offer.Free) * offer.Free * 1000);
        var personal = offer.Mechanic switch
        {
            Mechanic.PercentOff => regular - PercentOf(offer.Depth, regular),
            Mechanic.AmountOff => Math.Max(0, regular - Half(quantity * offer.Amount.Minor / 1000m)),
            Mechanic.FixedPrice => Half(quantity * offer.Amount.Minor / 1000m),
            _ => Half(paidPieces * unit / 1000m),
        };
        var pays = Math.Max(personal, Up(quantity * Math.Max(offer.Floor.Minor, line.Floor) / 1000m));
        return pays < shelf ? (shelf - pays, 0, "none") : (0, 0, personal < shelf ? "floor-reached" : "no-benefit");
    }

    /// <summary>In proportion to costs, no line above its room, to the minor unit by largest remainders.</summary>
    public static long[] Split(long amount, long[] costs, long[] rooms)
    {
        var shares = new long[costs.Length];
        var open = Enumerable.Range(0, costs.Length).Where(i => costs[i] > 0).ToList();
        decimal Exact(int i) => (decimal)amount * costs[i] / open.Sum(line => costs[line]);
        while (amount > 0 && open.Where(i => Exact(i) > rooms[i]).ToArray() is { Length: > 0 } full)
        {
            open = [.. open.Except(full)];
            foreach (var i in full) amount -= shares[i] = rooms[i];
        }

        if (amount == 0) return shares;
        foreach (var i in open) shares[i] = (long)Exact(i);
        var left = amount - open.Sum(i => shares[i]);
        foreach (var i in open.OrderByDescending(i => (System.Numerics.BigInteger)amount * costs[i] % open.Sum(line => costs[line])).ThenBy(i => i).Take((int)left).ToArray()) shares[i]++;
        return shares;
    }

    static long PercentOf(Percent percent, long amount) => (long)Math.Floor(amount * (decimal)percent.BasisPoints / 10_000);

    static long Half(decimal amount) => (long)Math.Round(amount, MidpointRounding.AwayFromZero);

    static long Up(decimal amount) => (long)Math.Ceiling(amount);
}

/// <param name="Categories">Its own and all above it.</param>
/// <param name="Floor">Lowest unit price; null where nothing limits it, the largest number where no discount is allowed.</param>
/// <param name="Regular">Without the mass promotion that runs on it; 0 where none does.</param>
sealed record ReferenceGood(int Number, int[] Categories, string Brand, string Supplier, long? Floor, long Regular);

/// <param name="Quantity">In thousandths.</param>
sealed record ReferenceLine(ReferenceGood? Good, long Quantity, long Price)
{
    public long Total => (long)Math.Round(Quantity * Price / 1000m, MidpointRounding.AwayFromZero);

    public long Regular => Good?.Regular ?? 0;

    public long Floor => Good?.Floor is not { } floor ? 0 : floor == long.MaxValue ? Price : floor;
}

/// <param name="Blocked">Why it can't be used now, or null.</param>
sealed record ReferenceOffer(ReferenceWave Wave, int Customer, Offer Offer, string Brand, string? Blocked);

/// <param name="Offer">Place of the line's own offer, -1 where none.</param>
sealed record ReferenceLinePrice(int Offer, long Total, long Discount, long BasketDiscount, long Points, long BasketPoints, string Why);

/// <param name="Offer">Place of the offer on the whole basket, -1 where none.</param>
sealed record ReferencePrice(int Offer, ReferenceLinePrice[] Lines);
