using System.Collections.Immutable;
using System.Data;
using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Intake.History;
using Volna.Intake.Reference;

namespace Volna.Intake.Catalog;

/// <summary>Reads goods, stores, rules and customers from the state database.</summary>
public sealed class CatalogStore(StateStore state)
{
    /// <summary>What has a price for longer and still no buyer isn't new any more.</summary>
    const int AnnouncedWithinDays = 60;

    /// <summary>
    /// Loads the catalogue as it holds on a day. A product's price is that of the price file on that day; without one, that of the product file;
    /// without one, the latest seen on a receipt, unless that was on the day or later. Exclusions and promotions that ended before the day are left out; later ones are there.
    /// </summary>
    public Catalog Load(DateOnly day)
    {
        using var connection = state.Connect();
        // One transaction, so that an import running meanwhile is seen whole or not at all.
        using var transaction = connection.BeginTransaction(deferred: true);
        var (prices, storePrices) = LoadPrices(connection, transaction, day);
        var stock = LoadStock(connection, transaction);
        return new Catalog
        {
            Products = LoadProducts(connection, transaction, prices, day),
            Categories = LoadCategories(connection, transaction),
            Stores = LoadStores(connection, transaction),
            Exclusions = LoadExclusions(connection, transaction, day),
            MassPromotions = LoadMassPromotions(connection, transaction, day),
            Dislikes = LoadDislikes(connection, transaction),
            Stock = stock,
            StoresWithStock = stock.Stores,
            StorePrices = storePrices,
            Announced = LoadAnnounced(connection, transaction, day),
        };
    }

