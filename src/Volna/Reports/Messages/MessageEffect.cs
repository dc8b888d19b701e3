using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports.Messages;

/// <summary>What a wave brings to customers who got so many messages in the eight weeks before it, against its held-out customers who got as many. Money is in minor units.</summary>
/// <param name="Messages">Messages with offers; 8 stands for more, too.</param>
/// <param name="Treated">Customers, each counted once for every wave.</param>
/// <param name="HeldOutSpend">What a held-out one spends in a wave.</param>
/// <param name="Verdict">Why there is no difference, or <see cref="NoVerdict.None"/>.</param>
/// <param name="Difference">Per customer and wave, adjusted by what was bought before.</param>
/// <param name="Relative">As a share of the held-out's spend.</param>
public sealed record MessageEffect(int Messages, long Treated, long HeldOut, double? HeldOutSpend, NoVerdict Verdict, Effect? Difference, Effect? Relative)
{
    static readonly int[] Before = [1];

    /// <summary>By messages.</summary>
    internal static ImmutableArray<MessageEffect> Each(IReadOnlyList<MessageArms> arms) =>
        [.. arms.GroupBy(one => one.Messages).OrderBy(group => group.Key).Select(group => Of(group.Key, [.. group]))];

    /// <summary>By how much the effect, as a share of the spend, changes with each message more; null where too few numbers of messages have one.</summary>
    internal static Effect? Trend(IEnumerable<MessageEffect> effects) => Fatigue.Slope([.. effects.Select(one => ((double)one.Messages, one.Relative))]);

    static MessageEffect Of(int messages, IReadOnlyList<MessageArms> arms)
    {
        long treated = arms.Sum(one => one.Treated.Count), heldOut = arms.Sum(one => one.HeldOut.Count);
        double? spend = heldOut == 0 ? null : arms.Sum(one => one.HeldOut.Sum(0)) / heldOut;
        var enough = arms.Where(one => VerdictOf(one) == NoVerdict.None).ToList();
        if (enough.Count == 0) return new MessageEffect(messages, treated, heldOut, spend, VerdictOf(arms[0]), null, null);

        var compared = enough.Select(one =>
        {
            Figure a = Figure.OfMean(one.Treated, 0)!, b = Figure.OfMean(one.HeldOut, 0)!;
            var adjusted = Adjustment.Of(a, b, Before);
            return (Difference: adjusted.Difference(a, b), Relative: adjusted.Relative(a, b));
        }).ToList();
        var difference = PostStratified.Of([.. compared.Select(one => one.Difference)])?.LookedAtOnce();
        var relative = compared.All(one => one.Relative is not null) ? PostStratified.Of([.. compared.Select(one => one.Relative!.Value)])?.LookedAtOnce() : null;
        return new MessageEffect(messages, treated, heldOut, spend, difference is null ? NoVerdict.NothingVaries : NoVerdict.None, difference, relative);
    }

    static NoVerdict VerdictOf(MessageArms arms)
    {
        VectorMoments treated = arms.Treated, heldOut = arms.HeldOut;
        if (Math.Min(treated.Count, heldOut.Count) == 0) return NoVerdict.NoHeldOut;
        if (Math.Min(treated.Count, heldOut.Count) < Compare.LeastCustomers) return NoVerdict.TooFewCustomers;
        return Math.Min(arms.TreatedBuyers, arms.HeldOutBuyers) < Compare.LeastBuyers ? NoVerdict.TooFewBuyers : NoVerdict.None;
    }
}
