using Volna.Intake.Catalog;

namespace Volna.Simulation.Tests;

/// <summary>A world small enough for a test, and its whole history in memory.</summary>
static class SmallWorld
{
    public static readonly WorldOptions Options = new() { Seed = 11, Customers = 1_200, Products = 400, Stores = 5, Weeks = 12 };

    /// <summary>Lets days pass and gathers all lines with their receipts, by customer chunk and day.</summary>
    public static List<(Receipt Receipt, BasketLine Line)> Live(Population population, int firstDay, int days)
    {
        var chunks = new List<(Receipt, BasketLine)>[population.Chunks];
        for (var i = 0; i < chunks.Length; i++) chunks[i] = [];
        for (var day = 0; day < days; day += 7)
            population.Live(firstDay + day, Math.Min(7, days - day), (chunk, books) =>
            {
                foreach (var book in books.Span)
                    foreach (var receipt in book.Receipts)
                        foreach (var line in book.LinesOf(receipt))
                            chunks[chunk].Add((receipt, line));
            });
        return [.. chunks.SelectMany(chunk => chunk)];
    }

    public static List<(Receipt Receipt, BasketLine Line)> History(World world) => Live(new Population(world), 0, world.Options.Weeks * 7);

    /// <summary>An offer on each of the first goods that a customer considers.</summary>
    public static WorldOffer[] OffersOnConsidered(World world, Shopper shopper, int count, int percent) =>
        [.. shopper.Considered.Where(product => world.Assortment.Categories[world.Assortment.Goods[product].Category].Floor == FloorPolicy.None)
            .Take(count).Select(product => new WorldOffer(product, Percent.Of(percent), Money.Zero))];

    public static Period After(World world, int days) => new(world.Options.EndDay, world.Options.EndDay.AddDays(days));
}
