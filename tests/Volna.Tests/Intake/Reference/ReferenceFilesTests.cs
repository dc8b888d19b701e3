using System.Globalization;
using Volna.Intake.Catalog;
using Volna.Intake.Files;
using Volna.Intake.Import;
using Volna.Intake.Letters;
using Volna.Tests.Intake.Import;

namespace Volna.Tests.Intake.Reference;

public sealed class ReferenceFilesTests : IDisposable
{
    readonly ImportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    Volna.Intake.Catalog.Catalog Load(string day = "2026-11-26") =>
        new CatalogStore(_scene.State).Load(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture));

    void Import(string name, string content)
    {
        var result = _scene.ImportOne(_scene.Write(name, content));
        Assert.Equal((FileOutcome.Done, 0), (result.Outcome, result.Rejected.Count));
    }

    /// <summary>Two products in a tree, two stores, two customers.</summary>
    void ImportBasics()
    {
        Import("products.csv", "key,name,category,tags\nP1,Milk,Food/Dairy/Milk,Vegetarian\nP2,Wine,Alcohol/Wine,alcohol\n");
        Import("stores.csv", "key,name\nS1,One\nS2,Two\n");
        Import("customers.csv", "key\nC1\nC2\n");
    }

    [Fact]
    public void The_tiny_sample_has_every_kind_and_comes_in_without_a_reject()
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.Repository, "samples/tiny"), "*.csv").Order(StringComparer.Ordinal).ToArray();

        var result = _scene.Import(files);

        Assert.All(result.Files, file => Assert.Equal((FileOutcome.Done, 0), (file.Outcome, file.Rejected.Count)));
        Assert.Equal(FileFormats.All.Select(format => format.Kind).Order(), result.Files.Select(file => file.Kind).Order());
        var catalog = Load();
        Assert.Equal((16, 2), (catalog.Products.Length - 1, catalog.Stores.Length - 1));
        Assert.Equal(new Money(9690), catalog.FindProduct("P001")!.Price);
        Assert.Equal(new Money(9290), catalog.Price(catalog.FindProduct("P001")!.Id.Value, catalog.FindStore("S2")!.Id.Value));
        Assert.Equal(61, _scene.Snapshot().Lines);
        Assert.Equal(10, new CatalogStore(_scene.State).LoadProfiles().Length - 1);
        Assert.Equal(5, catalog.Dislikes.Count);
        Assert.Equal(["W48-sweets"], catalog.MassPromotions.Select(promotion => promotion.Key));
        Assert.Empty(CatalogRemarks.Of(catalog));
    }

    [Fact]
    public void The_templates_fit_together()
    {
        // The reports on a wave's letters come after it was published.
        new LetterStore(_scene.State).Expect("2026-11-26");
        var folder = Path.Combine(_scene.Data.Root, "..", "templates");
        var files = TemplatesStore.Write(folder, dryRun: false).Select(file => file.Path).Where(path => path.EndsWith(".csv", StringComparison.Ordinal));

        Assert.All(_scene.Import([.. files]).Files, file => Assert.Equal((FileOutcome.Done, 0, 1), (file.Outcome, file.Rejected.Count, file.Stored)));
    }

    [Fact]
    public void A_wrong_value_rejects_its_row_with_one_reason()
    {
        ImportBasics();
        const string Cases = """
            kind             header                                        row                                          column       reason
            stores           key,time_zone                                 S3,Mars/Olympus                              time_zone    unknown-time-zone
            stores           key,time_zone                                 S3,Russian_Standard_Time                     time_zone    unknown-time-zone
            stores           key,name                                      ,Three                                       key          missing-value
            products         key,name,price                                P3,Salt,-1                                   price        negative-number
            products         key,name,cost                                 P3,Salt,-0.01                                cost         negative-number
            products         key,name,price                                P3,Salt,1e3                                  price        bad-number
            products         key,name,floor,floor_price                    P3,Salt,minimum-price,                       floor_price  missing-value
            products         key,name,floor                                P3,Salt,lowest                               floor        unknown-word
            customers        key,email                                     C3,anna.example.org                          email        bad-email
            customers        key,email                                     C3,@example.org                              email        bad-email
            customers        key,email                                     C3,a@b@example.org                           email        bad-email
            customers        key,birth_date                                C3,2026-11-27                                birth_date   future-date
            customers        key,birth_date                                C3,1899-12-31                                birth_date   date-out-of-range
            customers        key,birth_date                                C3,2026-02-30                                birth_date   bad-date
            customers        key,gender                                    C3,f                                         gender       unknown-word
            customers        key,consents                                  C3,app;fax                                   consents     unknown-word
            customers        key,consents                                  C3,none;app                                  consents     unknown-word
            customers        key,language                                  C3,de                                        language     unknown-word
            customers        key,consents,consents_date                    C3,app,2026-11-28                            consents_date future-date
            customers        key,consents,consents_date                    C3,app,yesterday                             consents_date bad-date
            customers        key,consents_date                             C3,2026-11-25                                consents     missing-value
            customers        key,consents,consents_date                    C3,,2026-11-25                               consents     missing-value
            prices           product,price                                 P9,10                                        product      unknown-product
            prices           product,store,price                           P1,S9,10                                     store        unknown-store
            prices           product,price                                 P1,-10                                       price        negative-number
            prices           product,price                                 P1,                                          price        missing-value
            stock            store,product,quantity                        S9,P1,1                                      store        unknown-store
            stock            store,product,quantity                        S1,P9,1                                      product      unknown-product
            stock            store,product,quantity                        S1,P1,-1                                     quantity     negative-number
            mass-promotions  key,product,discount,from,to                  W1,P1,101,2026-11-01,2026-11-02              discount     number-out-of-range
            mass-promotions  key,product,discount,from,to                  W1,P1,10,2026-11-02,2026-11-01               to           period-reversed
            mass-promotions  key,product,discount,from,to                  W1,P9,10,2026-11-01,2026-11-02               product      unknown-product
            mass-promotions  key,product,store,discount,from,to            W1,P1,S9,10,2026-11-01,2026-11-02            store        unknown-store
            exclusions       kind,value,reason                             product,P9,forbidden                         value        unknown-product
            exclusions       kind,value,reason                             category,Food/Milk,forbidden                 value        unknown-category
            exclusions       kind,value,reason                             colour,red,forbidden                         kind         unknown-word
            exclusions       kind,value,reason                             tag,alcohol,law                              reason       unknown-word
            exclusions       kind,value,reason,from,to                     tag,alcohol,other,2026-12-01,2026-11-30      to           period-reversed
            dislikes         customer,kind,value,reason                    C9,tag,pork,ethics                           customer     unknown-customer
            dislikes         customer,kind,value,reason                    C1,tag,pork,taste                            reason       unknown-word
            series           series,date,value                             ,2026-11-20,1                                series       missing-value
            series           series,date,value                             rain,,1                                      date         missing-value
            series           series,date,value                             rain,2026-11-31,1                            date         bad-date
            series           series,date,value                             rain,2026-11-20,                             value        missing-value
            series           series,date,value                             rain,2026-11-20,NaN                          value        bad-number
            series           series,date,value                             rain,2026-11-20,99999999999999999999         value        number-out-of-range
            series           series,date,city,value                        rain,2026-11-20,Atlantis,1                   city         unknown-city
            mail-events      customer,time,event                           C9,2026-11-20,opened                         customer     unknown-customer
            mail-events      customer,time,event                           ,2026-11-20,opened                           customer     missing-value
            mail-events      customer,wave,time,event                      C1,w9,2026-11-20,sent                        wave         unknown-wave
            mail-events      customer,wave,time,event                      C1,w9,2026-11-20,delivered                   wave         unknown-wave
            mail-events      customer,wave,time,event                      C1,w9,2026-11-20,opened                      wave         unknown-wave
            mail-events      customer,wave,time,event                      C1,w9,2026-11-20,clicked                     wave         unknown-wave
            mail-events      customer,time,event                           C1,2026-11-20T25:00,opened                   time         bad-date
            mail-events      customer,time,event                           C1,,opened                                   time         missing-value
            mail-events      customer,time,event                           C1,2026-11-28,opened                         time         future-date
            mail-events      customer,time,event                           C1,2026-11-20,softbounce                     event        unknown-word
            mail-events      customer,time,event                           C1,2026-11-20,                               event        missing-value
            mail-events      customer,time,event,email                     C1,2026-11-20,bounced,anna                   email        bad-email
            """;
        foreach (var (line, index) in Cases.Split('\n').Skip(1).Select((line, index) => (line, index)))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var result = _scene.ImportOne(_scene.Write($"{cells[0]}-{index}.csv", $"{cells[1]}\n{cells[2]}\n"));

            Assert.True(result is { Outcome: FileOutcome.Done, RowsRead: 1, Stored: 0 }, $"{line}: {result}");
            var (_, column, _, reason) = Assert.Single(ImportScene.Rejects(result));
            Assert.True((column, reason) == (cells[3], cells[4]), $"{line}: {column} {reason}");
        }

        // Nothing of a rejected row is left, not even its key.
        Assert.Equal((3, 3), (Load().Products.Length, Load().Stores.Length));
        Assert.Equal(3, new CatalogStore(_scene.State).LoadProfiles().Length);
    }

    [Fact]
    public void What_no_receipt_holds_and_has_its_first_price_lately_is_announced()
    {
        Import("products.csv", "key,name\nOld,Old\nNew,New\nSoon,Soon\nBought,Bought\nLong,Long\nUndated,Undated\nUnpriced,Unpriced\n");
        Import("prices.csv", "product,price,from\nOld,10,2026-01-01\nOld,11,2026-11-20\nNew,12.50,2026-11-20\nNew,13,2026-11-25\nSoon,14,2026-12-03\nBought,15,2026-11-20\nLong,16,2026-09-26\nUndated,17,\nUndated,18,2026-11-20\n");
        Import("receipts.csv", "receipt,time,customer,product,quantity,price,amount\nR1,2026-11-21 10:00:00,C1,Bought,1,15,15\n");

        foreach (var catalog in (Volna.Intake.Catalog.Catalog[])[Load(), new CatalogStore(_scene.State).LoadGoodsAndStores(new DateOnly(2026, 11, 26))])
            Assert.Equal(
                [("New", new DateOnly(2026, 11, 20), new Money(1250)), ("Soon", new DateOnly(2026, 12, 3), new Money(1400))],
                catalog.Announced.Select(one => (catalog.Product(one.Key).Key, one.Value.Day, one.Value.Price)).OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Series_are_kept_by_day_and_city_and_a_later_row_counts()
    {
        Import("stores.csv", "key,name,city\nS1,One,Omsk\n");
        Import("series-1.csv", "series,date,city,value\nrain,2027-01-01,,1\nrain,2026-11-20,Omsk,-2.5\n");
        Import("series-2.csv", "series,date,value\nrain,2027-01-01,3\n");

        var values = new CatalogStore(_scene.State).LoadSeries();
        Assert.Equal([new SeriesValue("rain", "", new DateOnly(2027, 1, 1), 3), new SeriesValue("rain", "Omsk", new DateOnly(2026, 11, 20), -2.5)], values);
    }

    [Fact]
    public void Category_paths_make_their_parents()
    {
        Import("products.csv", "key,name,category\nP1,Milk, Food / Dairy//Milk/\nP2,Cheese,Food/Dairy\nP3,Salt,\n");

        var catalog = Load();

        Assert.Equal(["Food", "Food/Dairy", "Food/Dairy/Milk"], catalog.Categories.OfType<Category>().Select(category => category.Path).Order(StringComparer.Ordinal));
        Assert.Equal("Food/Dairy", catalog.Categories[catalog.FindProduct("P2")!.Category.Value]!.Path);
        Assert.Equal(catalog.FindCategory("Food")!.Id, catalog.FindCategory("Food/Dairy")!.Parent);
        Assert.Equal(default, catalog.FindProduct("P3")!.Category);
    }

    [Fact]
    public void A_later_file_changes_only_the_columns_it_has()
    {
        Import("products-1.csv", "key,name,brand,price,tags\nP1,Milk,Meadow,89.90,vegetarian\nP2,Bread,Oven,54,\n");
        Import("products-2.csv", "key,price,tags\nP1,95.50,\n");

        var milk = Load().FindProduct("P1")!;
        Assert.Equal(("Milk", "Meadow", new Money(9550), 0), (milk.Name, milk.Brand, milk.Price, milk.Tags.Length));
        Assert.Equal(new Money(5400), Load().FindProduct("P2")!.Price);
    }

    [Fact]
    public void Of_two_rows_about_the_same_thing_the_later_one_counts()
    {
        ImportBasics();
        Import("prices.csv", "product,price,from\nP1,10,2026-11-01\nP1,12,2026-11-01\n");
        Import("products-again.csv", "key,name\nP1,Old\nP1,New\n");

        Assert.Equal(("New", new Money(1200)), (Load().FindProduct("P1")!.Name, Load().FindProduct("P1")!.Price));
    }

    [Fact]
    public void A_product_without_a_name_is_called_by_its_number()
    {
        Import("products.csv", "key,name\nP1,\n");

        Assert.Equal("P1", Load().FindProduct("P1")!.Name);
    }

    [Fact]
    public void A_customer_keeps_her_consents_when_a_file_says_nothing_of_them()
    {
        Import("customers-1.csv", "key,first_name,email,consents,language,birth_date,gender\nC1,Anna,anna@example.org,none,ru,1988-03-09,Female\nC2,Emma,,\"email; print\",en,,\n");
        Import("customers-2.csv", "key,first_name,email,consents\nC1,Anna,,\nC3,New,,\n");

        var profiles = new CatalogStore(_scene.State).LoadProfiles();
        Assert.Equal([Channels.None, Channels.Email | Channels.Print, Channels.App | Channels.Print], profiles.Skip(1).Select(profile => profile.Consents));
        Assert.Equal((new DateOnly(1988, 3, 9), Gender.Female, Kernels.Hash64.Of("C1")), (profiles[1].BirthDate, profiles[1].Gender, profiles[1].KeyHash));
        var contact = Assert.Single(new CatalogStore(_scene.State).Contacts([new CustomerId(1)]));
        Assert.Equal(("", Language.Russian), (contact.Email, contact.Language));
    }

    [Fact]
    public void Stock_of_a_named_store_is_replaced_and_other_stores_keep_theirs()
    {
        ImportBasics();
        Import("stock-1.csv", "store,product,quantity\nS1,P1,5\nS1,P2,6\nS2,P1,7\n");
        Import("stock-2.csv", "store,product,quantity\nS1,P2,0.5\n");

        var catalog = Load();
        Assert.Equal(
            [((1, 2), new Quantity(500)), ((2, 1), new Quantity(7000))],
            catalog.Stock.OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value)));
        Assert.Equal([1, 2], catalog.StoresWithStock.Order());
    }

    [Fact]
    public void Stock_in_several_chunks_is_one_file_all_the_same()
    {
        ImportBasics();
        Import("stock-1.csv", "store,product,quantity\nS1,P1,5\n");
        var path = _scene.Write("stock-2.csv", "store,product,quantity\nS1,P1,1\nS1,P2,2\n");

        _scene.Import(new ImportRequest([path]) { ChunkRows = 1 });

        Assert.Equal([new Quantity(1000), new Quantity(2000)], Load().Stock.OrderBy(entry => entry.Key).Select(entry => entry.Value));
    }

    [Fact]
    public void Periods_name_their_last_day_and_open_ends_stay_open()
    {
        ImportBasics();
        Import("exclusions.csv", "kind,value,reason,from,to\ntag,Alcohol,forbidden,,\ncategory,Food/Dairy/,low-margin,2026-11-01,2026-11-30\n");
        Import("mass-promotions.csv", "key,product,store,discount,from,to\nW1,P1,,12.5,2026-11-20,2026-11-26\n");

        Assert.Equal(
            [
                new Exclusion(TargetKind.Category, "Food/Dairy", ExclusionReason.LowMargin, new Period(new(2026, 11, 1), new(2026, 12, 1))),
                new Exclusion(TargetKind.Tag, "alcohol", ExclusionReason.Forbidden, new Period(DateOnly.MinValue, DateOnly.MaxValue)),
            ],
            Load().Exclusions);
        Assert.Equal(new Period(new(2026, 11, 20), new(2026, 11, 27)), Assert.Single(Load().MassPromotions).Period);
        Assert.Empty(Load("2026-11-27").MassPromotions);
    }

    [Fact]
    public void The_first_of_two_states_comes_back_with_its_file()
    {
        ImportBasics();
        var (monday, tuesday) = (_scene.Write("stock-1.csv", "store,product,quantity\nS1,P1,5\nS1,P2,5\n"), _scene.Write("stock-2.csv", "store,product,quantity\nS1,P1,6\n"));
        _scene.Import(monday);
        _scene.Import(tuesday);
        _scene.Import(monday);

        Assert.Equal([new Quantity(5000), new Quantity(5000)], Load().Stock.OrderBy(entry => entry.Key).Select(entry => entry.Value));
    }

    [Fact]
    public void A_row_whose_link_was_missing_comes_in_when_its_file_is_imported_again()
    {
        var prices = _scene.Write("prices.csv", "product,price\nP1,10\n");
        Assert.Equal(1, _scene.ImportOne(prices).Rejected[RejectReason.UnknownProduct]);

        Import("products.csv", "key,name\nP1,Milk\n");
        var again = _scene.ImportOne(prices);

        Assert.Equal((1, 0), (again.Stored, again.Rejected.Count));
        Assert.Equal(new Money(1000), Load().FindProduct("P1")!.Price);
    }
}
