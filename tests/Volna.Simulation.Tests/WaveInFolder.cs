using Microsoft.Data.Sqlite;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Simulation.Tests;

/// <summary>A <see cref="MadeWave"/> as the real program has it: reference files and receipts imported, its offers packed and published, what the held-out would have got kept as their trial, and over.</summary>
sealed class WaveInFolder : IDisposable
{
    public const string Id = "w";

    readonly string _root = Directory.CreateTempSubdirectory("volna-").FullName;

    /// <param name="segmentOf">Number of a customer's segment in the sample plan.</param>
    public WaveInFolder(MadeWave wave, Func<WaveCustomer, int>? segmentOf = null)
    {
        (Folder, Now) = (new DataFolder(Path.Combine(_root, "data")), new DateTimeOffset(wave.Validity.End.AddDays(1), default, default));
        State = StateStore.Open(Folder);
        Import(wave);
        string digest;
        using (var pack = NewOfferPackStore.Create(Folder, Id, wave.Validity))
        {
            foreach (var (customer, hash) in wave.Customers.Select(customer => (customer, Hash64.Of(Shopper.KeyOf(customer.Number)))).OrderBy(one => one.Item2))
                pack.Add(new CustomerId(customer.Number + 1), hash, segmentOf?.Invoke(customer) ?? 0, !customer.Treated, customer.Treated ? OffersOf(wave, customer) : []);
            digest = pack.Commit();
        }

        TrialStore.Write(Folder.Trial(Id), Id, [.. wave.Customers.SelectMany(customer => TrialOf(wave, customer))]);
        var plan = PlanTemplateStore.Text.Replace("\"holdoutShare\": 0.1", "\"holdoutShare\": 0.5", StringComparison.Ordinal);
        Wave = new Wave(Id, WaveStatus.Published, wave.Validity, 1, plan, "s", "m", digest, "ann", "bob", new DateTimeOffset(wave.Validity.Start, default, default));
        new WaveStore(State).Add(Wave);
    }

    public DataFolder Folder { get; }

    public StateStore State { get; }

    public Wave Wave { get; }

    /// <summary>After the wave.</summary>
    public DateTimeOffset Now { get; }

    public void Dispose()
    {
        State.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    void Import(MadeWave wave)
    {
        var files = Path.Combine(_root, "retailer");
        List<string> paths = [.. RetailerFeed.WriteReference(wave.World, wave.World.People(), files, CancellationToken.None), Path.Combine(files, "receipts.csv")];
        using (var file = RetailerFeed.Create(paths[^1]))
        {
            var rows = new ReceiptRows(wave.World, chunks: 1);
            foreach (var customer in wave.Customers)
            {
                rows.Add(0, (ReceiptBook[])[customer.Before.Book, customer.During.Book]);
                rows.Flush(file);
            }
        }

        var result = ImportJob.Run(Folder, State, new ImportRequest([.. paths]), Now.DateTime, null, TestContext.Current.CancellationToken);
        Assert.All(result.Files, file => Assert.Null(file.Failure));
        Assert.Equal(result.RowsRead, result.Stored);
    }

    /// <summary>Goods and customers are numbered from 1 in the order of the files, which is that of the world.</summary>
    static Offer[] OffersOf(MadeWave wave, WaveCustomer customer) =>
    [
        .. customer.Offers.Select((offer, index) => new Offer
        {
            Customer = new CustomerId(customer.Number + 1),
            Index = index,
            Target = offer.Product + 1,
            Depth = offer.Depth,
            Slot = SlotKind.Habit,
            Reason = CandidateReason.BoughtOften,
            Propensity = 1,
            Floor = Money.Min(offer.Floor, wave.World.Assortment.Goods[offer.Product].Price),
            RegularPrice = wave.World.Assortment.Goods[offer.Product].Price,
        }),
    ];

    /// <summary>Chances as a simple model has them: how often she bought the product before, for as many days.</summary>
    static IEnumerable<TrialOffer> TrialOf(MadeWave wave, WaveCustomer customer) => customer.Offers.Select(offer =>
    {
        var bought = customer.Before.Book.Lines.Count(line => line.Product == offer.Product && line.QuantityThousandths > 0);
        var chance = 1 - Math.Exp(-(bought + 0.3) * wave.Validity.Days / (7 * wave.World.Options.Weeks));
        var good = wave.World.Assortment.Goods[offer.Product];
        return new TrialOffer(customer.Number + 1, offer.Product + 1, SlotKind.Habit, !customer.Treated, (ushort)offer.Depth.BasisPoints, (float)chance, 1, good.Price.Minor, good.Cost.Minor);
    });
}
