using Volna.Kernels;
using Volna.Learning.Policies;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Reports.Policies;

namespace Volna.Tests.Reports.Policies;

public sealed class PolicyViewTests(ITestOutputHelper output)
{
    static readonly double[] Margins = [400, 300, 150, -50];

    [Fact]
    public void In_nineteen_of_twenty_logs_the_interval_holds_what_the_policy_really_brings()
    {
        var worlds = TestSize.Of(commit: 1_000, nightly: 10_000);
        var held = new int[Enum.GetValues<DepthPolicy>().Length];
        Parallel.For(0, worlds, world =>
        {
            var view = PolicyView.Of(Log((ulong)(6_000_000 + world), 1_500, 0.4), 0.4);
            var own = True(DepthPolicy.NoExploration) * 0.6 + (True(DepthPolicy.Even) * 0.4);
            foreach (var policy in view.Policies)
                if (policy.Gain!.Lower <= True(policy.Policy) - own && True(policy.Policy) - own <= policy.Gain.Upper)
                    Interlocked.Increment(ref held[(int)policy.Policy]);
        });
        for (var i = 0; i < held.Length; i++) output.WriteLine($"{(DepthPolicy)i}: {(double)held[i] / worlds:P1}");
        Assert.All(held, count => Assert.InRange(count, 0.93 * worlds, 0.97 * worlds));
    }

    [Fact]
    public void The_better_policy_is_found_and_one_that_was_hardly_tried_is_refused()
    {
        var view = PolicyView.Of(Log(1, 20_000, 0.4), 0.4);
        Assert.Contains("the smallest depth", view.Sentence().English, StringComparison.Ordinal);
        Assert.True(view.Policies.Single(one => one.Policy == DepthPolicy.Smallest) is { Gain.Lower: > 0, Estimate: { DoublyRobust: not null, Ips: not null } });
        Assert.True(view.Policies.Single(one => one.Policy == DepthPolicy.Deepest).Gain!.Upper < 0);

        var thin = PolicyView.Of(Log(2, 300, 0.04), 0.04);
        Assert.Equal(NoPolicyValue.SupportTooThin, thin.Policies.Single(one => one.Policy == DepthPolicy.Deepest).Estimate.Verdict);
        Assert.Null(thin.Policies.Single(one => one.Policy == DepthPolicy.Deepest).Gain);
        Assert.Contains("слишком мало пробовали", thin.Policies.Single(one => one.Policy == DepthPolicy.Deepest).Estimate.Explain().Russian, StringComparison.Ordinal);
        Assert.Contains("can't be told", PolicyView.Of([], 0).Sentence().English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1, 4)]
    [InlineData(0.4, 2)]
    [InlineData(1, 3)]
    [InlineData(0.9, 7)]
    public void How_many_depths_were_allowed_is_told_from_the_probability(double explored, int allowed)
    {
        var decision = new DepthDecision(1, allowed, 0);
        Assert.Equal((allowed, explored < 1), PolicyViewJob.Choice(DepthChoice.Propensity(decision, explored, null), explored));
        Assert.Equal((allowed, false), PolicyViewJob.Choice(DepthChoice.Propensity(decision, explored, 0), explored));
    }

    /// <summary>Offers with two or four depths, of which the second is taken for best; each customer has two, and luck that both share.</summary>
    static List<DepthDecided> Log(ulong seed, int customers, double explored)
    {
        var log = new List<DepthDecided>();
        for (var customer = 0; customer < customers; customer++)
        {
            var draw = new Draw(seed, "policy", (ulong)customer);
            var luck = 200 * draw.NextNormal();
            for (var offer = 0; offer < 2; offer++)
            {
                var allowed = draw.NextUnit() < 0.5 ? 2 : 4;
                int? drawn = draw.NextUnit() < explored ? draw.NextBelow(allowed) : null;
                var step = drawn ?? 1;
                log.Add(new DepthDecided(customer, SlotKind.Habit, allowed, step, step == 1, DepthChoice.Propensity(new DepthDecision(1, allowed, 0), explored, drawn), Margins[step] + luck + (300 * draw.NextNormal())));
            }
        }

        return log;
    }

    static double True(DepthPolicy policy) => policy switch
    {
        DepthPolicy.NoExploration => Margins[1],
        DepthPolicy.Smallest => Margins[0],
        DepthPolicy.Deepest => (Margins[1] + Margins[3]) / 2,
        _ => (Margins[..2].Average() + Margins.Average()) / 2,
    };
}
