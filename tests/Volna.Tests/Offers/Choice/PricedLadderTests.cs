using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;

namespace Volna.Tests.Offers.Choice;

public sealed class PricedLadderTests
{
    /// <summary>What is kept of a price for the next customer is what she would be told anew, whatever store the one before her came from.</summary>
    [Fact]
    public void A_price_is_checked_as_if_nothing_were_kept()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var shop = new MadeShop(seed);
        var plan = MadeShop.SamplePlan;
        plan = plan with { SlotKinds = plan.SlotKinds.SetItem(SlotKind.Discovery, plan.SlotKinds[SlotKind.Discovery] with { Mechanic = Mechanic.AmountOff, RoundTo = new Money(1_000) }) };
        var goods = new Goods(shop.Catalog, plan, MadeShop.MadeWave().Validity, []);
        var (eligibility, limits) = (new Eligibility(goods, plan, MadeShop.Day), new SharedLimits(plan, shop.Catalog));
        var (draw, seen) = (new Draw(seed, "ladder", 0), new HashSet<OfferRefusal>());
        foreach (var depths in OfferValuation.DepthsOf(plan).OfType<DepthChoice>())
        {
            var ladder = new PricedLadder(goods, limits, eligibility, depths, null);
            for (var time = 0; time < 3_000; time++)
            {
                var (product, store, chance) = (1 + draw.NextBelow(shop.Catalog.Products.Length - 1), draw.NextBelow(4), (float)Math.Pow(draw.NextUnit(), 8));
                var expected = eligibility.CheckPrice(product, store, depths.Terms, depths.Steps[0], out var terms);
                if (expected == OfferRefusal.None && depths.Decide(chance, terms).Gain < PricedLadder.LeastGainMinor) expected = OfferRefusal.NoGain;
                var refusal = ladder.Check(product, store, chance, out var found, out var rungs);
                seen.Add(refusal);
                if (refusal != expected)
                {
                    // What is left out early gains nothing; not all that gains nothing is left out early.
                    Assert.True((refusal, expected) is (OfferRefusal.None, OfferRefusal.NoGain), $"seed {seed}: product {product} in store {store} with {chance} is {refusal}, not {expected}");
                    continue;
                }

                if (refusal != OfferRefusal.None) continue;
                Assert.Equal(terms, found);
                Assert.Equal(depths.Rungs(terms), rungs.ToArray());
            }
        }

        Assert.Superset(new HashSet<OfferRefusal> { OfferRefusal.None, OfferRefusal.NoGain, OfferRefusal.DiscountNotAllowed, OfferRefusal.MarginTooLow }, seen);
    }
}
