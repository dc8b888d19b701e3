using Volna.Intake.History;
using Volna.Intake.Letters;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Reports.Policies;
using Volna.Reports.Targeting;

namespace Volna.Reports;

/// <summary>Makes the report of a wave: what its assigned customers bought, and what the tills redeemed.</summary>
public static class ReportJob
{
    /// <param name="now">By the retailer's clock.</param>
    /// <param name="keep">True to keep what was counted, so that the next report of the same data is there at once.</param>
    /// <exception cref="BadInputException">There is no such wave, it was never published, or its offers are missing or damaged.</exception>
    public static WaveReport Make(
        DataFolder folder, StateStore state, string waveId, DateTimeOffset now, bool keep, IProgress<StepProgress>? progress, CancellationToken stop) =>
        Make(folder, state, [waveId], now, keep, progress, stop)[0];

    /// <summary>Reports of several waves, whose purchases are counted in one pass.</summary>
    /// <inheritdoc cref="Make(DataFolder, StateStore, string, DateTimeOffset, bool, IProgress{StepProgress}?, CancellationToken)"/>
    public static IReadOnlyList<WaveReport> Make(
        DataFolder folder, StateStore state, IReadOnlyList<string> waveIds, DateTimeOffset now, bool keep, IProgress<StepProgress>? progress, CancellationToken stop) =>
        [.. MakeCounted(folder, state, waveIds, now, keep, progress, stop).Select(one => one.Report)];

    /// <summary>For whom several waves together changed most.</summary>
    /// <inheritdoc cref="Make(DataFolder, StateStore, string, DateTimeOffset, bool, IProgress{StepProgress}?, CancellationToken)"/>
    public static TargetView Targets(DataFolder folder, StateStore state, IReadOnlyList<string> waveIds, DateTimeOffset now, bool keep, IProgress<StepProgress>? progress, CancellationToken stop) =>
        TargetView.Of(MakeCounted(folder, state, waveIds, now, keep, progress, stop));

    static IReadOnlyList<(WaveReport Report, WaveCounts Counts)> MakeCounted(
        DataFolder folder, StateStore state, IReadOnlyList<string> waveIds, DateTimeOffset now, bool keep, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var store = new WaveStore(state);
        var waves = waveIds.Select(id => Published(store, id)).ToList();
        string snapshot;
        using (var histories = HistoryStore.Open(folder, state)) snapshot = histories.Snapshot().Id;

        var kept = waves.Select(wave => CountsStore.Find(folder, wave.Wave.Id) is { } counts && counts.Snapshot == snapshot && counts.Digest == wave.Wave.Digest ? counts : null).ToList();
        var missing = waves.Where((_, i) => kept[i] is null).ToList();
        WaveCounts[] counted = missing.Count == 0 ? [] : SideBySide.Each(
            [.. CountJob.Count(folder, state, missing, progress, stop).Zip(missing)], one => one.First with { Policies = PolicyViewJob.Make(folder, state, one.Second.Wave, stop) }, stop);
        if (keep)
            foreach (var counts in counted) CountsStore.Save(folder, counts);

        var all = kept.Select((counts, i) => counts ?? counted[missing.IndexOf(waves[i])]);
        var plans = waves.Select(wave => PlanFile.Parse($"{wave.Wave.Id}/plan", wave.Wave.Plan)).ToList();
        var letters = new LetterStore(state);
        return [.. all.Select((counts, i) => (Conclude.Report(new ReportInput(
            waves[i].Wave, plans[i].HoldoutShare, counts, Redeemed(folder, waveIds[i], new RedemptionStore(state).OfWave(waveIds[i]), counts), now)
            { Currency = plans[i].Currency, Held = WaveLife.Held(waves[i].Wave, store.Events(waveIds[i]), now.Offset) }) with { Letters = letters.Figures(waveIds[i]) }, counts))];
    }

    /// <summary>The wave, with the day of its publication.</summary>
    internal static (Wave Wave, DateOnly Published) Published(WaveStore waves, string id)
    {
        var wave = waves.Get(id);

        // By its events, because a wave may be stopped before it was published.
        if (waves.Events(id).FirstOrDefault(step => step.To == WaveStatus.Published) is { } published) return (wave, DateOnly.FromDateTime(published.At.DateTime));
        throw new BadInputException("wave-not-published", new Text(
            $"wave {id}: is {wave.Status.Name().English} and was never published; a report needs one that was.",
            $"волна {id}: состояние «{wave.Status.Name().Russian}», опубликована она не была; отчёт составляется только по опубликованной волне."));
    }

    static RedemptionFigures Redeemed(DataFolder folder, string wave, IReadOnlyList<Redemption> redemptions, WaveCounts counts)
    {
        var bySlot = new Dictionary<SlotKind, (long Redeemed, long Discount)>();
        var byDepth = new Dictionary<int, (long Redeemed, long Discount)>();
        if (redemptions.Count > 0)
        {
            using var pack = OfferPackStore.Open(folder, wave);
            var places = redemptions.Select(redemption => redemption.Customer).ToHashSet().ToDictionary(customer => customer, _ => -1);
            for (var place = 0; place < pack.Customers; place++)
                if (pack.At(place).Customer is var customer && places.ContainsKey(customer))
                    places[customer] = place;
            foreach (var redemption in redemptions)
            {
                if (places[redemption.Customer] is not (>= 0 and var place))
                    throw new InvalidOperationException($"Wave {wave}: customer {redemption.Customer.Value} redeemed an offer but isn't in the pack.");
                var offer = pack.OffersAt(place)[redemption.OfferIndex];
                Add(bySlot, offer.Slot, redemption.Discount.Minor);
                Add(byDepth, OfferCount.DepthOf(offer.Mechanic, offer.Depth.BasisPoints), redemption.Discount.Minor);
            }
        }

        return new RedemptionFigures(
            counts.Offers.Sum(one => one.Offers), redemptions.Count, redemptions.Select(redemption => redemption.Customer).Distinct().Count(), redemptions.Sum(redemption => redemption.Discount.Minor),
            [.. counts.Offers.GroupBy(one => one.Slot).OrderBy(slot => slot.Key).Select(slot =>
                new SlotFigures(slot.Key, slot.Sum(one => one.Offers), bySlot.GetValueOrDefault(slot.Key).Redeemed, bySlot.GetValueOrDefault(slot.Key).Discount))],
            [.. counts.Offers.GroupBy(one => one.DepthBasisPoints).OrderBy(depth => depth.Key).Select(depth =>
                new DepthFigures(depth.Key, depth.Sum(one => one.Offers), byDepth.GetValueOrDefault(depth.Key).Redeemed, byDepth.GetValueOrDefault(depth.Key).Discount))]);

        static void Add<T>(Dictionary<T, (long Redeemed, long Discount)> sums, T key, long discountMinor)
            where T : notnull
        {
            var sum = sums.GetValueOrDefault(key);
            sums[key] = (sum.Redeemed + 1, sum.Discount + discountMinor);
        }
    }
}
