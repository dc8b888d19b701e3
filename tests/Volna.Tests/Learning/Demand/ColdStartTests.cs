using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

/// <summary>New customers and new products get sensible candidates, and the fallback is named.</summary>
public sealed class ColdStartTests
{
    /// <summary>Launched a week before today; of the biscuits' category and brand.</summary>
    const int Launched = 90;

    /// <summary>Beyond all that was ever bought; of the biscuits' category and brand, too.</summary>
    const int NotBought = 120;

    const int NearStore = 1, FarStore = 2, QuietStore = 3, UnknownStore = 4, FarCity = 2;

    /// <summary>Made by the far store alone, and bought by nearly everybody there.</summary>
    const int Local = 95;

    static readonly Content Known = new(
        [.. Enumerable.Range(0, 100).Select(product => product is MadeUpShop.Biscuits or Launched ? 2 : product is MadeUpShop.Sauce ? 3 : 1)],
        [.. Enumerable.Range(0, 100).Select(product => product is MadeUpShop.Biscuits or Launched ? 7 : 0)],
        [0, 1, FarCity, FarCity, 0]);

    static readonly List<CustomerHistory> Shop = MakeShop();
    static readonly DemandModel Model = Train(Known), Ignorant = Train(Content.None);

    static readonly CustomerHistory DrinksTea = Fond(MadeUpShop.Tea), EatsPasta = Fond(MadeUpShop.Pasta);

    [Fact]
    public void What_was_launched_last_week_is_a_candidate_where_goods_like_it_are_and_named_as_new()
    {
        var found = Find(Model, DrinksTea);
        Assert.Equal((CandidateKind.Discovery, CandidateReason.New, MadeUpShop.Tea), (found.Kind, found.Reason, found.Because));
        Assert.Equal(new Explanation(CandidateReason.New, MadeUpShop.Tea), Model.Explain(DrinksTea, MadeUpShop.Today, Launched)[0]);
        Assert.True(found.Chance > Find(Model, EatsPasta).Chance, $"{found.Chance} where tea is drunk, {Find(Model, EatsPasta).Chance} where it isn't");
    }

    [Fact]
    public void What_nobody_bought_yet_but_has_its_first_price_is_a_candidate_where_goods_like_it_are_and_named()
    {
        // Nearest to the biscuits by category, brand and price; the other one nobody can tell anything about, because its category is new, too.
        var content = Known with
        {
            Categories = [.. Known.Categories, .. Enumerable.Repeat(0, NotBought - 100), 2, 77],
            Brands = [.. Known.Brands, .. Enumerable.Repeat(0, NotBought - 100), 7, 0],
            Announced = new Dictionary<int, Announcement> { [NotBought] = new(MadeUpShop.Today.AddDays(6), new Money(100)), [NotBought + 1] = new(MadeUpShop.Today, new Money(100)) },
        };
        var trained = DemandTraining.Run(PurchaseSource.Of(Shop) with { Content = content }, new DemandOptions());
        Candidate Of(CustomerHistory customer) => Score(trained.Model, customer).Single(candidate => candidate.Product == NotBought);
        Assert.Equal((CandidateKind.Discovery, CandidateReason.NotBoughtYet, MadeUpShop.Tea), (Of(DrinksTea).Kind, Of(DrinksTea).Reason, Of(DrinksTea).Because));
        Assert.Equal(new Explanation(CandidateReason.NotBoughtYet, MadeUpShop.Tea), trained.Model.Explain(DrinksTea, MadeUpShop.Today, NotBought)[0]);
        Assert.True(Of(DrinksTea).Chance > Of(EatsPasta).Chance, $"{Of(DrinksTea).Chance} where tea is drunk, {Of(EatsPasta).Chance} where it isn't");
        // As good a guess as any: what those expect who know what it will be like.
        Assert.InRange(Of(DrinksTea).Chance / Find(Model, DrinksTea).Chance, 0.3, 3);
        Assert.DoesNotContain(Score(trained.Model, DrinksTea), candidate => candidate.Product == NotBought + 1);

        Assert.All(trained.Model.LatestSales().Skip(NotBought), day => Assert.Equal(default, day));
        Assert.Equal(DemandFile.Write(trained.Model), DemandFile.Write(DemandFile.Read(DemandFile.Write(trained.Model))));
        // Nothing of it in windows of the past: that nobody bought it till now wasn't known then.
        Assert.Equal(DemandTraining.Run(PurchaseSource.Of(Shop) with { Content = Known }, new DemandOptions()).BackTest.All, trained.BackTest.All);
    }

    [Fact]
    public void What_is_announced_for_later_or_was_bought_is_no_announced_product()
    {
        var content = Known with { Announced = new Dictionary<int, Announcement> { [MadeUpShop.Biscuits] = new(MadeUpShop.Today, new Money(100)), [NotBought] = new(MadeUpShop.Today.AddDays(28), new Money(100)) } };
        Assert.DoesNotContain(Score(Train(content), DrinksTea), candidate => candidate.Reason == CandidateReason.NotBoughtYet);
    }

