using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Compares the customers of the universal hold-out with all others over the waves of a period.</summary>
public static class PeriodReportJob
{
    static readonly Text Step = new("counting purchases", "подсчёт покупок");
    static readonly Text Unit = new("shards", "частей");

    /// <param name="period">Null for all days from the first published wave with a universal hold-out to the end of the last one.</param>
    /// <param name="now">By the retailer's clock.</param>
    /// <exception cref="BadInputException">No wave was published in the period, or one of them had no universal hold-out.</exception>
    public static PeriodReport Make(DataFolder folder, StateStore state, Period? period, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var published = new WaveStore(state).List().Where(wave => wave.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported)
            .Where(wave => period is not { } asked || asked.Contains(wave.Validity.Start))
            .Select(wave => (wave.Validity, PlanFile.Parse($"{wave.Id}/plan", wave.Plan).UniversalHoldoutShare)).ToList();
        if (period is null)
        {
            var first = published.Where(wave => wave.UniversalHoldoutShare > 0).Select(wave => wave.Validity.Start).DefaultIfEmpty(DateOnly.MaxValue).Min();
            published.RemoveAll(wave => wave.Validity.Start < first);
        }

        // Whoever is in for the smallest share was in for all of them.
        var share = published.Select(wave => wave.UniversalHoldoutShare).DefaultIfEmpty(0).Min();
        if (share == 0)
            throw new BadInputException("no-universal-holdout", new Text(
                $"{folder.Root}: no period of published waves in which all plans have a universalHoldoutShare above 0; without it nobody is left who got no offers.",
                $"{folder.Root}: нет периода опубликованных волн, во всех планах которого universalHoldoutShare больше 0; иначе не остаётся покупателей, не получавших предложений."));

        var days = period ?? new Period(published.Min(wave => wave.Validity.Start), published.Max(wave => wave.Validity.End));
        var catalogs = new CatalogStore(state);
        Money?[] costs = [.. catalogs.Load(days.End).Products.Select(product => product?.Cost)];
        var profiles = catalogs.LoadProfiles();
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        int Arm(CustomerId customer) => UniversalHoldout.Includes(share, profiles[customer.Value].KeyHash) ? 1 : 0;

        var ofShards = new WaveOutcome[HistoryStore.Shards][];
        var done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { CancellationToken = stop }, shard =>
        {
            var outcomes = new WaveOutcome[2];
            foreach (var history in histories.ReadShard(snapshot, shard))
            {
                var arm = Arm(history.Customer);
                outcomes[arm] = outcomes[arm].With(CustomerOutcome.Of(history.Within(days), costs));
            }

            ofShards[shard] = outcomes;
            progress?.Report(new StepProgress(Step, Interlocked.Increment(ref done), HistoryStore.Shards, Unit));
        });

        long[] customers = new long[2];
        foreach (var profile in profiles)
            if (profile.Id.Value != 0)
                customers[Arm(profile.Id)]++;

        var isOver = WaveReport.Ended(days.End, snapshot.LastDay, now);
        return new PeriodReport(
            days.Start, days.End, snapshot.LastDay, published.Count, share, Compare.Arms("", Whole(0), Whole(1), isOver), SampleRatio.Of(customers[0], customers[1], share));

        // Merged in the order of shards, so that the last digit doesn't depend on which thread was faster.
        WaveOutcome Whole(int arm)
        {
            var outcome = ofShards.Aggregate(default(WaveOutcome), (sum, ofShard) => sum.Merge(ofShard[arm]));
            return outcome.WithNonBuyers(customers[arm] - outcome.Customers);
        }
    }
}
