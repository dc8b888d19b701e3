using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Samples;

namespace Volna.Server.Tests;

/// <summary>The sample till with its store's pack, and the verbs about packs, against the real host that goes away and comes back.</summary>
public sealed class StorePackTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("volna-store-").FullName;

    readonly DateTimeOffset _now = DateTimeOffset.Now;

    DataFolder Folder => new(Path.Combine(_root, "shop"));

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_till_sells_from_its_pack_while_the_centre_is_away_and_sends_it_when_it_is_back()
    {
        await MakeShop();
        var key = (await Verb("till", "pack", "--store", "S1")).Trim();
        Assert.Matches("^[0-9a-f]{64}$", key);
        var (host, state) = await Start(0);
        var address = host.Urls.First();
        using var till = new TillClient(new Uri(address), null, Path.Combine(_root, "journal"), http => new StorePack(http, Path.Combine(_root, "till"), "S1", Convert.FromHexString(key)));
        await till.ReplayAsync();
        var online = await Answered(till, Basket("r1"));
        Assert.Equal((8_000, 2_000, Fallback.None, false), (online.TotalMinor, online.DiscountMinor, online.Fallback, online.IsFromPack));

        await Stop(host, state);
        var sold = await till.PriceAsync(Basket("r2"));
        // The centre keeps the offer for the first receipt; the till noted it and doesn't give it away twice.
        Assert.Equal((10_000, Fallback.NotReachable, true), (sold.TotalMinor, sold.Fallback, sold.IsFromPack));
        sold = await till.PriceAsync(Basket("r3", "boris"));
        Assert.Equal((8_000, 2_000, Fallback.NotReachable, true), (sold.TotalMinor, sold.DiscountMinor, sold.Fallback, sold.IsFromPack));
        // Told a total for another receipt of his at the same time: what is paid is what the pack books.
        var second = await till.PriceAsync(Basket("r3b", "boris"));
        Assert.Equal((8_000, 8_000, true), (second.TotalMinor, (sold = till.Confirm(Basket("r3", "boris"), sold)).TotalMinor, sold.IsBooked));
        Assert.True(await till.CloseAsync(Basket("r3", "boris"), sold));
        await Assert.ThrowsAsync<InvalidOperationException>(() => till.CloseAsync(Basket("r3b", "boris"), second));
        second = till.Confirm(Basket("r3b", "boris"), second);
        Assert.Equal((10_000, true), (second.TotalMinor, second.IsBooked));
        Assert.True(await till.CloseAsync(Basket("r3b", "boris"), second));
        Assert.False(await till.CloseAsync(Basket("r1"), online));
        Assert.Same(online, till.Confirm(Basket("r1"), online));

        (host, state) = await Start(new Uri(address).Port);
        // Elsewhere the same offer is used before the centre learns of it.
        using (var other = new TillClient(new Uri(address), null, Path.Combine(_root, "other")))
        {
            var priced = await Answered(other, Basket("r4", "boris", "S2"));
            Assert.Equal((8_000, Fallback.None), (priced.TotalMinor, priced.Fallback));
            await other.CloseAsync(Basket("r4", "boris", "S2"), priced);
            await Sent(other);
        }

        Assert.Equal(Fallback.Unsent, (await till.PriceAsync(Basket("r5"))).Fallback);
        await Sent(till);
        Assert.Equal(Fallback.None, (await Answered(till, Basket("r6"))).Fallback);
        await Stop(host, state);

        var report = JsonDocument.Parse(await Verb("till", "offline", "--json")).RootElement;
        var extra = Assert.Single(report.GetProperty("extraUses").EnumerateArray());
        Assert.Equal(("r3", "r4", "boris"), (extra.GetProperty("receipt").GetString(), extra.GetProperty("firstReceipt").GetString(), extra.GetProperty("customer").GetString()));
        // The next pack was taken, so a lease runs again.
        Assert.Single(report.GetProperty("openLeases").EnumerateArray());
        Assert.Contains("r3", await Verb("till", "offline", "--wave", "w", "--lang", "ru"), StringComparison.Ordinal);
        var (code, data, remarks) = await VolnaProcess.Run(_root, "till", "offline", "--wave", "another", "--data", "shop");
        Assert.Equal((2, "", "volna: another: there is no such wave; `volna wave list` shows those there are."), (code, data, remarks.TrimEnd()));
    }

    [Fact]
    public async Task While_the_centre_stays_away_the_pack_goes_on_selling_and_one_refused_receipt_doesnt_keep_the_store_from_its_next_pack()
    {
        await MakeShop();
        var key = (await Verb("till", "pack", "--store", "S1")).Trim();
        var (host, state) = await Start(0);
        var address = host.Urls.First();
        var packs = new List<StorePack>();
        using var till = new TillClient(new Uri(address), null, Path.Combine(_root, "journal"), http =>
        {
            packs.Add(new StorePack(http, Path.Combine(_root, "till"), "S1", Convert.FromHexString(key)));
            return packs[0];
        });
        await till.ReplayAsync();
        Assert.Empty(till.Trouble);
        // Elsewhere the same id is used for something else.
        using (var other = new TillClient(new Uri(address), null, Path.Combine(_root, "other")))
        {
            var priced = await Answered(other, Basket("r1", "carl", "S2"));
            await other.CloseAsync(Basket("r1", "carl", "S2"), priced);
            await Sent(other);
        }

        await Stop(host, state);
        var first = till.Confirm(Basket("r1", "boris"), await till.PriceAsync(Basket("r1", "boris")));
        Assert.Equal((8_000, true), (first.TotalMinor, await till.CloseAsync(Basket("r1", "boris"), first)));
        await till.ReplayAsync();
        Assert.NotEmpty(till.Trouble);
        var second = await till.PriceAsync(Basket("r2"));
        Assert.Equal((8_000, true), (second.TotalMinor, second.IsFromPack));
        (host, state) = await Start(new Uri(address).Port);
        for (var left = 50; packs[0].MustSellFromPack && left > 0; left--) await till.ReplayAsync();
        Assert.Empty(till.Trouble);
        Assert.Equal(("r1", "receipt-closed"), packs[0].Refused.Select(refused => (refused.Id, refused.Code!)).Single());
        Assert.False(packs[0].MustSellFromPack);
        var answered = await Answered(till, Basket("r3"));
        Assert.Equal((8_000, Fallback.None), (answered.TotalMinor, answered.Fallback));
        // Her offer is kept for r3 now, so the receipt that wasn't paid yet costs more: she hears it before she pays.
        Assert.Equal((10_000, true), (till.Confirm(Basket("r2"), second).TotalMinor, till.Confirm(Basket("r2"), second).IsBooked));
        await Stop(host, state);
    }

    [Fact]
    public async Task A_basket_that_changes_after_the_first_total_keeps_its_offers()
    {
        await MakeShop();
        var (host, state) = await Start(0);
        using var till = new TillClient(new Uri(host.Urls.First()), null, Path.Combine(_root, "journal"));
        await Answered(till, Basket("r1"));
        var two = Basket("r1") with { Lines = [new Line("1", "milk", 2, 10_000)] };
        var priced = await Answered(till, two);
        Assert.Equal((16_000, Fallback.None), (priced.TotalMinor, priced.Fallback));
        Assert.True(await till.CloseAsync(two, priced) || till.Waiting == 1);
        await Sent(till);
        // Closed, it is what it was.
        Assert.Equal(Fallback.Refused, (await Answered(till, Basket("r1"))).Fallback);
        await Stop(host, state);
    }

    [Fact]
    public async Task The_verb_writes_the_pack_that_a_server_would_give_and_a_dry_run_begins_no_lease()
    {
        await MakeShop();
        await Verb("till", "pack", "--store", "S1", "--out", "s1.pack", "--dry-run");
        Assert.False(File.Exists(Path.Combine(_root, "s1.pack")));
        foreach (var nowhere in (string[])["missing/s1.pack", "."])
        {
            var refused = await VolnaProcess.Run(_root, "till", "pack", "--store", "S1", "--out", nowhere, "--data", "shop");
            Assert.Equal((2, $"volna: --out {nowhere}: expected a file in a folder that is there."), (refused.ExitCode, refused.Remarks.TrimEnd()));
        }

        Assert.Empty(JsonDocument.Parse(await Verb("till", "offline", "--json")).RootElement.GetProperty("openLeases").EnumerateArray());
        var told = JsonDocument.Parse(await Verb("till", "pack", "--store", "S1", "--out", "s1.pack", "--json")).RootElement;
        var lease = Assert.Single(JsonDocument.Parse(await Verb("till", "offline", "--json")).RootElement.GetProperty("openLeases").EnumerateArray());
        Assert.Equal(lease.GetProperty("lease").GetString(), told.GetProperty("lease").GetString());

        var (host, state) = await Start(0);
        using var client = new HttpClient();
        Assert.Equal(
            await client.GetByteArrayAsync(new Uri($"{host.Urls.First()}/till/v1/stores/S1/pack"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(_root, "s1.pack"), TestContext.Current.CancellationToken));
        await Stop(host, state);
        var (code, _, remarks) = await VolnaProcess.Run(_root, "till", "pack", "--store", "S9", "--out", "s9.pack", "--data", "shop");
        Assert.Equal(3, code);
        Assert.Contains("S9", remarks, StringComparison.Ordinal);
    }

    // A machine busy with other tests may take longer than a till waits.
    static async Task<Priced> Answered(TillClient till, Receipt receipt)
    {
        var priced = await till.PriceAsync(receipt);
        for (var left = 50; priced.Fallback == Fallback.TooSlow && left > 0; left--) priced = await till.PriceAsync(receipt);
        return priced;
    }

    static async Task Sent(TillClient till)
    {
        await till.ReplayAsync();
        for (var left = 50; till.Waiting > 0 && left > 0; left--) await till.ReplayAsync();
        Assert.Equal(0, till.Waiting);
    }

    Receipt Basket(string id, string customer = "anna", string store = "S1") => new(id, store, customer, _now, [new Line("1", "milk", 1, 10_000)]);

    /// <summary>Two customers of store S1 with an offer of 20 % on milk each, in a wave that allows off-line tills.</summary>
    async Task MakeShop()
    {
        foreach (var (name, text) in ((string, string)[])[
            ("stores.csv", "key,name\nS1,First\nS2,Second\n"), ("products.csv", "key,name,category,price\nmilk,Milk,Dairy,100.00\n"),
            ("customers.csv", "key,home_store\nanna,S1\nboris,S1\n")])
            await File.WriteAllTextAsync(Path.Combine(_root, name), text, TestContext.Current.CancellationToken);
        await Verb("import", "stores.csv", "products.csv", "customers.csv");
        using var state = StateStore.Open(Folder);
        var week = new Period(DateOnly.FromDateTime(DateTime.Today).AddDays(-1), DateOnly.FromDateTime(DateTime.Today).AddDays(6));
        using var pack = NewOfferPackStore.Create(Folder, "w", week);
        (int Number, string Key)[] customers = [(1, "anna"), (2, "boris")];
        foreach (var (number, key) in customers.OrderBy(customer => Hash64.Of(customer.Key)))
            pack.Add(new CustomerId(number), Hash64.Of(key), 0, heldOut: false, [Offer(number)]);
        const string Plan = """{ "till": { "offline": { "mode": "packs", "copies": 1 } } }""";
        new WaveStore(state).Add(new Wave("w", WaveStatus.Published, week, 1, Plan, "s", "m", pack.Commit(), "ann", "bob", DateTimeOffset.Now));
    }

    static Offer Offer(int customer) => new()
    {
        Customer = new CustomerId(customer),
        Index = 0,
        Target = 1,
        Depth = new Percent(2_000),
        Slot = SlotKind.Habit,
        Reason = CandidateReason.BoughtOften,
        Propensity = 1,
        RegularPrice = new Money(100_00),
    };

    async Task<string> Verb(params string[] arguments)
    {
        var (code, data, remarks) = await VolnaProcess.Run(_root, [.. arguments, "--data", "shop"]);
        Assert.True(code == 0, $"volna {string.Join(' ', arguments)} ended with {code}: {remarks}{data}");
        return data;
    }

    async Task<(WebApplication Host, StateStore State)> Start(int port)
    {
        var state = StateStore.Open(Folder);
        var host = Host.Build(Folder, state, new HostOptions(port), TimeProvider.System);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return (host, state);
    }

    static async Task Stop(WebApplication host, StateStore state)
    {
        await host.DisposeAsync();
        state.Dispose();
    }
}
