using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers.Filter;

namespace Volna.Tests.Offers.Filter;

public sealed class CustomerFactsTests
{
    static readonly DateOnly Day = MadeShop.Day;

    static readonly Catalog Catalog = new()
    {
        Categories = [null, new Category(new CategoryId(1), "Food", default)],
        Products = [null, new Product(new ProductId(1), "a", "A") { Category = new CategoryId(1), Cost = new Money(60) }, new Product(new ProductId(2), "b", "B")],
        Stores = [null],
    };

    [Fact]
    public void Her_stores_are_those_of_a_tenth_of_her_receipts_the_most_visited_first()
    {
        var lines = new List<PurchaseLine> { Line(1, store: 3, receipt: 100) };
        for (var receipt = 1; receipt <= 9; receipt++) lines.Add(Line(receipt, store: receipt <= 3 ? 5 : 4, receipt: (ulong)receipt));
        Assert.Equal([4, 5, 3], StoresOf(lines));
        // Another receipt makes the one visit to store 3 less than a tenth; many lines of one receipt are one visit.
        lines.Add(Line(10, store: 4, receipt: 10));
        lines.AddRange([Line(1, store: 3, receipt: 100), Line(1, store: 3, receipt: 100)]);
        Assert.Equal([4, 5], StoresOf(lines));
        // What lies long before the last receipt doesn't count.
        lines.AddRange(Enumerable.Range(1, 20).Select(receipt => Line(200, store: 6, receipt: (ulong)(1_000 + receipt))));
        Assert.Equal([4, 5], StoresOf(lines));
    }

    [Fact]
    public void A_receipt_whose_lines_differ_in_minute_is_one_visit()
    {
        var (one, other) = (Line(1, store: 3, receipt: 1), Line(1, store: 3, receipt: 2));
        Assert.Equal([4, 3], StoresOf([
            one, other with { Minute = one.Minute + 1 }, one with { Minute = one.Minute + 2 }, other with { Minute = one.Minute + 3 },
            Line(2, store: 4, receipt: 3), Line(3, store: 4, receipt: 4), Line(4, store: 4, receipt: 5)]));
    }

    [Fact]
    public void Without_receipts_the_home_store_holds()
    {
        Assert.Equal([9], StoresOf([]));
        Assert.Equal([9], StoresOf([Line(3, store: 0, receipt: 1)]));
    }

    [Fact]
    public void Rhythm_is_the_mean_of_days_between_purchases()
    {
        var facts = Facts([Line(30, 1, 1), Line(30, 1, 2), Line(20, 1, 3), Line(4, 1, 4), Line(3, 1, 5, quantity: -1_000)]);
        Assert.True(facts.TryBought(1, out var bought));
        Assert.Equal((3, 13.0, Day.DayNumber - 4), (bought.Days, bought.RhythmDays, bought.LastDay));
        Assert.False(facts.TryBought(2, out _));
        Assert.True(facts.KnowsCategory(new CategoryId(1)));
    }

    [Fact]
    public void Usual_margin_counts_known_costs_only()
    {
        Assert.Equal(0.4, Facts([Line(3, 1, 1), Line(2, 1, 2, product: 2)]).UsualMargin);
        Assert.Null(Facts([Line(2, 1, 2, product: 2)]).UsualMargin);
    }

    static int[] StoresOf(IEnumerable<PurchaseLine> lines) => Facts(lines).Stores.ToArray();

    static CustomerFacts Facts(IEnumerable<PurchaseLine> lines)
    {
        var facts = new CustomerFacts();
        facts.Take(
            new CustomerProfile(new CustomerId(1), 1, new StoreId(9), Channels.App, null, Gender.Unknown), new CustomerHistory(new CustomerId(1), lines).Before(Day), Catalog);
        return facts;
    }

    static PurchaseLine Line(int daysAgo, int store, ulong receipt, int quantity = 1_000, int product = 1) =>
        new(receipt, Clock.Minute(Day.AddDays(-daysAgo)) + 600, store, product, quantity, quantity / 10, 0);
}
