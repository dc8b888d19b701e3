using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Simulation.Tests;

public sealed class CounterfactualTests
{
    static List<(Receipt Receipt, BasketLine Line)> LiveWith(World world, Func<Shopper, WorldOffer[]> offers, int days)
    {
        var population = new Population(world);
        SmallWorld.Live(population, 0, world.Options.Weeks * 7);
        foreach (var shopper in population.Shoppers)
            population.Offers[shopper.Number] = ShopperOffers.Of(world, shopper, offers(shopper), SmallWorld.After(world, days));
        return SmallWorld.Live(population, world.Options.Weeks * 7, days);
    }

    [Fact]
    public void In_a_world_where_offers_have_no_strength_they_change_nothing_but_the_price()
    {
        var world = World.Build(SmallWorld.Options with { OfferStrength = 0 });
        var without = LiveWith(world, _ => [], 14);
        var with = LiveWith(world, shopper => SmallWorld.OffersOnConsidered(world, shopper, 8, 30), 14);
        Assert.Equal(without.Select(line => (line.Receipt, line.Line.Product, line.Line.QuantityThousandths)), with.Select(line => (line.Receipt, line.Line.Product, line.Line.QuantityThousandths)));

        var discounted = with.Where(line => line.Line.Offer >= 0).ToList();
        Assert.NotEmpty(discounted);
        Assert.All(discounted, line => Assert.True(line.Line.Paid < new Quantity(line.Line.QuantityThousandths).Times(line.Line.ShelfPrice)));
    }

    [Fact]
    public void A_known_offer_on_the_whole_basket_makes_more_receipts_reach_its_sum_and_an_unknown_one_only_lowers_what_is_paid()
    {
        static (int Reached, long Paid, int Pieces) LiveWithBasket(WorldOptions options, bool isOffered)
        {
            var world = World.Build(options with { VisitPull = 0 });
            var population = new Population(world);
            SmallWorld.Live(population, 0, options.Weeks * 7);
            foreach (var shopper in population.Shoppers)
                population.Offers[shopper.Number] = ShopperOffers.Of(
                    world, shopper, [], SmallWorld.After(world, 14), basket: isOffered ? new WorldBasketOffer(new Money(1_500_00), Percent.Of(15), Volna.Offers.Mechanic.PercentOff, Money.Zero) : null);
            var lines = SmallWorld.Live(population, options.Weeks * 7, 14);
            var reached = lines.GroupBy(line => line.Receipt).Count(receipt => receipt.Sum(one => new Quantity(one.Line.QuantityThousandths).Times(one.Line.ShelfPrice).Minor) >= 1_500_00);
            return (reached, lines.Sum(line => line.Line.Paid.Minor), lines.Count);
        }

        var options = SmallWorld.Options with { Annoyance = 0 };
        var (without, with) = (LiveWithBasket(options, false), LiveWithBasket(options, true));
        Assert.True(with.Reached > 1.1 * without.Reached, $"{with} against {without}");
        var (unseen, unseenWithout) = (options with { SeenInApp = 0, SeenInEmail = 0, SeenInPrint = 0 }, without);
        var unknown = LiveWithBasket(unseen, true);
        Assert.Equal((unseenWithout.Reached, unseenWithout.Pieces), (unknown.Reached, unknown.Pieces));
        Assert.True(unknown.Paid < unseenWithout.Paid);
    }

    [Fact]
    public void A_discount_on_the_basket_changes_what_is_paid_back_for_its_own_goods_only()
    {
        var world = World.Build(SmallWorld.Options);
        var good = world.Assortment.Goods.First(one => world.Assortment.Categories[one.Category] is { Floor: FloorPolicy.None, Tags: [] });
        var line = new BasketLine(good.Number, 1_000, good.Price, good.Price, good.Price, -1);
        var (state, book) = (new ShopperState(world.Shopper(0)), new ReceiptBook());
        state.Returns.AddRange([new PendingReturn(90, 0, line), new PendingReturn(91, 0, line)]);
        book.Lines.Add(line);
        var offer = new WorldBasketOffer(Money.Zero, Percent.Of(10), Mechanic.PercentOff, Money.Zero);
        Assert.True(offer.TakeOff(world, state, book, firstLine: 0, firstReturn: 1, _ => Money.Zero));

        // The first of the two is of an earlier receipt.
        Assert.Equal(good.Price, state.Returns[0].Line.Paid);
        Assert.Equal(book.Lines[0], state.Returns[1].Line);
        Assert.True(book.Lines[0].Paid < good.Price);
    }

    [Fact]
    public void An_offer_on_goods_she_never_considers_changes_nothing()
    {
        var world = World.Build(SmallWorld.Options with { Annoyance = 0 });
        var without = LiveWith(world, _ => [], 14);
        var with = LiveWith(world, shopper => [.. Enumerable.Range(0, 400).Except(shopper.Considered).Take(10).Select(product => new WorldOffer(product, Percent.Of(50), Money.Zero))], 14);
        Assert.Equal(without, with);
    }

