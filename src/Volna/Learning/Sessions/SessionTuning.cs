using Volna.Learning.Networks;

namespace Volna.Learning.Sessions;

/// <summary>
/// Chooses <see cref="SessionOptions"/>: one after the other takes the value of a short list with which the newest sessions of those to learn from are foretold
/// best (precision + MRR at 20) by the others, and at last a network the part of the say with which they are.
/// </summary>
static class SessionTuning
{
    const int MostSessions = 1000;

    static readonly Func<SessionOptions, IEnumerable<SessionOptions>>[] Choices =
    [
        options => ((float[])[1, 2, 4]).Select(value => options with { Memory = value }),
        options => ((float[])[0, 0.25f, 0.5f]).Select(value => options with { LengthPower = value }),
        options => ((float[])[0.03f, 0.1f, 0.3f, 1]).Select(value => options with { Oldest = value }),
        options => ((int[])[200, 500, 1500]).Select(value => options with { Neighbours = value }),
        options => ((float[])[1, 2, 4]).Select(value => options with { Reach = value }),
        options => ((float[])[0.4f, 0.7f, 1]).Select(value => options with { Backward = value }),
        options => ((float[])[0, 0.1f, 0.3f, 0.6f, 1]).Select(value => options with { Repeat = value }),
        options => ((float[])[0, 0.1f, 0.2f, 0.3f]).Select(value => options with { PopularityPower = value }),
    ];

    /// <returns>The options, and those of the network; null where it has no say.</returns>
    public static (SessionOptions Options, NetworkOptions? Network) Choose(List<int[]> sessions, int products, ParallelOptions parallel)
    {
        var kept = Math.Min(MostSessions, sessions.Count / 10);
        var best = new SessionOptions();
        var cases = SessionQuality.CasesOf(sessions[^kept..]);
        if (cases.Count == 0) return (best, null);
        var model = SessionModel.Fit(sessions[..^kept], products, best);
        var bestWorth = Worth(best);
        foreach (var choice in Choices)
        {
            foreach (var options in choice(best))
            {
                if (options == best) continue;
                var worth = Worth(options);
                if (worth > bestWorth) (best, bestWorth) = (options, worth);
            }
        }

        var (network, share) = NetworkTuning.Choose(sessions[..^kept], products, bestWorth, (network, share) => Worth(best with { Network = share }, network), parallel);
        return (best with { Network = share }, network);

        double Worth(SessionOptions options, NetworkModel? network = null)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            var quality = SessionQuality.Judge(model.With(options, network), cases, parallel);
            return quality.PrecisionAt20 + quality.MrrAt20;
        }
    }
}
