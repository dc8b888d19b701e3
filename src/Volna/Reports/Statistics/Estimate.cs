using Volna.Kernels;

namespace Volna.Reports.Statistics;

/// <summary>A figure of one arm, and how far it may be off.</summary>
/// <param name="ErrorVariance">Square of the standard error.</param>
/// <param name="Count">Customers it rests on.</param>
public readonly record struct Estimate(double Value, double ErrorVariance, long Count)
{
    /// <summary>A mean over customers, or null below two of them.</summary>
    public static Estimate? OfMean(Moments moments) =>
        moments.Count < 2 ? null : new Estimate(moments.Mean, moments.Variance / moments.Count, moments.Count);

    /// <summary>
    /// A ratio of two means, such as spend by receipts; null where the denominator is zero or there are fewer than two customers. The customer
    /// is the unit that was drawn, so the receipts of one customer aren't independent; the delta method counts that in
    /// (Deng, Knoblich, Lu, "Applying the delta method in metric analytics", KDD 2018, section 3).
    /// </summary>
    public static Estimate? OfRatio(PairMoments moments)
    {
        if (moments.Count < 2 || moments.MeanY == 0) return null;
        var ratio = moments.MeanX / moments.MeanY;
        var variance = moments.X.Variance - (2 * ratio * moments.Covariance) + (ratio * ratio * moments.Y.Variance);
        return new Estimate(ratio, Math.Max(0, variance) / (moments.Count * moments.MeanY * moments.MeanY), moments.Count);
    }
}
