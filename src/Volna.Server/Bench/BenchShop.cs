using System.Globalization;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Server.Bench;

/// <summary>A made-up shop for measuring the till: products and stores by an import, a wave whose pack is written by the product's own writer.</summary>
sealed class BenchShop
{
    public const int OffersEach = 5, Products = 2_000, Stores = 300, FirstProduct = 100_000;
    public const long FirstKey = 7_000_000_000;

    // Lists of offers are taken in turn, because making 15 million different ones would be measured too.
    const int DifferentLists = 4_096;

    readonly DateTimeOffset _now;

    BenchShop(DataFolder folder, StateStore state, int customers, DateTimeOffset now) => (Folder, State, Customers, _now) = (folder, state, customers, now);

    public DataFolder Folder { get; }

    public StateStore State { get; }

    public int Customers { get; }

    public int Offers => Customers * OffersEach;

    /// <summary>The product of a customer's offer.</summary>
    public static int Product(int customer, int offer) => (((customer % DifferentLists) * 31) + (offer * 397)) % Products;

    public static BenchShop Make(DataFolder folder, StateStore state, int offers, DateTimeOffset now)
    {
        Directory.CreateDirectory(folder.Root);
        var products = Path.Combine(folder.Root, "products.csv");
        File.WriteAllLines(products, ["key,name,category,price", .. Enumerable.Range(0, Products).Select(product => $"{FirstProduct + product},Product {product},Food,100.00")]);
        var stores = Path.Combine(folder.Root, "stores.csv");
        File.WriteAllLines(stores, ["key,name", .. Enumerable.Range(0, Stores).Select(store => $"S{store:000},Store {store}")]);
        ImportJob.Run(folder, state, new ImportRequest([products, stores]), now.DateTime, null, CancellationToken.None);
        return new BenchShop(folder, state, Math.Max(1, offers / OffersEach), now);
    }

    /// <summary>Customers in the order of a pack, which is the order of their hashes.</summary>
    public (ulong Hash, int Number)[] Population(int first)
    {
        var customers = new (ulong Hash, int Number)[Customers];
        for (var i = 0; i < customers.Length; i++) customers[i] = (Hash64.Of((FirstKey + first + i).ToString(CultureInfo.InvariantCulture)), first + i);
        Array.Sort(customers);
        return customers;
    }

    /// <summary>Writes a wave's pack, checks it as a publication does, and switches the wave live: durable and whole when it returns.</summary>
    public void Publish(string wave, (ulong Hash, int Number)[] customers)
    {
        var lists = Enumerable.Range(0, DifferentLists).Select(list => Enumerable.Range(0, OffersEach).Select(offer => Offer(list, offer)).ToArray()).ToArray();
        var week = new Period(DateOnly.FromDateTime(_now.Date).AddDays(-1), DateOnly.FromDateTime(_now.Date).AddDays(6));
        string digest;
        using (var pack = NewOfferPackStore.Create(Folder, wave, week))
        {
            foreach (var (hash, number) in customers) pack.Add(new CustomerId(number + 1), hash, 0, heldOut: false, lists[number % DifferentLists]);
            digest = pack.Commit();
        }

        var waves = new WaveStore(State);
        var made = new Wave(wave, WaveStatus.Approved, week, 1, "{}", "bench", "bench", digest, "bench", "bench", _now);
        waves.Add(made);
        using (var pack = OfferPackStore.Open(Folder, made)) pack.VerifyDigest();
        waves.Move(wave, WaveStatus.Approved, WaveStatus.Published, "bench", _now);
    }

    static Offer Offer(int list, int index) => new()
    {
        Customer = default,
        Index = index,
        Target = 1 + Product(list, index),
        Depth = new Percent(500 + ((list + index) % 40 * 100)),
        Slot = SlotKind.Habit,
        Reason = CandidateReason.BoughtOften,
        Propensity = 0.2,
        RegularPrice = new Money(100_00),
    };
}
