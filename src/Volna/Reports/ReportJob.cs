using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Redemptions;

namespace Volna.Reports;

/// <summary>
/// Counts what the assigned customers of a wave bought within its validity, and makes the report. Histories are streamed by shards in parallel
/// and leave only moments behind; kept in memory is one number a customer.
/// </summary>
public static class ReportJob
{
    static readonly Text Step = new("counting purchases", "подсчёт покупок");
    static readonly Text Unit = new("customers", "покупателей");

    /// <param name="now">By the retailer's clock.</param>
    /// <exception cref="BadInputException">There is no such wave, it was never published, or its offers are missing or damaged.</exception>
    public static WaveReport Make(DataFolder folder, StateStore state, string waveId, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var waves = new WaveStore(state);
        var wave = waves.Get(waveId);
        // By its events, because a wave may be stopped before it was published.
        if (waves.Events(waveId).All(step => step.To != WaveStatus.Published))
            throw new BadInputException("wave-not-published", new Text(
                $"wave {waveId}: is {wave.Status.Name().English} and was never published; a report needs one that was.",
                $"волна {waveId}: состояние «{wave.Status.Name().Russian}», опубликована она не была; отчёт составляется только по опубликованной волне."));

        var plan = PlanFile.Parse($"{waveId}/plan", wave.Plan);
        using var pack = OfferPackStore.Open(folder, waveId);
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        Money?[] costs = [.. new CatalogStore(state).Load(wave.Validity.Start).Products.Select(product => product?.Cost)];
        var assigned = Assigned.Of(pack, plan.Segments.Length, stop);

        var ofShards = new WaveOutcome[HistoryStore.Shards][];
        long done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { CancellationToken = stop }, shard =>
        {
            var outcomes = new WaveOutcome[plan.Segments.Length * 2];
            var counted = 0;
            foreach (var history in histories.ReadShard(snapshot, shard))
            {
                if (assigned.PlaceOf(history.Customer) is not { } place) continue;
                var arm = Arm(pack.At(place));
                outcomes[arm] = outcomes[arm].With(CustomerOutcome.Of(history.Within(wave.Validity), costs));
                if ((++counted & 0xFFF) != 0) continue;
                stop.ThrowIfCancellationRequested();
                progress?.Report(new StepProgress(Step, Interlocked.Add(ref done, 0x1000), pack.Customers, Unit));
            }

            ofShards[shard] = outcomes;
        });
        progress?.Report(new StepProgress(Step, pack.Customers, pack.Customers, Unit));

        // Merged in the order of shards, so that the last digit doesn't depend on which thread was faster.
        var bySegment = plan.Segments.Select((segment, index) => new SegmentOutcome(segment.Name, Whole(2 * index), Whole((2 * index) + 1)));
        return Conclude.Report(new ReportInput(
            wave, plan.HoldoutShare, snapshot.Id, snapshot.LastDay, [.. bySegment], assigned.TreatedWithoutOffers,
            Redeemed(new RedemptionStore(state).OfWave(waveId), pack, assigned), now));

        WaveOutcome Whole(int arm)
        {
            var outcome = ofShards.Aggregate(default(WaveOutcome), (sum, ofShard) => sum.Merge(ofShard[arm]));
            return outcome.WithNonBuyers(assigned.Customers[arm] - outcome.Customers);
        }
    }

    static int Arm(PackedCustomer customer) => (2 * customer.Segment) + (customer.HeldOut ? 1 : 0);

    static RedemptionFigures Redeemed(IReadOnlyList<Redemption> redemptions, OfferPackStore pack, Assigned assigned)
    {
        var kinds = Enum.GetValues<SlotKind>();
        long[] redeemed = new long[kinds.Length], discount = new long[kinds.Length];
        long redeemers = 0;
        var last = default(CustomerId);
        foreach (var redemption in redemptions)
        {
            var place = assigned.PlaceOf(redemption.Customer)
                ?? throw new InvalidOperationException($"Wave {redemption.Wave}: customer {redemption.Customer.Value} redeemed an offer but isn't in the pack.");
            var slot = (int)pack.OffersAt(place)[redemption.OfferIndex].Slot;
            redeemed[slot]++;
            discount[slot] += redemption.Discount.Minor;
            if (redemption.Customer != last) redeemers++;
            last = redemption.Customer;
        }

        return new RedemptionFigures(
            pack.Offers, redemptions.Count, redeemers, discount.Sum(),
            [.. kinds.Where(kind => assigned.Offers[(int)kind] > 0).Select(kind => new SlotFigures(kind, assigned.Offers[(int)kind], redeemed[(int)kind], discount[(int)kind]))]);
    }

    /// <summary>Who was assigned to the wave, and what was offered.</summary>
    sealed class Assigned
    {
        readonly int[] _placesPlusOne;

        Assigned(int[] placesPlusOne, int segments)
        {
            _placesPlusOne = placesPlusOne;
            Customers = new long[2 * segments];
        }

        /// <summary>Customers by arm: twice the segment, plus one for the held-out.</summary>
        public long[] Customers { get; }

        /// <summary>Offers by slot kind.</summary>
        public long[] Offers { get; } = new long[Enum.GetValues<SlotKind>().Length];

        public long TreatedWithoutOffers { get; private set; }

        public int? PlaceOf(CustomerId customer) =>
            (uint)customer.Value < (uint)_placesPlusOne.Length && _placesPlusOne[customer.Value] is > 0 and var place ? place - 1 : null;

        public static Assigned Of(OfferPackStore pack, int segments, CancellationToken stop)
        {
            var most = 0;
            for (var place = 0; place < pack.Customers; place++) most = Math.Max(most, pack.At(place).Customer.Value);
            var assigned = new Assigned(new int[most + 1], segments);
            for (var place = 0; place < pack.Customers; place++)
            {
                if ((place & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
                var customer = pack.At(place);
                assigned._placesPlusOne[customer.Customer.Value] = place + 1;
                assigned.Customers[Arm(customer)]++;
                if (!customer.HeldOut && customer.Offers == 0) assigned.TreatedWithoutOffers++;
                foreach (var offer in pack.OffersAt(place)) assigned.Offers[(int)offer.Slot]++;
            }

            return assigned;
        }
    }
}
