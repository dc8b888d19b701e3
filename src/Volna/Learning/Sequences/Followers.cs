using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Learning.Sequences;

/// <summary>
/// Which products follow which: of each its followers, added up over all sequences in which both occur, the nearer the more, and a little for those that
/// came before it. A row is added up from the places where its product occurs, always in the same order, so threads don't change a bit of it.
/// </summary>
static class Followers
{
    /// <summary>Of a longer sequence, what is further apart than this has nothing to do with each other.</summary>
    const int MostDistance = 100;

    const int ChunkProducts = 64;

    public static SparseRows Of(IReadOnlyList<int[]> sequences, int[] occurrences, SequenceOptions options, ParallelOptions parallel)
    {
        var products = occurrences.Length;
        var (places, start) = PlacesOf(sequences, occurrences);
        var lengthWeight = sequences.Select(sequence => Power(sequence.Length, options.LengthPower)).ToArray();
        var forward = Enumerable.Range(0, MostDistance + 1).Select(distance => Power(distance, options.ForwardPower)).ToArray();
        var backward = Enumerable.Range(0, MostDistance + 1).Select(distance => options.Backward * Power(distance, options.BackwardPower)).ToArray();
        var source = Array.ConvertAll(occurrences, count => Power(count + 1, options.SourcePower));
        var target = Array.ConvertAll(occurrences, count => Power(count + 1, options.TargetPower));

        var chunks = Chunks.Map(products, ChunkProducts, parallel, (from, to) =>
        {
            var sums = new float[products];
            var touched = new List<int>();
            var weights = new List<float>();
            var best = new int[options.Followers];
            var rows = new List<(int Product, float Weight)[]>(to - from);
            for (var product = from; product < to; product++)
            {
                foreach (var (sequence, at) in places.AsSpan(start[product]..start[product + 1]))
                {
                    var others = sequences[sequence];
                    for (var i = Math.Max(0, at - MostDistance); i < Math.Min(others.Length, at + MostDistance + 1); i++)
                    {
                        var other = others[i];
                        if (other == product) continue;
                        if (sums[other] == 0) touched.Add(other);
                        sums[other] += lengthWeight[sequence] * (i > at ? forward[i - at] : backward[at - i]);
                    }
                }

                weights.Clear();
                foreach (var other in touched)
                {
                    weights.Add(sums[other] * source[product] * target[other]);
                    sums[other] = 0;
                }

                // Only those that are kept are sorted.
                var row = new (int Product, float Weight)[TopK.Unordered(CollectionsMarshal.AsSpan(weights), best)];
                for (var i = 0; i < row.Length; i++) row[i] = (touched[best[i]], weights[best[i]]);
                Array.Sort(row, static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Product.CompareTo(b.Product));
                touched.Clear();
                rows.Add(row);
            }

            return rows;
        });
        var all = chunks.SelectMany(rows => rows).ToList();
        var rowStart = new int[products + 1];
        for (var i = 0; i < products; i++) rowStart[i + 1] = rowStart[i] + all[i].Length;
        return new SparseRows(rowStart, [.. all.SelectMany(row => row.Select(follower => follower.Product))], [.. all.SelectMany(row => row.Select(follower => follower.Weight))]);
    }

    /// <summary>Where each product occurs, product after product.</summary>
    static ((int Sequence, int At)[] Places, int[] Start) PlacesOf(IReadOnlyList<int[]> sequences, int[] occurrences)
    {
        var start = new int[occurrences.Length + 1];
        for (var product = 0; product < occurrences.Length; product++) start[product + 1] = start[product] + occurrences[product];
        var next = start[..^1];
        var places = new (int, int)[start[^1]];
        for (var sequence = 0; sequence < sequences.Count; sequence++)
            for (var at = 0; at < sequences[sequence].Length; at++) places[next[sequences[sequence][at]]++] = (sequence, at);
        return (places, start);
    }

    static float Power(double number, float power) => (float)Math.Pow(number, -power);
}
