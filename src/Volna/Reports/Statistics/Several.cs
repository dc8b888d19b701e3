namespace Volna.Reports.Statistics;

/// <summary>Several comparisons at once: of twenty without any effect, one looks sure by chance. P-values corrected for that.</summary>
public static class Several
{
    /// <summary>
    /// That not even one of those called sure is a mistake, in 95 of 100 reports: Holm, "A simple sequentially rejective multiple test procedure",
    /// Scandinavian Journal of Statistics 6 (1979). For few comparisons on which something is decided.
    /// </summary>
    /// <returns>In the order given.</returns>
    public static double[] Holm(IReadOnlyList<double> pValues) => Corrected(pValues, fromSmallest: true, (rank, count) => count - rank);

    /// <summary>
    /// That of those called sure at most one in twenty is a mistake: Benjamini, Hochberg, "Controlling the false discovery rate", Journal of the
    /// Royal Statistical Society B 57 (1995). For many comparisons taken as hints.
    /// </summary>
    /// <returns>In the order given.</returns>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> pValues) => Corrected(pValues, fromSmallest: false, (rank, count) => (double)count / (rank + 1));

    static double[] Corrected(IReadOnlyList<double> pValues, bool fromSmallest, Func<int, int, double> times)
    {
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var corrected = new double[pValues.Count];

        // A larger p-value never gets a smaller correction: the greatest so far from below, or the least so far from above.
        var last = fromSmallest ? 0.0 : 1.0;
        for (var step = 0; step < order.Length; step++)
        {
            var rank = fromSmallest ? step : order.Length - 1 - step;
            var one = Math.Min(1, pValues[order[rank]] * times(rank, order.Length));
            corrected[order[rank]] = last = fromSmallest ? Math.Max(last, one) : Math.Min(last, one);
        }

        return corrected;
    }
}
