using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Offers.Response;
using Volna.Tests.Learning;

namespace Volna.Tests.Offers.Response;

/// <summary>What is learnt: of each kind of slot the numbers of its answer.</summary>
public sealed class AnswerModelTests : LearningContract<double[][]>
{
    static readonly double[] s_depths = [0.5, 1, 1.5];

    /// <summary>By which share of their visits customers come more often for 10 % off an offer, beyond what the plan assumes.</summary>
    const double Pull = 0.001;

    /// <summary>The plan assumes 1.4 for 10 % off a habit and a worth of 0.3.</summary>
    static readonly Plan s_plan = MadeShop.SamplePlan;

    [Theory]
    [InlineData(0.4, 1.1, 0.0)]
    [InlineData(0.0, 1.6, -0.2)]
    [InlineData(-0.2, 1.2, 0.1)]
    public void What_an_offer_does_in_a_made_world_is_found_though_the_eager_get_shallow_discounts_and_the_chance_is_off(double offered, double odds, double alike)
    {
        var learnt = Assert.Single(AnswerModel.Fit(s_plan, World(offered, odds, alike, customers: 60_000, heldOut: 0.3), seed: 1), one => one.Slot == SlotKind.Habit);
        Assert.InRange(offered, learnt.Offered.Mean - (3 * learnt.Offered.Deviation), learnt.Offered.Mean + (3 * learnt.Offered.Deviation));
        Assert.InRange(odds, learnt.OddsPerTenPercent * Math.Exp(-3 * learnt.Deviation), learnt.OddsPerTenPercent * Math.Exp(3 * learnt.Deviation));
        Assert.InRange(learnt.Offered.Deviation, 0.005, 0.15);
        Assert.InRange(learnt.Deviation, 0.005, 0.15);
        Assert.InRange(Pull, learnt.Pull.Mean - (3 * learnt.Pull.Deviation), learnt.Pull.Mean + (3 * learnt.Pull.Deviation));
        Assert.InRange(learnt.Pull.Deviation, 0.0002, 0.0023);
        Assert.InRange(0.3 + alike, learnt.Worth!.Value.Mean - (3 * learnt.Worth.Value.Deviation), learnt.Worth.Value.Mean + (3 * learnt.Worth.Value.Deviation));
        Assert.InRange(learnt.Worth.Value.Deviation, 0.01, 0.112);
        // The model said twice the odds.
        Assert.InRange(learnt.ChanceShift + Math.Log(2), -0.25, 0.25);
        Assert.InRange(learnt.ChanceSlope, 0.85, 1.15);
    }

    [Fact]
    public void What_isnt_bought_in_the_weeks_after_counts_against_an_offer_like_what_isnt_bought_beside_it()
    {
        var beside = World(0.4, 1.4, -0.2, customers: 20_000, heldOut: 0.3);
        List<TriedCustomer> later = [.. beside.Select(customer => customer with
        {
            Offers = Array.ConvertAll(customer.Offers, offer => offer with { AlikeMarginMinor = 0, UsualAlikeMarginMinor = 0, LaterMarginMinor = offer.AlikeMarginMinor, UsualLaterMarginMinor = offer.UsualAlikeMarginMinor }),
        })];
        var worth = AnswerModel.Fit(s_plan, later, 1)[0].Worth!.Value;
        Assert.Equal(AnswerModel.Fit(s_plan, beside, 1)[0].Worth, worth);
        Assert.InRange(0.3 - 0.2, worth.Mean - (3 * worth.Deviation), worth.Mean + (3 * worth.Deviation));
        Assert.True(worth.Mean < 0.3 - (2 * worth.Deviation), $"{worth.Mean} with a deviation of {worth.Deviation}");
    }

    [Fact]
    public void Few_data_leave_it_at_what_is_known_of_promotions_elsewhere_a_little_bought_for_store_and_a_few_visits_more()
    {
        var learnt = Assert.Single(AnswerModel.Fit(s_plan, World(0, 1.4, 0, customers: 6, heldOut: 0.3), 1));
        Assert.InRange(learnt.Worth!.Value.Mean, 0.18, 0.22);
        Assert.InRange(learnt.Pull.Mean, 0.0008, 0.0012);
    }

    [Fact]
    public void Little_data_leave_the_plans_assumptions_with_their_uncertainty()
    {
        Assert.Empty(AnswerModel.Fit(s_plan, [], 1));
        var learnt = Assert.Single(AnswerModel.Fit(s_plan, World(0.8, 3, -0.5, customers: 6, heldOut: 0.3), 1));
        Assert.InRange(learnt.Offered.Mean, -0.3, 0.4);
        Assert.InRange(learnt.Offered.Deviation, 0.15, 0.181);
        Assert.InRange(Math.Log(learnt.OddsPerTenPercent / 1.4), -0.4, 0.4);
        Assert.InRange(learnt.Deviation, 0.2, 0.251);
        Assert.InRange(learnt.Worth!.Value.Mean, 0, 0.6);
    }

    [Fact]
    public void What_is_learnt_of_one_kind_of_slot_says_something_of_the_others()
    {
        // Many habit offers with a strong answer, few winback offers that nobody took either way.
        TriedCustomer[] winback = [.. Enumerable.Range(0, 20).Select(at => new TriedCustomer(at < 5, 1, 1, 20_000, [new TriedOffer(new TrialOffer(1, 1, SlotKind.Winback, at < 5, 1_000, 0.02f, 1, 10_000, 6_000), false, 0, 0, 0)]))];
        var learnt = AnswerModel.Fit(s_plan, [.. World(1, 1.4, 0, customers: 20_000, heldOut: 0.3), .. winback], 1);
        Assert.Equal([SlotKind.Habit, SlotKind.Winback], learnt.Select(one => one.Slot));
        Assert.InRange(learnt[1].Offered.Mean, 0.3, 0.9);
        Assert.True(learnt[1].Offered.Deviation > learnt[0].Offered.Deviation);
    }

