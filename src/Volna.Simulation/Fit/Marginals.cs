using Volna.Intake.History;

namespace Volna.Simulation.Fit;

/// <summary>
/// How a retailer's purchases are distributed, as far as a world can be set to it. Counted in the same way for real and simulated receipts, over the
/// same number of weeks, and over customers who bought at all.
/// </summary>
sealed class Marginals
{
    /// <summary>Logarithms are added up as whole numbers of this fineness, so that the sum does not depend on the order.</summary>
    const double LogUnit = 1e9;

    readonly Dictionary<int, (long SumOfLogPrice, long Lines, long Priced)> _products = [];
    readonly Dictionary<int, long> _visits = [], _basketLines = [], _gapDays = [];
    readonly int _firstDay;
    readonly int _days;
    long _lines, _repeated, _customers, _early, _gone;

    /// <param name="firstDay">The first day counted, in days of <see cref="Clock"/>.</param>
    public Marginals(int firstDay, int days) => (_firstDay, _days) = (firstDay, days);

    public long Customers => _customers;

    public long Lines => _lines;

    public int Products => _products.Count;

    /// <summary>Receipts of a customer in all the time.</summary>
    public Distribution VisitsOfCustomer => new(_visits);

    public Distribution LinesOfVisit => new(_basketLines);

    public Distribution DaysBetweenVisits => new(_gapDays);

    /// <summary>Logarithms of the products' mean prices, minor units a piece or kilogram, ascending.</summary>
    public double[] LogPrices => [.. _products.Values.Where(product => product.Priced > 0).Select(product => product.SumOfLogPrice / LogUnit / product.Priced).Order()];

    /// <summary>Share of lines that take a product which the customer has bought on an earlier visit.</summary>
    public double RepeatShare => (double)_repeated / _lines;

    /// <summary>Share of customers whose first purchase lies within the first quarter of the time.</summary>
    public double EarlyShare => (double)_early / _customers;

    /// <summary>Share of customers whose last purchase lies before the last quarter of the time.</summary>
    public double GoneShare => (double)_gone / _customers;

    /// <summary>Share of lines on the best-selling products.</summary>
    /// <param name="products">Which share of the products, from the top.</param>
    public double ShareOfTop(double products) =>
        _products.Values.Select(product => product.Lines).OrderDescending().Take((int)Math.Ceiling(products * _products.Count)).Sum() / (double)_lines;

    /// <summary>Counts a customer.</summary>
    /// <param name="lines">Hers, oldest first; returns don't count.</param>
    public void Add(ReadOnlySpan<PurchaseLine> lines)
    {
        HashSet<int> before = [], now = [];
        var (visits, ofVisit, receipt, lastDay, firstDay) = (0, 0, 0UL, 0, 0);
        foreach (ref readonly var line in lines)
        {
            if (line.IsReturn) continue;
            var day = line.Minute / 1440;
            if (visits == 0 || line.Receipt != receipt)
            {
                if (visits > 0)
                {
                    Count(_basketLines, ofVisit);
                    if (day > lastDay) Count(_gapDays, day - lastDay);
                }
                else
                {
                    firstDay = day;
                }

                (receipt, lastDay, ofVisit) = (line.Receipt, day, 0);
                visits++;
                before.UnionWith(now);
                now.Clear();
            }

            ofVisit++;
            _lines++;
            if (before.Contains(line.Product)) _repeated++;
            now.Add(line.Product);
            var product = _products.GetValueOrDefault(line.Product);
            var priceMinor = (line.PaidMinor + line.DiscountMinor) * 1_000.0 / line.QuantityThousandths;
            _products[line.Product] = priceMinor > 0
                ? (product.SumOfLogPrice + (long)Math.Round(LogUnit * Math.Log(priceMinor)), product.Lines + 1, product.Priced + 1)
                : product with { Lines = product.Lines + 1 };
        }

        if (visits == 0) return;
        Count(_basketLines, ofVisit);
        Count(_visits, visits);
        _customers++;
        if (firstDay - _firstDay < _days / 4) _early++;
        if (lastDay - _firstDay < _days - (_days / 4)) _gone++;
    }

    static void Count(Dictionary<int, long> counts, int value) => counts[value] = counts.GetValueOrDefault(value) + 1;
}

/// <summary>How often each whole number occurs.</summary>
sealed class Distribution(IReadOnlyDictionary<int, long> counts)
{
    readonly (int Value, long Count)[] _sorted = [.. counts.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key)];

    public long Count { get; } = counts.Values.Sum();

    public double Mean => _sorted.Sum(entry => (double)entry.Value * entry.Count) / Count;

    /// <summary>Standard deviation of the natural logarithm.</summary>
    public double LogSpread
    {
        get
        {
            var mean = _sorted.Sum(entry => Math.Log(entry.Value) * entry.Count) / Count;
            return Math.Sqrt(_sorted.Sum(entry => Math.Pow(Math.Log(entry.Value) - mean, 2) * entry.Count) / Count);
        }
    }

    /// <summary>The least value that is not exceeded by this share of all.</summary>
    public int Quantile(double share)
    {
        var left = (long)Math.Ceiling(share * Count);
        foreach (var (value, count) in _sorted)
            if ((left -= count) <= 0)
                return value;
        return _sorted.Length == 0 ? 0 : _sorted[^1].Value;
    }

    /// <summary>The largest difference between the two distribution functions (Kolmogorov and Smirnov), 0 to 1.</summary>
    public static double Distance(Distribution a, Distribution b)
    {
        if (a.Count == 0 || b.Count == 0) return a.Count == b.Count ? 0 : 1;
        double atA = 0, atB = 0, most = 0;
        for (int i = 0, k = 0; i < a._sorted.Length || k < b._sorted.Length;)
        {
            var value = Math.Min(i < a._sorted.Length ? a._sorted[i].Value : int.MaxValue, k < b._sorted.Length ? b._sorted[k].Value : int.MaxValue);
            if (i < a._sorted.Length && a._sorted[i].Value == value) atA += a._sorted[i++].Count;
            if (k < b._sorted.Length && b._sorted[k].Value == value) atB += b._sorted[k++].Count;
            most = Math.Max(most, Math.Abs((atA / a.Count) - (atB / b.Count)));
        }

        return most;
    }

    /// <inheritdoc cref="Distance(Distribution, Distribution)"/>
    /// <param name="a">Ascending.</param>
    /// <param name="b">Ascending.</param>
    public static double Distance(double[] a, double[] b)
    {
        var most = 0.0;
        for (int i = 0, k = 0; i < a.Length && k < b.Length;)
        {
            var value = Math.Min(a[i], b[k]);
            while (i < a.Length && a[i] <= value) i++;
            while (k < b.Length && b[k] <= value) k++;
            most = Math.Max(most, Math.Abs(((double)i / a.Length) - ((double)k / b.Length)));
        }

        return most;
    }
}
