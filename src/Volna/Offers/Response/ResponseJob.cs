using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Offers.Response;

/// <summary>
/// Learns from the waves before what a deeper discount changes. Reckoned anew for each wave from the packs and the purchases, so each day's redemptions count at once,
/// also of a wave that still runs, and nothing has to be kept in step.
/// </summary>
static class ResponseJob
{
    /// <summary>About so many customers of each wave are looked at: more would hardly tell more.</summary>
    const int MostCustomers = 50_000;

    readonly record struct Offered(int Target, Stratum Stratum, int DepthBasisPoints, double Weight);

    /// <param name="plan">Its assumptions are where learning starts.</param>
    /// <param name="earlier">Waves whose offers customers had, latest first.</param>
    /// <param name="seed">Of the wave that will be made.</param>
    /// <returns>What is known of each kind of slot in the plan; none of a kind of which no offer was left to chance.</returns>
    public static ImmutableArray<LearntOdds> Learn(DataFolder folder, HistoryStore history, Snapshot snapshot, Plan plan, IReadOnlyList<Wave> earlier, ulong seed)
    {
        if (earlier.Count == 0) return [];
        var sums = new Dictionary<(Stratum Stratum, int DepthBasisPoints), DepthSums>();
        var offered = new Dictionary<int, List<Offered>>();
        for (var wave = 0; wave < earlier.Count; wave++) Look(folder, earlier[wave], wave, sums, offered);

        var wanted = offered.Keys.ToHashSet();
        var late = history.Since(snapshot, earlier.Min(wave => wave.Validity.Start));
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
        {
            foreach (var customer in history.ReadShard(late, shard, wanted.Contains))
            {
                if (!offered.TryGetValue(customer.Customer.Value, out var offers)) continue;
                foreach (var offer in offers)
                    if (PurchaseLine.HasBought(customer.Within(earlier[offer.Stratum.Wave].Validity), offer.Target))
                        CollectionsMarshal.GetValueRefOrNullRef(sums, (offer.Stratum, offer.DepthBasisPoints)).BoughtWeight += offer.Weight;
            }
        }

        return [.. plan.SlotKinds.OrderBy(kind => kind.Key).Select(kind => Fit(kind.Key, kind.Value, sums, seed)).OfType<LearntOdds>()];
    }

    /// <summary>Adds a wave's offers whose depth could have been another one.</summary>
    static void Look(DataFolder folder, Wave wave, int place, Dictionary<(Stratum, int), DepthSums> sums, Dictionary<int, List<Offered>> offered)
    {
        var explored = PlanFile.Parse($"wave {wave.Id}", wave.Plan).ExplorationShare;
        if (explored == 0) return;
        using var pack = OfferPackStore.Open(folder, wave);

        // Customers stand by the hashes of their keys, so each so-manieth is as good as drawn by chance.
        var stride = Math.Max(1, pack.Customers / MostCustomers);
        for (var at = 0; at < pack.Customers; at += stride)
        {
            foreach (var offer in pack.OffersAt(at))
            {
                if (offer.Propensity >= 1 || offer.TargetKind != TargetKind.Product || offer.Mechanic != Mechanic.PercentOff) continue;
                var stratum = new Stratum(place, offer.Slot, Allowed(offer.Propensity, explored));
                var weight = 1 / offer.Propensity;
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (stratum, offer.Depth.BasisPoints), out _);
                sum = new DepthSums(sum.Offers + 1, sum.Weight + weight, sum.SquaredWeight + (weight * weight), 0);
                ref var hers = ref CollectionsMarshal.GetValueRefOrAddDefault(offered, offer.Customer.Value, out _);
                (hers ??= []).Add(new Offered(offer.Target, stratum, offer.Depth.BasisPoints, weight));
            }
        }
    }

    /// <summary>Among how many depths one was chosen, told from the probability of the choice; see <see cref="Choice.DepthChoice.Propensity"/>.</summary>
    internal static int Allowed(double propensity, double explored)
    {
        var even = propensity > 1 - explored ? propensity - (1 - explored) : propensity;
        return (int)Math.Round(explored / even);
    }

    static LearntOdds? Fit(SlotKind kind, SlotTerms terms, Dictionary<(Stratum Stratum, int DepthBasisPoints), DepthSums> sums, ulong seed)
    {
        var strata = sums.Where(one => one.Key.Stratum.Slot == kind)
            .GroupBy(one => one.Key.Stratum, one => (Depth: one.Key.DepthBasisPoints / 1_000.0, Sums: one.Value))
            .OrderBy(stratum => stratum.Key.Wave).ThenBy(stratum => stratum.Key.Allowed)
            .Select(stratum => (IReadOnlyList<(double Depth, DepthSums Sums)>)[.. stratum.OrderBy(one => one.Depth)]).ToList();
        if (strata.Count == 0) return null;
        var (logOdds, deviation) = DepthResponse.Fit(Math.Log(terms.OddsPerTenPercent), strata);
        var drawn = logOdds + (deviation * new Draw(seed, "response", (ulong)kind).NextNormal());
        return new LearntOdds(kind, Math.Exp(logOdds), deviation, strata.Sum(depths => depths.Sum(one => one.Sums.Offers)), Math.Max(1, Math.Exp(drawn)));
    }
}
