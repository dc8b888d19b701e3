using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>A customer of a <see cref="MadeWave"/>.</summary>
/// <param name="Treated">False for the held-out.</param>
/// <param name="Before">In the weeks before the wave.</param>
/// <param name="During">In the days of the wave.</param>
/// <param name="VisitsBefore">Receipts in the weeks before.</param>
/// <param name="Visits">Receipts in the days of the wave.</param>
/// <param name="TrueEffect">With offers less without; of the held-out what the offers would have done.</param>
/// <param name="TrueVisits">The same of receipts.</param>
public sealed record WaveCustomer(string Key, bool Treated, Takings Before, Takings During, int VisitsBefore, int Visits, Takings TrueEffect, int TrueVisits);

/// <summary>A wave in a small world, lived through by all customers twice, with and without their offers: what was seen and what is true.</summary>
/// <param name="TrueBySupplier">True effect on all customers, had all been treated, by the supplier of the goods.</param>
public sealed record MadeWave(IReadOnlyList<WaveCustomer> Customers, IReadOnlyDictionary<string, Takings> TrueBySupplier)
{
    /// <summary>Mean true effect on spend, in minor units.</summary>
    public double TrueSpendMinor => Customers.Average(customer => (double)customer.TrueEffect.Spend.Minor);

    internal static MadeWave Make(WorldOptions options, Func<World, Shopper, IReadOnlyList<WorldOffer>> offersOf, double treatedShare, int days)
    {
        var world = World.Build(options);
        var history = new Period(options.FirstDay, options.EndDay);
        var validity = new Period(options.EndDay, options.EndDay.AddDays(days));
        var customers = new WaveCustomer[options.Customers];
        var sum = new Uplift(world);
        Parallel.For(0, customers.Length, number =>
        {
            var shopper = world.Shopper(number);
            var state = new ShopperState(shopper);
            ReceiptBook before = new(), with = new(), without = new();
            for (var day = 0; day < world.Day(history.End); day++) ShoppingDay.Live(world, shopper, state, ShopperOffers.None, day, before);
            Counterfactual.Live(world, shopper, state, ShopperOffers.Of(world, shopper, offersOf(world, shopper), validity), validity, with);
            Counterfactual.Live(world, shopper, state, ShopperOffers.None, validity, without);
            Takings taken = Of(with), alone = Of(without);
            var treated = new Draw(options.Seed, "made-wave", (ulong)number).NextUnit() < treatedShare;
            customers[number] = new WaveCustomer(
                shopper.Key, treated, Of(before), treated ? taken : alone, Visits(before), Visits(treated ? with : without), taken - alone, Visits(with) - Visits(without));
            lock (sum) sum.Add(CollectionsMarshal.AsSpan(with.Lines), CollectionsMarshal.AsSpan(without.Lines));
        });
        return new MadeWave(customers, world.Assortment.Goods.Select(good => good.Supplier).Distinct().ToDictionary(supplier => supplier.English, sum.OfSupplier));

        Takings Of(ReceiptBook book) => Counterfactual.Of(world, CollectionsMarshal.AsSpan(book.Lines));

        static int Visits(ReceiptBook book) => book.Receipts.Count(receipt => !receipt.IsReturn);
    }
}
