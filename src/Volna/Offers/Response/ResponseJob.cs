using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers.Plans;

namespace Volna.Offers.Response;

/// <summary>
/// Learns from the trials of the waves before what an offer brings. Reckoned anew for each wave from the trials and the purchases, so each day's redemptions count
/// at once, also of a wave that still runs, and nothing has to be kept in step.
/// </summary>
static class ResponseJob
{
    /// <summary>What a customer usually buys is looked up in so many days before the wave.</summary>
    public const int UsualDays = 56;

    /// <summary>For so many days after a wave it is looked what its offers took from later purchases.</summary>
    const int LaterDays = 28;

    /// <param name="plan">Its assumptions are where learning starts.</param>
    /// <param name="earlier">Waves whose offers customers had, latest first.</param>
    /// <param name="day">The first of the wave that will be made: purchases on it or later aren't looked at.</param>
    /// <param name="seed">Of the wave that will be made.</param>
    /// <returns>What is known of each kind of slot in the plan; none where no earlier wave has a trial.</returns>
    public static ImmutableArray<LearntOdds> Learn(DataFolder folder, HistoryStore history, Snapshot snapshot, Catalog catalog, Plan plan, IReadOnlyList<Wave> earlier, DateOnly day, ulong seed)
    {
        var customers = Read(folder, history, snapshot, catalog, plan.AssumedCost, earlier, day);
        return customers.Count == 0 ? [] : AnswerModel.Fit(plan, customers, seed);
    }

    /// <summary>The trials of waves with what came of them.</summary>
    /// <param name="until">Purchases of this day and later aren't looked at; null to look at all within the waves, and at none after them.</param>
    internal static List<TriedCustomer> Read(DataFolder folder, HistoryStore history, Snapshot snapshot, Catalog catalog, Percent? assumedCost, IReadOnlyList<Wave> waves, DateOnly? until = null)
    {
        // Of each customer where her offers stand in the trials.
        var trials = waves.Select(wave => TrialStore.Find(folder, wave.Id) ?? []).ToList();
        var places = new Dictionary<int, List<(int Wave, int Start, int End)>>();
        for (var wave = 0; wave < trials.Count; wave++)
        {
            var offers = trials[wave];
            for (int start = 0, end; start < offers.Length; start = end)
            {
                for (end = start + 1; end < offers.Length && offers[end].Customer == offers[start].Customer; end++) continue;
                if (!places.TryGetValue(offers[start].Customer, out var hers)) places.Add(offers[start].Customer, hers = []);
                hers.Add((wave, start, end));
            }
        }

        if (places.Count == 0) return [];
        var outcomes = new TriedOutcome(catalog, assumedCost);
        var (tried, seen) = (new List<TriedCustomer>(), new HashSet<int>());
        var late = history.Since(snapshot, waves.Min(wave => wave.Validity.Start).AddDays(-UsualDays));
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
            foreach (var customer in history.ReadShard(late, shard, places.ContainsKey))
                if (places.TryGetValue(customer.Customer.Value, out var hers) && seen.Add(customer.Customer.Value))
                    Add(customer, hers);
        foreach (var (customer, hers) in places.OrderBy(one => one.Key))
            if (!seen.Contains(customer))
                Add(new CustomerHistory(new CustomerId(customer), []), hers);
        return tried;

        void Add(CustomerHistory customer, List<(int Wave, int Start, int End)> hers)
        {
            foreach (var (wave, start, end) in hers)
            {
                var validity = waves[wave].Validity;
                var before = new Period(validity.Start.AddDays(-UsualDays), validity.Start);
                var laterDays = Math.Clamp((until ?? validity.End).DayNumber - validity.End.DayNumber, 0, LaterDays);
                tried.Add(outcomes.Of(
                    trials[wave].AsSpan(start, end - start), customer.Within(until < validity.End ? new Period(validity.Start, until.Value) : validity), customer.Within(before), (float)validity.Days / UsualDays,
                    laterDays == 0 ? [] : customer.Within(new Period(validity.End, validity.End.AddDays(laterDays))), (float)laterDays / UsualDays));
            }
        }
    }
}
