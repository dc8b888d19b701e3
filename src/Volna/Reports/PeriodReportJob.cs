using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports.Messages;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>
/// Compares the customers of the universal hold-out with all others over the waves of a period, adjusted by what both bought before it: over many
/// weeks customers differ so much that a plain comparison would see little.
/// </summary>
public static class PeriodReportJob
{
    /// <summary>Days before the period that tell what a customer is like: as many as the period has, within these bounds.</summary>
    const int LeastDaysBefore = 56, MostDaysBefore = 364;

    static readonly Text Step = new("counting purchases", "подсчёт покупок");
    static readonly Text Unit = new("shards", "частей");

    /// <param name="period">Null for all days from the first published wave with a universal hold-out to the end of the last one.</param>
    /// <param name="now">By the retailer's clock.</param>
    /// <exception cref="BadInputException">No wave was published in the period, or one of them had no universal hold-out.</exception>
    public static PeriodReport Make(DataFolder folder, StateStore state, Period? period, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var published = new WaveStore(state).List().Where(wave => wave.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported)
            .Where(wave => period is not { } asked || asked.Contains(wave.Validity.Start))
            .Select(wave => (Wave: wave, wave.Validity, PlanFile.Parse($"{wave.Id}/plan", wave.Plan).UniversalHoldoutShare)).ToList();
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
        Money?[] costs = [.. catalogs.LoadGoodsAndStores(days.End).Products.Select(product => product?.Cost)];
        var profiles = catalogs.LoadProfiles();
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        int Arm(CustomerId customer) => UniversalHoldout.Includes(share, profiles[customer.Value].KeyHash) ? 1 : 0;

        var before = new Period(days.Start.AddDays(-Math.Clamp(days.Days, LeastDaysBefore, MostDaysBefore)), days.Start);
        var isKnownBefore = snapshot.FirstDay < days.Start;
        var ofShards = new WaveOutcome[HistoryStore.Shards][];
        var contacted = ContactedStore.Load(folder, state, [.. published.Select(one => one.Wave).Where(wave => WaveReport.Ended(wave.Validity.End, snapshot.LastDay, now))], profiles.Length, stop);
        var sumsOfShards = new MessageSums[HistoryStore.Shards];
        var done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            WaveOutcome[] outcomes = [new(), new()];
            var sums = new MessageSums(contacted);
            foreach (var history in histories.ReadShard(snapshot, shard))
            {
                outcomes[Arm(history.Customer)].Add(CustomerOutcome.Of(history.Within(days), costs), CustomerOutcome.Of(history.Within(before), costs));
                for (var wave = 0; wave < contacted.Count; wave++)
                    sums.Add(wave, history.Customer.Value, Spent(history.Within(contacted[wave].Validity)), Spent(history.Within(contacted[wave].Before)));
            }

            (ofShards[shard], sumsOfShards[shard]) = (outcomes, sums);
            progress?.Report(new StepProgress(Step, Interlocked.Increment(ref done), HistoryStore.Shards, Unit));
        });

        long[] customers = new long[2];
        foreach (var profile in profiles)
            if (profile.Id.Value != 0)
                customers[Arm(profile.Id)]++;

        var each = Fatigue.Each(published.OrderBy(wave => wave.Validity.Start).Select(wave => ReportStore.Find(folder, wave.Wave.Id)).Where(report => report is { IsOver: true })!);

        var byMessages = MessageEffect.Each(MessageSums.Whole(contacted, sumsOfShards));

        // Days after a period aren't counted: other waves run in them.
        var compare = Compare.Of(days, snapshot.LastDay, now, isKnownBefore ? before.Days : 0) with { IsAfterOver = false };
        return new PeriodReport(
            days.Start, days.End, snapshot.LastDay, published.Count, share, Conclude.Corrected(compare.Customers(Dimension.Everyone, "", Whole(0), Whole(1))), SampleRatio.Of(customers[0], customers[1], share))
        { Each = each, Trend = Fatigue.Trend(each), ByMessages = byMessages, MessagesTrend = MessageEffect.Trend(byMessages) };

        static long Spent(ReadOnlySpan<PurchaseLine> lines)
        {
            long spent = 0;
            foreach (ref readonly var line in lines) spent += line.PaidMinor;
            return spent;
        }

        // Merged in the order of shards, so that the last digit doesn't depend on which thread was faster.
        VectorMoments Whole(int arm)
        {
            var whole = new WaveOutcome();
            foreach (var ofShard in ofShards) whole.Merge(ofShard[arm]);
            return whole.AddNonBuyers(customers[arm] - whole.Customers).Moments;
        }
    }
}
