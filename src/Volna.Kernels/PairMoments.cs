namespace Volna.Kernels;

/// <summary>
/// <see cref="Moments"/> of pairs of numbers with their covariance, mergeable likewise; what a ratio of two means needs (spend by receipts).
/// </summary>
/// <param name="SquaresX">Sum of squared distances of x from its mean.</param>
/// <param name="Products">Sum of the products of both distances.</param>
public readonly record struct PairMoments(long Count, double MeanX, double MeanY, double SquaresX, double SquaresY, double Products)
{
    public Moments X => new(Count, MeanX, SquaresX);

    public Moments Y => new(Count, MeanY, SquaresY);

    /// <summary>Sample covariance (divided by n - 1); not a number below two pairs.</summary>
    public double Covariance => Count < 2 ? double.NaN : Products / (Count - 1);

    public PairMoments With(double x, double y)
    {
        var count = Count + 1;
        double deltaX = x - MeanX, deltaY = y - MeanY;
        double meanX = MeanX + (deltaX / count), meanY = MeanY + (deltaY / count);
        return new PairMoments(
            count, meanX, meanY, SquaresX + (deltaX * (x - meanX)), SquaresY + (deltaY * (y - meanY)), Products + (deltaX * (y - meanY)));
    }

    public PairMoments Merge(PairMoments other)
    {
        if (Count == 0) return other;
        if (other.Count == 0) return this;
        var count = Count + other.Count;
        double deltaX = other.MeanX - MeanX, deltaY = other.MeanY - MeanY;
        var share = (double)other.Count / count;
        var weight = Count * share;
        return new PairMoments(
            count,
            MeanX + (deltaX * share),
            MeanY + (deltaY * share),
            SquaresX + other.SquaresX + (deltaX * deltaX * weight),
            SquaresY + other.SquaresY + (deltaY * deltaY * weight),
            Products + other.Products + (deltaX * deltaY * weight));
    }
}
