using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;

namespace Volna.Offers.Generation;

/// <summary>Names promises above what the slots of all customers hold, before any customer is looked at: for millions of them that takes an hour.</summary>
static class PromiseBound
{
    /// <summary>Every customer is taken to get as many offers of each limit as its goods in any store and the largest segment allow: in which store she buys, only her receipts tell.</summary>
    /// <exception cref="GuardException">Code <c>promise-infeasible</c>: there is such a promise.</exception>
    public static void Check(WaveInputs inputs, Goods goods, SharedLimits limits)
    {
        var problem = limits.Problem(inputs.Plan, []);
        if (problem.Limits.All(limit => limit.Least == 0)) return;
        var slots = problem.Slots.Max(kinds => kinds.Sum());
        int[] products = [.. Enumerable.Range(0, inputs.Catalog.Products.Length).Where(product => goods.MayBeOffered(product) && limits.IsPromisedSomewhere(product))];
        var customers = inputs.Profiles.LongCount(profile => profile.Id.Value != 0 && !IsHeldOut(profile.KeyHash));
        var (possible, inStore) = (new long[problem.Limits.Length], new int[problem.Limits.Length]);
        for (var store = 0; store < inputs.Catalog.Stores.Length; store++)
        {
            Array.Clear(inStore);
            foreach (var product in products)
                foreach (var limit in problem.Goods[limits.GoodOf(product, store)].Limits) inStore[limit]++;
            for (var limit = 0; limit < possible.Length; limit++) possible[limit] = Math.Max(possible[limit], customers * Math.Min(inStore[limit], slots));
        }

        Allocate.CheckPromises(problem, possible);

        bool IsHeldOut(ulong keyHash) =>
            UniversalHoldout.Includes(inputs.Plan.UniversalHoldoutShare, keyHash) || WaveHoldout.Includes(inputs.Wave.Seed, inputs.Plan.HoldoutShare, keyHash);
    }
}
