using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Factors;

namespace Volna.Tests.Learning.Factors;

public sealed class FactorModelTests
{
    const int Products = 40;

    static readonly FactorOptions Options = new() { Factors = 8 };

    /// <summary>Four tastes of ten products each; everybody has half of her taste's.</summary>
    static readonly List<int[]> Customers = MakeUp(seed: 1);
    static readonly FactorModel Model = Fit(Customers);

    [Fact]
    public void A_customer_folded_in_is_offered_her_taste()
    {
        foreach (var taste in Enumerable.Range(0, 4))
            Assert.All(Top(Model, [10 * taste, (10 * taste) + 3, (10 * taste) + 7], 8), product => Assert.Equal(taste, product / 10));
    }

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

        static int Best(float[] weights)
        {
            var product = new int[1];
            Model.Top(Model.FoldIn([3, 17], weights), 1, product, new float[1]);
            return product[0];
        }
    }

    [Fact]
    public void One_by_one_equals_many_at_once()
    {
        float[] all = [.. Customers.Take(20).SelectMany(customer => Model.FoldIn(customer))];
        var (products, scores) = (new int[200], new float[200]);
        Model.Top(all, 10, products, scores);
        for (var i = 0; i < 20; i++) Assert.Equal(Top(Model, Customers[i], 10), products.AsSpan(10 * i, 10).ToArray());
    }

    [Fact]
    public void Learning_is_repeatable_with_any_number_of_threads_and_survives_saving_and_loading()
    {
        var bytes = Model.Save();
        Assert.Equal(bytes, Fit(MakeUp(seed: 1), threads: 1).Save());
        Assert.Equal(bytes, Fit(MakeUp(seed: 1), threads: 5).Save());
        Assert.NotEqual(bytes, Fit(MakeUp(seed: 2)).Save());
        var loaded = FactorModel.Load(bytes, "m");
        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(Model.Options, loaded.Options);
        Assert.Equal(Top(Model, Customers[0], 10), Top(loaded, Customers[0], 10));
    }

    [Fact]
    public void A_model_cut_in_half_or_of_another_kind_is_refused()
    {
        var bytes = Model.Save();
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => FactorModel.Load(bytes.AsSpan(0, bytes.Length / 2), "m")).Code);
        Assert.Equal("model-format", Assert.Throws<BadInputException>(() => FactorModel.Load(new ModelBytes("factors", 99).Finish(), "m")).Code);
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
