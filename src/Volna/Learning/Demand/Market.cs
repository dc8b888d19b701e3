namespace Volna.Learning.Demand;

/// <summary>What all customers together say about the products, as known on one morning.</summary>
/// <param name="Day">The morning.</param>
/// <param name="ActiveShare">Of the customers who ever bought, how many did so in the last window.</param>
/// <param name="Products">By number; the last one stands for products nobody had bought yet.</param>
/// <param name="Popular">Products by the number of customers who bought them in the last window, most first.</param>
sealed record Market(int Day, float ActiveShare, ProductFacts[] Products, int[] Popular, ItemToItem Neighbours)
{
    public ref readonly ProductFacts Facts(int product) => ref Products[Math.Min(product, Products.Length - 1)];

    public static Market Of(Panel panel, Tally tally, DemandOptions options, ParallelOptions parallel) => new(
        tally.Day,
        (float)tally.LatelyCustomers / Math.Max(tally.Customers, 1),
        ProductFacts.Of(tally, options.WindowDays),
        MostPopular(tally),
        ItemToItem.Build(panel, tally, options, parallel));

    static int[] MostPopular(Tally tally)
    {
        var buyers = Array.ConvertAll(tally.Products.ToArray(), product => product.LatelyCustomers);
        return [.. Enumerable.Range(0, buyers.Length).Where(product => buyers[product] > 0).OrderByDescending(product => buyers[product]).ThenBy(product => product)];
    }
}
