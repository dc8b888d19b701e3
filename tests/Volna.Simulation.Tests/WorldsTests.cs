namespace Volna.Simulation.Tests;

public sealed class WorldsTests
{
    [Fact]
    public void In_the_world_without_effect_nobody_differs_from_herself()
    {
        var wave = Worlds.NoEffect(1, 1_000);
        Assert.All(wave.Customers, customer => Assert.Equal((default, 0), (customer.TrueEffect, customer.TrueVisits)));
        Assert.InRange(wave.Customers.Count(customer => customer.Treated), 430, 570);
        Assert.Contains(wave.Customers, customer => customer.During.Takings.Spend > Money.Zero && customer.Before.Takings.Margin > Money.Zero);
    }

    [Fact]
    public void The_one_known_effect_has_its_size()
    {
        var wave = Worlds.OneKnownEffect(2, 4_000);
        var without = wave.Customers.Sum(customer => customer.Without.Visits);
        var more = wave.Customers.Sum(customer => customer.TrueVisits) / (double)without;

        // An eighth of customers can't be told before their first visit, most learn after two days, and odds grow somewhat faster than chances.
        Assert.InRange(more, 0.55 * (Worlds.KnownVisitOdds - 1), 0.95 * (Worlds.KnownVisitOdds - 1));
        Assert.All(wave.Customers, customer => Assert.True(customer.TrueVisits >= 0));
        Assert.True(wave.TrueSpendMinor > 0);
    }

    [Fact]
    public void The_offers_of_a_supplier_raise_his_sales_and_take_from_the_others()
    {
        var wave = Worlds.SupplierEffect(3, 3_000);
        var others = wave.TrueBySupplier.Where(supplier => supplier.Key != Worlds.Supplier).Sum(supplier => supplier.Value.Spend.Minor);
        Assert.True(wave.TrueBySupplier[Worlds.Supplier].Spend > Money.Zero);
        Assert.True(others < 0);
        Assert.Equal(wave.Customers.Sum(customer => customer.TrueEffect.Spend.Minor), wave.TrueBySupplier.Values.Sum(takings => takings.Spend.Minor));
    }

    [Fact]
    public void The_loyal_are_hurt_while_the_others_are_pleased()
    {
        var wave = Worlds.HurtsTheLoyal(4, 4_000);
        var byVisits = wave.Customers.OrderBy(customer => customer.Before.Visits).ThenBy(customer => customer.Number).ToList();
        Assert.True(byVisits.TakeLast(1_000).Sum(customer => customer.TrueVisits) < 0);
        Assert.True(byVisits.Take(2_000).Sum(customer => customer.TrueVisits) > 0);
    }

    [Fact]
    public void Before_New_Year_both_arms_buy_more_although_the_wave_does_nothing()
    {
        var wave = Worlds.SeasonConfounded(5, 2_000);
        Assert.Equal(0, wave.TrueSpendMinor);
        foreach (var treated in (bool[])[true, false])
        {
            var arm = wave.Customers.Where(customer => customer.Treated == treated).ToList();
            double before = arm.Sum(customer => customer.Before.Takings.Spend.Minor) / 84.0, during = arm.Sum(customer => customer.During.Takings.Spend.Minor) / 14.0;
            Assert.True(during > 1.15 * before, $"{during / before:F2}");
        }
    }

    [Fact]
    public void Uplift_adds_up_over_customers_products_and_suppliers()
    {
        var world = World.Build(SmallWorld.Options);
        var population = new Population(world);
        SmallWorld.Live(population, 0, 84);
        var validity = SmallWorld.After(world, 14);
        ShopperOffers Offers(Shopper shopper) => shopper.Number % 2 == 0 ? ShopperOffers.Of(world, shopper, SmallWorld.OffersOnConsidered(world, shopper, 5, 30), validity) : ShopperOffers.None;
        var wave = Counterfactual.OfWave(world, population, Offers, validity);
        Takings Life(Shopper shopper, ShopperOffers offers) => Counterfactual.Live(world, shopper, population.States[shopper.Number], offers, validity);

        Assert.NotEqual(default, wave.Total);
        Assert.Equal(population.Shoppers.Aggregate(default(Takings), (sum, shopper) => sum + Life(shopper, Offers(shopper)) - Life(shopper, ShopperOffers.None)), wave.Total);
        Assert.Equal(wave.Total, world.Assortment.Goods.Select(good => good.Supplier).Distinct().Aggregate(default(Takings), (sum, supplier) => sum + wave.OfSupplier(supplier)));
        Assert.Equal(wave.Total, world.Assortment.Goods.Aggregate(default(Takings), (sum, good) => sum + wave.OfProduct(good.Number)));

        // What was offered gains; of the rest some lose to it.
        var offered = population.Shoppers.Where(shopper => shopper.Number % 2 == 0).SelectMany(shopper => SmallWorld.OffersOnConsidered(world, shopper, 5, 30)).Select(offer => offer.Product).ToHashSet();
        Takings Of(Func<Good, bool> which) => world.Assortment.Goods.Where(which).Aggregate(default(Takings), (sum, good) => sum + wave.OfProduct(good.Number));
        Assert.True(Of(good => offered.Contains(good.Number)).Spend > Money.Zero);
        Assert.Contains(world.Assortment.Goods, good => !offered.Contains(good.Number) && wave.OfProduct(good.Number).Spend < Money.Zero);
    }
}
