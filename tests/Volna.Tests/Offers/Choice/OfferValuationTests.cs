using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Choice;

public sealed class OfferValuationTests
{
    /// <summary>
    /// Most candidates are left out by a look at their chance, most other options by comparison; at no prices is a customer's best choice worth less for that. How many
    /// are left out depends on how high the prices are, so that is asked of a known world alone.
    /// </summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void What_is_left_out_early_is_missed_at_no_prices(bool besideMargin, bool isKnownWorld)
    {
        var seed = isKnownWorld ? 1 : (ulong)(uint)TestSize.Seed();
        var draw = new Draw(seed, "prices", 0);
        var shop = new MadeShop(seed);
        var plan = MadeShop.SamplePlan with
        {
            ExplorationShare = 0,
            Limits = [new PlanLimit("all", TargetKind.Basket, "", new Money(1_000), null, null), .. Enumerable.Range(2, 5).Select(brand => new PlanLimit($"B{brand}", TargetKind.Brand, $"B{brand}", new Money(1_000), 10, null))],
        };
        if (besideMargin) plan = WithAllWorths(plan);
        var limits = new SharedLimits(plan, shop.Catalog);
        var low = limits.Limits.Select(limit => draw.NextUnit() * (limit.Counts == LimitUnit.Money ? 0.5 : 50_000)).ToArray();
        var range = new PriceRange(low, [.. low.Select(price => price * 1.3)], low);
        var inputs = shop.Inputs(plan: plan);
        var goods = inputs.Goods([.. Enumerable.Repeat(MadeShop.Day.DayNumber, shop.Catalog.Products.Length)]);
        var (all, few) = (Value(null), Value(range));
        if (isKnownWorld) Assert.True(few.Candidates.Length < all.Candidates.Length / 2, $"seed {seed}: {few.Candidates.Length} of {all.Candidates.Length} are left");
        var problem = limits.Problem(plan, []);
        var (choice, worth) = (new CustomerChoice(problem), 0.0);
        for (var time = 0; time < 5; time++)
        {
            var prices = new GoodPrices(problem, [.. low.Select(price => price * (1 + (0.3 * draw.NextUnit())))]);
            for (var customer = 0; customer < all.Customers.Length; customer++)
            {
                var slots = problem.Slots[all.Customers[customer].Segment];
                var of = choice.Choose(all.OptionsOf(customer), slots, prices);
                var least = choice.Choose(few.OptionsOf(customer), slots, prices);
                Assert.True(least >= of - 1e-6, $"seed {seed}: customer {customer} has {least} instead of {of}");
                worth += least;
            }
        }

        Assert.True(worth > 0);

        ValuedBlock Value(PriceRange? prices)
        {
            var (valuation, block) = (inputs.Valuation(goods, limits, prices), new ValuedBlockBuilder());
            for (var customer = 1; customer < shop.Profiles.Length; customer++) valuation.Value(shop.Profiles[customer], shop.Histories[customer], new PastOffers(), new WaveTally(plan.Segments.Length), block);
            return block.Build();
        }
    }

    /// <summary>A plan in which everything beside margin and turnover counts.</summary>
    internal static Plan WithAllWorths(Plan plan) => plan with
    {
        Cannibalisation = 0.7,
        SupplierShares = plan.SupplierShares.Add("S2", new Percent(5_000)),
        SlotKinds = plan.SlotKinds.ToImmutableDictionary(kind => kind.Key, kind => kind.Value with { TurnoverWorth = 0.2, TrialWorth = new Money(kind.Key == SlotKind.Discovery ? 900 : 0), RetentionWorth = new Money(1_500) }),
    };

