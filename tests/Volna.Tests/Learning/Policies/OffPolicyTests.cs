using Volna.Kernels;
using Volna.Learning.Policies;

namespace Volna.Tests.Learning.Policies;

public sealed class OffPolicyTests
{
    /// <summary>Two actions, drawn 1 : 3, rewards 8 and 4. The target takes the first always: weights 4 and 0.</summary>
    [Fact]
    public void A_small_case_has_the_value_that_is_reckoned_by_hand()
    {
        var log = Enumerable.Range(0, 800).Select(i => i % 4 == 0 ? One(8, 0.25, 1, 7, 7.5) : One(4, 0.75, 0, 4.5, 7.5)).ToList();
        var value = OffPolicy.Of(log);
        Assert.Equal((800, 5, 200, 1), (value.Decisions, value.Logging, Math.Round(value.EffectiveDecisions, 9), Math.Round(value.MeanWeight, 9)));
        Assert.Equal(8, value.Ips!.Value.Value, 9);
        Assert.Equal(8, value.Snips!.Value.Value, 9);
        // 7.5 + 4 (8 - 7) for every fourth: 7.5 + 1.
        Assert.Equal(8.5, value.DoublyRobust!.Value.Value, 9);
        // Rewards of what the target takes don't vary, so self-normalised there is no doubt.
        Assert.Equal(8, value.Snips!.Value.Lower, 9);
        // Values 32, 0, 0, 0: variance 192 · 800 / 799.
        Assert.Equal(8 - (1.959964 * Math.Sqrt(192.0 / 799)), value.Ips!.Value.Lower, 9);
        Assert.Null(value.Slate);
    }

    [Fact]
    public void Intervals_hold_the_truth_about_as_often_as_they_say_and_a_model_narrows_them()
    {
        var (ips, snips, robust) = (0, 0, 0);
        const double Truth = (0.1 * 1) + (0.2 * 2) + (0.7 * 4);
        for (var world = 0; world < 300; world++)
        {
            var value = OffPolicy.Of(Log(world, model: true));
            ips += Holds(value.Ips!.Value);
            snips += Holds(value.Snips!.Value);
            robust += Holds(value.DoublyRobust!.Value);
            Assert.True(value.DoublyRobust.Value.Upper - value.DoublyRobust.Value.Lower < value.Ips.Value.Upper - value.Ips.Value.Lower);
        }

        Assert.All((int[])[ips, snips, robust], held => Assert.InRange(held, 273, 297));

        int Holds(PolicyEstimate one) => one.Lower <= Truth && Truth <= one.Upper ? 1 : 0;
    }

    [Fact]
    public void Where_hardly_anything_of_the_policy_was_tried_there_is_no_value()
    {
        var value = OffPolicy.Of([.. Enumerable.Range(0, 1_000).Select(i => i < 20 ? One(1, 0.02, 1) : One(0, 0.98, 0))]);
        Assert.Equal((NoPolicyValue.SupportTooThin, null, null), (value.Verdict, value.Ips, value.Snips));
        Assert.Equal(20, value.EffectiveDecisions, 9);
    }

    [Fact]
    public void Wrong_propensities_are_noticed()
    {
        var value = OffPolicy.Of([.. Enumerable.Range(0, 2_000).Select(i => i % 2 == 0 ? One(1, 0.25, 0.5) : One(0, 0.25, 0.5))]);
        Assert.Equal((NoPolicyValue.WeightsDoNotAddUp, null), (value.Verdict, value.Ips));
    }

    [Fact]
    public void A_slate_s_value_is_found_from_single_places_where_the_whole_was_hardly_ever_tried()
    {
        // Five places with four goods each, drawn evenly; the reward is the number of places with good 0. The target always shows good 0: 5.
        var draw = new Draw(4, "slates", 0);
        var log = new List<LoggedDecision>();
        for (var i = 0; i < 20_000; i++)
        {
            var shown = Enumerable.Range(0, 5).Select(_ => draw.NextBelow(4)).ToArray();
            log.Add(new LoggedDecision(shown.Count(good => good == 0), [.. shown.Select(_ => 0.25)], [.. shown.Select(good => good == 0 ? 1.0 : 0)], null, null));
        }

        var value = OffPolicy.Of(log);
        Assert.Null(value.Ips);
        Assert.InRange(5, value.Slate!.Value.Lower, value.Slate.Value.Upper);
        Assert.InRange(value.Slate.Value.Value, 4.8, 5.2);
    }

    static LoggedDecision One(double reward, double logged, double target, double? model = null, double? modelOfTarget = null) => new(reward, [logged], [target], model, modelOfTarget);

    /// <summary>Three actions worth 1, 2 and 4 on the mean; logged .5 .3 .2, target .1 .2 .7.</summary>
    static List<LoggedDecision> Log(int world, bool model)
    {
        var draw = new Draw(9, "log", (ulong)world);
        double[] logged = [0.5, 0.3, 0.2], target = [0.1, 0.2, 0.7], worth = [1, 2, 4];
        return [.. Enumerable.Range(0, 1_000).Select(_ =>
        {
            var chance = draw.NextUnit();
            var action = chance < 0.5 ? 0 : chance < 0.8 ? 1 : 2;
            return One(worth[action] + draw.NextNormal(), logged[action], target[action], model ? worth[action] + 0.5 : null, model ? 3.8 : null);
        })];
    }
}
