namespace Volna.Kernels;

/// <summary>
/// Count, mean and centred sum of squares of some numbers. Can be merged, so shards and databases add up and the mathematics never sees rows;
/// keeps its digits where a sum of squares would lose them (Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing
/// sample variances", 1979).
/// </summary>
/// <param name="Count">How many numbers.</param>
/// <param name="Mean">Their mean, 0 without numbers.</param>
/// <param name="CentredSquares">Sum of squared distances from the mean.</param>
public readonly record struct Moments(long Count, double Mean, double CentredSquares)
{
    /// <summary>Sample variance (divided by n - 1); not a number below two numbers.</summary>
    public double Variance => Count < 2 ? double.NaN : CentredSquares / (Count - 1);

    public double Sum => Mean * Count;

    public Moments With(double value)
    {
        var count = Count + 1;
        var delta = value - Mean;
        var mean = Mean + (delta / count);
        return new Moments(count, mean, CentredSquares + (delta * (value - mean)));
    }

    public Moments Merge(Moments other)
    {
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        var count = Count + other.Count;
        var delta = other.Mean - Mean;
        return new Moments(
            count,
            Mean + (delta * other.Count / count),
            CentredSquares + other.CentredSquares + (delta * delta * Count * other.Count / count));
    }
}