    [Fact]
    public void Slots_for_suppliers_complements_and_points_are_learnt_too()
    {
        var plan = s_plan with { SlotKinds = s_plan.SlotKinds.SetItem(SlotKind.Supplier, s_plan.SlotKinds[SlotKind.Habit]).SetItem(SlotKind.Points, s_plan.SlotKinds[SlotKind.Habit]) };
        var points = World(0.4, 1.4, 0, customers: 20_000, heldOut: 0.3)
            .Select(customer => customer with { Offers = [.. customer.Offers.Select((offer, at) => offer with { As = offer.As with { Slot = at == 0 ? SlotKind.Supplier : SlotKind.Points } })] });
        var learnt = AnswerModel.Fit(plan, [.. points], 1);
        Assert.Equal([SlotKind.Supplier, SlotKind.Points], learnt.Select(one => one.Slot));
        Assert.All(learnt, one => Assert.InRange(0.4, one.Offered.Mean - (3 * one.Offered.Deviation), one.Offered.Mean + (3 * one.Offered.Deviation)));
    }

    [Fact]
    public void Drawn_answers_scatter_around_the_mean_as_far_as_they_are_uncertain_and_one_seed_draws_one_answer()
    {
        var world = World(0.3, 1.2, 0, customers: 3_000, heldOut: 0.3);
        LearntOdds Fit(ulong seed) => AnswerModel.Fit(s_plan, world, seed)[0];
        Assert.Equal(Fit(5), Fit(5));
        var scattered = Enumerable.Range(0, 100).Select(seed => Fit((ulong)seed).Offered).Select(one => (one.Used - one.Mean) / one.Deviation).ToList();
        Assert.InRange(scattered.Average(), -0.35, 0.35);
        Assert.InRange(scattered.Average(one => one * one), 0.6, 1.5);
    }

    /// <summary>Being offered and depth do what was put in.</summary>
    protected override void FindPattern(double[][] model)
    {
        Assert.InRange(0.4, model[0][0] - (3 * model[0][1]), model[0][0] + (3 * model[0][1]));
        Assert.InRange(1.3, model[0][3] * Math.Exp(-3 * model[0][4]), model[0][3] * Math.Exp(3 * model[0][4]));
    }

    protected override double[][] Fit(ulong world, int threads) =>
    [
        .. AnswerModel.Fit(s_plan, World(0.4, 1.3, 0, customers: 20_000, heldOut: 0.3, world), seed: 5)
            .Select(one => (double[])[one.Offered.Mean, one.Offered.Deviation, one.Offered.Used, one.OddsPerTenPercent, one.Deviation, one.Drawn, one.ChanceShift, one.ChanceSlope, one.Worth!.Value.Mean, one.Pull.Mean]),
    ];

    /// <summary>Log odds of one with a chance of a half, at a depth of so many tenths of ten per cent.</summary>
    protected override double[] Ask(double[][] model, int @case) => Array.ConvertAll(model, one => one[6] + one[0] + (Math.Log(one[3]) * @case / 10));

    protected override object Whole(double[][] model) => model;

    /// <summary>The eager get shallow discounts. The chance is said to have twice the odds it has; other goods of the category answer, and they come more often, as the plan assumes and beyond it.</summary>
    static List<TriedCustomer> World(double offered, double odds, double alike, int customers, double heldOut, ulong seed = 9)
    {
        var draw = new Draw(seed, "answers", (ulong)customers);
        var made = new List<TriedCustomer>(customers);
        for (var i = 0; i < customers; i++)
        {
            var isHeldOut = draw.NextUnit() < heldOut;
            var offers = new TriedOffer[3];
            double more = 0;
            for (var at = 0; at < offers.Length; at++)
            {
                var eager = draw.NextUnit() < 0.5;
                var odds0 = (eager ? 0.3 : 0.1) * Math.Exp(0.3 * draw.NextNormal());
                var depth = s_depths[eager ? draw.NextBelow(2) : 1 + draw.NextBelow(2)];
                var chance = odds0 / (1 + odds0);
                var with = odds0 * Math.Exp(offered) * Math.Pow(odds, depth);
                var added = 10_000 * ((with / (1 + with) * (1 - (depth / 10))) - chance);
                var bought = draw.NextUnit() < (isHeldOut ? chance : with / (1 + with));
                more += (0.3 * added / 20_000) + (Pull * depth);
                offers[at] = new TriedOffer(
                    new TrialOffer(i + 1, at + 1, SlotKind.Habit, isHeldOut, (ushort)(1_000 * depth), (float)(2 * odds0 / (1 + (2 * odds0))), 1, 10_000, 6_000), bought, 0, (float)(3_000 + (1_500 * draw.NextNormal()) + (isHeldOut ? 0 : alike * added)), 3_000);
            }

            // Each day she comes or not.
            var receipts = Enumerable.Range(0, 7).Count(_ => draw.NextUnit() < (isHeldOut ? 1 : 1 + more) / 7);
            made.Add(new TriedCustomer(isHeldOut, receipts, 1, 20_000, offers));
        }

        return made;
    }
}
