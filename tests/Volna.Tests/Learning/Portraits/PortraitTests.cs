using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;
using Volna.Offers.Plans;
using Volna.Tests.Offers;

namespace Volna.Tests.Learning.Portraits;

public sealed class PortraitTests
{
    static readonly DateOnly Day = new(2026, 11, 26);

    static readonly string[] Parts = ["Bakery", "Dairy", "Home", "Toys"];

    static readonly Catalog Catalog = new()
    {
        Categories = [null, .. Parts.Select((name, at) => new Category(new CategoryId(at + 1), name, default))],
        Products = [null, .. Enumerable.Range(1, 16).Select(number => new Product(new ProductId(number), $"p{number:00}", "") { Category = new CategoryId(1 + (number % 4)), Price = new Money(number * 1_000) })],
        Stores = [null],
    };

    /// <summary>Of three customers one comes weekly for dairy and little else, one comes monthly for dear toys, and one came half a year ago for anything; some never bought.</summary>
    static List<CustomerHistory> Customers(int count, ulong seed = 1) => [.. Enumerable.Range(1, count).Select(number =>
    {
        var draw = new Draw(seed, "portraits' test", (ulong)number);
        var lines = new List<PurchaseLine>();
        void Buy(int daysAgo, int product, long paidMinor) => lines.Add(new PurchaseLine((ulong)((number * 1_000) + daysAgo), Clock.Minute(Day.AddDays(-daysAgo)), 1, product, 1_000, paidMinor, 0));
        switch (number % 4)
        {
            case 0:
                for (var week = 50; week >= 0; week--) Buy(1 + (7 * week) + draw.NextBelow(6), draw.NextBelow(8) == 0 ? 1 + draw.NextBelow(16) : 1, 100_00 + draw.NextBelow(50_00));
                break;
            case 1:
                for (var month = 11; month >= 0; month--) Buy(1 + (30 * month) + draw.NextBelow(20), draw.NextBelow(8) == 0 ? 3 : 15, 3_000_00 + draw.NextBelow(2_000_00));
                break;
            case 2:
                Buy(180 + draw.NextBelow(30), 1 + draw.NextBelow(16), 500_00);
                break;
        }

        return new CustomerHistory(new CustomerId(number), lines);
    })];

    static PortraitSet? Learn(IReadOnlyList<CustomerHistory> customers, PortraitSet? before = null) =>
        LearnPortraits.Run(PurchaseSource.Of(customers), Catalog, Day, before, 7, TestContext.Current.CancellationToken);

    [Fact]
    public void Customers_who_buy_alike_have_one_portrait_named_by_what_distinguishes_them()
    {
        var customers = Customers(600);
        var portraits = Learn(customers)!;
        Assert.Equal(1, portraits.Portraits.Sum(portrait => portrait.Share), 9);
        var finder = new PortraitFinder(portraits, Catalog);
        var found = customers.Select(customer => (Kind: customer.Customer.Value % 4, Portrait: finder.Of(customer.Before(Day), Day))).ToList();
        Assert.All(found.Where(one => one.Kind == 3), one => Assert.Null(one.Portrait));
        // No portrait mixes the kinds, as far as more than a few are concerned.
        foreach (var group in found.Where(one => one.Kind != 3).GroupBy(one => one.Portrait!.Name.English))
            Assert.True(group.GroupBy(one => one.Kind).Max(kind => kind.Count()) > 0.95 * group.Count(), group.Key);
        Assert.Contains("Dairy", found.First(one => one.Kind == 0).Portrait!.Name.English, StringComparison.Ordinal);
        Assert.Contains("часто", found.First(one => one.Kind == 0).Portrait!.Name.Russian, StringComparison.Ordinal);
        Assert.Contains("Toys", found.First(one => one.Kind == 1).Portrait!.Name.English, StringComparison.Ordinal);
        Assert.Contains("long ago", found.First(one => one.Kind == 2).Portrait!.Name.English, StringComparison.Ordinal);
        Assert.Equal(portraits.Portraits.Length, portraits.Portraits.Select(portrait => portrait.Name.English).Distinct().Count());
        Assert.InRange(found.First(one => one.Kind == 0).Portrait!.ReceiptsAYear, 45, 52);
    }

