using Volna.Kernels;
using Volna.Learning.Factors;

namespace Volna.Tests.Learning.Factors;

public sealed class FactorModelTests : ModelContract<FactorModel>
{
    const int Products = 40;

    static readonly FactorOptions Options = new() { Factors = 8 };

    /// <summary>Four tastes of ten products each; everybody has half of her taste's.</summary>
    static readonly List<int[]> Customers = MakeUp(seed: 1);

    [Fact]
    public void A_few_steps_a_round_come_to_the_same_loss_as_exact_solutions()
    {
        var exact = FactorModel.Fit(Customers, Products, Options, new ParallelOptions(), null, 3 * Options.Factors);
        Assert.InRange(Model.Loss(Customers) / exact.Loss(Customers), 0.99, 1.005);
    }

    [Fact]
    public void What_weighs_more_speaks_louder()
    {
        Assert.Equal(Model.FoldIn([3, 17]), Model.FoldIn([3, 17], [1, 1]));
        Assert.Equal(0, Best([5, 0.1f]) / 10);
        Assert.Equal(1, Best([0.1f, 5]) / 10);
        var weighted = FactorModel.Fit(Customers, Products, Options, new ParallelOptions(), [.. Customers.Select(customer => Array.ConvertAll(customer, _ => 1f))]);
        Assert.Equal(Model.Save(), weighted.Save());
        Assert.Throws<ArgumentException>(() => Model.FoldIn([3, 17], [1]));

        int Best(float[] weights)
        {
            var product = new int[1];
            Model.Top(Model.FoldIn([3, 17], weights), 1, product, new float[1]);
            return product[0];
        }
    }

    [Fact]
    public void Of_whom_nothing_is_known_all_factors_are_0() =>
        Assert.All(Model.FoldIn([-1, Products + 3]), factor => Assert.Equal(0, factor));

    [Fact]
    public void No_customers_one_product_and_identical_customers_are_no_trouble()
    {
        Assert.All(Fit([]).FoldIn([1, 2]), factor => Assert.True(float.IsFinite(factor)));
        Assert.Equal([0, -1], Top(Fit([[0], [0]], products: 1), [0], 2));
        Assert.Equal([1, 2], Top(Fit([.. Enumerable.Repeat<int[]>([1, 2], 30)], products: 4), [1], 2).Order());
    }

    /// <summary>A customer folded in is offered her taste.</summary>
    protected override void FindPattern(FactorModel model)
    {
        foreach (var taste in Enumerable.Range(0, 4))
            Assert.All(Top(model, [10 * taste, (10 * taste) + 3, (10 * taste) + 7], 8), product => Assert.Equal(taste, product / 10));
    }

    protected override FactorModel Fit(ulong world, int threads) => Fit(MakeUp(world), threads);

    protected override double[] Ask(FactorModel model, int @case) => Array.ConvertAll(Top(model, Customers[@case], 10), product => (double)product);

    protected override double[][] AskTogether(FactorModel model)
    {
        float[] all = [.. Customers.Take(Cases).SelectMany(customer => model.FoldIn(customer))];
        var (products, scores) = (new int[10 * Cases], new float[10 * Cases]);
        model.Top(all, 10, products, scores);
        return [.. products.Chunk(10).Select(own => Array.ConvertAll(own, product => (double)product))];
    }

    protected override byte[] Save(FactorModel model) => model.Save();

    protected override FactorModel Load(byte[] bytes) => FactorModel.Load(bytes, Name);

    protected override FactorModel LoadOfFormat(int format) => Load(Empty("factors", format));

    static FactorModel Fit(List<int[]> customers, int threads = 2, int products = Products) =>
        FactorModel.Fit(customers, products, Options, new ParallelOptions { MaxDegreeOfParallelism = threads });

    static int[] Top(FactorModel model, int[] has, int top)
    {
        var products = new int[top];
        model.Top(model.FoldIn(has), top, products, new float[top]);
        return products;
    }

    static List<int[]> MakeUp(ulong seed) =>
    [
        .. Enumerable.Range(0, 200).Select(customer =>
        {
            var draw = new Draw(seed, "tastes", (ulong)customer);
            return Enumerable.Range(0, 10).Where(_ => draw.NextBelow(2) == 0).Select(product => (10 * (customer % 4)) + product).ToArray();
        }),
    ];
}
