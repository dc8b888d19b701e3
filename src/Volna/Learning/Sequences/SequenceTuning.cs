using Volna.Learning.Networks;

namespace Volna.Learning.Sequences;

/// <summary>
/// Chooses <see cref="SequenceOptions"/>: one after the other takes the value of a short list with which the last but one product of each sequence is
/// foretold best (recall + NDCG at 10), and at last a network the part of the say with which it is. Large files are judged by a part of their sequences.
/// </summary>
static class SequenceTuning
{
    const int MostJudged = 12_000;

    static readonly Func<SequenceOptions, IEnumerable<SequenceOptions>>[] Choices =
    [
        options => ((float[])[0, 0.003f, 0.01f, 0.02f, 0.04f]).Select(value => options with { Attributes = value }),
        options => ((float[])[0.7f, 1, 1.3f]).Select(value => options with { RecencyPower = value }),
        options => ((float[])[0.05f, 0.1f, 0.2f, 0.3f]).Select(value => options with { TargetPower = value }),
        options => ((float[])[0.1f, 0.2f, 0.4f]).Select(value => options with { Backward = value }),
        // Its weights are greater, so the attributes' must be, too.
        options => ((float[])[1, 100]).Select(factor => options with { Bm25 = true, Attributes = factor * options.Attributes }),
    ];

    /// <returns>The options, and those of the network; null where it has no say.</returns>
    public static (SequenceOptions Options, NetworkOptions? Network) Choose(IReadOnlyList<int[]> sequences, int products, IReadOnlyList<int[]>? attributes, ParallelOptions parallel)
    {
        var known = sequences.Select(sequence => sequence[..^2]).ToList();
        var every = (sequences.Count + MostJudged - 1) / MostJudged;
        SequenceModel? fitted = null;
        var best = new SequenceOptions { Attributes = attributes is null ? 0 : new SequenceOptions().Attributes };
        var bestWorth = Worth(best);
        foreach (var choice in attributes is null ? Choices[1..] : Choices)
        {
            foreach (var options in choice(best))
            {
                if (options == best) continue;
                var worth = Worth(options);
                if (worth > bestWorth) (best, bestWorth) = (options, worth);
            }
        }

        var (network, share) = NetworkTuning.Choose(known, products, bestWorth, (network, share) => Worth(best with { Network = share }, network), parallel);
        return (best with { Network = share }, network);

        double Worth(SequenceOptions options, NetworkModel? network = null)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            fitted = fitted is not null && fitted.Options.LearnAs(options) ? fitted.With(options, network) : SequenceModel.Fit(known, products, attributes, options, parallel, network);
            var quality = SequenceTest.Judge(fitted.Top, sequences, 2, every, parallel).At10;
            return quality.Recall + quality.Ndcg;
        }
    }
}
