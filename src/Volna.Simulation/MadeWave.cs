using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>What a customer bought in some days.</summary>
/// <param name="Visits">Receipts without returns.</param>
sealed record Lived(ReceiptBook Book, Takings Takings, int Visits)
{
    public static Lived Of(World world, ReceiptBook book) =>
        new(book, Counterfactual.Of(world, CollectionsMarshal.AsSpan(book.Lines)), book.Receipts.Count(receipt => !receipt.IsReturn));
}

/// <summary>A customer of a <see cref="MadeWave"/>.</summary>
/// <param name="Number">In the world, from 0.</param>
/// <param name="Treated">False for the held-out.</param>
/// <param name="Offers">Hers; of the held-out those that she would have got.</param>
/// <param name="Before">In the weeks before the wave.</param>
/// <param name="With">In the days of the wave, with her offers.</param>
/// <param name="Without">The same days with the same luck, without them.</param>
sealed record WaveCustomer(int Number, bool Treated, IReadOnlyList<WorldOffer> Offers, Lived Before, Lived With, Lived Without)
{
    /// <summary>The one of her two lives that is seen.</summary>
    public Lived During => Treated ? With : Without;

    public Takings TrueEffect => With.Takings - Without.Takings;

    public int TrueVisits => With.Visits - Without.Visits;
}

/// <summary>A wave in a small world, lived through by all customers twice, with and without their offers: what was seen and what is true.</summary>
/// <param name="TrueBySupplier">True effect on all customers, had all been treated, by the supplier of the goods.</param>
sealed record MadeWave(World World, Period Validity, IReadOnlyList<WaveCustomer> Customers, IReadOnlyDictionary<string, Takings> TrueBySupplier)
{
    /// <summary>Mean true effect on spend, in minor units.</summary>
    public double TrueSpendMinor => Customers.Average(customer => (double)customer.TrueEffect.Spend.Minor);

    public static MadeWave Make(WorldOptions options, Func<World, Shopper, IReadOnlyList<WorldOffer>> offersOf, double treatedShare, int days)
    {
        var world = World.Build(options);
        var validity = new Period(options.EndDay, options.EndDay.AddDays(days));
        var customers = new WaveCustomer[options.Customers];
        var sum = new Uplift(world);
        Parallel.For(0, customers.Length, number =>
        {
            var shopper = world.Shopper(number);
            var state = new ShopperState(shopper);
            var offers = offersOf(world, shopper);
            ReceiptBook before = new(), with = new(), without = new();
            for (var day = 0; day < world.Day(validity.Start); day++) ShoppingDay.Live(world, shopper, state, ShopperOffers.None, day, before);
            Counterfactual.Live(world, shopper, state, ShopperOffers.Of(world, shopper, offers, validity), validity, with);
            Counterfactual.Live(world, shopper, state, ShopperOffers.None, validity, without);
            var treated = new Draw(options.Seed, "made-wave", (ulong)number).NextUnit() < treatedShare;
            customers[number] = new WaveCustomer(number, treated, offers, Lived.Of(world, before), Lived.Of(world, with), Lived.Of(world, without));
            lock (sum) sum.Add(CollectionsMarshal.AsSpan(with.Lines), CollectionsMarshal.AsSpan(without.Lines));
        });
        return new MadeWave(world, validity, customers, world.Assortment.Goods.Select(good => good.Supplier).Distinct().ToDictionary(supplier => supplier.English, sum.OfSupplier));
    }
}