    /// <summary>A message has its price, so who would get little is left alone, with the reason; the others get what they would get anyway. A promise is kept all the same.</summary>
    [Fact]
    public void Who_would_be_offered_less_than_a_message_costs_is_left_alone()
    {
        var shop = new MadeShop(3, customers: 3_000);
        var plan = MadeShop.SamplePlan with { HoldoutShare = 0 };
        var free = Value(plan);
        var problem = new SharedLimits(plan, shop.Catalog).Problem(plan, []);
        var (choice, margins) = (new CustomerChoice(problem), new TriedOutcome(shop.Catalog, plan.AssumedCost));
        var (worth, usual) = (new double[free.Customers.Length], new double[free.Customers.Length]);
        for (var at = 0; at < worth.Length; at++)
        {
            worth[at] = choice.Choose(free.OptionsOf(at), problem.Slots[free.Customers[at].Segment], new GoodPrices(problem, [])) / 1_000;
            usual[at] = margins.MarginOf(shop.Histories[at + 1].Within(new Period(MadeShop.Day.AddDays(-56), MadeShop.Day))) / 8;
        }

        // What half of the customers aren't worth.
        var offered = Enumerable.Range(0, worth.Length).Where(at => worth[at] > 0 && usual[at] > 0).ToList();
        var cost = offered.Select(at => worth[at] / usual[at]).Order().ElementAt(offered.Count / 2) * 1.001;
        var (dear, left) = (Value(plan with { MessageCost = cost }), 0);
        for (var at = 0; at < worth.Length; at++)
        {
            var isLeft = free.OptionsOf(at).Length > 0 && worth[at] < cost * usual[at];
            Assert.Equal(isLeft ? [] : free.OptionsOf(at).ToArray(), dear.OptionsOf(at).ToArray());
            Assert.Equal(isLeft ? [] : free.CandidatesOf(at).ToArray(), dear.CandidatesOf(at).ToArray());
            if (!isLeft) continue;
            left++;
            Assert.All(free.CandidatesOf(at).ToArray(), candidate => Assert.Equal(OfferRefusal.NotWorthMessage, dear.Customers[at].Empty(candidate.Kind)));
        }

        Assert.InRange(left, 20, offered.Count - 20);

        var promising = plan with { Limits = [new PlanLimit("promised", TargetKind.Basket, "", null, null, 10)] };
        Assert.Equal(Value(promising).Options, Value(promising with { MessageCost = cost }).Options);

        ValuedBlock Value(Plan of)
        {
            var inputs = shop.Inputs(plan: of);
            var goods = inputs.Goods([.. Enumerable.Repeat(MadeShop.Day.DayNumber, shop.Catalog.Products.Length)]);
            var (valuation, block) = (inputs.Valuation(goods, new SharedLimits(of, shop.Catalog)), new ValuedBlockBuilder());
            for (var customer = 1; customer < shop.Profiles.Length; customer++) valuation.Value(shop.Profiles[customer], shop.Histories[customer], new PastOffers(), new WaveTally(of.Segments.Length), block);
            return block.Build();
        }
    }

    [Fact]
    public void A_customer_is_valued_alike_whoever_came_before_her()
    {
        var shop = new MadeShop(7);
        var inputs = shop.Inputs();
        var goods = inputs.Goods([.. Enumerable.Repeat(MadeShop.Day.DayNumber, shop.Catalog.Products.Length)]);
        var limits = new SharedLimits(inputs.Plan, inputs.Catalog);
        var together = inputs.Valuation(goods, limits);
        for (var customer = 1; customer < shop.Profiles.Length; customer++)
        {
            var (first, second) = (Value(together, customer), Value(inputs.Valuation(goods, limits), customer));
            Assert.Equal(second.Candidates, first.Candidates);
            Assert.Equal(second.Options, first.Options);
        }

        ValuedBlock Value(OfferValuation valuation, int customer)
        {
            var block = new ValuedBlockBuilder();
            valuation.Value(shop.Profiles[customer], shop.Histories[customer], new PastOffers(), new WaveTally(inputs.Plan.Segments.Length), block);
            return block.Build();
        }
    }
}
