namespace Volna.Learning.Policies;

/// <summary>Why a policy can't be valued from what another one logged.</summary>
public enum NoPolicyValue
{
    None = 0,

    /// <summary>Hardly any logged decision is one that the policy would have taken: too few effective customers are left.</summary>
    SupportTooThin = 1,

    /// <summary>The weights' mean is surely not 1: logged probabilities are wrong, or the policy does what was never tried.</summary>
    WeightsDoNotAddUp = 2,
}

/// <summary>One decision as it was logged. In a slate of several places each has its own probabilities, and all share the reward.</summary>
/// <param name="Logged">Probability with which the logging policy took it, above 0, by place.</param>
/// <param name="Target">Probability with which the policy to be valued would have taken it, by place.</param>
/// <param name="Model">What a model expects of the decision taken; null without a model.</param>
/// <param name="ModelOfTarget">What the model expects of the policy's own decision here.</param>
/// <param name="Group">Decisions of one group, such as one customer's, may depend on each other; negative where each stands alone.</param>
readonly record struct LoggedDecision(double Reward, double[] Logged, double[] Target, double? Model, double? ModelOfTarget, int Group = -1);

/// <summary>A policy's value with its 95 % interval.</summary>
public readonly record struct PolicyEstimate(double Value, double Lower, double Upper);

