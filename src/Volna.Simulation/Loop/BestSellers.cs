using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Simulation.Loop;

/// <summary>What sold lately, as an analyst reads it from a report: the goods that may be discounted, the most sold first.</summary>
/// <param name="Product">Number in the catalogue.</param>
/// <param name="Category">Path.</param>
/// <param name="SoldMinor">Turnover of the days counted.</param>
sealed record BestSeller(int Product, string Key, string Category, Money Price, Money Cost, long SoldMinor);

static class BestSellers
{
    static readonly string[] NotByHand = ["alcohol", "tobacco", "baby"];

    public static List<BestSeller> Of(HistoryStore history, Catalog catalog, Period days, CancellationToken stop)
    {
        var snapshot = history.Snapshot();
        var sold = new long[catalog.Products.Length];
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { CancellationToken = stop }, shard =>
        {
            foreach (var customer in history.ReadShard(snapshot, shard))
                foreach (ref readonly var line in customer.Within(days))
                    Interlocked.Add(ref sold[line.Product], line.PaidMinor);
        });
        return
        [
            .. catalog.Products.OfType<Product>()
                .Where(product => product is { Floor: FloorPolicy.None, Price: not null, Cost: not null } && !product.Tags.Intersect(NotByHand).Any())
                .Select(product => new BestSeller(product.Id.Value, product.Key, catalog.Categories[product.Category.Value]!.Path, product.Price!.Value, product.Cost!.Value, sold[product.Id.Value]))
                .OrderByDescending(product => product.SoldMinor).ThenBy(product => product.Key, StringComparer.Ordinal),
        ];
    }
}
