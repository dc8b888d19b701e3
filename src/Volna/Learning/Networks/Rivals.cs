using Volna.Kernels;

namespace Volna.Learning.Networks;

/// <summary>
/// Products drawn for a batch, against which the true next ones must win, in place of all products (sampled soft-max: Jean, Cho, Memisevic, Bengio, "On Using Very Large
/// Target Vocabulary for Neural Machine Translation", 2015). Frequent ones are drawn more often, and how often is taken off the scores, so what is learnt are
/// chances among all products.
/// </summary>
/// <param name="Products">Ascending; some may come several times.</param>
/// <param name="Expected">By product (all of them), the logarithm of how often it is expected among the drawn.</param>
sealed record Rivals(int[] Products, float[] Expected)
{
    /// <summary>A multiple of 32, for the vectors, but not of 1,024: rows that far apart fall on the same lines of a cache.</summary>
    public const int Count = 1056;

    /// <summary>A product is drawn by this power of how often it occurs.</summary>
    const double Power = 0.75;

    /// <summary>By product, how often it is expected among <see cref="Count"/> drawn, added up.</summary>
    public static double[] SumsOf(IReadOnlyList<int> occurrences)
    {
        var sums = new double[occurrences.Count];
        for (var product = 0; product < sums.Length; product++) sums[product] = (product == 0 ? 0 : sums[product - 1]) + Math.Pow(occurrences[product] + 1, Power);
        return Array.ConvertAll(sums, sum => Count * sum / sums[^1]);
    }

    public static float[] ExpectedOf(double[] sums) => [.. sums.Select((sum, product) => (float)Math.Log(sum - (product == 0 ? 0 : sums[product - 1])))];

    public static Rivals Of(double[] sums, float[] expected, Draw draw)
    {
        var drawn = new int[Count];
        foreach (ref var product in drawn.AsSpan())
        {
            var found = Array.BinarySearch(sums, draw.NextUnit() * Count);
            product = Math.Min(found < 0 ? ~found : found, sums.Length - 1);
        }

        Array.Sort(drawn);
        return new Rivals(drawn, expected);
    }
}
