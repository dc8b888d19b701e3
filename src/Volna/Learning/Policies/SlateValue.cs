namespace Volna.Learning.Policies;

/// <summary>One place of a slate as it was logged.</summary>
/// <param name="Reward">What came of it.</param>
/// <param name="IsFilled">True if the policy to be valued fills the place, too.</param>
/// <param name="Ratio">How much likelier that policy is to fill it like this than the one that logged, once the slate is shown; says nothing of withheld slates.</param>
readonly record struct LoggedPlace(double Reward, bool IsFilled, double Ratio);

/// <summary>What was decided for a customer in a wave: all places were shown, each filled by a draw of its own, or all withheld with a known probability.</summary>
/// <param name="Group">Slates of one group, such as one customer's, may depend on each other.</param>
readonly record struct LoggedSlate(int Group, bool IsWithheld, double WithheldShare, LoggedPlace[] Places);

/// <summary>
/// What a policy's whole slates would have brought, from slates of another one. What is shown beside a place may change what comes of it; only these effects must add up over places.
/// Then it is enough that single places were tried: once a slate is shown its places are drawn independently, and the pseudo-inverse weight of Swaminathan et al. ("Off-policy evaluation for slate
/// recommendation", 2017) is 1 plus the sum over places of ratio - 1, in place of the ratios' product. Places that the policy leaves empty are valued from withheld slates.
/// </summary>
/// <param name="EffectiveSlates">As many slates of the policy's own would tell as much.</param>
/// <param name="Value">Mean reward of a slate; null where it can't be told.</param>
/// <param name="WholeSlates">The same by the ratios' product (IPS), which assumes nothing about places; null where whole slates like the policy's are too rare.</param>
public sealed record SlateValue(int Slates, double EffectiveSlates, NoPolicyValue Verdict, PolicyEstimate? Value, PolicyEstimate? WholeSlates)
{
    internal static SlateValue Of(IReadOnlyList<LoggedSlate> slates)
    {
        var (filled, empty) = (slates.Where(slate => slate.Places.Any(place => place.IsFilled)).ToList(), slates.Where(slate => slate.Places.Any(place => !place.IsFilled)).ToList());
        var verdict = Judge(ShownWeight);
        return new SlateValue(
            slates.Count, Math.Min(Effective(filled, ShownWeight), Effective(empty, WithheldWeight)), verdict,
            verdict == NoPolicyValue.None ? Estimate(ShownWeight) : null, Judge(WholeWeight) == NoPolicyValue.None ? Estimate(WholeWeight) : null);

        // Where the policy fills, or leaves empty, nothing at all, nothing is asked of those weights.
        NoPolicyValue Judge(Func<LoggedSlate, double> shown) => JudgeOf(filled, shown) is not NoPolicyValue.None and var why ? why : JudgeOf(empty, WithheldWeight);
        PolicyEstimate Estimate(Func<LoggedSlate, double> shown) => OffPolicy.Estimate(Values(slates, shown), Groups(slates));
    }

    static double Effective(List<LoggedSlate> slates, Func<LoggedSlate, double> weight) => slates.Count == 0 ? double.MaxValue : OffPolicy.Effective([.. slates.Select(weight)]);

    static NoPolicyValue JudgeOf(List<LoggedSlate> slates, Func<LoggedSlate, double> weight) => slates.Count == 0 ? NoPolicyValue.None : OffPolicy.Judge([.. slates.Select(weight)], Groups(slates));

    static int[] Groups(IReadOnlyList<LoggedSlate> slates) => [.. slates.Select(slate => slate.Group)];

    /// <summary>How much more a policy's slates would have brought than another's, over the same slates.</summary>
    internal static PolicyEstimate Difference(IReadOnlyList<LoggedSlate> one, IReadOnlyList<LoggedSlate> other) =>
        OffPolicy.Estimate([.. Values(one, ShownWeight).Zip(Values(other, ShownWeight), (first, second) => first - second)], Groups(one));

    static double[] Values(IReadOnlyList<LoggedSlate> slates, Func<LoggedSlate, double> weight) =>
    [
        .. slates.Select(slate => (weight(slate) * slate.Places.Where(place => place.IsFilled).Sum(place => place.Reward))
            + (WithheldWeight(slate) * slate.Places.Where(place => !place.IsFilled).Sum(place => place.Reward))),
    ];

    static double ShownWeight(LoggedSlate slate) => slate.IsWithheld ? 0 : (1 + slate.Places.Where(place => place.IsFilled).Sum(place => place.Ratio - 1)) / (1 - slate.WithheldShare);

    static double WholeWeight(LoggedSlate slate) => slate.IsWithheld ? 0 : slate.Places.Where(place => place.IsFilled).Aggregate(1.0, (product, place) => product * place.Ratio) / (1 - slate.WithheldShare);

    static double WithheldWeight(LoggedSlate slate) => slate.IsWithheld ? 1 / slate.WithheldShare : 0;
}