    [Fact]
    public void Without_categories_a_new_product_has_only_its_own_few_buyers()
    {
        var found = Score(Ignorant, DrinksTea).SingleOrDefault(candidate => candidate.Product == Launched);
        Assert.NotEqual(CandidateReason.New, found.Reason);
        Assert.True(found.Chance < Find(Model, DrinksTea).Chance);
    }

    [Fact]
    public void A_product_is_new_for_a_window_and_never_at_the_beginning_of_the_history()
    {
        var panel = Panel.Gather(PurchaseSource.Of(Shop), new DemandOptions(), [Volna.Learning.Days.Of(MadeUpShop.Today), Volna.Learning.Days.Of(MadeUpShop.Today) + 60, Volna.Learning.Days.Of(MadeUpShop.Today) - (7 * 38)], null, new ParallelOptions());
        var launches = panel.Tallies.Select(tally => Launches.Find(tally, Known, 28)).ToList();
        Assert.Equal(Launched, Assert.Single(launches[0]).Product);
        Assert.Equal(MadeUpShop.Biscuits, launches[0][0].Peers[0]);
        Assert.Empty(launches[1]);
        Assert.Empty(launches[2]);
    }

    [Theory]
    [InlineData(FarStore, Local, CandidateReason.PopularInStore)]
    [InlineData(QuietStore, Local, CandidateReason.PopularInCity)]
    [InlineData(NearStore, MadeUpShop.Milk, CandidateReason.PopularInStore)]
    [InlineData(UnknownStore, MadeUpShop.Milk, CandidateReason.Popular)]
    [InlineData(0, MadeUpShop.Milk, CandidateReason.Popular)]
    public void A_new_customer_gets_what_is_bought_in_her_store_else_in_her_city_else_everywhere(int homeStore, int first, CandidateReason reason)
    {
        var candidates = Score(Model, MadeUpShop.Customer(), homeStore);
        Assert.Equal(60, candidates.Count);
        Assert.Equal(60, candidates.Select(candidate => candidate.Product).Distinct().Count());
        Assert.Equal(candidates.Select(candidate => candidate.Chance).OrderDescending(), candidates.Select(candidate => candidate.Chance));
        Assert.Equal((first, reason), (candidates[0].Product, candidates[0].Reason));
        Assert.All(candidates, candidate => Assert.Equal(CandidateKind.Discovery, candidate.Kind));
        Assert.Equal([new Explanation(reason, 0)], Model.Explain(MadeUpShop.Customer(), MadeUpShop.Today, first, homeStore));
    }

    [Fact]
    public void Who_came_once_gets_what_goes_with_it_and_what_is_bought_in_her_store()
    {
        var candidates = Score(Model, MadeUpShop.Customer(MadeUpShop.Line(-9, MadeUpShop.Tea) with { Store = FarStore }));
        Assert.Contains(candidates, candidate => candidate is { Product: MadeUpShop.Tea, Kind: CandidateKind.Habit });
        Assert.Contains(candidates, candidate => candidate is { Product: MadeUpShop.Biscuits, Reason: CandidateReason.GoesWith });
        Assert.Contains(candidates, candidate => candidate is { Kind: CandidateKind.Discovery, Reason: CandidateReason.PopularInStore });
        Assert.All(candidates, candidate => Assert.InRange(candidate.Chance, 0, 1));
    }

    static Candidate Find(DemandModel model, CustomerHistory customer) => Score(model, customer).Single(candidate => candidate.Product == Launched);

    static List<Candidate> Score(DemandModel model, CustomerHistory customer, int homeStore = 0)
    {
        var candidates = new List<Candidate>();
        model.Score(customer, MadeUpShop.Today, candidates, homeStore);
        return candidates;
    }

    static DemandModel Train(Content content) => DemandTraining.Run(PurchaseSource.Of(Shop) with { Content = content }, new DemandOptions()).Model;

    static CustomerHistory Fond(int product) =>
        MadeUpShop.Customer([.. Enumerable.Range(1, 8).SelectMany(week => (PurchaseLine[])[MadeUpShop.Line(-7 * week, MadeUpShop.Milk), MadeUpShop.Line(-7 * week, product)])]);

    /// <summary>The made-up shop with a launch that three customers found in its first week, and another city where something else is bought beside.</summary>
    static List<CustomerHistory> MakeShop()
    {
        var customers = MadeUpShop.Customers(400);
        for (var i = 0; i < 3; i++) customers[(2 * i) + 1] = With(customers[(2 * i) + 1], MadeUpShop.Line(-5, Launched));
        for (var number = 1_000; number < 1_060; number++)
        {
            var own = number;
            var there = Enumerable.Range(1, 38).SelectMany(week => (PurchaseLine[])[MadeUpShop.Line(-7 * week, Local) with { Store = FarStore }, MadeUpShop.Line(-7 * week, MadeUpShop.FirstOther + (own % 50)) with { Store = FarStore }]);
            customers.Add(new CustomerHistory(new CustomerId(number), there));
        }

        return customers;
    }

    static CustomerHistory With(CustomerHistory customer, PurchaseLine line) => new(customer.Customer, [.. customer.Lines, line]);
}
