using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Choice;

public sealed class DepthChoiceTests
{
    static readonly ImmutableArray<Percent> Ladder = [new(500), new(1_000), new(2_000)];

    // Without an answer to discounts every step loses; with a strong one deeper steps win; the floor cuts the ladder.
    [Theory]
    [InlineData(1.0, 0, 500, 3)]
    [InlineData(3.0, 0, 2_000, 3)]
    [InlineData(3.0, 8_500, 1_000, 2)]
    [InlineData(3.0, 9_500, 500, 1)]
    public void The_step_with_the_highest_gain_that_keeps_the_floor_is_taken(double odds, long floorMinor, int basisPoints, int allowed)
    {
        var depths = new DepthChoice(Ladder, new SlotTerms(odds, 0, null));
        var decision = depths.Decide(0.1, new PriceTerms(new Money(10_000), new Money(5_000), new Money(floorMinor), false));
        Assert.Equal((basisPoints, allowed), (Ladder[decision.Best].BasisPoints, decision.Allowed));
    }

    [Fact]
    public void Of_equal_gains_the_shallower_is_taken() =>
        Assert.Equal(0, new DepthChoice(Ladder, new SlotTerms(2, 0.5, null)).Decide(0, new PriceTerms(new Money(10_000), new Money(5_000), Money.Zero, false)).Best);

    [Fact]
    public void The_expectation_follows_the_formula()
    {
        // p0 = 0.2: odds 0.25; twice as high at 10 % off: 0.5, p = 1/3. Price 100, reduced 90, cost 60, turnover worth 0.5.
        var depths = new DepthChoice(Ladder, new SlotTerms(2, 0.5, null));
        var expected = depths.Expect(0.2, new PriceTerms(new Money(100), new Money(60), Money.Zero, false), step: 1);
        Assert.Equal(1.0 / 3, expected.Bought, 12);
        Assert.Equal(10.0 / 3, expected.Discount, 12);
        Assert.Equal((30.0 / 3) - 8, expected.Margin, 12);
        Assert.Equal((90.0 / 3) - 20, expected.Turnover, 12);
        Assert.Equal(2 + (0.5 * 10), depths.Gain(expected), 12);
    }

    /// <summary>The supplier's 60 % of 10 a purchase come back, and no more: who pays changes neither what customers do nor what the discount costs.</summary>
    [Fact]
    public void Of_the_discount_the_retailer_bears_its_own_share_alone()
    {
        var depths = new DepthChoice(Ladder, new SlotTerms(2, 0.5, null));
        var own = new PriceTerms(new Money(100), new Money(60), Money.Zero, false);
        var (alone, shared) = (depths.Expect(0.2, own, step: 1), depths.Expect(0.2, own with { SupplierShare = 0.6 }, step: 1));
        Assert.Equal(0.6 * 10 / 3, shared.BySupplier, 12);
        Assert.Equal(alone.Margin + (0.6 * 10 / 3), shared.Margin, 12);
        Assert.Equal((alone.Bought, alone.Discount, alone.Turnover), (shared.Bought, shared.Discount, shared.Turnover));
        Assert.Equal(depths.Gain(alone) + 2, depths.Gain(shared), 12);
    }

    /// <summary>By 30 each purchase more is worth, of which an offer at 10 % off brings 1/3 - 0.2: to the gain alone, not to margin or turnover.</summary>
    [Fact]
    public void A_purchase_more_may_have_a_worth_of_its_own()
    {
        var depths = new DepthChoice(Ladder, new SlotTerms(2, 0.5, null));
        var price = new PriceTerms(new Money(100), new Money(60), Money.Zero, false);
        var (alone, worth) = (depths.Expect(0.2, price, step: 1), depths.Expect(0.2, price, step: 1, besideMinor: 30));
        Assert.Equal(30 * ((1.0 / 3) - 0.2), worth.Beside, 12);
        Assert.Equal(depths.Gain(alone) + 4, depths.Gain(worth), 12);
        Assert.Equal(alone with { Beside = worth.Beside }, worth);
        Assert.Equal(depths.Gain(worth), depths.Decide([worth]).Gain, 12);
    }

    [Theory]
    [InlineData(0, 500)]
    [InlineData(0.6, 1_000)]
    [InlineData(1, 2_000)]
    public void The_more_the_supplier_pays_the_deeper_the_offer(double share, int basisPoints)
    {
        var decision = new DepthChoice(Ladder, new SlotTerms(1.6, 0, null)).Decide(0.3, new PriceTerms(new Money(10_000), new Money(8_000), Money.Zero, false) { SupplierShare = share });
        Assert.Equal(basisPoints, Ladder[decision.Best].BasisPoints);
    }

