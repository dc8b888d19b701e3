using System.Collections.Immutable;
using Volna.Intake.Catalog;
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

    // mechanic, rounded to, price -> step: depth in basis points, left to pay; steps of 5, 10, 15 and 20 %.
    [Theory]
    [InlineData(Mechanic.AmountOff, 10_00, 89_00, "0: 1124, 7900")]
    [InlineData(Mechanic.AmountOff, 10_00, 150_00, "0: 667, 14000; 2: 1333, 13000; 3: 2000, 12000")]
    [InlineData(Mechanic.FixedPrice, 10_00, 89_00, "0: 1011, 8000")]
    [InlineData(Mechanic.FixedPrice, 1_00, 89_90, "0: 434, 8600; 1: 990, 8100; 2: 1435, 7700; 3: 1991, 7200")]
    [InlineData(Mechanic.PercentOff, 10_00, 89_00, "0: 500, 8455; 1: 1000, 8010; 2: 1500, 7565; 3: 2000, 7120")]
    [InlineData(Mechanic.PercentOff, 1, 19, "0: 500, 19; 1: 1000, 18; 2: 1500, 17; 3: 2000, 16")]
    [InlineData(Mechanic.PercentOff, 1, 9, "0: 500, 9; 1: 1000, 9; 2: 1500, 8; 3: 2000, 8")] // of more pieces the tills take off more than of one
    public void Steps_that_leave_the_same_price_are_one_offer_as_deep_as_it_really_is(Mechanic mechanic, long roundTo, long price, string expected)
    {
        var depths = new DepthChoice([new(500), new(1_000), new(1_500), new(2_000)], new SlotTerms(2, 0.5, null) { Mechanic = mechanic, RoundTo = new Money(roundTo) });
        Assert.Equal(expected, string.Join("; ", depths.Rungs(new PriceTerms(new Money(price), new Money(1), Money.Zero, false)).Select(rung => $"{rung.Step}: {rung.Depth.BasisPoints}, {rung.Left.Minor}")));
    }

    /// <summary>10 off 89 is expected to sell as 11.24 % off, not as the "20 %" whose amount it is; to bring her as often, too; and it is a single depth, with nothing to draw.</summary>
    [Fact]
    public void An_amount_off_is_worth_what_it_takes_off()
    {
        var price = new PriceTerms(new Money(89_00), new Money(60_00), Money.Zero, false);
        var terms = new SlotTerms(2, 0.5, null) { Mechanic = Mechanic.AmountOff, RoundTo = new Money(10_00), Pull = 0.01 };
        var (amount, percent) = (new DepthChoice([new(500), new(1_000), new(1_500), new(2_000)], terms), new DepthChoice([new(1_124)], terms with { Mechanic = Mechanic.PercentOff }));
        var expected = amount.Expect(0.2, price, amount.Rungs(price)[0], usualMarginMinor: 100_00);
        var alike = percent.Expect(0.2, price, new Rung(0, new Percent(1_124), new Money(79_00)), usualMarginMinor: 100_00);
        Assert.Equal(alike, expected);
        Assert.Equal(0.25 * Math.Pow(2, 1.124), expected.Bought / (1 - expected.Bought), 12);
        var decision = amount.Decide(0.2, price);
        Assert.Equal((0, 1, 1.0), (decision.Best, decision.Allowed, DepthChoice.Propensity(decision, 0.3, null)));
    }

    /// <summary>Whatever the price and the rounding: floors hold, amounts and prices are multiples, no offer stands twice, and none that the floor allows is missing.</summary>
    [Fact]
    public void Amounts_off_and_fixed_prices_keep_floors_and_rounding()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var (draw, rungs, merged) = (new Draw(seed, "money", 0), 0, 0);
        for (var time = 0; time < 20_000; time++)
        {
            var price = new Money(1 + draw.NextBelow(draw.NextBelow(2) == 0 ? 1_000 : 200_000));
            var product = new Product(new ProductId(1), "p", "P")
            {
                Price = price,
                Cost = draw.NextBelow(4) == 0 ? null : new Money((long)(price.Minor * draw.NextUnit())),
                Floor = (FloorPolicy)draw.NextBelow(3),
                FloorPrice = draw.NextBelow(4) == 0 ? null : new Money((long)(price.Minor * (0.5 + (0.6 * draw.NextUnit())))),
            };
            var plan = MadeShop.SamplePlan with { LeastMargin = new Percent(draw.NextBelow(5_000)), PriceStep = new Money(1 + draw.NextBelow(200)), AssumedCost = draw.NextBelow(2) == 0 ? null : new Percent(draw.NextBelow(9_000)) };
            var terms = new SlotTerms(2, 0, null) { Mechanic = draw.NextBelow(2) == 0 ? Mechanic.AmountOff : Mechanic.FixedPrice, RoundTo = new Money(1 + draw.NextBelow(draw.NextBelow(2) == 0 ? 5 : 3_000)) };
            ImmutableArray<Percent> steps = [.. Enumerable.Range(0, 1 + draw.NextBelow(6)).Select(_ => 1 + draw.NextBelow(9_000)).Distinct().Order().Select(points => new Percent(points))];
            var catalog = new Catalog { Categories = [null], Products = [null, product], Stores = [null] };
            var eligibility = new Eligibility(new Goods(catalog, plan, MadeShop.MadeWave().Validity, []), plan, MadeShop.Day);
            if (eligibility.CheckPrice(1, 0, terms, steps[0], out var at) != OfferRefusal.None) continue;
            var (about, ladder) = ($"seed {seed}, {time}: {product}, {terms}, {at}", new DepthChoice(steps, terms).Rungs(at));
            rungs += ladder.Length;
            merged += steps.Count(step => terms.After(price, step) >= at.Floor) - ladder.Length;
            foreach (var (step, depth, left) in ladder)
            {
                var off = price - left;
                Assert.True(left > Money.Zero && off > Money.Zero, about);
                Assert.True(product.Floor == FloorPolicy.None || (product.Floor == FloorPolicy.MinimumPrice && left >= product.FloorPrice), about);
                var cost = product.Cost?.Minor ?? price.Minor * plan.AssumedCost!.Value.Share;
                Assert.True(left.Minor - cost >= (plan.LeastMargin.Share * left.Minor) - 1e-6, about);
                Assert.Equal(0, (terms.Mechanic == Mechanic.AmountOff ? off : left).Minor % terms.RoundTo.Minor);
                Assert.InRange(depth.Share, ((double)off.Minor / price.Minor) - 0.00005001, ((double)off.Minor / price.Minor) + 0.00005001);
                Assert.Equal(terms.Mechanic == Mechanic.AmountOff ? off : left, terms.AmountOf(price, steps[step]));
            }

            Assert.Equal(ladder.Select(rung => rung.Left).Distinct().OrderDescending(), ladder.Select(rung => rung.Left));
            Assert.Equal(steps.Select(step => terms.After(price, step)).Where(left => left >= at.Floor).Distinct(), ladder.Select(rung => rung.Left));
            Assert.All(ladder, rung => Assert.Equal(rung.Step, steps.IndexOf(steps.First(step => terms.After(price, step) == rung.Left))));
        }

        Assert.True(rungs > 5_000 && merged > 200, $"seed {seed}: {rungs} rungs, {merged} steps like another");
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
                Mechanic = (Mechanic)draw.NextBelow(4),
                RoundTo = new Money(1 + draw.NextBelow(1_000)),
                TrialWorth = new Money(draw.NextBelow(2) * draw.NextBelow(3_000)),
                RetentionWorth = new Money(draw.NextBelow(2) * draw.NextBelow(3_000)),
            });
            // A purchase more may be worth less than the plan's most, and cost something where goods are taken from others.
            double most = (depths.Terms.TrialWorth + depths.Terms.RetentionWorth).Minor, beside = draw.NextBelow(2) == 0 ? most : most - (2_000 * draw.NextUnit());
            var price = new PriceTerms(new Money(10_000), new Money(2_000 + draw.NextBelow(9_000)), new Money(draw.NextBelow(9_000)), false) { SupplierShare = draw.NextBelow(2) * draw.NextUnit() };
            var (worth, perCost) = (draw.NextBelow(4) * 100 * draw.NextUnit(), draw.NextBelow(2) * draw.NextUnit());
            var least = depths.LeastChance(worth, price, depths.Rungs(price), perCost);
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
