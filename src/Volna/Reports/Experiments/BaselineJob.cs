using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Reports.Statistics;
using Volna.Reports.Suppliers;

namespace Volna.Reports.Experiments;

/// <summary>Reads from the history how customers' purchases vary, as if its last days were an experiment's.</summary>
public static class BaselineJob
{
    static readonly Metric[] Metrics = [Metric.SpendPerCustomer, Metric.MarginPerCustomer, Metric.ReceiptsPerCustomer, Metric.BuyerShare];

    static readonly Text Step = new("reading the history", "чтение истории");
    static readonly Text Unit = new("shards", "частей");

    /// <param name="days">Length of the experiment planned.</param>
    /// <returns>How many customers there are, and how their purchases vary; a margin only where costs are known.</returns>
    /// <param name="supplier">Only purchases of this supplier's goods, for a pilot; null for all.</param>
    /// <exception cref="BadInputException">The history is shorter than the experiment, or the catalogue knows no such supplier.</exception>
    public static (long Customers, IReadOnlyList<Baseline> Baselines) Read(
        DataFolder folder, StateStore state, int days, string? supplier, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        if (snapshot is not { FirstDay: { } first, LastDay: { } last } || last.DayNumber - first.DayNumber < days)
            throw new BadInputException("history-short", new Text(
                $"{folder.Root}: the receipts cover less than {days} days; give --mean and --deviation instead.",
                $"{folder.Root}: чеки охватывают меньше {days} {Languages.Plural(days, "дня", "дней", "дней")}; задайте вместо этого --mean и --deviation."));

        var end = last.AddDays(1);
        var within = new Period(end.AddDays(-days), end);
        Period before = new(within.Start.AddDays(-CountJob.MostBeforeDays), within.Start), earlier = new(within.Start.AddDays(-CountJob.MostDaysKnown), before.Start);
        var catalogs = new CatalogStore(state);
        var customers = catalogs.LoadProfiles().LongCount(profile => profile.Id.Value != 0);
        var catalog = catalogs.Load(end);
        Money?[] costs = [.. catalog.Products.Select(product => product?.Cost)];
        var goods = supplier is null ? null : SupplierGoods.Of(catalog, supplier);
        var ofShards = new WaveOutcome[HistoryStore.Shards];
        var done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            var outcome = new WaveOutcome();
            foreach (var read in histories.ReadShard(snapshot, shard))
            {
                var history = goods is null ? read : goods.Of(read);
                outcome.Add(CustomerOutcome.Of(history.Within(within), costs), CustomerOutcome.Of(history.Within(before), costs), CustomerOutcome.Of(history.Within(earlier), []));
            }

            ofShards[shard] = outcome;
            progress?.Report(new StepProgress(Step, Interlocked.Increment(ref done), HistoryStore.Shards, Unit));
        });

        var whole = new WaveOutcome();
        foreach (var shard in ofShards) whole.Merge(shard);
        var moments = whole.AddNonBuyers(customers - whole.Customers).Moments;
        return (customers, [.. Metrics.Where(metric => metric != Metric.MarginPerCustomer || whole[Measure.SpendWithCost] != 0).Select(BaselineOf)]);

        Baseline BaselineOf(Metric metric)
        {
            var measure = (int)metric.Counts().Of;
            return new Baseline(metric, moments.Mean(measure), Math.Sqrt(moments.Of(measure).Variance), Adjustment.ExplainedShare(Figure.OfMean(moments, measure)!, Measures.Before));
        }
    }
}
