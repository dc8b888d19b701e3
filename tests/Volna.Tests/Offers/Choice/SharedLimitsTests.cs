using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Choice;

public sealed class SharedLimitsTests
{
    static PlanLimit Limit(string name, string product, StoreRule? where, int? most = 5, decimal? ofStock = null) =>
        new(name, TargetKind.Product, product, null, most, null) { Where = where, MostOfStock = ofStock };

    static StoreRule Stores(params string[] keys) => new([.. keys], [], StoreUnit.Together);

    static StoreRule Cities(params string[] names) => new([], [.. names], StoreUnit.Together);

    static StoreRule Each(StoreUnit unit) => new([], [], unit);

    /// <summary>Budgets of a supplier who pays a share count its own money: 100 of it suffice for discounts of 250. Others count whole discounts.</summary>
    [Fact]
    public void A_suppliers_budget_counts_what_the_supplier_pays()
    {
        var plan = MadeShop.SamplePlan with
        {
            SupplierShares = MadeShop.SamplePlan.SupplierShares.Add("S1", new Percent(4_000)),
            Limits = [.. ((string[])["S1", "s1", "S2"]).Select(supplier => new PlanLimit(supplier, TargetKind.Supplier, supplier, new Money(100), null, null)), new PlanLimit("all", TargetKind.Basket, "", new Money(100), null, null)],
        };
        var limits = new SharedLimits(plan, new MadeShop(1, customers: 1).Catalog);
        Assert.Equal([250_000, 250_000, 100_000, 100_000], limits.Limits.Select(limit => limit.Most));
        var told = limits.Outcomes(limits.Limits.Select(limit => new LimitUse(limit.Most / 2, 1.5))).Select(limit => limit.Told()).ToList();
        Assert.All(told, limit => Assert.Equal((100_000, 50_000), (limit.Most, limit.Used)));
        Assert.Equal([3.75, 3.75, 1.5, 1.5], told.Select(limit => Math.Round(limit.Price, 9)));
    }

    // Three stores: s1 and s2 in Kazan, s3 in Omsk; only s1 sends its stock. 0 is a customer whose store nobody knows.
    [Fact]
    public void A_limit_counts_its_goods_for_customers_of_its_stores()
    {
        var catalog = new MadeShop(1, customers: 1).Catalog;
        var plan = MadeShop.SamplePlan with
        {
            Limits =
            [
                Limit("everywhere", "p2", null), Limit("in s1", "p2", Stores("s1")), Limit("Kazan", "p2", Cities("KAZAN")), Limit("s3 or Kazan", "p3", new StoreRule(["s3"], ["Kazan"], StoreUnit.Together)),
                Limit("store", "p4", Each(StoreUnit.Store)), Limit("city", "p5", Each(StoreUnit.City)), Limit("stock", "p6", null, null, 1.5m), Limit("Omsk's stock", "p6", Cities("Omsk"), null, 1),
            ],
        };
        var limits = new SharedLimits(plan, catalog);
        const string Table = """
            product  store  limits
            1        1      -
            2        0      everywhere
            2        1      everywhere; in s1; Kazan
            2        2      everywhere; Kazan
            2        3      everywhere
            3        0      -
            3        1      s3 or Kazan
            3        3      s3 or Kazan
            4        0      -
            4        2      store, s2
            5        1      city, Kazan
            5        3      city, Omsk
            6        1      stock: p6
            6        2      -
            6        3      -
            """;
        Assert.All(Table.Split('\n').Skip(1), line =>
        {
            var (product, store, expected) = (int.Parse(line[..9], null), int.Parse(line[9..16], null), line[16..].Trim());
            var good = limits.GoodOf(product, store);
            Assert.Equal(product, limits.ProductOf(good));
            var names = string.Join("; ", limits.Problem(plan, []).Goods[good].Limits.Select(limit => limits.Limits[limit].Name));
            Assert.Equal((line, expected), (line, names.Length == 0 ? "-" : names));
        });
        // Two pieces of p6 are in s1.
        Assert.Equal((3, true), (limits.Limits.Single(limit => limit.Name == "stock: p6").Most, limits.Limits.Single(limit => limit.Name == "stock: p6").IsStock));
    }

    [Fact]
    public void A_city_is_one_however_it_is_written()
    {
        var catalog = new MadeShop(1, customers: 1).Catalog;
        catalog = new Catalog { Categories = catalog.Categories, Products = catalog.Products, Stores = [.. catalog.Stores.Select(store => store?.Key == "s2" ? store with { City = "KAZAN" } : store)] };
        var limits = new SharedLimits(MadeShop.SamplePlan with { Limits = [Limit("city", "p5", Each(StoreUnit.City))] }, catalog);
        Assert.Equal(["city, Kazan", "city, Omsk"], limits.Limits.Select(limit => limit.Name));
        Assert.Equal(limits.GoodOf(5, 1), limits.GoodOf(5, 2));
    }

