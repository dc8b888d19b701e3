using System.Text.Json;
using Volna.Offers;
using Volna.Redemptions;
using Volna.Redemptions.Offline;

namespace Volna.Tests.Redemptions.Offline;

/// <summary>A shop with stores that go off-line, and tills of theirs.</summary>
sealed class OfflineShop : IDisposable
{
    readonly TemporaryFolder _disks = new();

    public Shop Shop { get; } = new();

    public SetClock Clock { get; } = new(Volna.Tests.Shop.Now);

    public string Disk(string store) => Path.Combine(_disks.Data.Root, store);

    public byte[] Key(string store) => StorePackFile.Key(SecretStore.Open(Shop.Data), store);

    public OfflineTill OpenStore(string store) => OfflineTill.Open(Disk(store), store, Key(store), Clock);

    /// <summary>Stores 1, 2, ... S1, S2, ... of one city, customers with a home store each.</summary>
    public void AddStores(int count, int perCity = 5)
    {
        for (var number = 1; number <= count; number++)
        {
            Shop.AddStore(number, $"S{number}");
            Shop.Run("update store set city = @city where number = @number", new { number, city = $"city {(number - 1) / perCity}" });
        }
    }

    public void AddCustomer(int number, string key, int home)
    {
        Shop.AddCustomer(number, key);
        Shop.Run("update customer set home_store = @home where number = @number", new { number, home });
    }

    public void AddWave(string till, params (int Number, string Key, IReadOnlyList<Offer>? Offers)[] offers) =>
        Shop.AddWave("w", offers, $$"""{ "till": { {{till}} } }""", WaveStatus.Published);

    public static TillReceipt Receipt(string id, string store, string customer, DateTimeOffset time, params (string Product, decimal Quantity, long Price)[] lines) =>
        Volna.Tests.Shop.Receipt(id, customer, lines) with { Store = store, Time = time };

    /// <summary>Sends what the store sold and settles its leases.</summary>
    public static async Task Settle(Till till, OfflineTill store)
    {
        foreach (var lease in store.Leases.Where(lease => lease.HasToSettle))
        {
            foreach (var upload in lease.Seal()) await Upload(till, upload);
            await till.SettleAsync(OfflineMessages.ReadSettle(lease.Settlement()));
            lease.Settled();
        }
    }

    public static async Task<UploadedMessage> Upload(Till till, byte[] upload) =>
        JsonSerializer.Deserialize<UploadedMessage>(await till.UploadAsync(OfflineMessages.ReadUpload(upload), Language.English), JsonSerializerOptions.Web)!;

    public void Dispose()
    {
        Shop.Dispose();
        _disks.Dispose();
    }
}
