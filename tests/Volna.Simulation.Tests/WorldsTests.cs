namespace Volna.Simulation.Tests;

public sealed class WorldsTests
{
    [Fact]
    public void In_the_world_without_effect_nobody_differs_from_herself()
    {
        var wave = Worlds.NoEffect(1, 1_000);
        Assert.All(wave.Customers, customer => Assert.Equal((default, 0), (customer.TrueEffect, customer.TrueVisits)));
        Assert.InRange(wave.Customers.Count(customer => customer.Treated), 430, 570);
        Assert.Contains(wave.Customers, customer => customer.During.Spend > Money.Zero && customer.Before.Margin > Money.Zero);
    }

    [Fact]
    public void The_one_known_effect_has_its_size()
    {
        var wave = Worlds.OneKnownEffect(2, 4_000);
        var without = wave.Customers.Sum(customer => customer.Treated ? customer.Visits - customer.TrueVisits : customer.Visits);
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
        var byVisits = wave.Customers.OrderBy(customer => customer.VisitsBefore).ThenBy(customer => customer.Key).ToList();
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
            double before = arm.Sum(customer => customer.Before.Spend.Minor) / 84.0, during = arm.Sum(customer => customer.During.Spend.Minor) / 14.0;
            Assert.True(during > 1.15 * before, $"{during / before:F2}");
        }
    }

    [Fact]
    public void Uplift_adds_up_over_customers_products_and_suppliers()
    {
        var world = World.Build(SmallWorld.Options);
        var population = new Population(world);
        SmallWorld.Live(population, 0, 84);
        Func<Shopper, IReadOnlyList<WorldOffer>> offers = shopper => shopper.Number % 2 == 0 ? SmallWorld.OffersOnConsidered(world, shopper, 5, 30) : [];
        var wave = Counterfactual.OfWave(world, population, offers, SmallWorld.After(world, 14));
        var customers = population.Shoppers.Select(shopper => Counterfactual.OfCustomer(world, shopper, population.States[shopper.Number], offers(shopper), SmallWorld.After(world, 14))).ToList();

        Assert.All(population.Shoppers.Where(shopper => shopper.Number % 2 == 1), shopper => Assert.Equal(default, customers[shopper.Number].Total));
        Assert.NotEqual(default, wave.Total);
        Assert.Equal(wave.Total, customers.Aggregate(default(Takings), (sum, customer) => sum + customer.Total));
        Assert.Equal(wave.Total, Enumerable.Range(0, 400).Aggregate(default(Takings), (sum, product) => sum + wave.OfProduct(product)));
        Assert.Equal(wave.Total, world.Assortment.Goods.Select(good => good.Supplier).Distinct().Aggregate(default(Takings), (sum, supplier) => sum + wave.OfSupplier(supplier)));
    }
}
