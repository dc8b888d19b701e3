namespace Volna.Learning.Sessions;

/// <summary>
/// Chooses <see cref="SessionOptions"/>: one after the other takes the value of a short list with which the newest sessions of those to learn from are foretold
/// best (precision + MRR at 20) by the others.
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

    public static SessionOptions Choose(List<int[]> sessions, int products, ParallelOptions parallel)
    {
        var kept = Math.Min(MostSessions, sessions.Count / 10);
        var best = new SessionOptions();
        var cases = SessionQuality.CasesOf(sessions[^kept..]);
        if (cases.Count == 0) return best;
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

        return best;

        double Worth(SessionOptions options)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            var quality = SessionQuality.Judge(model.With(options), cases, parallel);
            return quality.PrecisionAt20 + quality.MrrAt20;
        }
    }
}
