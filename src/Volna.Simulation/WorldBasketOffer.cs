using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Filter;
using Volna.Redemptions;

namespace Volna.Simulation;

/// <summary>What the simulation must know of a published offer on the whole basket.</summary>
/// <param name="Least">What the goods in it that may be discounted have to come to.</param>
/// <param name="Depth">As a share of that.</param>
/// <param name="Amount">For an amount off.</param>
public sealed record WorldBasketOffer(Money Least, Percent Depth, Mechanic Mechanic, Money Amount)
{
    /// <summary>Takes the discount off a receipt's lines, as the till reckons: in proportion to what they cost, none below its floor.</summary>
    /// <param name="lines">With their own offers.</param>
    /// <param name="floorOf">The least unit price that a line's own offer allows.</param>
    /// <returns>False if the receipt is too small, or there is nothing to take off.</returns>
    internal bool TakeOff(World world, Span<BasketLine> lines, Func<int, Money> floorOf)
    {
        var (weights, rooms, shelf) = (new long[lines.Length], new long[lines.Length], Money.Zero);
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref lines[i];
            var (good, quantity) = (world.Assortment.Goods[line.Product], new Quantity(line.QuantityThousandths));
            var traits = world.Assortment.Categories[good.Category];
            var floor = traits.Floor switch { FloorPolicy.MinimumPrice => good.FloorPrice ?? line.ShelfPrice, FloorPolicy.NoDiscount => line.ShelfPrice, _ => Money.Zero };
            if (floor >= line.ShelfPrice || LegalPack.Names(traits.Tags) || RetailerFeed.IsExcluded(good, traits)) continue;
            if (line.Offer >= 0) floor = Money.Max(floor, floorOf(line.Offer));
            shelf += quantity.Times(line.ShelfPrice);
            weights[i] = line.Paid.Minor;
            rooms[i] = Math.Max(0, line.Paid.Minor - (long)((((Int128)floor.Minor * line.QuantityThousandths) + 999) / 1_000));
        }

        if (shelf < Least) return false;
        var whole = Mechanic switch
        {
            Mechanic.PercentOff => Depth.OfRoundedDown(new Money(weights.Sum())),
            Mechanic.AmountOff => Amount,
            _ => Money.Zero,
        };
        var discount = Math.Min(whole.Minor, rooms.Sum());
        var shares = BasketSplit.Split(discount, weights, rooms);
        for (var i = 0; i < lines.Length; i++) lines[i] = lines[i] with { Paid = lines[i].Paid - new Money(shares[i]) };
        // Points are spent, too.
        return discount > 0 || Mechanic == Mechanic.Points;
    }

    /// <summary>The same for the receipt that was written last into a book; goods that will be brought back bring back what was paid.</summary>
    /// <param name="firstLine">Of the receipt.</param>
    /// <param name="firstReturn">Of those that will bring back something of it.</param>
    /// <inheritdoc cref="TakeOff(World, Span{BasketLine}, Func{int, Money})"/>
    internal bool TakeOff(World world, ShopperState state, ReceiptBook book, int firstLine, int firstReturn, Func<int, Money> floorOf)
    {
        var lines = CollectionsMarshal.AsSpan(book.Lines)[firstLine..];
        BasketLine[] before = [.. lines];
        if (!TakeOff(world, lines, floorOf)) return false;
        for (var i = 0; i < before.Length; i++)
            foreach (ref var pending in CollectionsMarshal.AsSpan(state.Returns)[firstReturn..])
                if (pending.Line == before[i])
                    pending = pending with { Line = lines[i] };
        return true;
    }
}
