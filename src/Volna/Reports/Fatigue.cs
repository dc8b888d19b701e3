using System.Collections.Immutable;
using MathNet.Numerics;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>
/// Waves one after the other: what they brought up to each, and whether each brings less than the one before. Hold-outs are drawn anew for each wave, so
/// the errors of their effects are independent.
/// </summary>
static class Fatigue
{
    const int LeastPoints = 3;
    const double NormalQuantile = 1.959963984540054;

    /// <param name="reports">Final reports in order; those without an effect are left out.</param>
    public static ImmutableArray<WaveOfPeriod> Each(IEnumerable<WaveReport> reports)
    {
        var waves = ImmutableArray.CreateBuilder<WaveOfPeriod>();
        double sum = 0, variance = 0;
        foreach (var report in reports)
        {
            var spend = report.Everyone[Metric.SpendPerCustomer];
            if (spend.Total is not { } total) continue;
            sum += total.Difference;
            variance += Variance(total);
            waves.Add(new WaveOfPeriod(report.Wave, report.Start, spend.Relative, total, Normal(sum, variance)));
        }

        return waves.ToImmutable();
    }

    /// <summary>Weighted least squares of the effects on the waves' numbers.</summary>
    public static Effect? Trend(IReadOnlyList<WaveOfPeriod> waves) => Slope([.. waves.Select((wave, number) => ((double)number, wave.Relative))]);

    /// <summary>By how much effects change with what they are told for; null where too few are known. Their errors are independent.</summary>
    public static Effect? Slope(IReadOnlyList<(double At, Effect? Effect)> effects)
    {
        var known = effects.Where(one => one.Effect is { } effect && Variance(effect) > 0).Select(one => (one.At, one.Effect!.Difference, Weight: 1 / Variance(one.Effect))).ToList();
        if (known.Count < LeastPoints) return null;
        var weight = known.Sum(one => one.Weight);
        var middle = known.Sum(one => one.Weight * one.At) / weight;
        var spread = known.Sum(one => one.Weight * (one.At - middle) * (one.At - middle));
        return Normal(known.Sum(one => one.Weight * (one.At - middle) * one.Difference) / spread, 1 / spread);
    }

    static double Variance(Effect effect) => effect.StandardError * effect.StandardError;

    // What it is summed up from rests on many customers each.
    static Effect Normal(double value, double variance)
    {
        var error = Math.Sqrt(variance);
        return new Effect(value, value - (NormalQuantile * error), value + (NormalQuantile * error), error > 0 ? SpecialFunctions.Erfc(Math.Abs(value) / error / Math.Sqrt(2)) : 1);
    }
}
