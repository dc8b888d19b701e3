namespace Volna.Learning.Demand;

/// <summary>What all customers together say about the products, as known on one morning.</summary>
/// <param name="Day">The morning.</param>
/// <param name="ActiveShare">Of the customers who ever bought, how many did so in the last window.</param>
/// <param name="Products">By number; the last one stands for products nobody had bought yet.</param>
/// <param name="Popular">Products by the number of customers who bought them in the last window, most first.</param>
/// <param name="Local">The same by store and city.</param>
/// <param name="Outlook">What weather and events change.</param>
sealed record Market(int Day, float ActiveShare, ProductFacts[] Products, int[] Popular, ItemToItem Neighbours, LocalPopularity Local, Outlook Outlook)
{
    /// <summary>Those launched lately, by what they and their peers sell, most first.</summary>
    public int[] New { get; } = [.. Enumerable.Range(0, Products.Length).Where(product => Products[product].New > 0).OrderByDescending(product => Products[product].LatelyPopularity).ThenBy(product => product)];

    /// <summary><see cref="ProductFacts.Appeal"/> by product: side by side, because of each customer those of a thousand are looked up.</summary>
    public float[] Appeals { get; } = Array.ConvertAll(Products, product => product.Appeal);

    public ref readonly ProductFacts Facts(int product) => ref Products[Math.Min(product, Products.Length - 1)];

    public static Market Of(Panel panel, Tally tally, Content content, DemandOptions options, ParallelOptions parallel)
    {
        var launches = Launches.Find(tally, content, options.WindowDays);
        var products = ProductFacts.Of(tally, Launches.Borrow(tally, launches, options.WindowDays), launches, options.WindowDays);
        var popular = MostPopular(tally);
        return new(
            tally.Day,
            (float)tally.LatelyCustomers / Math.Max(tally.Customers, 1),
            products,
            popular,
            Launches.Extend(ItemToItem.Build(panel, tally, options, parallel), launches, options.Neighbours),
            LocalPopularity.Of(panel, tally, content, popular, options.WindowDays, options.Discoveries),
            Outlook.Of(panel, tally.Day, content, options.WindowDays));
    }

    static int[] MostPopular(Tally tally)
    {
        var buyers = Array.ConvertAll(tally.Products.ToArray(), product => product.LatelyCustomers);
        return [.. Enumerable.Range(0, buyers.Length).Where(product => buyers[product] > 0).OrderByDescending(product => buyers[product]).ThenBy(product => product)];
    }
}
