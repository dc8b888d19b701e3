using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Learning.Policies;
using Volna.Offers;
using Volna.Offers.Compare;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Compare;

public sealed class LoggedWavesTests
{
    const double HoldoutShare = 0.2, Explored = 0.2;

    /// <summary>Margin of each offer without it, at 10 % and at 20 %: who is eager loses by a discount, the others don't.</summary>
    static double Truth(bool eager, int depth) => (eager, depth) switch { (true, 0) => 500, (true, 1_000) => 450, (true, _) => 380, (false, 0) => 50, (false, 1_000) => 90, (false, _) => 150 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_plan_is_worth_what_it_would_have_brought_though_the_waves_did_something_else_and_the_model_is_wrong(bool modelIsWrong)
    {
        // The waves gave everybody 10 %; the other plan leaves the eager alone and gives the rest 20 %.
        var value = LoggedWaves.Of(Log(20_000, eager => eager ? null : 2_000, modelIsWrong), otherOffers: 10_000);
        Assert.Equal(NoPolicyValue.None, value.Verdict);
        double asItWas = (0.9 * (450 + 90) / 2) + (0.1 * (380 + 150) / 2), other = (500 + (0.9 * 150) + (0.1 * 90)) / 2;
        Contains(asItWas, value.AsItWas.DoublyRobust);
        Contains((500 + 50) / 2.0, value.Nothing.DoublyRobust);
        foreach (var estimate in (PolicyEstimate?[])[value.Other.Ips, value.Other.Snips, value.Other.DoublyRobust]) Contains(other, estimate);
        Contains(other - asItWas, value.More);
        Assert.True(value.More!.Value.Lower > 0);
        Assert.InRange(value.KnownShare, 0.95, 1.05);

        static void Contains(double truth, PolicyEstimate? estimate) =>
            Assert.InRange(truth, estimate!.Value.Value - (1.6 * (estimate.Value.Value - estimate.Value.Lower)), estimate.Value.Value + (1.6 * (estimate.Value.Upper - estimate.Value.Value)));
    }

    [Fact]
    public void A_plan_that_does_what_was_never_tried_is_not_valued()
    {
        var depthNeverTried = LoggedWaves.Of(Log(5_000, _ => 3_000, false), otherOffers: 5_000);
        Assert.Equal((NoPolicyValue.WeightsDoNotAddUp, (PolicyEstimate?)null), (depthNeverTried.Verdict, depthNeverTried.More));
        var otherGoods = LoggedWaves.Of(Log(5_000, eager => eager ? null : 2_000, false), otherOffers: 50_000);
        Assert.Equal((NoPolicyValue.SupportTooThin, (PolicyEstimate?)null), (otherGoods.Verdict, otherGoods.More));
        Assert.Equal((null, null, null), (otherGoods.Other.Ips, otherGoods.Other.Snips, otherGoods.Other.DoublyRobust));
    }

    [Fact]
    public void Offers_of_one_customer_that_rise_and_fall_together_give_no_false_certainty()
    {
        var alone = LoggedWaves.Of(Log(4_000, eager => 1_000, false), otherOffers: 4_000);
        var together = LoggedWaves.Of([.. Log(1_000, eager => 1_000, false).SelectMany(offer => Enumerable.Repeat(offer, 4))], otherOffers: 4_000);
        double Width(LoggedWaves value) => value.Other.Ips!.Value.Upper - value.Other.Ips.Value.Lower;
        Assert.InRange(Width(together) / Width(alone), 1.7, 2.3);
    }

    /// <summary>Each is offered 10 % or, with half of the explored share, 20 %; a fifth is held out.</summary>
    static List<LoggedOffer> Log(int offers, Func<bool, int?> best, bool modelIsWrong)
    {
        var (log, draw) = (new List<LoggedOffer>(), new Draw(4, "log", 0));
        for (var i = 0; i < offers; i++)
        {
            var (eager, ghost, other) = (draw.NextUnit() < 0.5, draw.NextUnit() < HoldoutShare, draw.NextUnit() < Explored / 2);
            var depth = other ? 2_000 : 1_000;
            double Model(int of) => modelIsWrong ? 100 : Truth(eager, of);
            double Expected(ImmutableDictionary<int, double> depths) => depths.Sum(one => one.Value * (Model(one.Key) - Model(0)));
            var logging = ImmutableDictionary.CreateRange([KeyValuePair.Create(1_000, 1 - (Explored / 2)), KeyValuePair.Create(2_000, Explored / 2)]);
            ImmutableDictionary<int, double> target = best(eager) switch
            {
                null => ImmutableDictionary<int, double>.Empty,
                { } most => ImmutableDictionary.CreateRange([KeyValuePair.Create(most, 1 - (Explored / 2)), KeyValuePair.Create(most == 1_000 ? 2_000 : 1_000, Explored / 2)]),
            };
            log.Add(new LoggedOffer(
                0, i, new TrialOffer(i + 1, 1, SlotKind.Habit, ghost, (ushort)depth, 0.1f, (float)logging[depth], 1_000, 500), HoldoutShare, Truth(eager, ghost ? 0 : depth) + (30 * draw.NextNormal()), Model(0),
                new OtherDecision(logging, Model(depth) - Model(0), Expected(logging)), new OtherDecision(target, 0, Expected(target))));
        }

        return log;
    }
}
