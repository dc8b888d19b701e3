using System.Runtime.InteropServices;

namespace Volna.Simulation;

/// <summary>What customers spend and leave as margin in a period.</summary>
public readonly record struct Takings(Money Spend, Money Margin)
{
    public static Takings operator +(Takings a, Takings b) => new(a.Spend + b.Spend, a.Margin + b.Margin);

    public static Takings operator -(Takings a, Takings b) => new(a.Spend - b.Spend, a.Margin - b.Margin);
}

/// <summary>
/// The same customer, the same luck, the same days, once with her offers and once without: the difference is the true effect, which nobody can
/// see in a real shop. Returns that fall into the period count, as in a report.
/// </summary>
static class Counterfactual
{
    /// <summary>What a customer takes in a period from a state, which is left as it is.</summary>
    public static Takings Live(World world, Shopper shopper, ShopperState from, ShopperOffers offers, Period period)
    {
        var book = new ReceiptBook();
        Live(world, shopper, from, offers, period, book);
        return Of(world, CollectionsMarshal.AsSpan(book.Lines));
    }

    /// <summary>The true effect of a wave on all customers of a population, as they are now; their states are left as they are.</summary>
    /// <param name="offersOf">What each is offered; <see cref="ShopperOffers.None"/> for the held-out.</param>
    public static Uplift OfWave(World world, Population population, Func<Shopper, ShopperOffers> offersOf, Period validity)
    {
        var sum = new Uplift(world);
        Parallel.ForEach(population.Shoppers.Index(), population.Threads, entry =>
        {
            var (shopper, state) = (entry.Item, population.States[entry.Index]);
            ReceiptBook with = new(), without = new();
            Live(world, shopper, state, offersOf(shopper), validity, with);
            Live(world, shopper, state, ShopperOffers.None, validity, without);
            lock (sum) sum.Add(CollectionsMarshal.AsSpan(with.Lines), CollectionsMarshal.AsSpan(without.Lines));
        });
        return sum;
    }

    internal static void Live(World world, Shopper shopper, ShopperState from, ShopperOffers offers, Period period, ReceiptBook book)
    {
        var state = from.Copy();
        for (var date = period.Start; date < period.End; date = date.AddDays(1))
            ShoppingDay.Live(world, shopper, state, offers, world.Day(date), book);
    }

    public static Takings Of(World world, ReadOnlySpan<BasketLine> lines)
    {
        var takings = default(Takings);
        foreach (var line in lines)
            takings += new Takings(line.Paid, line.Paid - new Quantity(line.QuantityThousandths).Times(world.Assortment.Goods[line.Product].Cost));
        return takings;
    }
}
