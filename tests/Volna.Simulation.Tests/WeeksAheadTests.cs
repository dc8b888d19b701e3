namespace Volna.Simulation.Tests;

/// <summary>Life goes on after the history, and how far one looks ahead changes nothing of what comes before.</summary>
public sealed class WeeksAheadTests
{
    const int Weeks = 26;

    static readonly WorldOptions Lively = SmallWorld.Options with { LifeEvents = 0.5, Launches = 0.1, Delistings = 0.1 };

    readonly World _world = World.Build(Lively, Weeks);

    static int End => 7 * Lively.Weeks;

    static IEnumerable<(Receipt, BasketLine)> Live(World world, int weeks) => SmallWorld.Live(new Population(world), 0, End + (7 * weeks)).OrderBy(line => line.Receipt.Id, StringComparer.Ordinal);

    [Fact]
    public void The_history_and_the_first_weeks_are_alike_however_far_one_looks_ahead()
    {
        Assert.Equal(Live(World.Build(Lively), 0), Live(_world, 0));
        Assert.Equal(
            Live(World.Build(Lively, 6), 6).Where(line => line.Item1.Shopper < Lively.Customers),
            Live(_world, 6).Where(line => line.Item1.Shopper < Lively.Customers));
    }

    [Fact]
    public void As_many_customers_join_as_leave()
    {
        var world = World.Build(Lively with { Leaving = 0.1 }, Weeks);
        var population = new Population(world);
        var newcomers = population.Shoppers.Skip(Lively.Customers).ToList();
        Assert.Equal((int)(0.1 * 1_200 / 12 * Weeks), newcomers.Count);
        Assert.All(newcomers, shopper => Assert.InRange(shopper.Joins, End, End + (7 * Weeks) - 1));
        Assert.True(newcomers.Zip(newcomers.Skip(1)).All(pair => pair.First.Joins <= pair.Second.Joins));

        int There(int day) => population.Shoppers.Count(shopper => day >= shopper.Joins && day < shopper.Leaves);
        Assert.InRange((double)There(End + (7 * Weeks) - 1) / There(End), 0.9, 1.1);
        Assert.True(population.Shoppers.Count(shopper => shopper.Leaves > End && shopper.Leaves <= End + (7 * Weeks)) > newcomers.Count / 2);
        var bought = SmallWorld.Live(population, 0, End + (7 * Weeks)).Select(line => line.Receipt).Where(receipt => receipt.Shopper >= Lively.Customers).ToList();
        Assert.All(bought, receipt => Assert.True(receipt.Day >= population.Shoppers[receipt.Shopper].Joins));
        Assert.True(bought.Select(receipt => receipt.Shopper).Distinct().Count() > newcomers.Count / 2);
    }

    [Fact]
    public void Launched_goods_are_bought_from_their_day_on_and_delisted_ones_no_more()
    {
        var launched = _world.Assortment.Goods.Skip(Lively.Products).ToList();
        Assert.Equal((int)(0.1 * 400 / 12 * Weeks), launched.Count);
        Assert.All(launched, good => Assert.InRange(good.ListedFrom, End, End + (7 * Weeks) - 1));
        Assert.Equal(launched.Count, launched.Select(good => good.Name.English).Except(_world.Assortment.Goods.Take(Lively.Products).Select(good => good.Name.English)).Count());
        Assert.InRange(_world.Assortment.Goods.Count(good => good.ListedUntil > End && good.ListedUntil < int.MaxValue), 50, 110);

        var sold = Live(_world, Weeks).Where(line => !line.Item1.IsReturn).ToList();
        Assert.All(sold, line => Assert.True(_world.Assortment.Goods[line.Item2.Product].IsListed(line.Item1.Day)));

        // In the last four weeks they sell about as well as others.
        var last = sold.Where(line => line.Item1.Day >= End + (7 * (Weeks - 4))).ToList();
        var share = (double)last.Count(line => line.Item2.Product >= Lively.Products) / last.Count;
        var onShelf = (double)launched.Count / _world.Assortment.Goods.Count(good => good.IsListed(End + (7 * Weeks) - 14));
        Assert.InRange(share / onShelf, 0.3, 1.5);
    }

    [Fact]
    public void Babies_pets_and_moves_come_in_the_weeks_ahead_too()
    {
        var population = new Population(_world);
        var later = population.Shoppers.Take(Lively.Customers).Count(shopper => shopper.NeedFrom.Any(from => from > End));
        Assert.InRange(later, 100, 700);
        Assert.InRange(population.Shoppers.Take(Lively.Customers).Count(shopper => shopper.Moves.Day > End && shopper.Moves.Day < int.MaxValue), 150, 450);
        var bought = SmallWorld.Live(population, 0, End + (7 * Weeks)).Where(line => !line.Receipt.IsReturn)
            .Select(line => (line.Receipt.Day, From: population.Shoppers[line.Receipt.Shopper].NeedFrom[population.Shoppers[line.Receipt.Shopper].Find(line.Line.Product)!.Value.Need]))
            .Where(line => line.From > End).ToList();
        Assert.True(bought.Count > 100);
        Assert.All(bought, line => Assert.True(line.Day >= line.From));
    }

    [Fact]
    public void Promotions_name_only_goods_that_are_known_when_they_are_told()
    {
        for (var week = Lively.Weeks; week < Lively.Weeks + Weeks; week++)
        {
            var percent = _world.MassPromotions(7 * week);
            Assert.All(_world.Assortment.Goods.Skip(Lively.Products).Where(good => percent[good.Number] != 0), good => Assert.True(good.ListedFrom <= 7 * (week - MassPromotionsOfWeek.WeeksPlanned)));
        }
    }
}