/// <summary>
/// What a policy would have brought, from decisions that another one took with known probabilities. Ips weighs each reward by how much likelier the policy is
/// to take that decision (Horvitz, Thompson, 1952); Snips divides by the weights' sum instead of the count (Swaminathan, Joachims, "The self-normalized
/// estimator for counterfactual learning", 2015); DoublyRobust adds the weighted surprise to what a model expects (Dudík, Langford, Li, "Doubly robust policy
/// evaluation and learning", 2011); Slate takes the reward for a sum over places, so that only single places must have been tried (Swaminathan et al.,
/// "Off-policy evaluation for slate recommendation", 2017, for places drawn independently).
/// </summary>
/// <param name="Logging">Mean reward of the policy that logged.</param>
/// <param name="EffectiveDecisions">(sum of weights)² / sum of squares: as many decisions of the policy's own would tell as much.</param>
/// <param name="MeanWeight">Near 1 where the probabilities are right and cover the policy.</param>
/// <param name="DoublyRobust">Null without a model.</param>
/// <param name="Slate">Null where no decision has more than one place.</param>
public sealed record OffPolicy(
    int Decisions, double Logging, double EffectiveDecisions, double MeanWeight, NoPolicyValue Verdict, PolicyEstimate? Ips, PolicyEstimate? Snips, PolicyEstimate? DoublyRobust,
    PolicyEstimate? Slate)
{
    const double LeastEffective = 100, Normal95 = 1.959964, Surely = 4;

    internal static OffPolicy Of(IReadOnlyList<LoggedDecision> decisions)
    {
        var groups = decisions.Select(one => one.Group).ToArray();
        var isSlate = decisions.Any(one => one.Logged.Length > 1);
        var weights = decisions.Select(one => isSlate ? SlateWeight(one) : Ratio(one)).ToArray();
        var n = decisions.Count;
        var (mean, effective) = (weights.Average(), Effective(weights));
        var logging = decisions.Average(one => one.Reward);
        var verdict = Judge(weights, groups);
        if (verdict != NoPolicyValue.None) return new OffPolicy(n, logging, effective, mean, verdict, null, null, null, null);

        var plain = decisions.Select(Ratio).ToArray();
        var rewards = decisions.Select(one => one.Reward).ToArray();
        // A slate's places together are seldom tried; their product of ratios may have too thin a support where the sum over places has not.
        var jointIsThin = Math.Pow(plain.Sum(), 2) < LeastEffective * plain.Sum(weight => weight * weight);
        var hasModel = decisions.All(one => one is { Model: not null, ModelOfTarget: not null });
        return new OffPolicy(
            n, logging, effective, mean, verdict,
            jointIsThin ? null : Estimate([.. plain.Zip(rewards, (weight, reward) => weight * reward)], groups),
            jointIsThin ? null : SelfNormalised(plain, rewards, groups),
            jointIsThin || !hasModel ? null : Estimate([.. decisions.Select(RobustValue)], groups),
            isSlate ? Estimate([.. weights.Zip(rewards, (weight, reward) => weight * reward)], groups) : null);
    }

    /// <summary>As many decisions of the policy's own would tell as much; 0 where none is one of its own.</summary>
    internal static double Effective(double[] weights) => weights.Sum() <= 0 ? 0 : Math.Pow(weights.Sum(), 2) / weights.Sum(weight => weight * weight);

    /// <summary>Whether weights allow to value a policy.</summary>
    internal static NoPolicyValue Judge(double[] weights, int[] groups)
    {
        if (Effective(weights) < LeastEffective) return NoPolicyValue.SupportTooThin;
        var (mean, error) = MeanOf(weights, groups);
        return Math.Abs(mean - 1) > (Surely * error) + 1e-9 ? NoPolicyValue.WeightsDoNotAddUp : NoPolicyValue.None;
    }

    /// <summary>How much more one policy would have brought than another, doubly robust; both over the same decisions with a model.</summary>
    internal static PolicyEstimate Difference(IReadOnlyList<LoggedDecision> one, IReadOnlyList<LoggedDecision> other) =>
        Estimate([.. one.Zip(other, (first, second) => RobustValue(first) - RobustValue(second))], [.. one.Select(decision => decision.Group)]);

    static double RobustValue(LoggedDecision one) => one.ModelOfTarget!.Value + (Ratio(one) * (one.Reward - one.Model!.Value));

    static double Ratio(LoggedDecision one)
    {
        var ratio = 1.0;
        for (var place = 0; place < one.Logged.Length; place++) ratio *= one.Target[place] / one.Logged[place];
        return ratio;
    }

    static double SlateWeight(LoggedDecision one)
    {
        var weight = 1.0;
        for (var place = 0; place < one.Logged.Length; place++) weight += (one.Target[place] / one.Logged[place]) - 1;
        return weight;
    }

    internal static PolicyEstimate Estimate(double[] values, int[] groups)
    {
        var (mean, error) = MeanOf(values, groups);
        return new PolicyEstimate(mean, mean - (Normal95 * error), mean + (Normal95 * error));
    }

    static PolicyEstimate SelfNormalised(double[] weights, double[] rewards, int[] groups)
    {
        var (total, n) = (weights.Sum(), weights.Length);
        var value = weights.Zip(rewards, (weight, reward) => weight * reward).Sum() / total;
        // Of a ratio of means, by its linearisation.
        var (_, error) = MeanOf([.. weights.Zip(rewards, (weight, reward) => weight * (reward - value) * n / total)], groups);
        return new PolicyEstimate(value, value - (Normal95 * error), value + (Normal95 * error));
    }

    /// <summary>The mean with its standard error; groups count as one observation each (the sandwich of Liang and Zeger, 1986).</summary>
    static (double Mean, double Error) MeanOf(double[] values, int[] groups)
    {
        var moments = values.Aggregate(default(Kernels.Moments), (sum, value) => sum.With(value));
        if (moments.Count < 2) return (moments.Mean, double.PositiveInfinity);
        if (groups.All(group => group < 0)) return (moments.Mean, Math.Sqrt(moments.Variance / moments.Count));
        var sums = new Dictionary<int, double>();
        for (var at = 0; at < values.Length; at++)
        {
            var group = groups[at] >= 0 ? groups[at] : -at - 2;
            sums[group] = sums.GetValueOrDefault(group) + values[at] - moments.Mean;
        }

        return (moments.Mean, sums.Count < 2 ? double.PositiveInfinity : Math.Sqrt(sums.Values.Sum(sum => sum * sum) * sums.Count / (sums.Count - 1)) / values.Length);
    }
}
