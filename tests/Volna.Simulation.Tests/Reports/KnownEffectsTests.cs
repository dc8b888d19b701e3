using Volna.Kernels;
using Volna.Offers;
using Volna.Reports;
using Volna.Tests;

namespace Volna.Simulation.Tests.Reports;

/// <summary>
/// Holds whole reports against waves whose truth is known. In each world the arms are drawn many times: who lives both of her lives may be put in either arm. So all
/// looks of a world share its customers, and are independent but for these.
/// </summary>
public sealed class KnownEffectsTests(ITestOutputHelper output)
{
    const int Customers = 1_000, Draws = 50;

    static readonly int MadeWorlds = TestSize.Of(commit: 40, nightly: 400);

    static readonly (Metric Metric, Func<WaveCustomer, double> Truth)[] Judged =
    [
        (Metric.SpendPerCustomer, customer => customer.TrueEffect.Spend.Minor), (Metric.MarginPerCustomer, customer => customer.TrueEffect.Margin.Minor), (Metric.ReceiptsPerCustomer, customer => customer.TrueVisits),
    ];

    /// <summary>A look at one metric of one report.</summary>
    /// <param name="Miss">In standard errors.</param>
    /// <param name="Width">Of the interval, as a share of that without adjusting.</param>
    readonly record struct Look(Metric Metric, bool Covers, bool IsSure, double Miss, double PValue, double Width, bool SampleRatioAlarm);

    [Fact]
    public void Without_an_effect_nineteen_of_twenty_intervals_hold_nothing_and_chances_are_what_they_say()
    {
        foreach (var (metric, looks) in LooksAt(1_000, Worlds.NoEffect))
        {
            Assert.InRange(Covered(metric, looks), 0.93, 0.97);
            Assert.True(Math.Abs(looks.Average(look => look.Miss)) < 4 / Math.Sqrt(looks.Count), $"{metric}: off by {looks.Average(look => look.Miss):F3} standard errors; worlds from 1000.");

            // Kolmogorov and Smirnov: honest p-values are this far from even once in 8,000 runs (2 exp(-2 x 2.2^2)); a hundredth is left to the skewness of what people spend.
            var pValues = looks.Select(look => look.PValue).Order().ToList();
            var apart = pValues.Index().Max(one => Math.Max(Math.Abs(one.Item - ((double)one.Index / pValues.Count)), Math.Abs(one.Item - ((one.Index + 1.0) / pValues.Count))));
            Assert.True(apart < (2.2 / Math.Sqrt(pValues.Count)) + 0.01, $"{metric}: p-values are {apart:P1} from even; worlds from 1000.");

            // One in 1,000 is alarmed; twice that and eight more are not seen once in 2,000 runs.
            Assert.InRange(looks.Count(look => look.SampleRatioAlarm), 0, (looks.Count / 500) + 8);
            Assert.InRange(looks.Average(look => look.Width), 0.5, 0.98);
        }
    }

    [Fact]
    public void One_known_effect_lies_in_nineteen_of_twenty_intervals_and_is_nearly_always_seen()
    {
        foreach (var (metric, looks) in LooksAt(2_000, Worlds.OneKnownEffect))
        {
            Assert.InRange(Covered(metric, looks), 0.93, 0.97);
            Assert.True(Math.Abs(looks.Average(look => look.Miss)) < 4 / Math.Sqrt(looks.Count), $"{metric}: off by {looks.Average(look => look.Miss):F3} standard errors; worlds from 2000.");
            Assert.True(looks.Count(look => look.IsSure) > 0.9 * looks.Count, $"{metric}: {looks.Count(look => look.IsSure)} of {looks.Count} are sure; worlds from 2000.");
        }
    }

