using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Choice;

public sealed class BesideWorthTests
{
    static readonly SlotTerms Terms = new(2, 0.5, null);

    // Milk, kefir and cream stand together, soap alone. Margins 40, 20 and, by the assumed cost, 30; prices 100, 80, 100.
    static readonly Catalog Shelf = new()
    {
        Stores = [null],
        Categories = [null, new Category(new CategoryId(1), "Milk", default), new Category(new CategoryId(2), "Home", default)],
        Products = [null, Good(1, 1, 100, 60), Good(2, 1, 80, 60), Good(3, 1, 100, null), Good(4, 2, 50, 10)],
    };

    static readonly Candidate[] All = [Of(1, 0.5f), Of(2, 0.25f), Of(3, 0.125f), Of(4, 0.5f)];

    static Product Good(int number, int category, long price, long? cost) =>
        new(new ProductId(number), $"p{number}", "") { Category = new CategoryId(category), Price = new Money(price), Cost = cost is { } known ? new Money(known) : null };

    static Candidate Of(int product, float chance) => new(product, CandidateKind.Habit, chance, CandidateReason.BoughtOften, 0);

    static BesideWorth Made(double cannibalisation, SlotTerms terms, double windows = 1)
    {
        var plan = MadeShop.SamplePlan with { Cannibalisation = cannibalisation, SlotKinds = MadeShop.SamplePlan.SlotKinds.SetItem(Volna.Offers.SlotKind.Habit, terms) };
        Assert.True(BesideWorth.IsAskedFor(plan));
        return new BesideWorth(plan, new Goods(Shelf, plan, MadeShop.MadeWave().Validity, []), windows);
    }

    [Fact]
    public void A_first_purchase_is_worth_what_the_plan_says()
    {
        var terms = Terms with { TrialWorth = new Money(700) };
        var worth = Made(0, terms);
        worth.Take(All);
        Assert.Equal((700, 0), (worth.Of(1, 0.5, isFirst: true, terms), worth.Of(1, 0.5, isFirst: false, terms)));
        Assert.False(BesideWorth.IsAskedFor(MadeShop.SamplePlan));
    }

    /// <summary>She is kept by it if she would have bought none of the others: here with a chance of 0.75 x 0.875 x 0.5.</summary>
    [Fact]
    public void A_customer_is_kept_who_would_have_bought_nothing_else()
    {
        var terms = Terms with { RetentionWorth = new Money(1_000) };
        var worth = Made(0, terms);
        worth.Take(All);
        Assert.Equal(1_000 * 0.75 * 0.875 * 0.5, worth.Of(1, 0.5, false, terms), 3);
        worth.Take([Of(1, 0.5f)]);
        Assert.Equal(1_000, worth.Of(1, 0.5, false, terms), 3);

        // In a wave of two windows twice as many chances pass.
        worth = Made(0, terms, windows: 2);
        worth.Take(All);
        Assert.Equal(1_000 * Math.Pow(0.75 * 0.875 * 0.5, 2), worth.Of(1, 0.75, false, terms), 3);
    }

    /// <summary>A purchase of milk more takes 0.25 / 0.5 of kefir and 0.125 / 0.5 of cream, each with its margin and half of its price; no soap.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.4)]
    public void What_is_bought_more_is_taken_from_its_category_in_proportion(double counted)
    {
        var worth = Made(counted, Terms);
        worth.Take(All);
        Assert.Equal(-counted * ((0.5 * (20 + 40)) + (0.25 * (30 + 50))), worth.Of(1, 0.5, false, Terms), 3);
        Assert.Equal(0, worth.Of(4, 0.5, false, Terms), 3);

        // The next customer buys more than one of them: no more than one purchase is taken for one.
        worth.Take([Of(1, 0.5f), Of(2, 0.9f), Of(3, 0.6f)]);
        Assert.Equal(-counted * ((0.6 * (20 + 40)) + (0.4 * (30 + 50))), worth.Of(1, 0.5, false, Terms), 3);
        worth.Take([Of(1, 0.5f)]);
        Assert.Equal(0, worth.Of(1, 0.5, false, Terms), 3);
    }
}
