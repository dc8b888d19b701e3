using Volna.Kernels;

namespace Volna.Learning.Baskets;

/// <summary>How well the last baskets of some customers are foretold from those before; means over customers.</summary>
static class BasketTest
{
    const int ChunkCustomers = 128;

    public static Ranking Judge(BasketModel model, IReadOnlyList<int[][]> judges, int top, ParallelOptions parallel)
    {
        return Mean(judges, top, parallel, () =>
        {
            var scorer = new BasketScorer(model);
            return (baskets, found) => scorer.Top(baskets, found);
        });
    }

    /// <summary>The baselines: what is in the most baskets; and what is in the most of her own, filled up with that.</summary>
    public static (Ranking MostPopular, Ranking PersonalFrequency) Baselines(IReadOnlyList<int[][]> customers, IReadOnlyList<int[][]> judges, int products, int top, ParallelOptions parallel)
    {
        var baskets = new float[products];
        foreach (var product in customers.SelectMany(customer => customer).SelectMany(basket => basket)) baskets[product]++;
        var own = Mean(judges, top, parallel, () =>
        {
            var vector = new BasketVector(products);
            var scores = new float[products];
            return (history, found) =>
            {
                vector.Read(history, 1);
                for (var i = 0; i < products; i++) scores[i] = vector[i] + (baskets[i] / 1e7f);
                return TopK.Ordered(scores, 0, found, new float[top]);
            };
        });
        return (Mean(judges, top, parallel, () => (_, found) => TopK.Ordered(baskets, 0, found, new float[top])), own);
    }

    delegate int Rank(ReadOnlySpan<int[]> baskets, Span<int> found);

    static Ranking Mean(IReadOnlyList<int[][]> judges, int top, ParallelOptions parallel, Func<Rank> newRank)
    {
        var sum = default(Ranking);
        foreach (var part in Chunks.Map(judges.Count, ChunkCustomers, parallel, Judge)) sum += part;
        return sum / judges.Count;

        Ranking Judge(int start, int end)
        {
            var rank = newRank();
            var part = default(Ranking);
            var found = new int[top];
            var hits = new bool[top];
            for (var i = start; i < end; i++)
            {
                var baskets = judges[i];
                var count = rank(baskets.AsSpan(0, baskets.Length - 1), found);
                for (var place = 0; place < top; place++) hits[place] = place < count && baskets[^1].Contains(found[place]);
                part += Ranking.At(hits, baskets[^1].Length, top);
            }

            return part;
        }
    }
}
