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
        var state = from.Copy();
        var book = new ReceiptBook();
        for (var date = period.Start; date < period.End; date = date.AddDays(1))
            ShoppingDay.Live(world, shopper, state, offers, world.Day(date), book);
        return Of(world, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(book.Lines));
    }

    public static Takings Of(World world, ReadOnlySpan<BasketLine> lines)
    {
        var takings = default(Takings);
        foreach (var line in lines)
            takings += new Takings(line.Paid, line.Paid - new Quantity(line.QuantityThousandths).Times(world.Assortment.Goods[line.Product].Cost));
        return takings;
    }
}
