using System.Globalization;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Tests.Intake.Catalog;

public sealed class CatalogStoreTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly StateStore _state;
    readonly CatalogStore _catalog;

    public CatalogStoreTests()
    {
        _state = StateStore.Open(_folder.Data);
        _catalog = new CatalogStore(_state);
    }

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    void Run(string sql)
    {
        using var connection = _state.Connect();
        connection.Execute(sql);
    }

    static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public void A_new_data_folder_has_an_empty_catalogue()
    {
        var catalog = _catalog.Load(Day("2026-11-26"));

        Assert.Equal([null], catalog.Products);
        Assert.Equal([null], catalog.Categories);
        Assert.Equal([null], catalog.Stores);
        Assert.Empty(catalog.Stock);
        Assert.Equal([default], _catalog.LoadProfiles());
        Assert.Null(_catalog.FindCustomer("nobody"));
    }

    [Fact]
    public void A_product_comes_back_as_it_was_stored()
    {
        Run("""
            insert into category values (1, 'Food', 0), (2, 'Food/Dairy', 1);
            insert into product values (1, 'P1', 'Milk', 2, 'Meadow', 'Dairy Ltd', 8990, 9100, 1, 6100, 1, 7000, 'vegetarian chilled');
            insert into product (number, key, name) values (3, 'P3', 'Salt');
            """);

        var catalog = _catalog.Load(Day("2026-11-26"));

        var milk = catalog.FindProduct("P1")!;
        Assert.Equal((new ProductId(1), "Milk", "Meadow", "Dairy Ltd"), (milk.Id, milk.Name, milk.Brand, milk.Supplier));
        Assert.Equal((new Money(8990), new Money(6100), FloorPolicy.MinimumPrice, new Money(7000)), (milk.Price, milk.Cost, milk.Floor, milk.FloorPrice));
        Assert.Equal(["vegetarian", "chilled"], milk.Tags);
        Assert.True(catalog.IsWithin(milk.Category, catalog.FindCategory("Food")!.Id));
        Assert.False(catalog.IsWithin(catalog.FindCategory("Food")!.Id, milk.Category));
        Assert.Null(catalog.Products[2]);
        Assert.Equal((null, null), (catalog.Product(3).Price, catalog.Product(3).FloorPrice));
    }

    [Fact]
    public void The_price_file_of_the_day_comes_before_the_product_file_and_that_before_the_receipts()
    {
        Run("""
            insert into product (number, key, name, price_minor, seen_price_minor) values (1, 'A', 'A', null, 500), (2, 'B', 'B', 400, 500), (3, 'C', 'C', 400, 500);
            insert into price values (3, 0, '0001-01-01', 300), (3, 0, '2026-11-20', 200), (3, 0, '2026-11-27', 100), (3, 7, '2026-11-26', 250);
            """);

        string[] answers =
        [
            .. """
            day         product  store  price
            2026-11-26  1        1      500
            2026-11-26  2        1      400
            2026-11-19  3        1      300
            2026-11-20  3        1      200
            2026-11-26  3        1      200
            2026-11-27  3        1      100
            2026-11-25  3        7      200
            2026-11-26  3        7      250
            2026-11-27  3        7      250
            """.Split('\n').Skip(1),
        ];
        foreach (var line in answers)
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var price = _catalog.Load(Day(cells[0])).Price(int.Parse(cells[1], CultureInfo.InvariantCulture), int.Parse(cells[2], CultureInfo.InvariantCulture));
            Assert.True(price?.Minor.ToString(CultureInfo.InvariantCulture) == cells[3], $"{line}: {price}");
        }
    }

    [Fact]
    public void A_price_seen_on_the_day_or_later_is_not_known_yet()
    {
        Run($"insert into product (number, key, name, seen_price_minor, seen_minute) values (1, 'A', 'A', 500, {Clock.Minute(Day("2026-11-26")) + 600})");

        Assert.Equal([null, null, new Money(500)], new[] { "2026-11-25", "2026-11-26", "2026-11-27" }.Select(day => _catalog.Load(Day(day)).Product(1).Price));
    }

    [Fact]
    public void Rules_that_ended_before_the_day_are_left_out_and_later_ones_are_there()
    {
        Run("""
            insert into product (number, key, name) values (1, 'A', 'A');
            insert into exclusion values (3, 'alcohol', '0001-01-01', '9999-12-31', 0), (2, 'Meadow', '2026-11-01', '2026-11-26', 1), (2, 'Forest', '2026-11-01', '2026-11-27', 2);
            insert into mass_promotion values ('W47', 1, 0, 2000, '2026-11-19', '2026-11-26'), ('W48', 1, 2, 1550, '2026-11-30', '2026-12-03');
            """);

        var catalog = _catalog.Load(Day("2026-11-26"));

        Assert.Equal(
            [
                new Exclusion(TargetKind.Brand, "Forest", ExclusionReason.Other, new Period(Day("2026-11-01"), Day("2026-11-27"))),
                new Exclusion(TargetKind.Tag, "alcohol", ExclusionReason.Forbidden, new Period(DateOnly.MinValue, DateOnly.MaxValue)),
            ],
            catalog.Exclusions);
        Assert.Equal(
            [new MassPromotion("W48", new ProductId(1), new StoreId(2), Percent.Of(15.5m), new Period(Day("2026-11-30"), Day("2026-12-03")))], catalog.MassPromotions);
    }

    [Fact]
    public void Stock_and_vetoes_are_found_by_number()
    {
        Run("""
            insert into stock values (2, 3, 0, 1), (2, 1, 1500, 1);
            insert into dislike values (5, 3, 'pork', 1), (5, 0, 'P1', 0);
            """);

        var catalog = _catalog.Load(Day("2026-11-26"));

        Assert.Equal(new Quantity(1500), catalog.Stock[(2, 1)]);
        Assert.Equal([2], catalog.StoresWithStock);
        Assert.Equal(
            [
                new Dislike(new CustomerId(5), TargetKind.Product, "P1", DislikeReason.Feedback),
                new Dislike(new CustomerId(5), TargetKind.Tag, "pork", DislikeReason.Ethics),
            ],
            catalog.Dislikes[5]);
    }

    [Fact]
    public void Customers_come_back_as_profiles_and_contacts()
    {
        var hash = Kernels.Hash64.Of("C-1");
        Run($"""
            insert into customer (number, key, key_hash, first_name, last_name, email, phone, gender, birth_date, home_store, consents, language) values (1, 'C-1', {unchecked((long)hash)}, 'Анна', 'Орлова', 'anna@example.org', '+7 900 000-00-01', 1, '1988-03-09', 4, 7, 1);
            insert into customer (number, key, key_hash) values (2, 'C-2', 5);
            """);

        Assert.Equal(
            [
                default,
                new CustomerProfile(new CustomerId(1), hash, new StoreId(4), Channels.All, new DateOnly(1988, 3, 9), Gender.Female),
                new CustomerProfile(new CustomerId(2), 5, default, Channels.App | Channels.Print, null, Gender.Unknown),
            ],
            _catalog.LoadProfiles());
        Assert.Equal(new CustomerId(2), _catalog.FindCustomer("C-2"));
        Assert.Equal(
            [
                new Contact(new CustomerId(2), "C-2", "", "", "", "", null, Channels.App | Channels.Print),
                new Contact(new CustomerId(1), "C-1", "Анна", "Орлова", "anna@example.org", "+7 900 000-00-01", Language.Russian, Channels.All),
            ],
            _catalog.Contacts([new CustomerId(2), new CustomerId(1)]));
        Assert.Throws<InvalidOperationException>(() => _catalog.Contacts([new CustomerId(9)]));
    }
}
