using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>
/// Between what prices of the limits a wave is shared out. Known before all customers are valued, it tells which of their options needn't be kept: see
/// <see cref="OptionSieve"/>. The bound found at prices within it holds for all options.
/// </summary>
/// <param name="Low">In the order of the problem's limits, as the others.</param>
/// <param name="Found">The likeliest prices.</param>
sealed record PriceRange(double[] Low, double[] High, double[] Found)
{
    /// <summary>A sample's prices miss those of all by chance: by so many standard deviations of its count of offers, taken as a share of the price, and a little more.</summary>
    const double Deviations = 6, LeastShare = 0.05;

    // What a price of nothing may really be, at such a share of 1: of money per money, and of the mean value of an offer.
    const double OfNothing = 1;

    // A promise may have no upper limit; a price above nothing times that would leave 64 bits.
    public double Start(int limit) => double.IsNegativeInfinity(Low[limit]) ? 0 : Within(limit, Found[limit]);

    public double Within(int limit, double price) => Math.Clamp(price, Low[limit], High[limit]);

    /// <summary>Where nothing is limited, nothing has a price.</summary>
    public static PriceRange Nothing { get; } = new([], [], []);

    /// <summary>Around the prices found for a sample, the wider the fewer of its offers use a limit.</summary>
    /// <param name="promised">Whether a number of offers is promised, by limit: it may cost any price.</param>
    public static PriceRange Around(AllocationProblem sample, Allocated allocated, ImmutableArray<bool> promised)
    {
        var (offers, counts) = (0L, new long[sample.Limits.Length]);
        for (var block = 0; block < sample.Blocks.Count; block++)
            for (var customer = 0; customer < sample.Blocks[block].Customers; customer++)
                foreach (var place in allocated.Of(block, customer))
                {
                    offers++;
                    foreach (var limit in sample.Goods[sample.Blocks[block].Of(customer)[place].Good].Limits) counts[limit]++;
                }

        var meanValue = (double)allocated.ValueMilli / Math.Max(offers, 1);
        double[] low = new double[counts.Length], high = new double[counts.Length];
        for (var limit = 0; limit < counts.Length; limit++)
        {
            var price = allocated.Limits[limit].Price;
            var share = LeastShare + (Deviations / Math.Sqrt(counts[limit] + 1));
            low[limit] = promised[limit] ? double.NegativeInfinity : Math.Max(0, price * (1 - share));
            high[limit] = price + (share * Math.Abs(price)) + (OfNothing * share * (sample.Limits[limit].Counts == LimitUnit.Money ? 1 : meanValue));
        }

        return new PriceRange(low, high, [.. allocated.Limits.Select(limit => limit.Price)]);
    }
}
