using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Reports;
using Volna.Reports.Statistics;
using Volna.Reports.Suppliers;
using Volna.Reports.Targeting;
using Volna.Tests;

namespace Volna.Simulation.Tests.Reports;

/// <summary>Holds the reports of the real program, made from imported receipts, against waves whose truth is known.</summary>
public sealed class ReportedTruthTests(ITestOutputHelper output)
{
    [Fact]
    public void The_report_of_imported_receipts_sees_the_one_known_effect_and_says_what_is_said_of_the_lives()
    {
        var wave = Worlds.OneKnownEffect(1, 1_500);
        using var made = new WaveInFolder(wave);
        var report = Report(made);
        var fromLives = KnownEffectsTests.Report(wave, customer => customer.Treated);
        Assert.True(report.IsOver);
        Assert.DoesNotContain(report.Notes, note => note.Code is "sample-ratio" or "not-balanced");
        foreach (var (metric, truth) in new[] { (Metric.SpendPerCustomer, wave.TrueSpendMinor), (Metric.ReceiptsPerCustomer, wave.Customers.Average(customer => (double)customer.TrueVisits)) })
        {
            var figures = report.Everyone[metric];
            Holds($"{metric}", truth, figures.Difference!);
            Assert.True(figures.IsSure);
            Assert.Equal(fromLives.Everyone[metric].Unadjusted!.Difference, figures.Unadjusted!.Difference, 6);
        }
    }

    [Fact]
    public void A_supplier_s_report_tells_his_gain_and_what_of_it_others_lost()
    {
        var wave = Worlds.SupplierEffect(2, 6_000);
        using var made = new WaveInFolder(wave);
        var truth = new Dictionary<PilotMetric, double>
        {
            [PilotMetric.Goods] = (double)wave.TrueBySupplier[Worlds.Supplier].Spend.Minor / wave.Customers.Count,
            [PilotMetric.Others] = wave.TrueBySupplier.Where(supplier => supplier.Key != Worlds.Supplier).Sum(supplier => (double)supplier.Value.Spend.Minor) / wave.Customers.Count,
        };
        var pilot = SupplierPilotJob.Judge(made.Folder, made.State, WaveInFolder.Id, Worlds.Supplier, made.Now, null, TestContext.Current.CancellationToken);
        foreach (var (metric, known) in truth) Holds($"{metric}", known, pilot[metric].Difference!);
        Assert.True(pilot[PilotMetric.Goods].IsSure && pilot[PilotMetric.Goods].Difference!.Difference > 0);
        Assert.True(truth[PilotMetric.Others] < 0);

        // What others lose is little beside what is spent on them by chance: one pilot doesn't show it. With the arms drawn many times chance evens out.
        var goods = SupplierGoods.Of(new CatalogStore(made.State).LoadGoodsAndStores(wave.Validity.Start), Worlds.Supplier);
        var lives = wave.Customers.Select(customer => (Before: Lines(customer.Before.Book), With: Lines(customer.With.Book), Without: Lines(customer.Without.Book))).ToList();
        var drawn = truth.ToDictionary(one => one.Key, _ => new List<Effect>());
        Parallel.For(0, TestSize.Of(commit: 400, nightly: 4_000), draw =>
        {
            PilotSums treated = new(goods.IsOfSupplier, goods.IsOfCategory), heldOut = new(goods.IsOfSupplier, goods.IsOfCategory);
            foreach (var (number, (before, with, without)) in lives.Index())
            {
                if (new Draw(2, $"arms {draw}", (ulong)number).NextUnit() < 0.5) treated.Add(with, before);
                else heldOut.Add(without, before);
            }

            var figures = PilotSums.Judge(treated.Moments, heldOut.Moments, isBeforeKnown: true, isJudged: true);
            lock (drawn)
                foreach (var (metric, effects) in drawn)
                    effects.Add(figures[(int)metric].Difference!);
        });
        foreach (var (metric, effects) in drawn)
        {
            var (mean, error, covered) = (effects.Average(effect => effect.Difference), effects.Average(effect => effect.StandardError) / Math.Sqrt(effects.Count), (double)effects.Count(effect => effect.Lower <= truth[metric] && truth[metric] <= effect.Upper) / effects.Count);
            output.WriteLine($"{metric}: truth {truth[metric]:F0}, on average {mean:F0} +- {error:F0}, covered {covered:P1} of {effects.Count}");
            Assert.True(Math.Abs(mean - truth[metric]) < 4 * error);
            Assert.True(Math.Abs(mean) > 4 * error && Math.Sign(mean) == (metric == PilotMetric.Goods ? 1 : -1));

            // Of 400 draws a share that is 95 % lies this far off once in 4,000 runs.
            Assert.InRange(covered, 0.91, 0.99);
        }
    }

