namespace Volna.Reports.Statistics;

/// <summary>By which share one arm lies above the other.</summary>
public static class RatioEffect
{
    /// <summary>
    /// a / b - 1 by the delta method; null where b isn't surely above zero, because a ratio to nothing has no meaning (its interval would be
    /// all numbers, see Fieller 1954).
    /// </summary>
    public static Effect? Of(Estimate a, Estimate b)
    {
        if (b.Value <= 3 * Math.Sqrt(b.ErrorVariance)) return null;
        var ratio = a.Value / b.Value;
        var square = b.Value * b.Value;
        return WelchTest.Compare(ratio - 1, a.ErrorVariance / square, a.Count, ratio * ratio * b.ErrorVariance / square, b.Count);
    }
}
