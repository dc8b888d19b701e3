using System.Globalization;
using System.Text;
using Volna.Kernels;
using Volna.Learning.Baskets;
using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Baskets;

public sealed class BasketModelTests : ForetellingContract<BasketModel>
{
    const int Products = 60;

    static readonly List<int[][]> Customers = MakeUp(seed: 1);

    [Fact]
    public void A_file_of_another_kind_is_refused_by_both_names()
    {
        var refused = Assert.Throws<BadInputException>(() => Load(Empty("other", 1)));
        Assert.Equal("model-format", refused.Code);
        Assert.Contains("is other of format 0, expected baskets", refused.Sentence.English, StringComparison.Ordinal);
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

    /// <summary>What she always buys, and what customers like her went on to buy next, come first.</summary>
    protected override void FindPattern(BasketModel model)
    {
        foreach (var taste in Enumerable.Range(0, 5))
        {
            // Each taste has ten products; all end with the seasonal one, 50 + taste, which she hasn't met.
            var found = Top(model, [[10 * taste, (10 * taste) + 1], [10 * taste, (10 * taste) + 2], [10 * taste, (10 * taste) + 3]], 2);
            Assert.Equal([10 * taste, 50 + taste], found.Order());
        }
    }

    protected override BasketModel Fit(ulong world, int threads) => BasketModel.Fit(MakeUp(world), Products, new BasketOptions());

    protected override double[] Ask(BasketModel model, int @case) => Array.ConvertAll(Top(model, Customers[@case], 10), product => (double)product);

    protected override double[][] AskTogether(BasketModel model)
    {
        var (scorer, found) = (new BasketScorer(model), new int[10]);
        return [.. Customers.Take(Cases).Select(customer => found[..scorer.Top(customer, found)].Select(product => (double)product).ToArray())];
    }

    protected override object AskBefore(ulong world)
    {
        using var folder = new TemporaryFolder();
        var rows = new StringBuilder("part,user,set_number,item\n");
        foreach (var (part, customers) in ((string, List<int[][]>)[])[("train", Customers), ("validate", MakeUp(seed: 3)), ("test", MakeUp(world))])
            foreach (var (customer, baskets) in customers.Index())
                foreach (var (number, basket) in baskets.Index())
                    foreach (var product in basket) rows.Append(CultureInfo.InvariantCulture, $"{part},{part}{customer},{number},{product}\n");
        return NextBasketJob.Run(folder.Write("baskets.csv", rows.ToString()), onValidation: true, new ParallelOptions()) with { CustomersPerSecond = 0 };
    }

    protected override byte[] Save(BasketModel model) => model.Save();

    protected override BasketModel Load(byte[] bytes) => BasketModel.Load(bytes, Name);

    protected override BasketModel LoadOfFormat(int format) => Load(Empty("baskets", format));

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
