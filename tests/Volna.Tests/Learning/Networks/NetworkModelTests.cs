using Volna.Kernels;
using Volna.Learning.Networks;

namespace Volna.Tests.Learning.Networks;

public sealed class NetworkModelTests : ModelContract<NetworkModel>
{
    const int Groups = 4, Products = 4 * Groups;

    static readonly NetworkOptions s_options = new() { Factors = 16, Epochs = 30, Dropout = 0.1f };
    static readonly List<int[]> s_sequences = MakeUp(seed: 1);

    [Fact]
    public void Gradients_equal_small_differences_of_the_loss()
    {
        const int Five = 5, Factors = 8;
        var weights = NetworkWeights.Start(Five, new NetworkOptions { Factors = Factors });
        var draw = new Draw(1, "gradients", 0);
        foreach (ref var weight in weights.Popularity.AsSpan()) weight = (float)(0.3 * draw.NextNormal());
        int[][] sequences = [[0, 1, 2, 3, 1], [2, 4, 2], [3, 1]];
        var sums = Rivals.SumsOf([3, 1, 4, 1, 5]);
        var rivals = Rivals.Of(sums, Rivals.ExpectedOf(sums), draw);
        var pass = new NetworkPass(Factors);

        double Loss()
        {
            pass.Run(weights, sequences, rivals, 0, new Draw(1, "nothing is left out", 0));
            return pass.Loss;
        }

        Loss();
        float[] ofProducts = new float[Five * Factors], ofPopularity = new float[Five], ofStep = [.. pass.OfStep];
        void Add(int product, ReadOnlySpan<float> gradients, float popularity)
        {
            ScaledSum.Add(ofProducts.AsSpan(product * Factors, Factors), 1, gradients);
            ofPopularity[product] += popularity;
        }

        Assert.Equal(7, pass.Places);
        for (var place = 0; place < pass.Places; place++)
        {
            Add(pass.Seen[place], pass.OfSeen.Slice(place * Factors, Factors), 0);
            Add(pass.Next[place], pass.OfNext.Slice(place * Factors, Factors), pass.OfNextPopularity[place]);
        }

        for (var rival = 0; rival < Rivals.Count; rival++) Add(rivals.Products[rival], pass.OfRivals.AsSpan(rival * Factors, Factors), pass.OfRivalsPopularity[rival]);
        Compare(weights.Products, ofProducts);
        Compare(weights.Popularity, ofPopularity);
        Compare(weights.Step, ofStep);

        void Compare(float[] numbers, float[] gradients)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                var at = numbers[i];
                numbers[i] = at + 0.01f;
                var above = Loss();
                numbers[i] = at - 0.01f;
                var below = Loss();
                numbers[i] = at;
                Assert.Equal((above - below) / 0.02, gradients[i], 3e-3);
            }
        }
    }

    [Fact]
    public void Chances_add_up_to_1_and_what_is_unknown_is_left_out()
    {
        var chances = Chances(Model, [0, 1]);
        Assert.Equal(1, chances.Sum(), 1e-5);
        Assert.Equal(chances, Chances(Model, [-1, 0, Products + 5, 1]));
        Assert.Equal(1, Chances(Model, []).Sum(), 1e-5);
    }

    [Fact]
    public void It_looks_back_no_further_than_it_learnt_to()
    {
        var model = NetworkModel.Fit(s_sequences, Products, s_options with { Epochs = 1, Steps = 2 }, new ParallelOptions());
        Assert.Equal(Chances(model, [0, 1]), Chances(model, [5, 0, 1]));
        Assert.NotEqual(Chances(model, [0, 1]), Chances(model, [1, 0]));
    }

    [Fact]
    public void Each_epoch_foretells_better_what_it_learns_from_and_a_model_taken_stays_as_it_was()
    {
        var training = new NetworkTraining(s_sequences, Products, s_options);
        var first = training.RunEpoch(new ParallelOptions());
        var (model, before) = (training.Model(), Chances(training.Model(), [0, 1]));
        for (var epoch = 0; epoch < 5; epoch++) Assert.True(training.RunEpoch(new ParallelOptions()) < first);
        Assert.Equal((1, 6), (model.Options.Epochs, training.Model().Options.Epochs));
        Assert.Equal(before, Chances(model, [0, 1]));
        Assert.ThrowsAny<OperationCanceledException>(() => training.RunEpoch(new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) }));
    }

    [Fact]
    public void Two_models_share_the_say_whatever_the_size_of_their_scores()
    {
        float[] scores = [30, 10, 0];
        NetworkModel.Mix(scores, [0, 0.1f, 0.4f], 0.25f);
        Assert.Equal([0.5625f, 0.1875f + 0.05f, 0.2f], scores);
        float[] nothing = [0, 0];
        NetworkModel.Mix(nothing, [0.5f, 0.5f], 0.25f);
        Assert.Equal([0.125f, 0.125f], nothing);
    }

    [Fact]
    public void No_sequences_one_product_and_sequences_of_one_are_no_trouble()
    {
        Assert.All(Chances(Fit([], 3), [1]), chance => Assert.InRange(chance, 0.1, 0.6));
        Assert.Equal([1f], Chances(Fit([[0, 0, 0]], 1), [0]));
        Assert.All(Chances(Fit([[0], [1], []], 2), [1]), chance => Assert.True(float.IsFinite(chance)));

        static NetworkModel Fit(List<int[]> sequences, int products) => NetworkModel.Fit(sequences, products, s_options with { Epochs = 2 }, new ParallelOptions());
    }

    /// <summary>What follows two products depends on which of them came first; which followers can't tell.</summary>
    protected override void FindPattern(NetworkModel model)
    {
        for (var group = 0; group < Groups; group++)
        {
            var first = 4 * group;
            Assert.InRange(Chances(model, [first, first + 1])[first + 2], 0.8, 1);
            Assert.InRange(Chances(model, [first + 1, first])[first + 3], 0.8, 1);
        }
    }

    protected override NetworkModel Fit(ulong world, int threads) => NetworkModel.Fit(MakeUp(world), Products, s_options, new ParallelOptions { MaxDegreeOfParallelism = threads });

    protected override double[] Ask(NetworkModel model, int @case) => Array.ConvertAll(Chances(model, s_sequences[@case]), chance => (double)chance);

    protected override byte[] Save(NetworkModel model) => model.Save();

    protected override NetworkModel Load(byte[] bytes) => NetworkModel.Load(bytes, Name);

    protected override NetworkModel LoadOfFormat(int format) => Load(Empty("network", format));

    static float[] Chances(NetworkModel model, int[] history)
    {
        var chances = new float[model.Products];
        model.Score(history, chances);
        return chances;
    }

    static List<int[]> MakeUp(ulong seed) =>
    [
        .. Enumerable.Range(0, 400).Select(customer =>
        {
            var draw = new Draw(seed, "order", (ulong)customer);
            int[] Trip()
            {
                var (first, turned) = (4 * draw.NextBelow(Groups), draw.NextBelow(2));
                return [first + turned, first + 1 - turned, first + 2 + turned];
            }

            return Enumerable.Range(0, 1 + draw.NextBelow(3)).SelectMany(_ => Trip()).ToArray();
        }),
    ];
}
