namespace Volna.Reports.Statistics;

/// <summary>
/// Intervals that hold at every look together, so that one may look each day and stop when one likes: a usual 95 % interval looked at each day
/// for four weeks misses the truth somewhere in about a quarter of all experiments. The normal mixture of Robbins (1970), as used by Johari,
/// Koomen, Pekelis, Walsh, "Always valid inference", Operations Research 70 (2022), and, for means of any distribution, by Waudby-Smith, Arbour,
/// Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024).
/// With error variance v of the estimate now and mixture variance m, the interval is
/// difference ± sqrt(2 v (v + m) / m * (ln(1 / alpha) + ln((v + m) / v) / 2)).
/// </summary>
public static class AlwaysValid
{
    const double Alpha = 0.05;

    // Waudby-Smith et al., section 2.4: the mixture that makes the interval tightest at the planned end has this many times the error variance there.
    static readonly double MixtureTimes = (-2 * Math.Log(Alpha)) + Math.Log(1 - (2 * Math.Log(Alpha)));

    /// <param name="plannedVariance">
    /// Error variance expected at the planned end, where the interval shall be tightest. Must be fixed before the first look: from history, or from
    /// the planned number of customers.
    /// </param>
    /// <returns>Null where nothing varies.</returns>
    public static Effect? Of(Contrast contrast, double plannedVariance)
    {
        var variance = contrast.Variance;
        if (!(variance > 0) || !(plannedVariance > 0) || contrast.CountA < 2 || contrast.CountB < 2) return null;
        var mixture = MixtureTimes * plannedVariance;
        var spread = Math.Log((variance + mixture) / variance) / 2;
        var reach = Math.Sqrt(2 * variance * (variance + mixture) / mixture * (spread - Math.Log(Alpha)));
        var logEvidence = (mixture * contrast.Difference * contrast.Difference / (2 * variance * (variance + mixture))) - spread;
        return new Effect(contrast.Difference, contrast.Difference - reach, contrast.Difference + reach, Math.Min(1, Math.Exp(-logEvidence)));
    }
}