    [Fact]
    public void Messages_annoy_some_so_that_they_come_less_often_and_leave()
    {
        var world = World.Build(SmallWorld.Options with { Irritable = 1, Annoyance = 0.2, VisitPull = 0, Unsubscribes = 0.05, Complaints = 0.01 });
        Func<Shopper, WorldOffer[]> useless = shopper => [.. Enumerable.Range(0, 400).Except(shopper.Considered).Take(1).Select(product => new WorldOffer(product, Percent.Of(50), Money.Zero))];
        List<(Receipt Receipt, BasketLine Line)> without = LiveWith(world, _ => [], 28), with = LiveWith(world, useless, 28);
        Assert.True(with.Count < 0.95 * without.Count, $"{with.Count} against {without.Count}");

        // Nobody comes on other days; only a visit that would have brought nothing may now fill an empty cupboard.
        var visits = without.Select(line => line.Receipt.Id).ToHashSet();
        Assert.InRange(with.Select(line => line.Receipt.Id).Distinct().Count(id => !visits.Contains(id)), 0, 20);

        var population = new Population(world);
        foreach (var shopper in population.Shoppers) population.Offers[shopper.Number] = ShopperOffers.Of(world, shopper, useless(shopper), SmallWorld.After(world, 14));
        SmallWorld.Live(population, 84, 1);
        Assert.InRange(population.States.Count(state => state.Left != 0), 50, 400);
        Assert.InRange(population.States.Sum(state => state.Complaints), 3, 100);
        Assert.All(population.States, state => Assert.True(state.Complaints == 0 || (state.Left & Channels.Email) != 0));
    }

    [Fact]
    public void Offers_that_do_not_go_by_a_channel_tire_less_and_are_read_nowhere_where_all_are_closed()
    {
        var world = World.Build(SmallWorld.Options with { Unsubscribes = 0, Complaints = 0 });
        var shopper = Enumerable.Range(0, 200).Select(world.Shopper).First(one => one.Consents == (Channels.App | Channels.Email | Channels.Print));
        Assert.Equal(1.55, Messages(Channels.None), 3);
        Assert.Equal(0.55, Messages(Channels.Email), 3);
        Assert.Equal(0, Messages(shopper.Consents));
        Assert.Equal(int.MaxValue, Given(shopper.Consents).KnownFrom);

        ShopperOffers Given(Channels closed) => ShopperOffers.Of(world, shopper, SmallWorld.OffersOnConsidered(world, shopper, 3, 10), SmallWorld.After(world, 7), closed);

        double Messages(Channels closed)
        {
            var state = new ShopperState(shopper);
            Given(closed).Deliver(state, 84);
            return state.FreshMessages(84);
        }
    }

    [Fact]
    public void Who_tries_what_is_new_to_her_may_stay_with_it()
    {
        var world = World.Build(SmallWorld.Options with { Adoption = 1 });
        var population = new Population(world);
        var lines = SmallWorld.Live(population, 0, 84);
        var adopted = population.Shoppers.Sum(shopper => population.States[shopper.Number].Adopted.Count(did => did));
        var tried = lines.Where(line => !line.Receipt.IsReturn).Select(line => (line.Receipt.Shopper, world.Assortment.Goods[line.Line.Product].Category)).Distinct()
            .Count(entry => population.Shoppers[entry.Shopper].IsNew[Array.IndexOf(population.Shoppers[entry.Shopper].Needs, entry.Category)]);
        Assert.Equal(tried, adopted);
        Assert.True(adopted > 200);
    }

