using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Evaluation;
using Volna.Learning.Sequences;

namespace Volna.Tests.Learning.Sequences;

public sealed class SequenceModelTests : ForetellingContract<SequenceModel>
{
    const int Products = 40;

    /// <summary>Customers walk through ten products of a group, in order, from somewhere.</summary>
    static readonly List<int[]> Walks = MakeUp(seed: 1);

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
    public void By_bm25_a_rare_follower_comes_before_one_that_follows_everything()
    {
        // The follower 1 comes after each product, 2 after 0 alone, and both as often after 0.
        List<int[]> sequences = [.. Enumerable.Repeat<int[]>([0, 1], 3), .. Enumerable.Repeat<int[]>([0, 2], 3), .. Enumerable.Range(3, 20).Select(product => (int[])[product, 1])];
        var options = new SequenceOptions { Attributes = 0, TargetPower = 0 };
        Assert.Equal([1, 2], Top(Fit(options), [0], 2));
        var bm25 = Fit(options with { Bm25 = true });
        Assert.Equal([2, 1], Top(bm25, [0], 2));
        var loaded = Load(Save(bm25));
        Assert.Equal(bm25.Options, loaded.Options);
        Assert.Equal([2, 1], Top(loaded, [0], 2));

        // A long sequence tells less: of two followers seen as often, the one of short sequences comes first.
        sequences = [.. Enumerable.Repeat<int[]>([0, 1, 3, 4, 5, 6, 7, 8, 9], 3), .. Enumerable.Repeat<int[]>([0, 2], 3)];
        Assert.Equal(2, Top(Fit(options with { Bm25 = true }), [0], 1)[0]);

        SequenceModel Fit(SequenceOptions how) => SequenceModel.Fit(sequences, 23, null, how, new ParallelOptions());
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

    /// <summary>What follows comes before what goes before.</summary>
    protected override void FindPattern(SequenceModel model)
    {
        foreach (var group in Enumerable.Range(0, 3))
        {
            var found = Top(model, [(10 * group) + 3, (10 * group) + 4], 3);
            Assert.Equal((10 * group) + 5, found[0]);
            Assert.All(found, product => Assert.Equal(group, product / 10));
        }
    }

    protected override SequenceModel Fit(ulong world, int threads) => Fit(MakeUp(world), threads);

    protected override double[] Ask(SequenceModel model, int @case) => Array.ConvertAll(Top(model, Walks[@case], 10), product => (double)product);

    protected override double[][] AskTogether(SequenceModel model)
    {
        var (memory, found) = (new ScoreMemory(), new int[10]);
        return [.. Walks.Take(Cases).Select(walk => found[..model.Top(walk, memory, found)].Select(product => (double)product).ToArray())];
    }

    protected override object AskBefore(ulong world)
    {
        using var folder = new TemporaryFolder();
        // The first customer has all products, so that these have the same numbers in every world.
        int[][] sequences = [[.. Enumerable.Range(0, Products)], .. Walks.Select((walk, i) => (int[])[.. walk[..^1], (10 * (i % 3)) + (int)world])];
        var rows = string.Concat(sequences.SelectMany((sequence, customer) => sequence.Select((product, at) => $"{customer},{at},{product}\n")));
        return SequenceJob.Run(folder.Write("sequences.csv", "user_id,position,item_id\n" + rows), null, onValidation: true, new ParallelOptions()) with { CustomersPerSecond = 0 };
    }

    protected override byte[] Save(SequenceModel model) => model.Save();

    protected override SequenceModel Load(byte[] bytes) => SequenceModel.Load(bytes, Name);

    protected override SequenceModel LoadOfFormat(int format) => Load(Empty("sequence", format));

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
