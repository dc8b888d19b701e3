using System.Globalization;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Simulation.Loop;

/// <summary>
/// Makes a wave from hand-made lists instead of a model: the same life from here on, approved, published, redeemed and reported as any other. Who agreed to
/// no channel gets nothing, nor does the universal hold-out.
/// </summary>
static class HandMadeWaveJob
{
    /// <param name="turn">Which of the sets of goods has its turn, from 0.</param>
    /// <returns>The wave, awaiting approval.</returns>
    public static Wave Make(DataFolder folder, StateStore state, string planText, DateOnly from, int turn, Language language, string by, TimeProvider time, CancellationToken stop)
    {
        var plan = PlanFile.Parse("hand-made", planText);
        var validity = new Period(from, from.AddDays(plan.ValidityDays));
        var catalogs = new CatalogStore(state);
        var catalog = catalogs.Load(from);
        var profiles = catalogs.LoadProfiles();
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        var offered = Offers(BestSellers.Of(history, catalog, new Period(from.AddDays(-56), from), stop), catalog, validity, turn, language);

        var segments = new int[profiles.Length];
        Array.Fill(segments, SegmentOf([]));
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { CancellationToken = stop }, shard =>
        {
            foreach (var customer in history.ReadShard(snapshot, shard)) segments[customer.Customer.Value] = SegmentOf(customer.Before(from));
        });

        var waves = new WaveStore(state);
        var wave = new Wave(
            from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), WaveStatus.Draft, validity, 0, planText, snapshot.Id, null, null, by, null, time.GetLocalNow());
        waves.Add(wave);
        waves.Move(wave.Id, WaveStatus.Draft, WaveStatus.Generating, by, time.GetLocalNow());
        long customers = 0, withOffers = 0, offers = 0;
        string digest;
        using (var pack = NewOfferPackStore.Create(folder, wave.Id, validity))
        {
            foreach (var profile in profiles.Where(profile => profile.Id.Value != 0 && !UniversalHoldout.Includes(plan.UniversalHoldoutShare, profile.KeyHash)).OrderBy(profile => profile.KeyHash))
            {
                stop.ThrowIfCancellationRequested();
                var own = (profile.Consents & plan.Channels) == 0 ? [] : offered[segments[profile.Id.Value]].Select(offer => offer with { Customer = profile.Id }).ToArray();
                pack.Add(profile.Id, profile.KeyHash, segments[profile.Id.Value], heldOut: false, own);
                customers++;
                offers += own.Length;
                if (own.Length > 0) withOffers++;
            }

            digest = pack.Commit();
        }

        var statistics = new WaveStatistics { Customers = customers, WithOffers = withOffers, Offers = offers };
        waves.MoveGenerated(wave.Id, digest, statistics.ToJson(), by, time.GetLocalNow());
        waves.Move(wave.Id, WaveStatus.Generated, WaveStatus.AwaitingApproval, by, time.GetLocalNow());
        return waves.Get(wave.Id);

        int SegmentOf(ReadOnlySpan<PurchaseLine> lines)
        {
            for (var index = 0; index < plan.Segments.Length; index++)
                if (plan.Segments[index].When?.Fits(from, lines, catalog) ?? true)
                    return index;
            throw new InvalidOperationException("The last list takes everybody.");
        }
    }

    /// <summary>The offers of each list.</summary>
    static Offer[][] Offers(List<BestSeller> sellers, Catalog catalog, Period validity, int turn, Language language)
    {
        var promoted = catalog.MassPromotions.Where(promotion => promotion.Period.Start < validity.End && validity.Start < promotion.Period.End).Select(promotion => promotion.Product.Value).ToHashSet();
        return
        [
            .. HandMadeLists.All.Select(list =>
            {
                var depth = Percent.Of(list.Percent);
                return sellers
                    .Where(good => list.Department is null || good.Category.StartsWith(list.Department.In(language) + "/", StringComparison.Ordinal))
                    .Where(good => !promoted.Contains(good.Product) && PriceFloor.After(good.Price, depth) > good.Cost)
                    .Skip(turn % HandMadeLists.Turns * HandMadeLists.OffersOfList).Take(HandMadeLists.OffersOfList)
                    .Select((good, index) => new Offer
                    {
                        Customer = default,
                        Index = index,
                        Target = good.Product,
                        Depth = depth,
                        Slot = SlotKind.Habit,
                        Reason = CandidateReason.Popular,
                        Propensity = 1,
                        Floor = good.Cost,
                        RegularPrice = good.Price,
                    }).ToArray();
            }),
        ];
    }
}