    [Fact]
    public void Steps_are_explored_as_often_as_the_propensity_says()
    {
        var decision = new DepthDecision(Best: 1, Allowed: 3, Gain: 0);
        var taken = new int[3];
        var propensities = new double[3];
        const int Times = 30_000;
        for (var time = 0; time < Times; time++)
        {
            var drawn = DepthChoice.Explore(decision.Allowed, 0.3, new Draw(1, "explore", (ulong)time));
            var step = drawn ?? decision.Best;
            taken[step]++;
            propensities[step] = DepthChoice.Propensity(decision, 0.3, drawn);
        }

        Assert.Equal([0.1, 0.8, 0.1], propensities.Select(propensity => Math.Round(propensity, 12)));
        // Five standard errors.
        for (var step = 0; step < 3; step++)
            Assert.InRange(taken[step], Times * (propensities[step] - 0.0116), Times * (propensities[step] + 0.0116));
    }

    [Fact]
    public void A_single_step_is_certain()
    {
        Assert.Null(DepthChoice.Explore(1, 0.3, new Draw(1, "explore", 1)));
        Assert.Equal(1, DepthChoice.Propensity(new DepthDecision(0, 1, 0), 0.3, null));
    }

    /// <summary>Below the least chance nothing is worth as much at any step, and just above it something is.</summary>
    [Fact]
    public void The_least_chance_is_where_the_worth_begins()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var (draw, tight) = (new Draw(seed, "least", 0), 0);
        for (var time = 0; time < 5_000; time++)
        {
            var depths = new DepthChoice(Ladder, new SlotTerms(1 + (3 * draw.NextUnit()), 0.5 * draw.NextUnit(), null)
            {
                OfferedLogOdds = draw.NextBelow(2) * (draw.NextUnit() - 0.2),
                ChanceShift = draw.NextBelow(2) * (draw.NextUnit() - 0.5),
                ChanceSlope = draw.NextBelow(2) == 0 ? 1 : 0.5 + draw.NextUnit(),
                Mechanic = draw.NextBelow(3) == 0 ? Mechanic.Points : Mechanic.PercentOff,
                TrialWorth = new Money(draw.NextBelow(2) * draw.NextBelow(3_000)),
                RetentionWorth = new Money(draw.NextBelow(2) * draw.NextBelow(3_000)),
            });
            // A purchase more may be worth less than the plan's most, and cost something where goods are taken from others.
            double most = (depths.Terms.TrialWorth + depths.Terms.RetentionWorth).Minor, beside = draw.NextBelow(2) == 0 ? most : most - (2_000 * draw.NextUnit());
            var price = new PriceTerms(new Money(10_000), new Money(2_000 + draw.NextBelow(9_000)), new Money(draw.NextBelow(9_000)), false) { SupplierShare = draw.NextBelow(2) * draw.NextUnit() };
            var (worth, perCost) = (draw.NextBelow(4) * 100 * draw.NextUnit(), draw.NextBelow(2) * draw.NextUnit());
            var reduced = new Money[Ladder.Length];
            var least = depths.LeastChance(worth, price, reduced.AsSpan(0, depths.Reduce(price, reduced)), perCost);
            for (var step = 1; step < 100; step++) Assert.True(Best(least * step / 100, beside) <= worth, $"seed {seed}, {time}: {least * step / 100} of {least} is worth {Best(least * step / 100, beside)}, more than {worth}");
            if (least is 0 or > 0.99) continue;
            Assert.True(Best(least * 1.0001, most) >= worth * 0.999, $"seed {seed}, {time}: {least} is worth {Best(least * 1.0001, most)}, less than {worth}");
            tight++;

            double Best(double chance, double besideMinor) => chance is 0 or 1 ? 0 : depths.Decide(chance, price, perCost, besideMinor: besideMinor).Gain;
        }

        Assert.True(tight > 1_000, $"{tight} of 5,000 had a least chance");
    }

    [Fact]
    public void Where_money_is_dear_the_discount_is_smaller()
    {
        var depths = new DepthChoice(Ladder, new SlotTerms(4, 0.5, null));
        var terms = new PriceTerms(new Money(10_000), new Money(5_000), Money.Zero, false);
        Assert.True(depths.Decide(0.2, terms, perCost: 3).Best < depths.Decide(0.2, terms).Best);
    }
}
