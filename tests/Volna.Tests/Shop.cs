using System.Globalization;
using System.Text;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Journal;

namespace Volna.Tests;

/// <summary>A small shop with a catalogue, and waves whose offers a test names.</summary>
sealed class Shop : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.FromHours(3));

    readonly TemporaryFolder _folder = new();
    readonly List<LiveDayStore> _live = [];

    /// <param name="postgres">Where the tills' journal is, if not in the folder.</param>
    public Shop(string? postgres = null) => State = StateStore.Open(Data = _folder.Data with { TillPostgres = postgres });

    public DataFolder Data { get; }

    public StateStore State { get; }

    public static Period Week { get; } = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3));

    public void AddStore(int number, string key, string timeZone = "") =>
        Run("insert into store (number, key, time_zone) values (@number, @key, @timeZone)", new { number, key, timeZone });

    public void AddProduct(int number, string key, string name = "", long price = 100_00, FloorPolicy floor = FloorPolicy.None, long? floorPrice = null, int category = 0) =>
        Run(
            "insert into product (number, key, name, category, price_minor, floor, floor_price_minor) values (@number, @key, @name, @category, @price, @floor, @floorPrice)",
            new { number, key, name = name.Length > 0 ? name : key, category, price, floor = (int)floor, floorPrice });

    public void AddCustomer(int number, string key, string first = "", string last = "", string email = "", Channels consents = Channels.All, Language? language = null) =>
        Run(
            "insert into customer (number, key, key_hash, first_name, last_name, email, consents, language) values (@number, @key, @hash, @first, @last, @email, @consents, @language)",
            new { number, key, hash = unchecked((long)Hash64.Of(key)), first, last, email, consents = (int)consents, language = (int?)language });

    public void AddPromotion(int product, int store, int percent) =>
        Run("insert into mass_promotion (key, product, store, discount_basis_points, start_day, end_day) values ('p', @product, @store, @percent * 100, '2026-11-26', '2026-12-03')", new { product, store, percent });

    /// <summary>An approved wave of this week.</summary>
    /// <param name="offers">For each assigned customer, by key and number: her offers, or null if she is held out.</param>
    public string AddWave(string id, IEnumerable<(int Number, string Key, IReadOnlyList<Offer>? Offers)> offers, string plan = "{}", WaveStatus status = WaveStatus.Approved, Period? validity = null, Channels closed = Channels.None)
    {
        string digest;
        using (var pack = NewOfferPackStore.Create(Data, id, validity ?? Week))
        {
            foreach (var (number, key, own) in offers.OrderBy(customer => Hash64.Of(customer.Key)))
                pack.Add(new CustomerId(number), Hash64.Of(key), 0, own is null, own ?? [], own is null ? Channels.None : closed);
            digest = pack.Commit();
        }

        new WaveStore(State).Add(new Wave(id, status, validity ?? Week, 1, plan, "s", "m", digest, "ann", "bob", Now));
        return id;
    }

    /// <summary>A wave whose offers can be redeemed.</summary>
    public string AddPublishedWave(string id, params (int Number, string Key, IReadOnlyList<Offer>? Offers)[] offers) => AddWave(id, offers, status: WaveStatus.Published);

    public static Offer Offer(int customer, int index, int product, int percent, long floor = 0, CandidateReason reason = CandidateReason.BoughtOften, int because = 0, long price = 100_00) => new()
    {
        Customer = new CustomerId(customer),
        Index = index,
        Target = product,
        Depth = new Percent(percent * 100),
        Slot = SlotKind.Habit,
        Reason = reason,
        Because = because,
        Propensity = 1,
        Floor = new Money(floor),
        RegularPrice = new Money(price),
    };

    /// <param name="journal">In place of the folder's; closed with the till.</param>
    public Till OpenTill(TimeProvider? clock = null, IJournal? journal = null)
    {
        _live.Add(new LiveDayStore(Data, State, clock ?? TimeProvider.System));
        return Till.Open(Data, State, _live[^1], clock ?? TimeProvider.System, journal ?? JournalStore.Open(Data));
    }

    /// <summary>A receipt of store S at noon.</summary>
    public static TillReceipt Receipt(string id, string customer, params (string Product, decimal Quantity, long Price)[] lines) => new(
        id, "S", customer, Now, [.. lines.Select((line, i) => new TillLine($"{i + 1}", line.Product, Quantity.Of(line.Quantity), new Money(line.Price)))]);

    /// <summary>Imports files of native columns; each has to be taken.</summary>
    public void Import(DateTime now, params (string Name, string Content)[] files)
    {
        var paths = files.Select(file => Path.Combine(Data.Root, file.Name)).ToList();
        foreach (var (path, (_, content)) in paths.Zip(files)) File.WriteAllText(path, content);
        var result = ImportJob.Run(Data, State, new ImportRequest([.. paths]), now, null, TestContext.Current.CancellationToken);
        Assert.All(result.Files, file => Assert.Null(file.Failure));
    }

    /// <summary>Imports what seventy customers bought who come once a week, ten on each day of it: enough to learn from in a quarter of a year.</summary>
    /// <param name="until">The first day without receipts.</param>
    public void ImportHabits(DateOnly from, DateOnly until)
    {
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = from; day < until; day = day.AddDays(1))
            for (var customer = day.DayNumber % 7; customer < 70; customer += 7)
            {
                var draw = new Draw(1, "habits", (ulong)((day.DayNumber * 100) + customer));
                foreach (var product in (int[])[customer % 12, draw.NextBelow(12), draw.NextBelow(12)])
                    receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{customer},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:00},P{product:00},1,100,100\n");
            }

        Import(
            until.ToDateTime(default),
            ("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\n"),
            ("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\n" + string.Concat(Enumerable.Range(0, 12).Select(product => $"P{product:00},{product},Food/{product % 4},,Big,100,60,none,,\n"))),
            ("customers.csv", "key,home_store,consents\n" + string.Concat(Enumerable.Range(0, 70).Select(customer => $"C{customer:00},S1,app\n"))),
            ($"receipts-{until:yyyy-MM-dd}.csv", receipts.ToString()));
    }

    public void Run(string sql, object? values = null)
    {
        using var connection = State.Connect();
        connection.Execute(sql, values);
    }

    public void RunInJournal(string sql)
    {
        using var connection = StateStore.Connect($"Data Source={Data.TillJournal}");
        connection.Execute(sql);
    }

    public void Dispose()
    {
        foreach (var live in _live) live.Dispose();
        State.Dispose();
        _folder.Dispose();
    }
}
