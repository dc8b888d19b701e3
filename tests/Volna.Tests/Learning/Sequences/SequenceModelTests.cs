using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Sequences;

namespace Volna.Tests.Learning.Sequences;

public sealed class SequenceModelTests
{
    const int Products = 40;

    /// <summary>Customers walk through ten products of a group, in order, from somewhere.</summary>
    static readonly List<int[]> Walks = MakeUp(seed: 1);
    static readonly SequenceModel Model = Fit(Walks);

    [Fact]
    public void What_follows_comes_before_what_goes_before()
    {
        foreach (var group in Enumerable.Range(0, 3))
        {
            var found = Top(Model, [(10 * group) + 3, (10 * group) + 4], 3);
            Assert.Equal((10 * group) + 5, found[0]);
            Assert.All(found, product => Assert.Equal(group, product / 10));
        }
    }

    [Fact]
    public void What_she_has_had_is_not_foretold() =>
        Assert.All(Walks.Take(50), walk => Assert.Empty(Top(Model, walk, 10).Intersect(walk)));

    [Fact]
    public void A_product_that_nobody_took_is_found_by_its_attributes()
    {
        // The last product has no buyers and shares its one telling attribute with product 5 alone.
        List<int[]> attributes = [.. Enumerable.Range(0, Products).Select(product => product is 5 or Products - 1 ? (int[])[0, 77] : [0])];
        var model = SequenceModel.Fit(Walks, Products, attributes, new SequenceOptions { Attributes = 0.3f }, new ParallelOptions());
        Assert.Contains(Products - 1, Top(model, [4, 5], 10));
        Assert.DoesNotContain(Products - 1, Top(Model, [4, 5], 10));
    }

    [Fact]
    public void One_by_one_equals_many_at_once()
    {
        var memory = new ScoreMemory();
        var found = new int[10];
        foreach (var walk in Walks.Take(50)) Assert.Equal(Top(Model, walk, 10), found[..Model.Top(walk, memory, found)]);
    }

    [Fact]
    public void Learning_is_repeatable_with_any_number_of_threads_and_survives_saving_and_loading()
    {
        var bytes = Model.Save();
        Assert.Equal(bytes, Fit(MakeUp(seed: 1), threads: 1).Save());
        Assert.Equal(bytes, Fit(MakeUp(seed: 1), threads: 5).Save());
        Assert.NotEqual(bytes, Fit(MakeUp(seed: 2)).Save());
        var loaded = SequenceModel.Load(bytes, "m");
        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(Model.Options, loaded.Options);
        foreach (var walk in Walks.Take(20)) Assert.Equal(Top(Model, walk, 10), Top(loaded, walk, 10));
    }

    [Fact]
    public void A_model_cut_in_half_or_of_another_kind_is_refused()
    {
        var bytes = Model.Save();
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => SequenceModel.Load(bytes.AsSpan(0, bytes.Length / 2), "m")).Code);
        Assert.Equal("model-format", Assert.Throws<BadInputException>(() => SequenceModel.Load(new ModelBytes("sequence", 99).Finish(), "m")).Code);
    }

    [Fact]
    public void Of_whom_nothing_is_known_gets_the_most_popular()
    {
        var counts = Walks.SelectMany(walk => walk).CountBy(product => product).OrderByDescending(product => product.Value).ThenBy(product => product.Key).Select(product => product.Key);
        Assert.Equal(counts.Take(5), Top(Model, [], 5));
        Assert.Equal(counts.Take(5), Top(Model, [-1, Products + 3], 5));
    }

    [Fact]
    public void No_sequences_one_product_and_identical_customers_are_no_trouble()
    {
        Assert.Empty(Top(Fit([]), [1, 2], 5));
        Assert.Empty(Top(Fit([[0, 0, 0]], products: 1), [0], 5));
        Assert.Equal([2], Top(Fit([.. Enumerable.Repeat<int[]>([0, 1, 2], 20)], products: 3), [0, 1], 5));
    }

    static SequenceModel Fit(List<int[]> walks, int threads = 2, int products = Products) =>
        SequenceModel.Fit(walks, products, null, new SequenceOptions { Attributes = 0 }, new ParallelOptions { MaxDegreeOfParallelism = threads });

    static int[] Top(SequenceModel model, int[] history, int top)
    {
        var found = new int[top];
        return found[..model.Top(history, new ScoreMemory(), found)];
    }

    static List<int[]> MakeUp(ulong seed) =>
    [
        .. Enumerable.Range(0, 300).Select(customer =>
        {
            var draw = new Draw(seed, "walks", (ulong)customer);
            var first = draw.NextBelow(7);
            return Enumerable.Range(first, 3 + draw.NextBelow(8 - first)).Select(step => (10 * (customer % 3)) + step).ToArray();
        }),
    ];
}
