namespace Volna.Learning.Sessions;

/// <summary>A visit broken off, and what was seen next.</summary>
readonly record struct SessionCase(int[] Visit, int Next);

/// <summary>How often the next product was among the first 20 (precision at 20 as the field calls it, a hit rate), and the mean of one divided by its place (MRR).</summary>
public readonly record struct SessionQuality(double PrecisionAt20, double MrrAt20)
{
    public const int Top = 20;
    const int ChunkCases = 256;

    internal static SessionQuality Judge(SessionModel model, IReadOnlyList<SessionCase> cases, ParallelOptions parallel)
    {
        long hits = 0;
        double inverse = 0;
        foreach (var part in Chunks.Map(cases.Count, ChunkCases, parallel, Judge)) (hits, inverse) = (hits + part.Hits, inverse + part.Inverse);
        return new SessionQuality((double)hits / cases.Count, inverse / cases.Count);

        (long Hits, double Inverse) Judge(int start, int end)
        {
            var scorer = new SessionScorer(model);
            var found = new int[Top];
            (long Hits, double Inverse) part = default;
            for (var i = start; i < end; i++)
            {
                var place = found.AsSpan(0, scorer.Top(cases[i].Visit, found)).IndexOf(cases[i].Next);
                if (place >= 0) part = (part.Hits + 1, part.Inverse + (1.0 / (place + 1)));
            }

            return part;
        }
    }

    /// <summary>Every place of some sessions at which they could have been broken off.</summary>
    internal static List<SessionCase> CasesOf(IEnumerable<int[]> sessions) =>
        [.. from session in sessions from length in Enumerable.Range(1, Math.Max(session.Length - 1, 0)) select new SessionCase(session[..length], session[length])];
}
