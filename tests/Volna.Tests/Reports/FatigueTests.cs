using Volna.Kernels;
using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports;

public sealed class FatigueTests
{
    [Fact]
    public void A_falling_effect_is_found_and_a_steady_one_raises_an_alarm_in_about_one_of_twenty_periods()
    {
        int steady = 0, falling = 0, covered = 0;
        const int Periods = 1_000;
        for (var period = 0; period < Periods; period++)
        {
            if (Fatigue.Trend(Waves(period, 0.02, 0)) is { IsSure: true }) steady++;
            var trend = Fatigue.Trend(Waves(period, 0.05, -0.003))!;
            if (trend.Upper < 0) falling++;
            Assert.Equal(trend.IsSure, trend.PValue < 0.05);
            if (trend.Lower <= -0.003 && -0.003 <= trend.Upper) covered++;
        }

        Assert.InRange(steady, 0.03 * Periods, 0.07 * Periods);
        Assert.InRange(covered, 0.93 * Periods, 0.97 * Periods);
        Assert.True(falling > 0.9 * Periods, $"{falling}");
        Assert.Null(Fatigue.Trend(Waves(1, 0.02, 0)[..2]));
    }

    [Fact]
    public void The_sum_up_to_each_wave_covers_the_true_sum_in_about_nineteen_of_twenty_periods()
    {
        const int Periods = 1_000, Waves = 6;
        var report = LargeReport.Of();
        var covered = new int[Waves];
        for (var period = 0; period < Periods; period++)
        {
            double[] errors = [.. Enumerable.Range(0, Waves).Select(number => 1_000.0 * (1 + (number % 3)))];
            var sums = Fatigue.Each(errors.Select((error, number) =>
            {
                var draw = new Draw((ulong)period, "sum", (ulong)number);
                var seen = (5_000 * number) + (error * draw.NextNormal());
                return report with
                {
                    Everyone = report.Everyone with
                    {
                        Metrics = [.. report.Everyone.Metrics.Select(one => one.Metric == Metric.SpendPerCustomer ? one with { Total = new Effect(seen, seen - (1.96 * error), seen + (1.96 * error), 1) } : one)],
                    },
                };
            }));
            for (var number = 0; number < Waves; number++)
            {
                var truth = 5_000.0 * number * (number + 1) / 2;
                if (sums[number].Cumulative.Lower <= truth && truth <= sums[number].Cumulative.Upper) covered[number]++;
            }
        }

        Assert.All(covered, one => Assert.InRange(one, 0.93 * Periods, 0.97 * Periods));
    }

    /// <summary>Twelve waves whose effects have an error of one to two points of a hundred.</summary>
    static List<WaveOfPeriod> Waves(int period, double first, double change) =>
        [.. Enumerable.Range(0, 12).Select(number =>
        {
            var draw = new Draw((ulong)period, "fatigue", (ulong)number);
            var error = 0.005 + (0.005 * draw.NextUnit());
            var seen = first + (change * number) + (error * draw.NextNormal());
            var effect = new Effect(seen, seen - (1.96 * error), seen + (1.96 * error), 1);
            return new WaveOfPeriod($"{number}", new DateOnly(2026, 1, 1).AddDays(14 * number), effect, effect, effect);
        })];
}
