using Volna.Kernels;
using Volna.Learning.Baskets;

namespace Volna.Tests.Learning.Baskets;

public sealed class BasketModelTests
{
    const int Products = 60;

    static readonly List<int[][]> Customers = MakeUp(seed: 1);
    static readonly BasketModel Model = BasketModel.Fit(Customers, Products, new BasketOptions());

    [Fact]
    public void What_she_always_buys_comes_first_and_what_customers_like_her_went_on_to_buy_next()
    {
        foreach (var taste in Enumerable.Range(0, 5))
        {
            // Each taste has ten products; all end with the seasonal one, 50 + taste, which she hasn't met.
            var found = Top(Model, [[10 * taste, (10 * taste) + 1], [10 * taste, (10 * taste) + 2], [10 * taste, (10 * taste) + 3]], 2);
            Assert.Equal([10 * taste, 50 + taste], found.Order());
        }
    }

    [Fact]
    public void One_by_one_equals_many_at_once()
    {
        var scorer = new BasketScorer(Model);
        var found = new int[10];
        foreach (var customer in Customers.Take(50))
        {
            var count = scorer.Top(customer, found);
            Assert.Equal(Top(Model, customer, 10), found[..count]);
        }
    }

    [Fact]
    public void Learning_is_repeatable_and_survives_saving_and_loading()
    {
        var bytes = Model.Save();
        Assert.Equal(bytes, BasketModel.Fit(MakeUp(seed: 1), Products, new BasketOptions()).Save());
        Assert.NotEqual(bytes, BasketModel.Fit(MakeUp(seed: 2), Products, new BasketOptions()).Save());
        var loaded = BasketModel.Load(bytes, "m");
        Assert.Equal(bytes, loaded.Save());
        foreach (var customer in Customers.Take(20)) Assert.Equal(Top(Model, customer, 10), Top(loaded, customer, 10));
    }

    [Fact]
    public void A_model_cut_in_half_changed_or_of_another_kind_is_refused()
    {
        var bytes = Model.Save();
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => BasketModel.Load(bytes.AsSpan(0, bytes.Length / 2), "m")).Code);
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => BasketModel.Load([], "m")).Code);
        var changed = bytes.ToArray();
        changed[^20] ^= 1;
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => BasketModel.Load(changed, "m")).Code);
        var other = new Volna.Learning.ModelBytes("other", 1).Finish();
        Assert.Contains("other", Assert.Throws<BadInputException>(() => BasketModel.Load(other, "m")).Sentence.English, StringComparison.Ordinal);
        Assert.Equal("model-format", Assert.Throws<BadInputException>(() => BasketModel.Load(new Volna.Learning.ModelBytes("baskets", 99).Finish(), "m")).Code);
    }

    [Fact]
    public void A_customer_of_whom_nothing_is_known_gets_the_most_popular()
    {
        var popular = Enumerable.Range(0, Products).OrderByDescending(product => Model.Popular[product]).ThenBy(product => product).Take(5).ToArray();
        Assert.Equal(popular, Top(Model, [], 5));
        Assert.Equal(popular, Top(Model, [[Products + 7], [-1]], 5));
    }

    [Fact]
    public void No_customers_one_customer_one_product_and_identical_customers_are_no_trouble()
    {
        Assert.Empty(Top(BasketModel.Fit([], Products, new BasketOptions()), [[1], [2]], 0));
        Assert.Equal([2, 1], Top(BasketModel.Fit([], Products, new BasketOptions()), [[1], [2]], 10));
        Assert.Empty(Top(BasketModel.Fit([[], [[]]], Products, new BasketOptions()), [], 10));
        Assert.Equal([1, 2], Top(BasketModel.Fit([[[1], [1, 2]]], Products, new BasketOptions()), [[1]], 10));
        Assert.Equal([0], Top(BasketModel.Fit([[[0], [0]], [[0]]], 1, new BasketOptions()), [[0]], 10));
        Assert.Equal([3, 4], Top(BasketModel.Fit([.. Enumerable.Repeat<int[][]>([[3], [3, 4]], 50)], Products, new BasketOptions()), [[3], [3, 4]], 10));
    }

    [Fact]
    public void Tuning_never_foretells_the_judges_worse_than_the_defaults()
    {
        var judges = MakeUp(seed: 3).Take(60).ToList();
        var parallel = new ParallelOptions();
        var chosen = BasketTuning.Choose(Customers, judges, Products, parallel);
        Assert.True(Worth(chosen) >= Worth(new BasketOptions()));
        Assert.Equal(chosen, BasketTuning.Choose(Customers, judges, Products, new ParallelOptions { MaxDegreeOfParallelism = 1 }));

        double Worth(BasketOptions options)
        {
            var quality = BasketTest.Judge(BasketModel.Fit(Customers, Products, options), judges, 10, parallel);
            return quality.Recall + quality.Ndcg + quality.Hit;
        }
    }

    static int[] Top(BasketModel model, int[][] baskets, int top)
    {
        var found = new int[top];
        return found[..new BasketScorer(model).Top(baskets, found)];
    }

    /// <summary>Customers of five tastes: their staple in every basket, another product of the taste, and in the last basket the season's.</summary>
    static List<int[][]> MakeUp(ulong seed) =>
    [
        .. Enumerable.Range(0, 200).Select(customer =>
        {
            var draw = new Draw(seed, "baskets", (ulong)customer);
            var taste = customer % 5;
            var baskets = Enumerable.Range(0, 3 + draw.NextBelow(5)).Select(_ => (int[])[10 * taste, (10 * taste) + 1 + draw.NextBelow(9)]).ToArray();
            return (int[][])[.. baskets, [10 * taste, 50 + taste]];
        }),
    ];
}
