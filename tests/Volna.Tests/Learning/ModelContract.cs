using Volna.Intake.History;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning;

/// <summary>What every model that finds candidates must keep to; a model's own tests derive from it.</summary>
public abstract class ModelContract<TModel>
{
    static readonly List<CustomerHistory> Shop = MadeUpShop.Customers();

    protected TModel Model => field ??= Fit(Shop, seed: 1, threads: 2);

    protected abstract TModel Fit(IReadOnlyList<CustomerHistory> customers, ulong seed, int threads);

    protected abstract List<Candidate> Score(TModel model, CustomerHistory customer, DateOnly day);

    protected abstract byte[] Bytes(TModel model);

    /// <summary>Saves the model and returns its file.</summary>
    private protected abstract string Save(TModel model, TemporaryFolder folder);

    private protected abstract TModel Load(TemporaryFolder folder);

    [Fact]
    public void What_she_buys_every_week_comes_first()
    {
        foreach (var customer in Shop.Where(customer => customer.Lines.ToArray().Count(line => line.Product == MadeUpShop.Milk) > 10).Take(20))
        {
            var first = Score(Model, customer, MadeUpShop.Today)[0];
            Assert.Equal((MadeUpShop.Milk, CandidateKind.Habit), (first.Product, first.Kind));
            Assert.InRange(first.Chance, 0.95f, 1);
        }
    }

    [Theory]
    [InlineData(MadeUpShop.Tea, MadeUpShop.Biscuits)]
    [InlineData(MadeUpShop.Pasta, MadeUpShop.Sauce)]
    public void What_others_found_after_the_same_product_is_the_first_discovery(int bought, int expected)
    {
        var customer = MadeUpShop.Customer(
            MadeUpShop.Line(-34, MadeUpShop.Milk), MadeUpShop.Line(-34, bought), MadeUpShop.Line(-20, MadeUpShop.Milk), MadeUpShop.Line(-20, bought), MadeUpShop.Line(-6, bought));
        var discovery = Score(Model, customer, MadeUpShop.Today).First(candidate => candidate.Kind == CandidateKind.Discovery);
        Assert.Equal((expected, CandidateReason.GoesWith, bought), (discovery.Product, discovery.Reason, discovery.Because));
    }

    [Fact]
    public void What_is_sold_no_more_is_no_discovery_and_a_hopeless_habit()
    {
        var candidates = Score(Model, MadeUpShop.Customer(MadeUpShop.Line(-6, MadeUpShop.Milk)), MadeUpShop.Today);
        Assert.DoesNotContain(candidates, candidate => candidate.Product == MadeUpShop.Delisted);
        var early = Shop.First(customer => customer.Lines[0].Day < MadeUpShop.Today.AddDays(-200));
        Assert.InRange(Score(Model, early, MadeUpShop.Today).Single(candidate => candidate.Product == MadeUpShop.Delisted).Chance, 0, 0.05f);
    }

    [Fact]
    public void Candidates_are_complete_unique_likeliest_first_and_of_the_right_kind()
    {
        foreach (var customer in Shop)
        {
            var known = customer.Lines.ToArray().Select(line => line.Product).ToHashSet();
            var candidates = Score(Model, customer, MadeUpShop.Today);
            Assert.Equal(known.Order(), candidates.Where(candidate => candidate.Kind == CandidateKind.Habit).Select(candidate => candidate.Product).Order());
            Assert.Equal(candidates.Count, candidates.Select(candidate => candidate.Product).Distinct().Count());
            Assert.Equal(candidates.Select(candidate => candidate.Chance).OrderDescending(), candidates.Select(candidate => candidate.Chance));
            Assert.All(candidates, candidate => Assert.InRange(candidate.Chance, 0, 1));
        }
    }

    [Fact]
    public void One_by_one_equals_many_at_once()
    {
        var oneByOne = Shop.Select(customer => Score(Model, customer, MadeUpShop.Today)).ToList();
        var atOnce = new List<Candidate>[Shop.Count];
        Parallel.For(0, Shop.Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => atOnce[i] = Score(Model, Shop[i], MadeUpShop.Today));
        Assert.Equal(oneByOne, atOnce);
    }

    [Fact]
    public void The_same_data_and_seed_give_the_same_bytes_with_any_number_of_threads()
    {
        var bytes = Bytes(Fit(Shop, seed: 7, threads: 1));
        Assert.Equal(bytes, Bytes(Fit(Shop, seed: 7, threads: 1)));
        Assert.Equal(bytes, Bytes(Fit(Shop, seed: 7, threads: 5)));
    }

    [Fact]
    public void Other_data_give_other_bytes() => Assert.NotEqual(Bytes(Model), Bytes(Fit(MadeUpShop.Customers(seed: 2), seed: 1, threads: 2)));

    [Fact]
    public void Nothing_is_used_from_the_scoring_day_on()
    {
        foreach (var customer in Shop.Take(20))
        {
            var future = new CustomerHistory(customer.Customer, [.. customer.Lines, MadeUpShop.Line(0, MadeUpShop.FirstOther), MadeUpShop.Line(3, MadeUpShop.Tea), MadeUpShop.Line(1, MadeUpShop.Milk, -1)]);
            Assert.Equal(Score(Model, customer, MadeUpShop.Today), Score(Model, future, MadeUpShop.Today));
        }
    }

    [Fact]
    public void What_she_brought_back_is_not_known_to_her()
    {
        var customer = MadeUpShop.Customer(MadeUpShop.Line(-9, MadeUpShop.Milk), MadeUpShop.Line(-9, MadeUpShop.Tea), MadeUpShop.Line(-5, MadeUpShop.Tea, -1));
        Assert.DoesNotContain(Score(Model, customer, MadeUpShop.Today), candidate => candidate is { Product: MadeUpShop.Tea, Kind: CandidateKind.Habit });
    }

    [Fact]
    public void A_customer_without_history_gets_the_most_popular_named_as_such()
    {
        var candidates = Score(Model, MadeUpShop.Customer(), MadeUpShop.Today);
        Assert.Equal(MadeUpShop.Milk, candidates[0].Product);
        Assert.All(candidates, candidate => Assert.Equal((CandidateKind.Discovery, CandidateReason.Popular), (candidate.Kind, candidate.Reason)));
    }

    [Fact]
    public void A_product_the_model_never_saw_does_no_harm()
    {
        var candidates = Score(Model, MadeUpShop.Customer(MadeUpShop.Line(-3, 9_999), MadeUpShop.Line(-3, MadeUpShop.Milk)), MadeUpShop.Today);
        Assert.Contains(candidates, candidate => candidate is { Product: 9_999, Kind: CandidateKind.Habit });
    }

    [Fact]
    public void It_survives_saving_and_loading()
    {
        using var folder = new TemporaryFolder();
        Save(Model, folder);
        var loaded = Load(folder);
        Assert.Equal(Bytes(Model), Bytes(loaded));
        foreach (var customer in Shop.Take(20))
            Assert.Equal(Score(Model, customer, MadeUpShop.Today), Score(loaded, customer, MadeUpShop.Today));
    }

    [Fact]
    public void A_file_cut_in_half_or_with_one_bit_turned_is_refused()
    {
        using var folder = new TemporaryFolder();
        var file = Save(Model, folder);
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => Load(folder)).Code);
        whole[^10] ^= 1;
        File.WriteAllBytes(file, whole);
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => Load(folder)).Code);
    }
}
