using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Filter;

/// <summary>Offers on the whole basket: for whom, from which sum, and what they are worth.</summary>
public sealed class BasketOfferTests
{
    static readonly DateOnly Day = MadeShop.Day;

    static readonly SlotTerms Terms = new(5, 0, [Percent.Of(5), Percent.Of(10)]) { AboveUsual = Percent.Of(40), LeastBasketStep = new Money(10_000) };

    // Milk, beer, and sugar, which is excluded; each of 100.00, of which it costs 60.00.
    static Catalog CatalogWith(Product milk) => new()
    {
        Categories = [null],
        Stores = [null, new Store(new StoreId(1), "s1", "", "", "")],
        Products = [null, milk, Made(2, "beer") with { Tags = ["alcohol"] }, Made(3, "sugar")],
        Exclusions = [new Exclusion(TargetKind.Product, "sugar", ExclusionReason.LowMargin, new Period(Day, Day.AddDays(7)))],
    };

    [Fact]
    public void The_sum_is_a_step_above_what_she_usually_spends_on_goods_that_count()
    {
        // Of nine receipts of milk the median is 500.00; what else stands on them doesn't count.
        var lines = Receipts(1, 2, 3, 4, 5, 6, 7, 8, 9).Concat(Receipts(1, 2, 3, 4, 5, 6, 7, 8, 9).Select(line => line with { Product = line.Minute % 2 + 2 }));
        Assert.Equal((OfferRefusal.None, new Money(70_000)), (Check(lines, out var terms), terms.Least));
        Assert.Equal((new Money(20_000), new Money(12_000)), (terms.Price.Price, terms.Price.Cost));

        // Half a receipt more on either side: three and a half of ten reach it, and nine receipts in 90 days are 0.7 in a week.
        Assert.Equal(1 - Math.Exp(-0.7 * 0.35), terms.Chance, 1e-6);
    }

    [Fact]
    public void What_it_is_worth_counts_the_step_alone_and_the_discount_on_the_whole()
    {
        Check(Receipts(1, 2, 3, 4, 5, 6, 7, 8, 9), out var terms);
        var depths = new DepthChoice(Terms.DiscountSteps!.Value, Terms);
        var expected = depths.Expect(terms.Chance, terms.Price, step: 1);
        var odds = terms.Chance / (1 - terms.Chance) * 5;
        var bought = odds / (1 + odds);
        Assert.Equal(bought * 7_000, expected.Discount, 1e-2);
        Assert.Equal(((bought - terms.Chance) * 8_000) - (bought * 7_000), expected.Margin, 1e-2);
        Assert.Equal(((bought - terms.Chance) * 20_000) - (bought * 7_000), expected.Turnover, 1e-2);
    }

    [Fact]
    public void Every_reason_against_it_works()
    {
        int[] nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal(OfferRefusal.NoUsualReceipt, Check(Receipts(5, 5, 5, 5), out _));
        Assert.Equal(OfferRefusal.None, Check(Receipts(5, 5, 5, 5, 5), out _));
        Assert.Equal(OfferRefusal.NoUsualReceipt, Check(Receipts(nine).Select(line => line with { Product = 2 }), out _));
        Assert.Equal(OfferRefusal.NoUsualReceipt, Check(Receipts(nine).Select(line => line with { Minute = line.Minute - (180 * 1440) }), out _));
        var past = new PastOffers();
        past.Add([0], recent: true, over: false, []);
        Assert.Equal(OfferRefusal.OfferedRecently, Check(Receipts(nine), out _, past));
        Assert.Equal(OfferRefusal.NoCost, Check(Receipts(nine), out _, catalog: CatalogWith(Made(1, "milk") with { Cost = null })));
        // 5 % off leave 35 of 95.
        Assert.Equal(OfferRefusal.MarginTooLow, Check(Receipts(nine), out _, leastMargin: 37));
        Assert.Equal(OfferRefusal.None, Check(Receipts(nine), out _, leastMargin: 36));
    }

    [Fact]
    public void Who_let_two_of_them_pass_gets_no_third_and_who_reached_one_does()
    {
        var (ignored, reached) = (new PastOffers(), new PastOffers());
        PurchaseLine[] lines = [.. Receipts(3, 4)];
        for (var wave = 0; wave < 2; wave++)
        {
            ignored.Add([0], recent: false, over: true, lines, basket: new Money(40_001));
            reached.Add([0], recent: false, over: true, lines, basket: new Money(40_000));
        }

        Assert.Equal(OfferRefusal.IgnoredTwice, Check(Receipts(1, 2, 3, 4, 5), out _, ignored));
        Assert.Equal(OfferRefusal.None, Check(Receipts(1, 2, 3, 4, 5), out _, reached));
    }

    static OfferRefusal Check(IEnumerable<PurchaseLine> lines, out BasketTerms terms, PastOffers? past = null, Catalog? catalog = null, int leastMargin = 10)
    {
        var plan = MadeShop.SamplePlan with { AssumedCost = null, LeastMargin = Percent.Of(leastMargin), SlotKinds = MadeShop.SamplePlan.SlotKinds.Add(SlotKind.Basket, Terms) };
        var goods = new Goods(catalog ?? CatalogWith(Made(1, "milk")), plan, new Period(Day, Day.AddDays(7)), []);
        PurchaseLine[] bought = [.. lines.OrderBy(line => line.Minute)];
        var (facts, receipts) = (new CustomerFacts(), new UsualReceipts());
        facts.Take(new CustomerProfile(new CustomerId(1), 77, new StoreId(1), Channels.App, null, Gender.Unknown), bought, goods.Catalog);
        receipts.Take(bought, goods, Day);
        return new Eligibility(goods, plan, Day).CheckBasket(facts, past ?? new PastOffers(), receipts, 7, Terms, Terms.DiscountSteps!.Value[0], out terms);
    }

    /// <summary>One receipt each ten days, the first 90 days ago, with so many milks.</summary>
    static IEnumerable<PurchaseLine> Receipts(params int[] milks) => milks.Select((pieces, at) =>
        new PurchaseLine((ulong)at + 1, Clock.Minute(Day.AddDays(-90 + (at * 10))), 1, 1, pieces * 1_000, pieces * 10_000, 0));

    static Product Made(int number, string key) => new(new ProductId(number), key, key) { Price = new Money(10_000), Cost = new Money(6_000) };
}