    [Fact]
    public void A_season_is_no_effect_although_before_and_after_would_call_it_one()
    {
        var risen = 0;
        var looksAt = LooksAt(3_000, (seed, customers) =>
        {
            // What a look at the treated alone would say, paired, a day before against a day within.
            var wave = Worlds.SeasonConfounded(seed, customers);
            var rises = wave.Customers.Where(customer => customer.Treated)
                .Select(customer => (customer.During.Takings.Spend.Minor / (double)wave.Validity.Days) - (customer.Before.Takings.Spend.Minor / (7.0 * wave.World.Options.Weeks))).ToList();
            var mean = rises.Average();
            if (mean > 1.96 * Math.Sqrt(rises.Sum(rise => Math.Pow(rise - mean, 2))) / rises.Count) risen++;
            return wave;
        });
        output.WriteLine($"before and after: a sure rise in {risen} of {MadeWorlds} worlds");
        Assert.True(risen > 0.95 * MadeWorlds);
        foreach (var (metric, looks) in looksAt) Assert.InRange(Covered(metric, looks), 0.93, 0.97);
    }

    double Covered(Metric metric, List<Look> looks)
    {
        var covered = (double)looks.Count(look => look.Covers) / looks.Count;
        output.WriteLine($"{metric}: covered {covered:P1} of {looks.Count}, sure {(double)looks.Count(look => look.IsSure) / looks.Count:P1}, off by {looks.Average(look => look.Miss):F3}, sample-ratio alarms {looks.Count(look => look.SampleRatioAlarm)}, {looks.Average(look => look.Width):P0} as wide");
        return covered;
    }

    /// <summary>By metric. A share that is 95 % lies outside of 93 to 97 % once in 24,000 runs of 2,000 looks.</summary>
    static Dictionary<Metric, List<Look>> LooksAt(ulong firstSeed, Func<ulong, int, MadeWave> make)
    {
        var looks = Judged.ToDictionary(one => one.Metric, _ => new List<Look>());
        for (var world = 0UL; world < (ulong)MadeWorlds; world++)
        {
            var wave = make(firstSeed + world, Customers);
            Parallel.For(0, Draws, draw =>
            {
                var report = Report(wave, customer => new Draw(firstSeed + world, $"arms {draw}", (ulong)customer.Number).NextUnit() < 0.5);
                foreach (var (metric, truth) in Judged)
                {
                    var (figures, known) = (report.Everyone[metric], wave.Customers.Average(truth));
                    var effect = figures.Difference!;
                    lock (looks)
                    {
                        looks[metric].Add(new Look(
                            metric, effect.Lower <= known && known <= effect.Upper, effect.IsSure, (effect.Difference - known) / effect.StandardError, effect.PValue, effect.Width / figures.Unadjusted!.Width,
                            report.SampleRatio!.Alarm));
                    }
                }
            });
        }

        return looks;
    }

    /// <summary>The report on a wave whose arms are drawn as said, from what each customer is seen to buy then.</summary>
    internal static WaveReport Report(MadeWave wave, Func<WaveCustomer, bool> isTreated)
    {
        WaveOutcome treated = new(), heldOut = new();
        foreach (var customer in wave.Customers)
        {
            if (isTreated(customer)) treated.Add(Outcome(customer.With), Outcome(customer.Before));
            else heldOut.Add(Outcome(customer.Without), Outcome(customer.Before));
        }

        var counts = new WaveCounts("w", "d", "s", wave.Validity.End, 7 * wave.World.Options.Weeks, 0, [new GroupCounts(Dimension.Segment, "all", treated.Moments, heldOut.Moments)], 0, []);
        return Conclude.Report(new ReportInput(
            new Wave("w", WaveStatus.Published, wave.Validity, 1, "{}", "s", "m", "d", "ann", "bob", DateTimeOffset.UnixEpoch), 0.5, counts, new RedemptionFigures(0, 0, 0, 0, [], []),
            new DateTimeOffset(wave.Validity.End.AddDays(1), default, default)));

        static CustomerOutcome Outcome(Lived days) => new(days.Takings.Spend.Minor, days.Takings.Margin.Minor, days.Takings.Spend.Minor, days.Visits);
    }
}