    /// <summary>What tills, learning and the check of a plan need of the catalogue on a day: goods, prices, stores, exclusions and mass promotions; no vetoes nor stock, which may be millions.</summary>
    public Catalog LoadGoodsAndStores(DateOnly day)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        var (prices, storePrices) = LoadPrices(connection, transaction, day);
        return new Catalog
        {
            Products = LoadProducts(connection, transaction, prices, day),
            Categories = LoadCategories(connection, transaction),
            Stores = LoadStores(connection, transaction),
            Exclusions = LoadExclusions(connection, transaction, day),
            MassPromotions = LoadMassPromotions(connection, transaction, day),
            StorePrices = storePrices,
            Announced = LoadAnnounced(connection, transaction, day),
        };
    }

    public long CountCustomers()
    {
        using var connection = state.Connect();
        return connection.ExecuteScalar<long>("select count(*) from customer");
    }

    /// <summary>Customers by number; entry 0 is default.</summary>
    /// <param name="share">Of a sample, chosen by the hash of the key and so the same on every machine; the others' entries are default. 1 for all.</param>
    /// <param name="asFiled">True for consents as files of customers give them, whatever became of letters.</param>
    public CustomerProfile[] LoadProfiles(double share = 1, bool asFiled = false)
    {
        using var connection = state.Connect();
        return ReadProfiles(connection, "(key_hash >> 20) & 1048575 < @value", (long)Math.Ceiling(share * (1 << 20)), asFiled);
    }

    /// <summary>The same with one customer's entry filled only.</summary>
    public CustomerProfile[] LoadProfile(CustomerId customer)
    {
        using var connection = state.Connect();
        return ReadProfiles(connection, "number = @value", customer.Value);
    }

    static CustomerProfile[] ReadProfiles(SqliteConnection connection, string where, long value, bool asFiled = false)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var profiles = new CustomerProfile[connection.ExecuteScalar<int>("select coalesce(max(number), 0) + 1 from customer", transaction: transaction)];
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        // Days as numbers such as 19880309: there are millions, and making texts of them would take half of the time.
        command.CommandText = $"select number, key_hash, home_store, {(asFiled ? "consents" : "iif(is_dead, agreed & ~2, agreed)")}, coalesce(cast(replace(birth_date, '-', '') as integer), 0), gender from customer where {where}";
        command.Parameters.AddWithValue("@value", value);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var number = reader.GetInt32(0);
            var birth = reader.GetInt32(4);
            profiles[number] = new CustomerProfile(
                new CustomerId(number), unchecked((ulong)reader.GetInt64(1)), new StoreId(reader.GetInt32(2)), (Channels)reader.GetInt32(3),
                birth == 0 ? null : new DateOnly(birth / 10_000, birth / 100 % 100, birth % 100), (Gender)reader.GetInt32(5));
        }

        return profiles;
    }

    /// <summary>The number of a customer by the retailer's key, or null.</summary>
    public CustomerId? FindCustomer(string key)
    {
        using var connection = state.Connect();
        return connection.QuerySingleOrDefault<int?>("select number from customer where key = @key", new { key }) is { } number ? new CustomerId(number) : null;
    }

    /// <summary>Names and addresses of some customers, in the order asked for; an address from which letters came back counts as none.</summary>
    /// <exception cref="InvalidOperationException">There is no customer with such a number.</exception>
    public IReadOnlyList<Contact> Contacts(IReadOnlyList<CustomerId> customers)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "select key, first_name, last_name, iif(is_dead, '', email), phone, language, agreed from customer where number = @number";
        var number = command.Parameters.Add("@number", SqliteType.Integer);
        var contacts = new List<Contact>(customers.Count);
        foreach (var customer in customers)
        {
            number.Value = customer.Value;
            using var reader = command.ExecuteReader();
            if (!reader.Read()) throw new InvalidOperationException($"There is no customer with number {customer.Value}.");
            contacts.Add(new Contact(
                customer, reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : (Language)reader.GetInt32(5), (Channels)reader.GetInt32(6)));
        }

        return contacts;
    }

    /// <summary>Weather, events and other series by day, those known ahead too.</summary>
    public ImmutableArray<SeriesValue> LoadSeries()
    {
        using var connection = state.Connect();
        using var reader = connection.ExecuteReader("select series, city, day, value_thousandths from series_value order by series, city, day");
        var values = ImmutableArray.CreateBuilder<SeriesValue>();
        while (reader.Read()) values.Add(new SeriesValue(reader.GetString(0), reader.GetString(1), Day(reader, 2), reader.GetInt64(3) / 1000.0));
        return values.ToImmutable();
    }

    /// <summary>All cities that have a store.</summary>
    internal static IReadOnlySet<string> Cities(StateStore state)
    {
        using var connection = state.Connect();
        return connection.Query<string>("select distinct city from store where city <> ''").ToHashSet();
    }

    /// <summary>All paths of the category tree.</summary>
    internal static IReadOnlySet<string> CategoryPaths(StateStore state)
    {
        using var connection = state.Connect();
        return connection.Query<string>("select path from category").ToHashSet();
    }

    static ImmutableArray<Product?> LoadProducts(SqliteConnection connection, SqliteTransaction transaction, Dictionary<int, Money> prices, DateOnly day)
    {
        var products = ByNumber<Product>(connection, transaction, "product");
        using var reader = connection.ExecuteReader(
            """
            select number, key, name, category, brand, supplier, coalesce(price_minor, case when seen_minute >= @from then null else seen_price_minor end),
              cost_minor, floor, floor_price_minor, tags
            from product
            """,
            new { from = Clock.Minute(day) }, transaction);
        while (reader.Read())
        {
            var number = reader.GetInt32(0);
            products[number] = new Product(new ProductId(number), reader.GetString(1), reader.GetString(2))
            {
                Category = new CategoryId(reader.GetInt32(3)),
                Brand = reader.GetString(4),
                Supplier = reader.GetString(5),
                Price = prices.TryGetValue(number, out var price) ? price : MoneyOrNull(reader, 6),
                Cost = MoneyOrNull(reader, 7),
                Floor = (FloorPolicy)reader.GetInt32(8),
                FloorPrice = MoneyOrNull(reader, 9),
                Tags = [.. reader.GetString(10).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            };
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(products);
    }

    static ImmutableArray<Category?> LoadCategories(SqliteConnection connection, SqliteTransaction transaction)
    {
        var categories = ByNumber<Category>(connection, transaction, "category");
        using var reader = connection.ExecuteReader("select number, path, parent from category", transaction: transaction);
        while (reader.Read())
            categories[reader.GetInt32(0)] = new Category(new CategoryId(reader.GetInt32(0)), reader.GetString(1), new CategoryId(reader.GetInt32(2)));
        return ImmutableCollectionsMarshal.AsImmutableArray(categories);
    }

    static ImmutableArray<Store?> LoadStores(SqliteConnection connection, SqliteTransaction transaction)
    {
        var stores = ByNumber<Store>(connection, transaction, "store");
        using var reader = connection.ExecuteReader("select number, key, name, city, time_zone from store", transaction: transaction);
        while (reader.Read())
            stores[reader.GetInt32(0)] = new Store(new StoreId(reader.GetInt32(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
        return ImmutableCollectionsMarshal.AsImmutableArray(stores);
    }

    static (Dictionary<int, Money> Everywhere, Dictionary<(int Store, int Product), Money> ByStore) LoadPrices(
        SqliteConnection connection, SqliteTransaction transaction, DateOnly day)
    {
        var everywhere = new Dictionary<int, Money>();
        var byStore = new Dictionary<(int, int), Money>();
        using var reader = connection.ExecuteReader(
            "select product, store, price_minor from price where start_day <= @day order by product, store, start_day", new { day = day.Iso() }, transaction);
        while (reader.Read())
        {
            // In the order of days, so the last one stays.
            var (product, store, price) = (reader.GetInt32(0), reader.GetInt32(1), new Money(reader.GetInt64(2)));
            if (store == 0) everywhere[product] = price;
            else byStore[(store, product)] = price;
        }

        return (everywhere, byStore);
    }

    /// <summary>The oldest prices of all, those without a day before all others, announce nothing: they are there since prices are sent at all.</summary>
    static Dictionary<int, Announcement> LoadAnnounced(SqliteConnection connection, SqliteTransaction transaction, DateOnly day)
    {
        var announced = new Dictionary<int, Announcement>();
        using var reader = connection.ExecuteReader(
            """
            select product, first_day, (select max(price_minor) from price where price.product = first.product and price.start_day = first.first_day)
            from (select product, min(start_day) as first_day from price group by product) first
            where first_day >= @from and first_day > (select min(start_day) from (select start_day from price union all select '' from product where price_minor is not null))
              and exists (select 1 from product where product.number = first.product and product.seen_minute is null)
            """,
            new { from = day.AddDays(-AnnouncedWithinDays).Iso() }, transaction);
        while (reader.Read()) announced.Add(reader.GetInt32(0), new Announcement(Day(reader, 1), new Money(reader.GetInt64(2))));
        return announced;
    }

    static StockTable LoadStock(SqliteConnection connection, SqliteTransaction transaction)
    {
        var stock = new StockTable();
        // In the order in which it lies: looking for millions of rows in another takes longer than sorting them.
        using var reader = connection.ExecuteReader("select store, product, quantity_thousandths from stock", transaction: transaction);
        while (reader.Read()) stock.Add(reader.GetInt32(0), reader.GetInt32(1), new Quantity(reader.GetInt64(2)));
        stock.Sort();
        return stock;
    }

    static ImmutableArray<Exclusion> LoadExclusions(SqliteConnection connection, SqliteTransaction transaction, DateOnly day)
    {
        var exclusions = ImmutableArray.CreateBuilder<Exclusion>();
        using var reader = connection.ExecuteReader(
            "select kind, value, reason, start_day, end_day from exclusion where end_day > @day order by kind, value, start_day", new { day = day.Iso() }, transaction);
        while (reader.Read())
            exclusions.Add(new Exclusion(
                (TargetKind)reader.GetInt32(0), reader.GetString(1), (ExclusionReason)reader.GetInt32(2), new Period(Day(reader, 3), Day(reader, 4))));
        return exclusions.ToImmutable();
    }

    static ImmutableArray<MassPromotion> LoadMassPromotions(SqliteConnection connection, SqliteTransaction transaction, DateOnly day)
    {
        var promotions = ImmutableArray.CreateBuilder<MassPromotion>();
        using var reader = connection.ExecuteReader(
            "select key, product, store, discount_basis_points, start_day, end_day from mass_promotion where end_day > @day order by key, product, store",
            new { day = day.Iso() }, transaction);
        while (reader.Read())
            promotions.Add(new MassPromotion(
                reader.GetString(0), new ProductId(reader.GetInt32(1)), new StoreId(reader.GetInt32(2)), new Percent(reader.GetInt32(3)),
                new Period(Day(reader, 4), Day(reader, 5))));
        return promotions.ToImmutable();
    }

    static Dictionary<int, ImmutableArray<Dislike>> LoadDislikes(SqliteConnection connection, SqliteTransaction transaction)
    {
        var dislikes = new List<Dislike>();
        using var reader = connection.ExecuteReader("select customer, kind, value, reason from dislike order by customer, kind, value", transaction: transaction);
        while (reader.Read())
            dislikes.Add(new Dislike(new CustomerId(reader.GetInt32(0)), (TargetKind)reader.GetInt32(1), reader.GetString(2), (DislikeReason)reader.GetInt32(3)));
        return dislikes.GroupBy(dislike => dislike.Customer.Value).ToDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    /// <summary>An empty array with a place for each number of a table.</summary>
    static T?[] ByNumber<T>(SqliteConnection connection, SqliteTransaction transaction, string table) =>
        new T?[connection.ExecuteScalar<int>($"select coalesce(max(number), 0) + 1 from {table}", transaction: transaction)];

    static Money? MoneyOrNull(IDataReader reader, int column) => reader.IsDBNull(column) ? null : new Money(reader.GetInt64(column));

    static DateOnly Day(IDataReader reader, int column) => DateOnly.ParseExact(reader.GetString(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