    [Fact]
    public void Groups_and_bands_of_the_report_show_that_the_loyal_are_hurt_while_the_others_are_pleased()
    {
        // Segments of the sample plan: the loyal are a quarter of all.
        const int Frequent = 1, Occasional = 2;
        var wave = Worlds.HurtsTheLoyal(3, 6_000);
        var often = wave.Customers.Select(customer => customer.Before.Visits).Order().ElementAt(3 * wave.Customers.Count / 4);
        int SegmentOf(WaveCustomer customer) => customer.Before.Visits > often ? Frequent : Occasional;
        using var made = new WaveInFolder(wave, SegmentOf);
        var report = Report(made);
        foreach (var (segment, sign) in ((int, int)[])[(Frequent, -1), (Occasional, 1)])
        {
            var group = report.By(Dimension.Segment)[segment - 1];
            var customers = wave.Customers.Where(customer => SegmentOf(customer) == segment).ToList();
            Assert.Equal(customers.Count, group.Treated + group.HeldOut);
            Holds($"{group.Name} spend", customers.Average(customer => (double)customer.TrueEffect.Spend.Minor), group[Metric.SpendPerCustomer].Difference!);
            Holds($"{group.Name} receipts", customers.Average(customer => (double)customer.TrueVisits), group[Metric.ReceiptsPerCustomer].Difference!);
            Assert.True(group[Metric.ReceiptsPerCustomer] is { IsSure: true, Difference.Difference: var visits } && Math.Sign(visits) == sign);
        }

        Assert.Contains(Advice.Of(report), advice => advice.English.StartsWith("Segment frequent surely spent less", StringComparison.Ordinal));

        // By what days before foretell: who surely buys anyway loses, so writing to those first is worse than to customers picked blindly.
        var targets = ReportJob.Targets(made.Folder, made.State, [WaveInFolder.Id], made.Now, keep: false, null, TestContext.Current.CancellationToken);
        Assert.True(targets.Bands[^1] is { From: 0.9, IsSure: true, Spend.Difference: < 0 });
        Assert.True(targets.Curves.Single(curve => curve is { Order: TargetOrder.BaseConversion, OfMargin: false }).Qini.Upper < 0);

        // Left out are those who came in both stretches before.
        bool CameIn(WaveCustomer customer, int stretch) => customer.Before.Book.Receipts.Any(receipt => !receipt.IsReturn && (83 - receipt.Day) / wave.Validity.Days == stretch);
        var leftOut = wave.Customers.Where(customer => customer.Treated && CameIn(customer, 0) && CameIn(customer, 1)).ToList();
        Assert.Equal(leftOut.Count, targets.LeftOut!.Customers);
        Holds("saved", -leftOut.Sum(customer => (double)customer.TrueEffect.Margin.Minor), targets.LeftOut.Saved);
    }

    static WaveReport Report(WaveInFolder made) => ReportJob.Make(made.Folder, made.State, WaveInFolder.Id, made.Now, keep: false, null, TestContext.Current.CancellationToken);

    /// <summary>How often 95 % intervals hold the truth is seen where there are many; of a single one, chance leaves it farther away than this once in 16,000 worlds.</summary>
    void Holds(string what, double truth, Effect effect)
    {
        output.WriteLine($"{what}: truth {truth:F2}, report {effect.Difference:F2} ({effect.Lower:F2} ... {effect.Upper:F2})");
        Assert.True(Math.Abs(effect.Difference - truth) < 4 * effect.StandardError, what);
    }

    /// <summary>As the history has them, where products are numbered from 1.</summary>
    static PurchaseLine[] Lines(ReceiptBook book)
    {
        var lines = new List<PurchaseLine>(book.Lines.Count);
        foreach (var (number, receipt) in book.Receipts.Index())
            foreach (ref readonly var line in book.LinesOf(receipt))
                lines.Add(new PurchaseLine((ulong)number, receipt.Day * 1_440, receipt.Shop + 1, line.Product + 1, line.QuantityThousandths, line.Paid.Minor, 0));
        return [.. lines];
    }
}
