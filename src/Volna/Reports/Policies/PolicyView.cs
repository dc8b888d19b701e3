using System.Collections.Immutable;
using Volna.Learning.Policies;
using Volna.Offers;
using Volna.Reports.Statistics;

namespace Volna.Reports.Policies;

/// <summary>Another way to set depths, of the same offers to the same customers; kept and sent, numbers are never reused.</summary>
public enum DepthPolicy
{
    /// <summary>The depth that the plan takes for best, with nothing left to chance.</summary>
    NoExploration = 0,

    /// <summary>The ladder's first step for all.</summary>
    Smallest = 1,

    /// <summary>For each offer the deepest step that keeps its floor.</summary>
    Deepest = 2,

    /// <summary>All steps that keep the floor alike.</summary>
    Even = 3,
}

/// <summary>What a policy would have brought.</summary>
/// <param name="Estimate">Margin of the offered product an offer, minor units, by several estimators; without values where too little of the policy was tried.</param>
/// <param name="Gain">Self-normalised value less what the wave's own policy brought, an offer; customers are the unit, because one may hold several offers. Null with a verdict.</param>
public sealed record PolicyValue(DepthPolicy Policy, OffPolicy Estimate, Effect? Gain);

/// <summary>
/// What other policies of depth would have brought, from depths that a wave drew with known probabilities. Only offers of percentages on products count whose depth
/// could have been another one and whose cost is known; what is counted is the margin that the customer left on the offered product within the validity.
/// </summary>
/// <param name="Customers">Looked at: all, or a part drawn by the hashes of their keys.</param>
public sealed record PolicyView(int Customers, int Decisions, double ExplorationShare, ImmutableArray<PolicyValue> Policies)
{
    /// <summary>Nothing was left to chance, or nothing of it can be counted.</summary>
    public bool IsEmpty => Decisions == 0;

    internal static PolicyView Of(IReadOnlyList<DepthDecided> decisions, double explorationShare)
    {
        var customers = decisions.Select(one => one.Customer).Distinct().Count();
        if (decisions.Count == 0) return new PolicyView(0, 0, explorationShare, []);
        var models = new RewardModel[] { new(decisions.Where(one => one.Customer % 2 == 1)), new(decisions.Where(one => one.Customer % 2 == 0)) };
        return new PolicyView(customers, decisions.Count, explorationShare, [.. Enum.GetValues<DepthPolicy>().Select(policy =>
        {
            var logged = decisions.Select(one => Logged(policy, one, models[one.Customer % 2])).ToList();
            var estimate = OffPolicy.Of(logged);
            return new PolicyValue(policy, estimate, estimate.Snips is { } value ? Gain(decisions, logged, value.Value, estimate.Logging) : null);
        })]);
    }

    /// <param name="model">Learnt from the other half of the customers.</param>
    static LoggedDecision Logged(DepthPolicy policy, DepthDecided one, RewardModel model)
    {
        // Which step was best isn't kept where another one was drawn, so no model can say what it would have brought.
        if (policy == DepthPolicy.NoExploration) return new LoggedDecision(one.RewardMinor, [one.Propensity], [one.IsBest ? 1 : 0], null, null);
        double Target(int step) => policy switch
        {
            DepthPolicy.Smallest => step == 0 ? 1 : 0,
            DepthPolicy.Deepest => step == one.Allowed - 1 ? 1 : 0,
            _ => 1.0 / one.Allowed,
        };
        return new LoggedDecision(
            one.RewardMinor, [one.Propensity], [Target(one.Step)], model.Of(one, one.Step), Enumerable.Range(0, one.Allowed).Sum(step => Target(step) * model.Of(one, step)));
    }

    /// <summary>By the linearisation of the self-normalised mean; the errors of one customer's offers are added before they are squared.</summary>
    static Effect? Gain(IReadOnlyList<DepthDecided> decisions, List<LoggedDecision> logged, double value, double own)
    {
        double n = decisions.Count, weights = logged.Sum(one => one.Target[0] / one.Logged[0]), variance = 0;
        foreach (var customer in decisions.Select((one, at) => (one.Customer, Error: (logged[at].Target[0] / logged[at].Logged[0] * n / weights * (one.RewardMinor - value)) - (one.RewardMinor - own))).GroupBy(one => one.Customer))
            variance += Math.Pow(customer.Sum(one => one.Error) / n, 2);
        return new Contrast(value - own, variance / 2, decisions.Count, variance / 2, decisions.Count).LookedAtOnce();
    }
}

/// <summary>An offer whose depth could have been another one, and what came of it.</summary>
/// <param name="Allowed">Steps of the ladder, from the first, that keep its floor.</param>
/// <param name="Step">The one it got.</param>
/// <param name="IsBest">True if the plan takes this step for best.</param>
readonly record struct DepthDecided(int Customer, SlotKind Slot, int Allowed, int Step, bool IsBest, double Propensity, double RewardMinor);

/// <summary>Mean reward of a kind of slot, number of allowed steps, and step, weighted so that the policy which logged doesn't matter; leans on the mean of all where little is known.</summary>
sealed class RewardModel
{
    const double Lean = 20;

    readonly Dictionary<(SlotKind, int, int), (double Weight, double Sum)> _sums = [];
    readonly double _mean;

    public RewardModel(IEnumerable<DepthDecided> decisions)
    {
        double weights = 0, sum = 0;
        foreach (var one in decisions)
        {
            var (weight, rewards) = _sums.GetValueOrDefault((one.Slot, one.Allowed, one.Step));
            _sums[(one.Slot, one.Allowed, one.Step)] = (weight + (1 / one.Propensity), rewards + (one.RewardMinor / one.Propensity));
            weights += 1 / one.Propensity;
            sum += one.RewardMinor / one.Propensity;
        }

        _mean = weights == 0 ? 0 : sum / weights;
    }

    public double Of(DepthDecided one, int step)
    {
        var (weight, sum) = _sums.GetValueOrDefault((one.Slot, one.Allowed, step));
        return (sum + (Lean * _mean)) / (weight + Lean);
    }
}
