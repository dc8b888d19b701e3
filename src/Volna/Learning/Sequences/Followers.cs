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
        var start = new int[sequences.Count + 1];
        for (var sequence = 0; sequence < sequences.Count; sequence++) start[sequence + 1] = start[sequence] + sequences[sequence].Length;
        int[] inOrder = [.. sequences.SelectMany(sequence => sequence)];
        var (places, placesStart) = PlacesOf(start, inOrder, occurrences);
        var meanLength = (float)inOrder.Length / Math.Max(1, sequences.Count);
        var lengthWeight = sequences.Select(sequence => options.Bm25 ? Saturated(sequence.Length / meanLength) : Power(sequence.Length, options.LengthPower)).ToArray();
        float Rarity(int count) => (float)Math.Log(1 + ((Math.Max(sequences.Count - count, 0) + 0.5) / (count + 0.5)));
        var forward = Enumerable.Range(0, MostDistance + 1).Select(distance => Power(distance, options.ForwardPower)).ToArray();
        var backward = Enumerable.Range(0, MostDistance + 1).Select(distance => options.Backward * Power(distance, options.BackwardPower)).ToArray();
        var source = Array.ConvertAll(occurrences, count => options.Bm25 ? Rarity(count) : Power(count + 1, options.SourcePower));
        var target = Array.ConvertAll(occurrences, count => options.Bm25 ? Rarity(count) : Power(count + 1, options.TargetPower));

        var chunks = Chunks.Map(products, ChunkProducts, parallel, (from, to) =>
        {
            float[] sums = new float[products], weights = new float[products];
            var near = new int[products];
            var best = new int[options.Followers];
            var rows = new List<(int Product, float Weight)[]>(to - from);
            for (var product = from; product < to; product++)
            {
                FollowerSums.Add(start, inOrder, lengthWeight, places.AsSpan(placesStart[product]..placesStart[product + 1]), forward, backward, sums);
                sums[product] = 0;
                var found = FollowerSums.TakeOut(sums, source[product], target, near, weights);

                // Only those that are kept are sorted.
                var row = new (int Product, float Weight)[TopK.Unordered(weights.AsSpan(0, found), best)];
                for (var i = 0; i < row.Length; i++) row[i] = (near[best[i]], weights[best[i]]);
                Array.Sort(row, static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Product.CompareTo(b.Product));
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
    static (Occurrence[] Places, int[] Start) PlacesOf(int[] start, int[] inOrder, int[] occurrences)
    {
        var placesStart = new int[occurrences.Length + 1];
        for (var product = 0; product < occurrences.Length; product++) placesStart[product + 1] = placesStart[product] + occurrences[product];
        var next = placesStart[..^1];
        var places = new Occurrence[placesStart[^1]];
        for (var sequence = 0; sequence + 1 < start.Length; sequence++)
            for (var at = start[sequence]; at < start[sequence + 1]; at++) places[next[inOrder[at]]++] = new Occurrence(sequence, at);
        return (places, placesStart);
    }

    /// <summary>Weight of a product in a sequence of so many times the mean length, squared, as both products of a pair have it: BM25 with k1 = 1.2 and b = 0.75.</summary>
    static float Saturated(float length) => 2.2f / ((1.2f * (0.25f + (0.75f * length))) + 1) is var weight ? weight * weight : 0;

    static float Power(double number, float power) => (float)Math.Pow(number, -power);
}
