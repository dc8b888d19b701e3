using Volna.Kernels;
using Volna.Learning.Uplift;
using Volna.Offers;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Reports.Statistics;
using Volna.Reports.Targeting;

namespace Volna.Tests.Reports.Targeting;

public sealed class TargetViewTests(ITestOutputHelper output)
{
    static readonly Period Week = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3));
    static readonly double[] Chances = [0.01, 0.15, 0.4, 0.85];

    [Fact]
    public void The_advice_finds_where_the_effect_is_and_whom_the_wave_lost_money_on()
    {
        // Only those of whom about one in seven buys anyway are moved; on those who buy anyway the discount is given away.
        var view = Report(1, 40_000, (chance, _) => (chance == 0.15 ? 6_000 : 0, chance == 0.85 ? -2_000 : chance == 0.15 ? 1_000 : 0)).Targets!;
        Assert.Equal((0.1, 0.2), (view.Best!.From, view.Best.To));
        Assert.True(view.Best.Spend is { IsSure: true, Difference: > 0 });
        Assert.True(view.LeftOut!.Saved is { IsSure: true, Difference: > 0 });
        Assert.Contains(view.LeftOut.Groups, group => group.From > 0.7);
        Assert.DoesNotContain(view.LeftOut.Groups, group => group is { From: > 0.1, To: < 0.2 });
        Assert.True(view.Bands.Single(band => band.From == 0.1).IsSure);
        Assert.InRange(view.Bands.Single(band => band.From == 0.7).HeldOutBought!.Value, 0.75, 0.9);
        Assert.True(Curve(view, TargetOrder.BaseConversion, ofMargin: true).Qini.Upper < 0);
        Assert.True(Curve(view, TargetOrder.ExpectedEffect, ofMargin: true).Qini.Lower > 0);
        Assert.Contains("10–20 %", view.Sentences()[0].English, StringComparison.Ordinal);
        Assert.Contains("писать не стоило", view.Sentences()[1].Russian, StringComparison.Ordinal);

        // The curve's end is the effect on everybody.
        var everyone = view.Deciles.Sum(tenth => (tenth.Treated + tenth.HeldOut) * tenth.Spend!.Difference) / (view.Treated + view.HeldOut);
        Assert.Equal(everyone, Curve(view, TargetOrder.BaseConversion, ofMargin: false).Points[^1].Difference, 6);
    }

    [Fact]
    public void Qini_is_that_of_the_learners_curve()
    {
        var customers = Customers(3, 20_000, (chance, _) => (chance == 0.85 ? 4_000 : 0, 0));
        var (windows, counts) = Count(customers);
        var report = Report(counts);
        foreach (var language in Enum.GetValues<Language>()) LinkedFigures.Check(ReportPage.Of(report, language));
        var view = report.Targets!;
        var cells = counts.Base!.Cells;

        // A customer's score is the tenth in which the view has her: the lowest chance of its cells.
        var often = cells.GroupBy(cell => cell.Frequency).ToDictionary(cells => cells.Key, cells => (cells.Sum(cell => cell.EarlierBought) + 0.5) / (cells.Sum(cell => cell.Earlier) + 1.0));
        double Chance(BaseCell cell) => (cell.EarlierBought + (50 * often[cell.Frequency])) / (cell.Earlier + 50);
        var byNumber = new Dictionary<int, BaseCell>();
        var left = cells.Where(cell => cell.Arms.Sum(arm => arm.Count) > 0).ToList();
        foreach (var cell in customers.Select(one => windows.CellNow(one.Bought)).Distinct().Order()) byNumber.Add(cell, left[byNumber.Count]);
        var scores = customers.Select(one => view.Deciles.Last(tenth => tenth.From <= Chance(byNumber[windows.CellNow(one.Bought)]) + 1e-12).From).ToArray();
        var qini = new QiniCurve([.. Enumerable.Range(0, customers.Count)], scores).Qini([.. customers.Select(one => !one.HeldOut)], [.. customers.Select(one => one.Spend)], default);
        var ours = Curve(view, TargetOrder.BaseConversion, ofMargin: false).Qini;
        output.WriteLine($"{ours}; the learners' curve {qini}");
        Assert.True(ours.Lower > 0);
        Assert.Equal(qini, ours.Difference, (ours.Upper - ours.Lower) / 8);
    }

    /// <summary>With the same effect on everybody Qini is 0 and what each figure estimates is known, whatever groups were chosen.</summary>
    [Fact]
    public void Intervals_hold_the_truth_in_nineteen_of_twenty_worlds_although_groups_were_chosen_by_what_they_showed()
    {
        const double Spend = 300, Margin = -100;
        var worlds = TestSize.Of(commit: 1_000, nightly: 10_000);
        var covered = new Dictionary<string, (int Held, int Judged)>();
        Parallel.For(0, worlds, world =>
        {
            var view = Report((ulong)(1_000_000 + world), 2_000, (_, _) => (Spend, Margin)).Targets!;
            List<(string, Effect, double)> told = [("best band", view.Best!.Spend, Spend)];
            foreach (var curve in view.Curves)
            {
                told.Add(($"qini {curve.Order} {curve.OfMargin}", curve.Qini, 0));
                told.Add(($"half {curve.Order} {curve.OfMargin}", curve.Points[4], (curve.OfMargin ? Margin : Spend) / 2));
                told.Add(($"all {curve.Order} {curve.OfMargin}", curve.Points[9], curve.OfMargin ? Margin : Spend));
            }

            if (view.LeftOut!.Customers > 0) told.Add(("saved", view.LeftOut.Saved, -Margin * view.LeftOut.Customers));
            lock (covered)
                foreach (var (name, effect, truth) in told)
                {
                    var (held, judged) = covered.GetValueOrDefault(name);
                    covered[name] = (held + (effect.Lower <= truth && truth <= effect.Upper ? 1 : 0), judged + 1);
                }
        });

        foreach (var (name, (held, judged)) in covered.OrderBy(one => one.Key, StringComparer.Ordinal)) output.WriteLine($"{name}: {(double)held / judged:P1} of {judged}");
        Assert.All(covered, one => Assert.True((double)one.Value.Held / one.Value.Judged is >= 0.93 and <= 0.97, $"{one.Key}: {(double)one.Value.Held / one.Value.Judged:P1}; seeds from 1000000."));
        Assert.True(covered["saved"].Judged > worlds * 0.9);
    }

    [Fact]
    public void Too_little_is_said_to_be_too_little()
    {
        var (_, counts) = Count(Customers(5, 4_000, (_, _) => (0, 0)));
        var cases = new (WaveReport Report, NoVerdict Verdict)[]
        {
            (Report(counts with { Base = null }), NoVerdict.NothingBefore),
            (Report(counts with { ReceiptsUntil = Week.Start.AddDays(2) }), NoVerdict.WaveNotOver),
            (Report(Count(Customers(5, 4_000, (_, _) => (0, 0), holdOut: 0)).Counts), NoVerdict.NoHeldOut),
            (Report(Count(Customers(5, 200, (_, _) => (0, 0), holdOut: 0.05)).Counts), NoVerdict.TooFewCustomers),
        };
        foreach (var (report, verdict) in cases)
        {
            Assert.Equal(verdict, report.Targets!.Verdict);
            Assert.Contains("can't be told", Assert.Single(report.Targets.Sentences()).English, StringComparison.Ordinal);
            foreach (var language in Enum.GetValues<Language>()) Assert.DoesNotContain("NaN", ReportPage.Of(report, language), StringComparison.Ordinal);
        }
    }

    static TargetCurve Curve(TargetView view, TargetOrder order, bool ofMargin) => view.Curves.Single(curve => curve.Order == order && curve.OfMargin == ofMargin);

    sealed record Customer(int Number, bool HeldOut, ulong Bought, int[] Days, double Spend, double Margin, bool BoughtWithin);

    /// <param name="effect">On spend and margin of a treated customer, by her chance.</param>
    static List<Customer> Customers(ulong seed, int count, Func<double, int, (double Spend, double Margin)> effect, double holdOut = 0.4)
    {
        var windows = BaseWindows.Of(Week.Start, Week.Days, 182)!;
        var customers = new List<Customer>(count);
        for (var number = 1; number <= count; number++)
        {
            var draw = new Draw(seed, "target", (ulong)number);
            var chance = Chances[draw.NextBelow(Chances.Length)];
            var heldOut = draw.NextUnit() < holdOut;
            var days = new List<int>();
            for (var stretch = windows.Count; stretch >= 0; stretch--)
                if (draw.NextUnit() < chance)
                    days.Add(windows.End - 1 - (stretch * windows.Days));
            var buys = draw.NextUnit() < chance;
            var spend = buys ? 10_000 + (2_000 * draw.NextNormal()) : 0;
            var (more, moreMargin) = heldOut ? (0, 0) : effect(chance, number);
            customers.Add(new Customer(number, heldOut, windows.Bought([.. days]), [.. days], spend + more, (spend / 4) + moreMargin, buys));
        }

        return customers;
    }

    static (BaseWindows Windows, WaveCounts Counts) Count(List<Customer> customers)
    {
        var windows = BaseWindows.Of(Week.Start, Week.Days, 182)!;
        var sums = new BaseSums(windows);
        var assigned = new long[4];
        VectorMoments[] arms = [new(Measures.Count), new(Measures.Count)];
        var values = new double[Measures.Count];
        foreach (var one in customers)
        {
            Array.Clear(values);
            (values[(int)Measure.Spend], values[(int)Measure.Margin], values[(int)Measure.SpendWithCost]) = (one.Spend, one.Margin, one.Spend);
            (values[(int)Measure.Bought], values[(int)Measure.Receipts]) = (one.BoughtWithin ? 1 : 0, one.BoughtWithin ? 1 : 0);
            sums.Add(new CustomerId(one.Number), one.HeldOut ? 1 : 0, one.Days, values);
            assigned[BaseCell.ArmOf(new CustomerId(one.Number), one.HeldOut ? 1 : 0)]++;
            arms[one.HeldOut ? 1 : 0].Add(values);
        }

        return (windows, new WaveCounts("w", "d", "s", Week.End, 56, 126, [new GroupCounts(Dimension.Segment, "all", arms[0], arms[1])], 0, []) { Base = BaseSums.Whole(windows, [sums], assigned) });
    }

    static WaveReport Report(ulong seed, int customers, Func<double, int, (double, double)> effect) => Report(Count(Customers(seed, customers, effect)).Counts);

    static WaveReport Report(WaveCounts counts) => Conclude.Report(new ReportInput(
        new Wave("w", WaveStatus.Published, Week, 1, "{}", "s", "m", "d", "ann", "bob", DateTimeOffset.UnixEpoch), 0.4, counts, new RedemptionFigures(0, 0, 0, 0, [], []),
        new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero)));
}
