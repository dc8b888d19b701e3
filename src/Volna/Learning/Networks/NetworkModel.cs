using Volna.Kernels;

namespace Volna.Learning.Networks;

/// <summary>
/// What comes next, by a small recurrent network: it reads a sequence product by product and keeps what matters of it in a state; the products that agree best with the
/// state are the likeliest (Hidasi, Karatzoglou, Baltrunas, Tikk, "Session-based Recommendations with Recurrent Neural Networks", 2016; the loss is
/// <see cref="Rivals"/>'). Unlike neighbours it tells the order of things from single sequences, and so it is best where it speaks beside them.
/// </summary>
public sealed class NetworkModel
{
    const int Format = 1;
    const string Kind = "network";

    readonly NetworkWeights _weights;
    readonly GruStep _gru;

    /// <summary>Factor by factor that of each product, so that all products are scored along.</summary>
    readonly float[] _turned;

    internal NetworkModel(NetworkOptions options, NetworkWeights weights)
    {
        (Options, _weights, _gru) = (options, weights, new GruStep(options.Factors, options.Factors));
        _turned = new float[weights.Products.Length];
        for (var i = 0; i < _turned.Length; i++) _turned[(i % options.Factors * Products) + (i / options.Factors)] = weights.Products[i];
    }

    public NetworkOptions Options { get; }

    /// <summary>Products known, numbered from 0.</summary>
    public int Products => _weights.Popularity.Length;

    /// <param name="sequences">Each customer's products, oldest first, numbered from 0.</param>
    public static NetworkModel Fit(IReadOnlyList<int[]> sequences, int products, NetworkOptions options, ParallelOptions parallel)
    {
        var training = new NetworkTraining(sequences, products, options);
        while (training.Epochs < options.Epochs) training.RunEpoch(parallel);
        return training.Model();
    }

    /// <summary>By product, its chance to come next.</summary>
    /// <param name="history">Oldest first; a product unknown to the model is left out.</param>
    public void Score(ReadOnlySpan<int> history, Span<float> chances)
    {
        Span<float> state = stackalloc float[Options.Factors], after = stackalloc float[Options.Factors], memory = new float[_gru.Memory];
        state.Clear();
        if (history.Length > Options.Steps) history = history[^Options.Steps..];
        foreach (var product in history)
        {
            if (product < 0 || product >= Products) continue;
            _gru.Forward(_weights.Step, _weights.Of(product), state, after, memory);
            after.CopyTo(state);
        }

        _weights.Popularity.CopyTo(chances);
        for (var factor = 0; factor < state.Length; factor++) ScaledSum.Add(chances, state[factor], _turned.AsSpan(factor * Products, Products));
        var (_, sum) = SoftMax.Exponentiate(chances);
        SparseSums.Scale(chances, (float)(1 / sum), chances);
    }

    /// <summary>Takes a part of the say of another model's scores.</summary>
    /// <param name="scores">The other model's, by product and none below 0; they become shares of 1, of which the chances take <paramref name="share"/>.</param>
    /// <param name="chances">Of <see cref="Score"/>.</param>
    internal static void Mix(Span<float> scores, ReadOnlySpan<float> chances, float share)
    {
        double total = 0, ofChances = 0;
        for (var product = 0; product < scores.Length; product++) (total, ofChances) = (total + scores[product], ofChances + chances[product]);
        var (own, others) = (total == 0 ? 0 : (float)((1 - share) / total), ofChances == 0 ? 0 : (float)(share / ofChances));
        for (var product = 0; product < scores.Length; product++) scores[product] = (own * scores[product]) + (others * chances[product]);
    }

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<int>([Options.Factors, Options.Epochs, Options.Steps]).Add<float>([Options.LearningRate, Options.Dropout]).Add<ulong>([Options.Seed])
        .Add<float>(_weights.Products).Add<float>(_weights.Popularity).Add<float>(_weights.Step).Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static NetworkModel Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var (counts, rates, seed) = (reader.Take<int>(), reader.Take<float>(), reader.Take<ulong>()[0]);
        var options = new NetworkOptions { Factors = counts[0], Epochs = counts[1], Steps = counts[2], LearningRate = rates[0], Dropout = rates[1], Seed = seed };
        return new NetworkModel(options, new NetworkWeights(reader.Take<float>(), reader.Take<float>(), reader.Take<float>()));
    }
}