    [Fact]
    public void A_limit_on_all_products_is_one_on_all_goods()
    {
        var catalog = new MadeShop(1, customers: 1).Catalog;
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("all", TargetKind.Basket, "", new Money(1_000_00), null, null), Limit("in s1", "p2", Stores("s1"))] };
        Assert.Null(catalog.Products[0]);
        Assert.All(new SharedLimits(plan, catalog).Problem(plan, []).Goods, good => Assert.Contains(0, good.Limits));
    }

    // The whole basket has the number of no product.
    [Fact]
    public void A_limit_on_all_counts_whole_baskets_and_no_other_does()
    {
        var catalog = new MadeShop(1, customers: 1).Catalog;
        PlanLimit All(string name, StoreRule? where = null, decimal? ofStock = null) => new(name, TargetKind.Basket, "", new Money(1), ofStock is null ? null : 5, null) { Where = where, MostOfStock = ofStock };
        var plan = MadeShop.SamplePlan with
        {
            SlotKinds = MadeShop.SamplePlan.SlotKinds.Add(SlotKind.Basket, new SlotTerms(4, 0, null)),
            Limits = [All("all"), All("in s1", Stores("s1")), All("stock", ofStock: 1), new PlanLimit("food", TargetKind.Category, "Food", new Money(1), null, null)],
        };
        var limits = new SharedLimits(plan, catalog);
        string[] Of(int store) => [.. limits.Problem(plan, []).Goods[limits.GoodOf(0, store)].Limits.Select(limit => limits.Limits[limit].Name).Distinct()];
        Assert.Equal((0, 0), (limits.ProductOf(limits.GoodOf(0, 1)), limits.ProductOf(limits.GoodOf(0, 2))));
        Assert.Equal(["all", "in s1", "stock"], Of(1));
        Assert.Equal(["all", "stock"], Of(2));
    }

    [Fact]
    public void A_promise_is_kept_where_it_holds()
    {
        var shop = new MadeShop(31);
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("launch", TargetKind.Brand, "B4", null, null, 20) { Where = Cities("Omsk") }] };
        var wave = MadeShop.MadeWave("w");
        var (_, statistics) = GenerateWaveJob.Run(shop.Inputs(wave, plan), new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);
        Assert.InRange(Assert.Single(statistics.Limits).Used, 20, long.MaxValue);
    }

    // Enough customers that prices are found for a sample first, and options left out by them.
    [Fact]
    public void What_is_left_out_for_the_prices_of_stores_costs_next_to_nothing()
    {
        var shop = new MadeShop(32, customers: 4_500, products: 60);
        var limits = ImmutableArray.Create(
            new PlanLimit("all", TargetKind.Basket, "", Money.FromMajor(9_000), null, null),
            new PlanLimit("store", TargetKind.Basket, "", null, 1_200, null) { Where = Each(StoreUnit.Store) },
            new PlanLimit("brands", TargetKind.Brand, "B5", Money.FromMajor(200), 200, null) { Where = Each(StoreUnit.City) },
            new PlanLimit("stock", TargetKind.Basket, "", null, null, null) { MostOfStock = 20 });
        var (wave, plan) = (MadeShop.MadeWave("w"), MadeShop.SamplePlan with { Limits = limits, ExplorationShare = 0 });
        using var folder = new TemporaryFolder();
        var (_, sieved) = GenerateWaveJob.Run(shop.Inputs(wave, plan), new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);

        var inputs = shop.Inputs(wave, plan);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        var whole = ValuedWave.Of(inputs, inputs.Goods(GenerateWaveJob.FindLastSold(inputs, parallel, null)), 1, parallel);
        var free = Allocate.Run(whole.Problem, null, 2, null, parallel.CancellationToken);
        Assert.True(sieved.Options < whole.Problem.Options / 2, $"{sieved.Options} of {whole.Problem.Options} options");
        Assert.True(sieved.Limits.Count(limit => limit.Price > 0) > 10, string.Join(' ', sieved.Limits.Where(limit => limit.Price > 0)));
        Assert.True(sieved.ValueMinor > free.ValueMilli / 1_000.0 * 0.998 && sieved.BoundMinor > free.ValueMilli / 1_000.0, $"{sieved.ValueMinor} to {sieved.BoundMinor}, whole {free.ValueMilli / 1_000.0} to {free.BoundMilli / 1_000.0}");
        Assert.All(sieved.Limits, limit => Assert.InRange(limit.Used, limit.Least, limit.Most));
    }

    [Fact]
    public void Too_many_products_in_too_many_stores_are_told_in_a_sentence()
    {
        var shop = new MadeShop(1, customers: 1).Catalog;
        var catalog = new Catalog
        {
            Categories = shop.Categories,
            Products = [null, .. Enumerable.Range(1, 20_000).Select(number => new Product(new ProductId(number), $"p{number}", ""))],
            Stores = [null, .. Enumerable.Range(1, 101).Select(number => new Store(new StoreId(number), $"s{number}", "", "", ""))],
        };
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("store", TargetKind.Basket, "", null, 9, null) { Where = Each(StoreUnit.Store) }] };
        Assert.Equal("plan-limits-many", Assert.Throws<BadInputException>(() => new SharedLimits(plan, catalog)).Code);
    }
}
