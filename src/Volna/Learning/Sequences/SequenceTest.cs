using Volna.Kernels;

namespace Volna.Learning.Sequences;

/// <summary>Ranks what comes next after a history; as <see cref="SequenceModel.Top"/>.</summary>
delegate int NextProducts(ReadOnlySpan<int> history, ScoreMemory memory, Span<int> products);

/// <summary>How well products at the end of sequences are foretold from those before; means over sequences.</summary>
static class SequenceTest
{
    const int ChunkSequences = 256;

    /// <param name="cut">How many products before the end the foretold one stands: 1 for the last.</param>
    /// <param name="every">Judge each so-many-th sequence alone.</param>
    public static (Ranking At5, Ranking At10) Judge(NextProducts top, IReadOnlyList<int[]> sequences, int cut, int every, ParallelOptions parallel)
    {
        (Ranking At5, Ranking At10) sum = default;
        var judged = (sequences.Count + every - 1) / every;
        foreach (var (at5, at10) in Chunks.Map(judged, ChunkSequences, parallel, Judge)) sum = (sum.At5 + at5, sum.At10 + at10);
        return (sum.At5 / judged, sum.At10 / judged);

        (Ranking, Ranking) Judge(int start, int end)
        {
            (Ranking At5, Ranking At10) part = default;
            var memory = new ScoreMemory();
            var found = new int[10];
            var hits = new bool[10];
            for (var i = start; i < end; i++)
            {
                var sequence = sequences[i * every];
                var count = top(sequence.AsSpan(..^cut), memory, found);
                for (var place = 0; place < hits.Length; place++) hits[place] = place < count && found[place] == sequence[^cut];
                part = (part.At5 + Ranking.At(hits, 1, 5), part.At10 + Ranking.At(hits, 1, 10));
            }

            return part;
        }
    }
}
