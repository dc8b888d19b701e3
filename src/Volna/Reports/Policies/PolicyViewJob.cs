using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Reports.Policies;

/// <summary>Collects the depths that a published wave left to chance with what came of them, and values other policies by them.</summary>
static class PolicyViewJob
{
    /// <summary>Of a larger wave a part is looked at.</summary>
    const int MostCustomers = 100_000;

    public static PolicyView Make(DataFolder folder, StateStore state, Wave wave, CancellationToken stop)
    {
        var plan = PlanFile.Parse($"{wave.Id}/plan", wave.Plan);
        if (plan.ExplorationShare == 0) return PolicyView.Of([], 0);
        IReadOnlyList<Product?>? products = null;
        var offered = new Dictionary<int, List<Offer>>();
        using (var pack = OfferPackStore.Open(folder, wave.Id))
        {
            // Customers stand by the hashes of their keys, so each so-manieth is as good as drawn by chance.
            var stride = Math.Max(1, pack.Customers / MostCustomers);
            for (var place = 0; place < pack.Customers; place += stride)
                foreach (var offer in pack.OffersAt(place))
                {
                    if (offer is not { Propensity: < 1, TargetKind: TargetKind.Product, Mechanic: Mechanic.PercentOff }) continue;
                    products ??= new CatalogStore(state).LoadGoodsAndStores(wave.Validity.Start).Products;
                    if (products[offer.Target]?.Cost is null) continue;
                    if (!offered.TryGetValue(offer.Customer.Value, out var hers)) offered.Add(offer.Customer.Value, hers = []);
                    hers.Add(offer);
                }
        }

        var rewards = offered.ToDictionary(one => one.Key, one => new long[one.Value.Count]);
        if (products is not null) Reward(folder, state, wave, offered, rewards, products, stop);
        return PolicyView.Of(
            [.. offered.OrderBy(one => one.Key).SelectMany(one => one.Value.Select((offer, at) => Decided(plan, offer, rewards[one.Key][at]))).Where(one => one.Step >= 0 && one.Step < one.Allowed)],
            plan.ExplorationShare);
    }

    static void Reward(
        DataFolder folder, StateStore state, Wave wave, Dictionary<int, List<Offer>> offered, Dictionary<int, long[]> rewards, IReadOnlyList<Product?> products, CancellationToken stop)
    {
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Since(histories.Snapshot(), wave.Validity.Start);
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            foreach (var history in histories.ReadShard(snapshot, shard, offered.ContainsKey))
            {
                var (offers, margins) = (offered[history.Customer.Value], rewards[history.Customer.Value]);
                foreach (ref readonly var line in history.Within(wave.Validity))
                    for (var at = 0; at < offers.Count; at++)
                        if (offers[at].Target == line.Product)
                            margins[at] += line.PaidMinor - new Quantity(line.QuantityThousandths).Times(products[line.Product]!.Cost!.Value).Minor;
            }
        });
    }

    /// <summary>Among how many depths one was chosen, and whether it is the plan's best, told from the probability of the choice; see <see cref="Offers.Choice.DepthChoice.Propensity"/>.</summary>
    internal static (int Allowed, bool IsBest) Choice(double propensity, double explored)
    {
        var drawn = explored / propensity;
        var isDrawn = drawn > 1.5 && Math.Abs(drawn - Math.Round(drawn)) < 1e-6;
        return ((int)Math.Round(isDrawn ? drawn : explored / (propensity - (1 - explored))), !isDrawn);
    }

    static DepthDecided Decided(Plan plan, Offer offer, long rewardMinor)
    {
        var (allowed, isBest) = Choice(offer.Propensity, plan.ExplorationShare);
        var steps = plan.StepsOf(offer.Slot);
        return new DepthDecided(
            offer.Customer.Value, offer.Slot, allowed, steps.IndexOf(offer.Depth), isBest, offer.Propensity, rewardMinor);
    }
}
