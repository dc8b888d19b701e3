using System.Text.Json;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;

namespace Volna.Tests.Offers.Choice;

public sealed class OfferAssemblyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_the_shop_no_rule_is_broken(ulong seed)
    {
        var shop = new MadeShop(seed);
        var plan = MadeShop.SamplePlan with { ExplorationShare = 0.5 };
        var inputs = shop.Inputs(plan: plan);
        var goods = inputs.Goods(LastSold(shop));
        var tally = new WaveTally(plan.Segments.Length);
        var eligibility = new Eligibility(goods, plan, MadeShop.Day);
        var facts = new CustomerFacts();
        var heldOut = 0;
        foreach (var profile in shop.Profiles.Skip(1))
        {
            var history = shop.Histories[profile.Id.Value];
            var (assignment, judged) = inputs.DecideAlone(goods, profile, history, tally);
            if (assignment.HeldOut)
            {
                heldOut++;
                Assert.Empty(assignment.Offers);
                continue;
            }

            facts.Take(profile, history.Before(MadeShop.Day), shop.Catalog);
            Assert.Equal(assignment.Offers.Select(offer => offer.Target).Order(), judged.Where(one => one.Refusal == OfferRefusal.None).Select(one => one.Candidate.Product).Order());
            Assert.Equal(Enumerable.Range(0, assignment.Offers.Count), assignment.Offers.Select(offer => offer.Index));
            foreach (var offer in assignment.Offers)
            {
                Assert.Equal(OfferRefusal.None, eligibility.Check(offer.Target, facts, new PastOffers()));
                var product = shop.Catalog.Product(offer.Target);
                var reduced = PriceFloor.After(offer.RegularPrice, offer.Depth);
                Assert.Equal(shop.Catalog.Price(offer.Target, facts.MainStore), offer.RegularPrice);
                Assert.True(reduced >= offer.Floor && reduced >= PriceFloor.ByPolicy(product, offer.RegularPrice), $"seed {seed}: {offer}");
                // The least margin once more, from its definition.
                if (product.Cost is { } cost) Assert.True((reduced - cost).Minor >= plan.LeastMargin.Share * reduced.Minor - 1e-6, $"seed {seed}: {offer}");
                Assert.Contains(offer.Depth, plan.StepsOf(offer.Slot));
                Assert.InRange(offer.Propensity, 0.5 / 6, 1);
            }

            foreach (var slot in plan.Segments[assignment.Segment].Slots)
                Assert.True(assignment.Offers.Count(offer => offer.Slot == slot.Kind) <= slot.Count, $"seed {seed}");
            Assert.All(assignment.Offers, offer => Assert.Contains(plan.Segments[assignment.Segment].Slots, slot => slot.Kind == offer.Slot));
            Assert.All(
                assignment.Offers.GroupBy(offer => shop.Catalog.Product(offer.Target).Category.Value).Where(group => group.Key != 0),
                group => Assert.InRange(group.Count(), 1, plan.MostPerCategory));
            foreach (var offer in assignment.Offers.Where(offer => offer.Slot is SlotKind.Habit or SlotKind.Winback)) Assert.True(facts.TryBought(offer.Target, out _));
            foreach (var offer in assignment.Offers.Where(offer => offer.Slot == SlotKind.Discovery)) Assert.False(facts.TryBought(offer.Target, out _));
        }

        Assert.InRange(heldOut, 10, 60);
        var statistics = tally.Sum();
        Assert.Equal(statistics.Candidates, statistics.Offers + statistics.Refusals.Values.Sum());
        Assert.Equal(statistics.Slots.Sum(slot => slot.Wanted - slot.Filled), statistics.EmptySlots.Sum(empty => empty.Count));
        Assert.Equal(statistics.Offers, statistics.Slots.Sum(slot => slot.Filled));
        Assert.True(statistics.Offers > 200, $"seed {seed}: only {statistics.Offers} offers");
        Assert.True(statistics.Explored > 0);
        Assert.Equal(statistics.ToJson(), WaveStatistics.FromJson(statistics.ToJson()).ToJson());
    }

    [Fact]
    public void A_customers_offers_do_not_depend_on_the_others()
    {
        var shop = new MadeShop(9);
        var inputs = shop.Inputs();
        var goods = inputs.Goods(LastSold(shop));
        Dictionary<int, string> All(IEnumerable<int> customers)
        {
            return customers.ToDictionary(
                customer => customer,
                customer => JsonSerializer.Serialize(inputs.DecideAlone(goods, shop.Profiles[customer], shop.Histories[customer], new WaveTally(4)).Assignment.Offers));
        }

        var forwards = All(Enumerable.Range(1, 300));
        var backwards = All(Enumerable.Range(1, 300).Reverse());
        Assert.All(forwards, one => Assert.Equal(one.Value, backwards[one.Key]));
    }

    [Fact]
    public void Hold_out_takes_its_share_and_differs_by_seed()
    {
        int HeldOut(ulong seed) => Enumerable.Range(1, 20_000).Count(customer => WaveHoldout.Includes(seed, 0.1, Kernels.Hash64.Of($"c{customer}")));
        Assert.InRange(HeldOut(1), 1_790, 2_210);
        var both = Enumerable.Range(1, 20_000).Select(customer => Kernels.Hash64.Of($"c{customer}")).Count(hash => WaveHoldout.Includes(1, 0.1, hash) && WaveHoldout.Includes(2, 0.1, hash));
        Assert.InRange(both, 130, 270);
        Assert.False(WaveHoldout.Includes(1, 0, 5));
    }

    [Fact]
    public void The_slots_of_discovery_prefer_categories_new_to_her()
    {
        var shop = new MadeShop(3);
        var inputs = shop.Inputs();
        var goods = inputs.Goods(LastSold(shop));
        var facts = new CustomerFacts();
        foreach (var profile in shop.Profiles.Skip(1))
        {
            var offers = inputs.DecideAlone(goods, profile, shop.Histories[profile.Id.Value], new WaveTally(4)).Assignment.Offers;
            facts.Take(profile, shop.Histories[profile.Id.Value].Before(MadeShop.Day), shop.Catalog);
            var known = offers.Where(offer => offer.Slot == SlotKind.Discovery).Select(offer => facts.KnowsCategory(shop.Catalog.Product(offer.Target).Category)).ToList();
            Assert.Equal(known.Order(), known);
        }
    }

    static int[] LastSold(MadeShop shop) => [.. shop.Catalog.Products.Select(product => product is { Id.Value: var number } && number % 11 != 0 ? MadeShop.Day.DayNumber - 3 : 0)];
}