    [Fact]
    public void The_same_customers_give_the_same_portraits_in_any_order_and_they_outlive_a_file()
    {
        var customers = Customers(400);
        var portraits = Learn(customers)!;
        var text = JsonSerializer.Serialize(portraits);
        Assert.Equal(text, JsonSerializer.Serialize(Learn([.. customers.AsEnumerable().Reverse()])));
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<PortraitSet>(text)));
    }

    [Fact]
    public void Learnt_again_the_portraits_keep_their_names()
    {
        var before = Learn(Customers(400))!;
        var after = Learn(Customers(500, seed: 2), before)!;
        Assert.Equal(before.Portraits.Select(portrait => portrait.Name.English).Order(), after.Portraits.Select(portrait => portrait.Name.English).Order());
        Assert.NotEqual(before.Portraits[0].Centre[0], after.Portraits[0].Centre[0]);
    }

    [Fact]
    public void What_nobody_bought_when_portraits_were_learnt_hardly_changes_whose_portrait_a_customer_has()
    {
        var catalog = new Catalog
        {
            Stores = Catalog.Stores,
            Categories = [.. Catalog.Categories, new Category(new CategoryId(5), "Plants", default)],
            Products = [.. Catalog.Products, new Product(new ProductId(17), "p17", "") { Category = new CategoryId(5), Price = new Money(17_000) }],
        };
        var customers = Customers(400);
        var finder = new PortraitFinder(LearnPortraits.Run(PurchaseSource.Of(customers), catalog, Day, null, 7, TestContext.Current.CancellationToken)!, catalog);
        foreach (var customer in customers.Where(customer => customer.Customer.Value % 4 != 3).Take(60))
        {
            PurchaseLine[] lines = [.. customer.Before(Day)];
            PurchaseLine[] andPlants = [.. lines, lines[^1] with { Product = 17, PaidMinor = 100_00 }];
            Assert.Equal(finder.Of(lines, Day)!.Name, finder.Of(andPlants, Day)!.Name);
        }
    }

    [Fact]
    public void Too_few_customers_have_no_portraits()
    {
        // Every fourth never bought.
        Assert.Null(Learn(Customers(65)));
        Assert.NotNull(Learn(Customers(66)));
    }

    [Fact]
    public void Clusters_are_the_means_of_their_points_whatever_they_start_from()
    {
        List<double[]> points = [.. Enumerable.Range(0, 300).Select(number => new double[] { (number % 3 * 100) + (number % 7), -number % 5 })];
        var (centres, sizes) = KMeans.Run(points, KMeans.Start(points, 3, 5), TestContext.Current.CancellationToken);
        Assert.Equal([100, 100, 100], sizes);
        Assert.Equal(Enumerable.Range(0, 3).Select(kind => points.Where((_, number) => number % 3 == kind).Average(point => point[0])), centres.Select(centre => centre[0]).Order());
        Assert.Equal(2, KMeans.Start([[1], [2], [1]], 8, 5).Count);
    }

    [Fact]
    public void A_segment_asks_for_portraits_by_name_in_either_language()
    {
        var customers = Customers(400);
        var finder = new PortraitFinder(Learn(customers)!, Catalog);
        var own = finder.Of(customers[3].Before(Day), Day)!;
        SegmentRule Rule(params string[] names) => new(null, null, null, null) { Portraits = [.. names] };
        bool Fits(SegmentRule rule, int customer) => rule.Fits(Day, customers[customer].Before(Day), Catalog, finder);
        Assert.True(Fits(Rule(own.Name.English.ToUpperInvariant()), 3) && Fits(Rule("another", own.Name.Russian), 3));
        Assert.False(Fits(Rule(own.Name.English), 0) || Fits(Rule("another"), 3) || Fits(Rule(own.Name.English), 2));
        Assert.False(Fits(Rule(own.Name.English) with { Receipts = new WithinDays(30, new Band(900, null)) }, 3));
    }

    [Fact]
    public void A_plan_names_portraits_of_the_model()
    {
        var portraits = Learn(Customers(400))!;
        Plan With(string portrait) => PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"recencyDays\": { \"atLeast\": 30 }", $"\"portrait\": {portrait}", StringComparison.Ordinal));
        var plan = With($"[\"{portraits.Portraits[0].Name.Russian}\"]");
        Assert.True(plan.UsesPortraits);
        Assert.Empty(PlanFile.Against(plan, "plan.json", portraits));
        Assert.StartsWith(
            "plan.json: segment 'leaving': found the portrait 'pensioners', expected one of the model's: ", Assert.Single(PlanFile.Against(With("[\"pensioners\"]"), "plan.json", portraits)).Sentence.English,
            StringComparison.Ordinal);
        Assert.Equal("plan-portraits-none", Assert.Single(PlanFile.Against(plan, "plan.json", (PortraitSet?)null)).Code);
        Assert.StartsWith("plan.json: segments[0].when.portrait: found [], expected at least one portrait in quotes", Assert.Throws<BadInputException>(() => With("[]")).Sentence.English, StringComparison.Ordinal);
        Assert.False(MadeShop.SamplePlan.UsesPortraits);
    }
}
