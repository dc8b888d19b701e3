using Volna.Kernels;
using Volna.Learning.Networks;

namespace Volna.Learning.Sequences;

/// <summary>
/// Which product a customer takes next, told from the order in which she took the others: each of them speaks for its followers, the latest the loudest,
/// and, where attributes are known (category, brand), for products that share them: so a product that hardly anybody took yet is found too. A small
/// network (see <see cref="NetworkModel"/>) may have a part of the say.
/// What she has had is not foretold.
/// </summary>
public sealed class SequenceModel
{
    const int Format = 2;
    const string Kind = "sequence";

    /// <summary>Keeps the list full where nothing follows: less than any real weight.</summary>
    const float PopularWeight = 1e-6f;

    /// <summary>An attribute of more products than this share says nothing.</summary>
    const double CommonAttribute = 0.1;

    readonly SparseRows _followers, _attributes, _attributeProducts;
    readonly int[] _occurrences;
    readonly NetworkModel? _network;
    readonly float[] _popular;

    SequenceModel(SequenceOptions options, SparseRows followers, SparseRows attributes, int[] occurrences, NetworkModel? network)
    {
        if (network is null != (options.Network == 0)) throw new ArgumentException($"A network's part of the say is {options.Network}, and there is {(network is null ? "none" : "one")}.");
        _network = network;
        Options = options;
        _followers = followers;
        _attributes = attributes;
        _attributeProducts = ProductsOf(attributes, occurrences);
        _occurrences = occurrences;
        double most = Math.Max(1, occurrences.DefaultIfEmpty().Max());
        _popular = Array.ConvertAll(occurrences, count => (float)(PopularWeight * count / most));
    }

    public SequenceOptions Options { get; }

    /// <summary>Products known, numbered from 0.</summary>
    public int Products => _popular.Length;

    /// <param name="sequences">Each customer's products, oldest first.</param>
    /// <param name="attributes">By product its attributes, numbered from 0, or null where none are known.</param>
    /// <param name="network">Learnt from the same sequences; null where it has no say.</param>
    public static SequenceModel Fit(
        IReadOnlyList<int[]> sequences, int products, IReadOnlyList<int[]>? attributes, SequenceOptions options, ParallelOptions parallel, NetworkModel? network = null)
    {
        var occurrences = new int[products];
        foreach (var product in sequences.SelectMany(sequence => sequence)) occurrences[product]++;
        return new SequenceModel(
            options, Followers.Of(sequences, occurrences, options, parallel), Weighted(attributes ?? [.. Enumerable.Repeat<int[]>([], products)]), occurrences, network);
    }

    /// <summary>The same with other options of ranking; those of learning must be the same.</summary>
    internal SequenceModel With(SequenceOptions options, NetworkModel? network = null) => new(options, _followers, _attributes, _occurrences, network);

    /// <summary>Attributes of each product, weighted by the log of how rare they are.</summary>
    static SparseRows Weighted(IReadOnlyList<int[]> attributes)
    {
        var holders = new Dictionary<int, int>();
        foreach (var attribute in attributes.SelectMany(own => own)) holders[attribute] = holders.GetValueOrDefault(attribute) + 1;
        var rows = SparseRows.OfUnits([.. attributes.Select(own => own.Where(attribute => holders[attribute] <= Math.Max(CommonAttribute * attributes.Count, 1)).Order().ToArray())]);
        for (var i = 0; i < rows.Places.Length; i++) rows.Weights[i] = (float)Math.Log((double)attributes.Count / holders[rows.Places[i]]);
        return rows;
    }

    /// <summary>Of each attribute its products: those with few other attributes and many buyers weigh more.</summary>
    static SparseRows ProductsOf(SparseRows attributes, int[] occurrences)
    {
        var rows = new SparseRows(attributes.Start, attributes.Places, new float[attributes.Places.Length]);
        for (var product = 0; product < rows.Count; product++)
        {
            double squares = 1;
            foreach (var weight in attributes.WeightsOf(product)) squares += weight * weight;
            rows.Weights.AsSpan(rows.Start[product]..rows.Start[product + 1]).Fill((float)Math.Sqrt((occurrences[product] + 0.25) / squares));
        }

        return rows.Transpose(rows.Places.Length == 0 ? 0 : rows.Places.Max() + 1);
    }

    /// <summary>The likeliest next products, likeliest first.</summary>
    /// <param name="history">Hers, oldest first; a product unknown to the model is left out.</param>
    /// <param name="memory">Of one thread, used again and again.</param>
    /// <param name="products">Filled from the front.</param>
    /// <returns>How many were found.</returns>
    public int Top(ReadOnlySpan<int> history, ScoreMemory memory, Span<int> products)
    {
        var scores = memory.Of(Products);
        _popular.CopyTo(scores);
        for (var at = 0; at < history.Length; at++)
        {
            if (history[at] < 0 || history[at] >= Products) continue;
            var weight = MathF.Pow(history.Length - at, -Options.RecencyPower);
            _followers.AddTo(scores, history[at], weight);
            if (Options.Attributes == 0) continue;
            var own = _attributes.PlacesOf(history[at]);
            var ownWeights = _attributes.WeightsOf(history[at]);
            for (var i = 0; i < own.Length; i++) _attributeProducts.AddTo(scores, own[i], Options.Attributes * weight * ownWeights[i]);
        }

        var chances = memory.Chances(_network is null ? 0 : Products);
        _network?.Score(history, chances);
        foreach (var product in history)
        {
            if (product < 0 || product >= Products) continue;
            scores[product] = 0;
            if (_network is not null) chances[product] = 0;
        }

        if (_network is not null) NetworkModel.Mix(scores, chances, Options.Network);
        return TopK.Ordered(scores, 0, products, memory.Values(products.Length));
    }

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<float>(
        [
            Options.ForwardPower, Options.Backward, Options.BackwardPower, Options.LengthPower, Options.RecencyPower, Options.SourcePower, Options.TargetPower, Options.Attributes, Options.Network,
        ])
        .Add<int>([Options.Followers, Options.Bm25 ? 1 : 0]).Add(_followers).Add(_attributes).Add<int>(_occurrences).Add<byte>(_network?.Save() ?? []).Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static SequenceModel Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var numbers = reader.Take<float>();
        var counts = reader.Take<int>();
        var options = new SequenceOptions
        {
            ForwardPower = numbers[0],
            Backward = numbers[1],
            BackwardPower = numbers[2],
            LengthPower = numbers[3],
            RecencyPower = numbers[4],
            SourcePower = numbers[5],
            TargetPower = numbers[6],
            Attributes = numbers[7],
            Network = numbers[8],
            Followers = counts[0],
            Bm25 = counts[1] == 1,
        };
        return new SequenceModel(options, reader.TakeRows(), reader.TakeRows(), reader.Take<int>(), reader.Take<byte>() is [_, ..] network ? NetworkModel.Load(network, file) : null);
    }
}
