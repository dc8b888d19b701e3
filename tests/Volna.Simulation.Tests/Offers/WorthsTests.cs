using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Tests;

namespace Volna.Simulation.Tests.Offers;

/// <summary>
/// What a first purchase and a customer kept are truly worth to the retailer later, in this world: what a plan's trialWorth and retentionWorth stand for. All customers live through one wave and
/// half a year after it, with their offers and without.
/// </summary>
public sealed class WorthsTests(ITestOutputHelper output)
{
    const int Days = 14, LaterDays = 182, OffersOfKind = 5;

    enum Gained
    {
        /// <summary>A first purchase in a category that she never bought: later margin of the category.</summary>
        Category = 0,

        /// <summary>A first purchase of a product of a category that she buys: later margin of the category.</summary>
        Product = 1,

        /// <summary>A purchase of anything within the wave by who would have bought nothing: later margin of all.</summary>
        Kept = 2,
    }

    [Fact]
    public void A_first_purchase_is_worth_what_those_who_stay_with_a_category_bring_later()
    {
        var options = TestSize.IsNightly
            ? new WorldOptions { Customers = TestSize.Of(commit: 0, nightly: 100_000) }
            : new WorldOptions { Customers = 5_000, Products = 800, Stores = 10, Weeks = 26 };
        var worths = Worths(options);
        Assert.All(worths, worth => Assert.True(worth.Count >= 30));

        // The same first purchases, of which other shares stay.
        var category = worths[(int)Gained.Category];
        var (nobodyStays, allStay) = (Worths(options with { Adoption = 0 })[(int)Gained.Category], Worths(options with { Adoption = 1 })[(int)Gained.Category]);
        var byStaying = allStay.Zip(nobodyStays, (one, other) => one - other).ToList();
        Assert.Equal((category.Count, category.Count), (nobodyStays.Count, allStay.Count));
        Assert.True(byStaying.Average() > 4 * Error(byStaying));
        Assert.True(category.Average() > nobodyStays.Average());

        // Who stays with nothing new has it at home for a while and buys less of it.
        Assert.True(nobodyStays.Average() < 3 * Error(nobodyStays));
    }

    /// <summary>Later margin with the offers less without, in major units, of each that was gained, customer by customer.</summary>
    List<double>[] Worths(WorldOptions options)
    {
        var world = World.Build(options);
        var ofCustomers = new List<(Gained Kind, double Worth)>[options.Customers];
        Parallel.For(0, options.Customers, number =>
        {
            var shopper = world.Shopper(number);
            var (state, history) = (new ShopperState(shopper), new ReceiptBook());
            Live(shopper, state, ShopperOffers.None, 0, 7 * options.Weeks, history);
            var offers = OffersOf(world, shopper, state, history);
            var validity = new Period(options.EndDay, options.EndDay.AddDays(Days));
            var with = After(shopper, state.Copy(), ShopperOffers.Of(world, shopper, [.. offers.Select(offer => new WorldOffer(offer.Product, Percent.Of(30), Money.Zero))], validity));
            var without = After(shopper, state.Copy(), ShopperOffers.None);
            var gained = ofCustomers[number] = [];
            foreach (var (kind, product) in offers)
            {
                var category = world.Assortment.Goods[product].Category;
                bool Bought(ReceiptBook book) => book.Lines.Exists(line => line.QuantityThousandths > 0 && (kind == Gained.Product ? line.Product == product : Is(line, category)));
                if (Bought(with.Within) && !Bought(without.Within)) gained.Add((kind, Margin(with.Later, line => Is(line, category)) - Margin(without.Later, line => Is(line, category))));
            }

            if (with.Within.Receipts.Count > 0 && without.Within.Receipts.Count == 0) gained.Add((Gained.Kept, Margin(with.Later, _ => true) - Margin(without.Later, _ => true)));
        });

        List<double>[] worths = [.. Enum.GetValues<Gained>().Select(kind => ofCustomers.SelectMany(gained => gained).Where(one => one.Kind == kind).Select(one => one.Worth).ToList())];
        foreach (var kind in Enum.GetValues<Gained>())
            output.WriteLine($"adoption {options.Adoption:P0}, {kind}: {worths[(int)kind].Count} gained, worth {worths[(int)kind].Average():F2} +- {1.96 * Error(worths[(int)kind]):F2} each later");
        return worths;

        bool Is(BasketLine line, int category) => world.Assortment.Goods[line.Product].Category == category;

        double Margin(ReceiptBook book, Predicate<BasketLine> counts) => (double)Counterfactual.Of(world, CollectionsMarshal.AsSpan(book.Lines.FindAll(counts))).Margin.Major;

        (ReceiptBook Within, ReceiptBook Later) After(Shopper shopper, ShopperState state, ShopperOffers offers)
        {
            ReceiptBook within = new(), later = new();
            Live(shopper, state, offers, 7 * options.Weeks, Days, within);
            Live(shopper, state, ShopperOffers.None, (7 * options.Weeks) + Days, LaterDays, later);
            return (within, later);
        }

        void Live(Shopper shopper, ShopperState state, ShopperOffers offers, int firstDay, int days, ReceiptBook book)
        {
            for (var day = firstDay; day < firstDay + days; day++) ShoppingDay.Live(world, shopper, state, offers, day, book);
        }
    }

    /// <summary>On the first goods she might take to: some of categories that she never bought, some that she never bought of those she buys.</summary>
    static List<(Gained Kind, int Product)> OffersOf(World world, Shopper shopper, ShopperState state, ReceiptBook history)
    {
        var bought = history.Lines.Select(line => line.Product).ToHashSet();
        var needs = Enumerable.Range(0, shopper.Needs.Length).Where(need => world.Assortment.Categories[shopper.Needs[need]] is { Floor: FloorPolicy.None });
        IEnumerable<(Gained, int)> ofCategories = needs.Where(need => shopper.IsNew[need] && state.Last[need] < 0).Select(need => (Gained.Category, shopper.Considered[shopper.NeedStart[need]]));
        var ofProducts = needs.Where(need => !shopper.IsNew[need] && state.Last[need] >= 0)
            .SelectMany(need => shopper.Considered[shopper.NeedStart[need]..shopper.NeedStart[need + 1]].Where(product => !bought.Contains(product)).Take(1)).Select(product => (Gained.Product, product));
        return [.. ofCategories.Take(OffersOfKind), .. ofProducts.Take(OffersOfKind)];
    }

    static double Error(List<double> values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2))) / values.Count;
}
