using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Reports.Statistics;

namespace Volna.Reports.Suppliers;

/// <summary>Judges what a wave brought to one supplier, against the customers held out.</summary>
public static class SupplierPilotJob
{
    static readonly Text Step = new("counting purchases", "подсчёт покупок");
    static readonly Text Unit = new("shards", "частей");

    /// <param name="now">By the retailer's clock.</param>
    /// <exception cref="BadInputException">There is no such wave, it was never published, or nobody in the catalogue is called so.</exception>
    public static SupplierPilot Judge(
        DataFolder folder, StateStore state, string waveId, string supplier, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var (wave, published) = ReportJob.Published(new WaveStore(state), waveId);
        var catalog = new CatalogStore(state).LoadGoodsAndStores(wave.Validity.Start);
        var goods = SupplierGoods.Of(catalog, supplier);
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        var until = published < wave.Validity.Start ? published : wave.Validity.Start;
        var before = snapshot.FirstDay is { } first && first < until ? new Period(Max(first, until.AddDays(-CountJob.MostDaysKnown)), until) : (Period?)null;

        // 1 treated, 2 held out.
        var arms = new byte[new CatalogStore(state).LoadProfiles().Length];
        long[] assigned = new long[2];
        using (var pack = OfferPackStore.Open(folder, wave.Id))
            foreach (var customer in pack.All())
            {
                arms[customer.Customer.Value] = customer.HeldOut ? (byte)2 : (byte)1;
                assigned[customer.HeldOut ? 1 : 0]++;
            }

        var ofShards = new VectorMoments[HistoryStore.Shards][];
        var done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            PilotSums[] sums = [new(goods.IsOfSupplier, goods.IsOfCategory), new(goods.IsOfSupplier, goods.IsOfCategory)];
            foreach (var history in histories.ReadShard(snapshot, shard))
                if (arms[history.Customer.Value] is > 0 and var arm)
                    sums[arm - 1].Add(history.Within(wave.Validity), before is { } days ? history.Within(days) : default);
            ofShards[shard] = [sums[0].Moments, sums[1].Moments];
            progress?.Report(new StepProgress(Step, Interlocked.Increment(ref done), HistoryStore.Shards, Unit));
        });

        var (treated, heldOut) = (Whole(0), Whole(1));
        var verdict = Verdict(treated, heldOut, WaveReport.Ended(wave.Validity.End, snapshot.LastDay, now), WaveLife.Held(wave, new WaveStore(state).Events(waveId), now.Offset) < WaveLife.Least);
        var costs = new RedemptionStore(state).Costs(wave.Id).Where(cost => cost.Payer == supplier || goods.IsAbout(cost.TargetKind, cost.Target)).ToList();
        return new SupplierPilot(
            wave.Id, supplier, [.. goods.Categories], wave.Validity.Start, wave.Validity.End, snapshot.LastDay, before?.Days ?? 0, treated.Count, heldOut.Count,
            verdict, [.. PilotSums.Judge(treated, heldOut, before is not null, verdict == NoVerdict.None)],
            costs.Sum(cost => cost.Redemptions), costs.Where(cost => cost.Payer == supplier).Sum(cost => cost.Discount.Minor), costs.Where(cost => cost.Payer.Length == 0).Sum(cost => cost.Discount.Minor),
            SampleRatio.Of(treated.Count, heldOut.Count, PlanFile.Parse($"{wave.Id}/plan", wave.Plan).HoldoutShare) is { Alarm: true });

        // Merged in the order of shards, so that the last digit doesn't depend on which thread was faster.
        VectorMoments Whole(int arm)
        {
            var whole = new VectorMoments(ofShards[0][arm].Size);
            foreach (var shard in ofShards) whole.Merge(shard[arm]);
            whole.AddZeros(assigned[arm] - whole.Count);
            return whole;
        }
    }

    static NoVerdict Verdict(VectorMoments treated, VectorMoments heldOut, bool isOver, bool isStoppedTooSoon)
    {
        if (treated.Count == 0 || heldOut.Count == 0) return NoVerdict.NoHeldOut;
        if (isStoppedTooSoon) return NoVerdict.StoppedTooSoon;
        if (!isOver) return NoVerdict.WaveNotOver;
        if (Math.Min(treated.Count, heldOut.Count) < Compare.LeastCustomers) return NoVerdict.TooFewCustomers;
        var (a, b) = (treated.Sum((int)PilotMetric.Buyers), heldOut.Sum((int)PilotMetric.Buyers));
        return a + b < 0.5 ? NoVerdict.NoPurchases : Math.Min(a, b) < Compare.LeastBuyers - 0.5 ? NoVerdict.TooFewBuyers : NoVerdict.None;
    }

    static DateOnly Max(DateOnly one, DateOnly other) => one > other ? one : other;
}
