namespace Volna.Learning.Demand;

/// <summary>What is told about a product to score it, made of its <see cref="ProductTally"/>; logarithms, so that a linear model can use them.</summary>
/// <param name="Popularity">Log of the number of customers who ever bought it, against the mean of all products: a share of customers would grow with the
/// length of the history, and the weights be fitted for a shorter one than they are used with.</param>
/// <param name="LatelyPopularity">Log of the share of the last window's customers who bought it then.</param>
/// <param name="Repeats">Log odds that a purchase is one of several by the same customer.</param>
/// <param name="SinceSale">Log of the days since anybody bought it: long for what was delisted.</param>
/// <param name="GapDays">The usual days between two purchases.</param>
/// <param name="Trend">Log of how much oftener than usual it was bought in the window's last quarter.</param>
/// <param name="Price">Log of what a piece or kilogram costs on the mean, in minor units.</param>
/// <param name="New">1 for a product launched lately whose figures are partly borrowed (see <see cref="Launches"/>), else 0.</param>
/// <param name="Appeal">Multiplies its nearness when new products are looked for: grows slowly with its late popularity, 0 if nobody bought it lately.</param>
readonly record struct ProductFacts(float Popularity, float LatelyPopularity, float Repeats, float SinceSale, float GapDays, float Trend, float Price, float Appeal, float New)
{
    /// <summary>How many typical observations a product's own figures are mixed with.</summary>
    const double PriorCount = 5;

    const double AppealPower = 0.3;

    /// <summary>As days since the last sale of what was never sold.</summary>
    const int Never = 1_000;

    /// <summary>A launch that nobody bought yet.</summary>
    public bool IsAnnounced => New > 0 && SinceSale == NeverSold;

    /// <summary>As of <see cref="SinceSale"/>, but an announced product is on the shelf as if it had been sold yesterday, because its other figures are those of goods that sell.</summary>
    public float SinceSaleOrLaunch => IsAnnounced ? SoldYesterday : SinceSale;

    static readonly float NeverSold = (float)Math.Log(1 + Never), SoldYesterday = (float)Math.Log(2);

    /// <summary>The day of the last sale, out of <see cref="SinceSale"/>; null for never, or too long ago to matter.</summary>
    /// <param name="day">The morning for which the facts hold.</param>
    public int? LatestSale(int day) => (int)Math.Round(Math.Exp(SinceSale)) - 1 is var ago and < Never ? day - ago : null;

    /// <summary>By number of the product; the last one stands for products that were not known.</summary>
    /// <param name="launches">Products that are new, with <paramref name="products"/> filled up.</param>
    public static ProductFacts[] Of(Tally tally, ReadOnlySpan<ProductTally> products, Launch[] launches, int windowDays)
    {
        double gaps = 1, gapDays = windowDays, times = 2, customers = 0, sold = 0;
        foreach (ref readonly var product in tally.Products)
        {
            gaps += product.Gaps;
            gapDays += product.GapDays;
            times += product.Times;
            customers += product.Customers;
            if (product.Customers > 0) sold++;
        }

        var facts = new ProductFacts[products.Length + 1];
        for (var i = 0; i < facts.Length; i++)
        {
            var product = i < products.Length ? products[i] : default;
            var repeats = (product.Gaps + (PriorCount * gaps / times)) / (product.Times + PriorCount);
            facts[i] = new ProductFacts(
                (float)Math.Log((product.Customers + 0.5) / (Math.Max(customers, 1) / Math.Max(sold, 1))),
                (float)Math.Log((product.LatelyCustomers + 0.5) / (tally.LatelyCustomers + 1)),
                (float)Math.Log(repeats / (1 - repeats)),
                product.Customers == 0 ? NeverSold : (float)Math.Log(1 + tally.Day - product.LastDay),
                (float)((product.GapDays + (PriorCount * gapDays / gaps)) / (product.Gaps + PriorCount)),
                (float)Math.Log((product.RecentCustomers + 1) / ((product.LatelyCustomers / 4.0) + 1)),
                (float)product.LogPrice,
                product.LatelyCustomers == 0 ? 0 : (float)Math.Pow((double)product.LatelyCustomers / tally.LatelyCustomers, AppealPower),
                0);
        }

        foreach (var launch in launches)
        {
            ref var own = ref facts[launch.Product];
            own = own with { New = 1, SinceSale = launch.FirstPrice is null ? own.SinceSale : NeverSold };
        }

        return facts;
    }
}
