using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Plans;

public sealed class SegmentRuleTests
{
    static readonly DateOnly Day = new(2026, 11, 26);

    static readonly Catalog Catalog = new()
    {
        Categories = [null, new Category(new CategoryId(1), "Food", default), new Category(new CategoryId(2), "Food/Milk", new CategoryId(1)), new Category(new CategoryId(3), "Home", default)],
        Products = [null, new Product(new ProductId(1), "milk", "Milk") { Category = new CategoryId(2) }, new Product(new ProductId(2), "soap", "Soap") { Category = new CategoryId(3) }],
        Stores = [null],
    };

    // Two receipts 40 and 10 days before, the older with two lines; a return 2 days before; on the wave's first day a purchase that nobody knows of yet.
    static readonly CustomerHistory History = new(new CustomerId(1),
    [
        Line(-40, receipt: 1, product: 1, paidMinor: 10_000),
        Line(-40, receipt: 1, product: 2, paidMinor: 5_000),
        Line(-10, receipt: 2, product: 2, paidMinor: 3_000),
        Line(-2, receipt: 3, product: 2, paidMinor: -1_000),
        Line(0, receipt: 4, product: 1, paidMinor: 99_000),
    ]);

    [Fact]
    public void Rules_look_at_recency_frequency_money_and_categories()
    {
        foreach (var line in """
            recencyDays 10 10   yes
            recencyDays 11 -    no
            recencyDays -  9    no
            receipts40  2  2    yes
            receipts40  3  -    no
            receipts39  1  1    yes
            spent40     170 170 yes
            spent40     170.01 - no
            spent10     20 20   yes
            Food60      -  -    yes
            Food39      -  -    no
            Home10      -  -    yes
            Home9       -  -    no
            """.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            decimal? Number(string word) => word == "-" ? null : decimal.Parse(word, System.Globalization.CultureInfo.InvariantCulture);
            var band = new Band(Number(words[1]), Number(words[2]));
            var name = words[0].TrimEnd("0123456789".ToCharArray());
            var days = words[0].Length > name.Length ? int.Parse(words[0][name.Length..], System.Globalization.CultureInfo.InvariantCulture) : 0;
            var rule = name switch
            {
                "recencyDays" => new SegmentRule(band, null, null, null),
                "receipts" => new SegmentRule(null, new WithinDays(days, band), null, null),
                "spent" => new SegmentRule(null, null, new WithinDays(days, band), null),
                _ => new SegmentRule(null, null, null, new BoughtWithin(days, [name])),
            };
            Assert.True(rule.Fits(Day, History.Before(Day), Catalog) == (words[3] == "yes"), line);
        }
    }

    [Fact]
    public void A_receipt_whose_lines_differ_in_minute_counts_once()
    {
        var first = Line(-1, receipt: 7, product: 1, paidMinor: 100);
        var history = new CustomerHistory(new CustomerId(1), [first, first with { Minute = first.Minute + 2 }, Line(-1, receipt: 8, product: 2, paidMinor: 100) with { Minute = first.Minute + 1 }]);
        Assert.True(new SegmentRule(null, new WithinDays(1, new Band(2, 2)), null, null).Fits(Day, history.Before(Day), Catalog));
    }

    [Fact]
    public void Whoever_never_bought_has_no_recency_but_zero_receipts()
    {
        Assert.False(new SegmentRule(new Band(0, null), null, null, null).Fits(Day, [], Catalog));
        Assert.True(new SegmentRule(null, new WithinDays(30, new Band(null, 0)), null, null).Fits(Day, [], Catalog));
    }

    [Fact]
    public void All_conditions_must_hold()
    {
        var recent = new Band(null, 10);
        Assert.True(new SegmentRule(recent, new WithinDays(40, new Band(2, null)), null, null).Fits(Day, History.Before(Day), Catalog));
        Assert.False(new SegmentRule(recent, new WithinDays(40, new Band(3, null)), null, null).Fits(Day, History.Before(Day), Catalog));
    }

    static PurchaseLine Line(int day, ulong receipt, int product, long paidMinor) =>
        new(receipt, Clock.Minute(Day.AddDays(day)) + 600, 1, product, paidMinor < 0 ? -1_000 : 1_000, paidMinor, 0);
}
