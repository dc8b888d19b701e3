using Volna.Kernels;

namespace Volna.Learning.Networks;

/// <summary>
/// Teaches a network what follows, epoch by epoch. Batches are the same whatever the threads, and so are their parts, whose gradients are added up in order:
/// threads don't change a bit of what is learnt.
/// </summary>
public sealed class NetworkTraining
{
    /// <summary>Sequences of a part, and parts of a batch.</summary>
    const int Part = 32, Parts = 2;

    /// <summary>Of so many batches the sequences are sorted by length, so that those that go together end together.</summary>
    const int Sorted = 20;

    readonly NetworkOptions _options;
    readonly NetworkWeights _weights, _squares;
    readonly int[][] _sequences;
    readonly double[] _sums;
    readonly float[] _expected, _gradients, _popularity, _step;
    readonly List<int> _touched = [];
    readonly bool[] _isTouched;
    readonly NetworkPass[] _passes;

    /// <param name="sequences">Each customer's products, oldest first, numbered from 0.</param>
    public NetworkTraining(IReadOnlyList<int[]> sequences, int products, NetworkOptions options)
    {
        _options = options;
        // Of a long one each piece begins with the last product of the one before.
        _sequences = [.. sequences.SelectMany(sequence => Enumerable.Range(0, (Math.Max(sequence.Length - 1, 0) + options.Steps - 1) / options.Steps)
            .Select(piece => sequence[(piece * options.Steps)..Math.Min(sequence.Length, ((piece + 1) * options.Steps) + 1)]))];
        var occurrences = new int[products];
        foreach (var product in sequences.SelectMany(sequence => sequence)) occurrences[product]++;
        _sums = Rivals.SumsOf(occurrences);
        _expected = Rivals.ExpectedOf(_sums);
        _weights = NetworkWeights.Start(products, options);
        _squares = new NetworkWeights(new float[_weights.Products.Length], new float[products], new float[_weights.Step.Length]);
        (_gradients, _popularity, _step, _isTouched) = (new float[_weights.Products.Length], new float[products], new float[_weights.Step.Length], new bool[products]);
        _passes = [.. Enumerable.Range(0, Parts).Select(_ => new NetworkPass(options.Factors))];
    }

    /// <summary>Epochs done.</summary>
    public int Epochs { get; private set; }

    /// <summary>What the network knows by now; learning on doesn't change it.</summary>
    public NetworkModel Model() => new(_options with { Epochs = Epochs }, new NetworkWeights([.. _weights.Products], [.. _weights.Popularity], [.. _weights.Step]));

    /// <summary>Goes through all sequences once.</summary>
    /// <returns>The mean loss of a place.</returns>
    public double RunEpoch(ParallelOptions parallel)
    {
        var (loss, places) = (0.0, 0L);
        foreach (var (number, batch) in Batches().Index())
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            var seed = ((ulong)Epochs << 32) + (ulong)number;
            var rivals = Rivals.Of(_sums, _expected, new Draw(_options.Seed, "rivals", seed));
            var parts = batch.Chunk(Part).ToArray();
            Parallel.For(0, parts.Length, parallel, part => _passes[part].Run(_weights, parts[part], rivals, _options.Dropout, new Draw(_options.Seed, "dropout", (seed * Parts) + (ulong)part)));
            Learn(_passes.AsSpan(0, parts.Length), rivals);
            foreach (var pass in _passes.AsSpan(0, parts.Length)) (loss, places) = (loss + pass.Loss, places + pass.Places);
        }

        Epochs++;
        return places == 0 ? 0 : loss / places;
    }

    /// <summary>All sequences in an order by chance, those of about the same length together, the longest of a batch first.</summary>
    IEnumerable<int[][]> Batches() => _sequences
        .Select((sequence, i) => (Sequence: sequence, Rank: new Draw(_options.Seed, $"epoch {Epochs}", (ulong)i).Next())).OrderBy(one => one.Rank)
        .Chunk(Sorted * Part * Parts)
        .SelectMany(block => block.OrderByDescending(one => one.Sequence.Length).Chunk(Part * Parts).OrderBy(batch => batch[0].Rank))
        .Select(batch => Array.ConvertAll(batch, one => one.Sequence));

    void Learn(ReadOnlySpan<NetworkPass> passes, Rivals rivals)
    {
        var (factors, places) = (_options.Factors, 0);
        foreach (var pass in passes)
        {
            for (var place = 0; place < pass.Places; place++)
            {
                Add(pass.Seen[place], pass.OfSeen.Slice(place * factors, factors), 0);
                Add(pass.Next[place], pass.OfNext.Slice(place * factors, factors), pass.OfNextPopularity[place]);
            }

            for (var rival = 0; rival < Rivals.Count; rival++) Add(rivals.Products[rival], pass.OfRivals.AsSpan(rival * factors, factors), pass.OfRivalsPopularity[rival]);
            ScaledSum.Add(_step, 1, pass.OfStep);
            places += pass.Places;
        }

        var scale = 1f / places;
        foreach (var product in _touched)
        {
            var row = (product * factors)..((product + 1) * factors);
            AdagradStep.Take(_weights.Products.AsSpan(row), _squares.Products.AsSpan(row), _gradients.AsSpan(row), scale, _options.LearningRate);
            var one = product..(product + 1);
            AdagradStep.Take(_weights.Popularity.AsSpan(one), _squares.Popularity.AsSpan(one), _popularity.AsSpan(one), scale, _options.LearningRate);
            _gradients.AsSpan(row).Clear();
            (_popularity[product], _isTouched[product]) = (0, false);
        }

        _touched.Clear();
        AdagradStep.Take(_weights.Step, _squares.Step, _step, scale, _options.LearningRate);
        Array.Clear(_step);
    }

    void Add(int product, ReadOnlySpan<float> gradients, float ofPopularity)
    {
        if (!_isTouched[product]) _touched.Add(product);
        _isTouched[product] = true;
        ScaledSum.Add(_gradients.AsSpan(product * gradients.Length, gradients.Length), 1, gradients);
        _popularity[product] += ofPopularity;
    }
}