    [Fact]
    public void An_offer_is_spent_once_and_within_its_days_only()
    {
        var world = World.Build(SmallWorld.Options);
        var population = new Population(world);
        SmallWorld.Live(population, 0, 84);
        foreach (var shopper in population.Shoppers)
            population.Offers[shopper.Number] = ShopperOffers.Of(world, shopper, SmallWorld.OffersOnConsidered(world, shopper, 8, 30), SmallWorld.After(world, 14));
        var lines = SmallWorld.Live(population, 84, 28).Where(line => line.Line.Offer >= 0).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.InRange(line.Receipt.Day, 84, 97));
        Assert.Equal(lines.Count, lines.DistinctBy(line => (line.Receipt.Shopper, line.Line.Offer)).Count());
    }

    [Theory]
    [InlineData(1_000, 100_00, 100_00, 90_00)] // thirty percent would be 70, but the floor is 90
    [InlineData(1_000, 200_00, 200_00, 140_00)]
    [InlineData(2_000, 200_00, 200_00, 280_00)]
    [InlineData(1_000, 200_00, 150_00, 140_00)] // a shelf promotion isn't added to the offer
    [InlineData(1_000, 200_00, 130_00, 130_00)] // and where it is deeper, it holds
    [InlineData(1_000, 80_00, 80_00, 80_00)] // never above the shelf
    [InlineData(333, 99_99, 99_99, 29_97)] // the floor of a third of a kilogram, rounded up
    public void An_offer_costs_what_the_till_would_ask(int thousandths, long regular, long shelf, long expected)
    {
        var offer = new WorldOffer(0, Percent.Of(30), new Money(90_00));
        Assert.Equal(new Money(expected), offer.Paid(new Quantity(thousandths), new Money(regular), new Money(shelf)));
    }

    [Theory]
    [InlineData(Mechanic.AmountOff, 2_000, 280_00, 0)]
    [InlineData(Mechanic.AmountOff, 500, 70_00, 0)]
    [InlineData(Mechanic.AmountOff, 4_000, 620_00, 0)] // three pieces are discounted at most
    [InlineData(Mechanic.FixedPrice, 2_000, 120_00, 0)]
    [InlineData(Mechanic.FixedPrice, 4_000, 380_00, 0)]
    [InlineData(Mechanic.NPlusM, 2_000, 400_00, 0)]
    [InlineData(Mechanic.NPlusM, 3_000, 400_00, 0)]
    [InlineData(Mechanic.NPlusM, 2_500, 500_00, 0)]
    [InlineData(Mechanic.Points, 2_000, 400_00, 120_00)] // 60 points a piece
    [InlineData(Mechanic.Points, 4_000, 800_00, 180_00)]
    public void An_offer_of_any_mechanic_costs_what_the_till_would_ask(Mechanic mechanic, int thousandths, long expected, long points)
    {
        // 60 off, or for 60, of 200; two for one.
        var offer = new WorldOffer(0, Percent.Of(30), new Money(50_00)) { Mechanic = mechanic, Amount = new Money(60_00), MostPieces = new Quantity(3_000) };
        if (mechanic == Mechanic.NPlusM) offer = offer with { Buy = 2, Free = 1 };
        Assert.Equal(
            (new Money(expected), new Money(points)), (offer.Paid(new Quantity(thousandths), new Money(200_00), new Money(200_00)), offer.Points(new Quantity(thousandths), new Money(200_00))));
    }

    [Fact]
    public void Deep_offers_on_what_they_like_make_customers_buy_more_of_it()
    {
        var world = World.Build(SmallWorld.Options);
        var without = LiveWith(world, _ => [], 14);
        var with = LiveWith(world, shopper => SmallWorld.OffersOnConsidered(world, shopper, 8, 40), 14);
        var offered = new Population(world).Shoppers.SelectMany(shopper => SmallWorld.OffersOnConsidered(world, shopper, 8, 40).Select(offer => (shopper.Number, offer.Product))).ToHashSet();

        int Sold(List<(Receipt Receipt, BasketLine Line)> lines) => lines.Count(line => offered.Contains((line.Receipt.Shopper, line.Line.Product)) && !line.Receipt.IsReturn);
        Assert.True(Sold(with) > 1.2 * Sold(without), $"{Sold(with)} against {Sold(without)}");
    }

    [Fact]
    public void Who_never_learns_of_her_offers_buys_what_she_would_have_bought()
    {
        var world = World.Build(SmallWorld.Options with { SeenInPrint = 0, Annoyance = 0 });
        var without = LiveWith(world, _ => [], 14);
        var with = LiveWith(world, shopper => SmallWorld.OffersOnConsidered(world, shopper, 8, 40), 14);
        var unaware = new Population(world).Shoppers
            .Where(shopper => ShopperOffers.Of(world, shopper, SmallWorld.OffersOnConsidered(world, shopper, 8, 40), SmallWorld.After(world, 14)).KnownFrom == int.MaxValue)
            .Select(shopper => shopper.Number).ToHashSet();

        Assert.InRange(unaware.Count, 300, 900);
        Assert.Equal(Taken(without), Taken(with));
        Assert.NotEqual(without.Count, with.Count);

        List<(string, int, int)> Taken(List<(Receipt Receipt, BasketLine Line)> lines) =>
            [.. lines.Where(line => unaware.Contains(line.Receipt.Shopper)).Select(line => (line.Receipt.Id, line.Line.Product, line.Line.QuantityThousandths))];
    }

    [Fact]
    public void The_counterfactual_of_a_customer_is_her_life_without_offers_and_leaves_her_state_alone()
    {
        var world = World.Build(SmallWorld.Options);
        var population = new Population(world);
        SmallWorld.Live(population, 0, 84);
        var alone = population.Shoppers.Select(shopper => Counterfactual.Live(world, shopper, population.States[shopper.Number], ShopperOffers.None, SmallWorld.After(world, 14))).ToArray();
        var lived = SmallWorld.Live(population, 84, 14).ToLookup(line => line.Receipt.Shopper, line => line.Line);
        Assert.Equal(population.Shoppers.Select(shopper => Counterfactual.Of(world, [.. lived[shopper.Number]])), alone);
        Assert.Contains(alone, takings => takings.Spend > Money.Zero && takings.Margin > Money.Zero && takings.Margin < takings.Spend);
    }
}
