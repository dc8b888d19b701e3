using MathNet.Numerics;

namespace Volna.Reports.Statistics;

/// <summary>
/// Checks that as many customers were held out as the plan says. If not, something chose among the customers (lost rows, a filter after the
/// draw), and no other figure can be trusted; see Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019.
/// </summary>
/// <param name="PlannedShare">Held-out share in the plan.</param>
/// <param name="PValue">Chi-square test with one degree of freedom; where few are expected in an arm, the exact binomial one.</param>
public sealed record SampleRatio(long Treated, long HeldOut, double PlannedShare, double PValue)
{
    /// <summary>Strict, because the check is made for every wave and a false alarm stops people from believing it.</summary>
    public const double AlarmBelow = 0.001;

    /// <summary>With fewer expected in an arm chi-square is off in the far tail, where the alarm is.</summary>
    const double FewExpected = 100;

    public bool Alarm => PValue < AlarmBelow;

    /// <summary>Null where the plan holds out nobody or everybody, or there are no customers.</summary>
    public static SampleRatio? Of(long treated, long heldOut, double plannedShare)
    {
        double customers = treated + heldOut;
        if (customers == 0 || plannedShare is <= 0 or >= 1) return null;
        var expected = customers * plannedShare;
        if (Math.Min(expected, customers - expected) < FewExpected) return new SampleRatio(treated, heldOut, plannedShare, Exact(heldOut, treated, plannedShare));
        var distance = heldOut - expected;
        var chiSquare = distance * distance * ((1 / expected) + (1 / (customers - expected)));

        // With one degree of freedom the upper tail of chi-square is that of the normal distribution on both sides.
        return new SampleRatio(treated, heldOut, plannedShare, SpecialFunctions.Erfc(Math.Sqrt(chiSquare / 2)));
    }

    /// <summary>
    /// Twice the smaller tail of the binomial distribution, at most 1; tails by the incomplete beta function (Abramowitz, Stegun, Handbook of
    /// Mathematical Functions, 26.5.24).
    /// </summary>
    static double Exact(long heldOut, long treated, double share)
    {
        var atMost = treated == 0 ? 1 : SpecialFunctions.BetaRegularized(treated, heldOut + 1, 1 - share);
        var atLeast = heldOut == 0 ? 1 : SpecialFunctions.BetaRegularized(heldOut, treated + 1, share);
        return Math.Min(1, 2 * Math.Min(atMost, atLeast));
    }
}
