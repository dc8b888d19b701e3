using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>The losses' derivatives by the score, and how good scores are, on rows held back.</summary>
static class TreeGradients
{
    const int ChunkRows = 65_536, ChunkLists = 64;

    public static void Of(TreeTable table, TreeOptions options, float[] scores, float[] first, float[] second, ParallelOptions parallel)
    {
        if (options.Loss == TreeLoss.Logistic)
        {
            Chunks.Map(table.Rows, ChunkRows, parallel, (start, end) =>
            {
                LogisticGradients.Of(scores.AsSpan(start..end), table.Labels.AsSpan(start..end), first.AsSpan(start..end), second.AsSpan(start..end));
                return 0;
            });
            return;
        }

        Array.Clear(first);
        Array.Clear(second);
        Chunks.Map(table.Lists.Length - 1, ChunkLists, parallel, (start, end) =>
        {
            for (var list = start; list < end; list++)
            {
                var rows = table.Lists[list]..table.Lists[list + 1];
                AddPairs(scores.AsSpan(rows), table.Labels.AsSpan(rows), options.Top, first.AsSpan(rows), second.AsSpan(rows));
            }

            return 0;
        });
    }

    /// <summary>
    /// LambdaRank (Burges, "From RankNet to LambdaRank to LambdaMART", 2010): each pair of different grades pulls its better row up and its worse one down, as hard as
    /// NDCG would change by their exchange. Pairs with neither row in the top don't count.
    /// </summary>
    static void AddPairs(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, int top, Span<float> first, Span<float> second)
    {
        var best = BestGain(labels, top);
        if (best == 0) return;
        var order = Order(scores);
        for (var i = 0; i < Math.Min(top, order.Length); i++)
        {
            for (var j = i + 1; j < order.Length; j++)
            {
                if (labels[order[i]] == labels[order[j]]) continue;
                var (better, worse) = labels[order[i]] > labels[order[j]] ? (order[i], order[j]) : (order[j], order[i]);
                var change = (Gain(labels[better]) - Gain(labels[worse])) * (Discount(i, top) - Discount(j, top)) / best;
                var chance = 1 / (1 + Math.Exp(scores[better] - scores[worse]));
                first[better] -= (float)(chance * change);
                first[worse] += (float)(chance * change);
                var curve = (float)(chance * (1 - chance) * change);
                second[better] += curve;
                second[worse] += curve;
            }
        }
    }

    /// <summary>The less the better: the mean logistic loss, or 1 less the mean NDCG.</summary>
    public static double Loss(TreeTable table, TreeOptions options, float[] scores)
    {
        double sum = 0;
        if (options.Loss == TreeLoss.Logistic)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                double score = scores[row];
                sum += Math.Max(score, 0) - (score * table.Labels[row]) + Math.Log(1 + Math.Exp(-Math.Abs(score)));
            }

            return sum / scores.Length;
        }

        var lists = 0;
        for (var list = 0; list + 1 < table.Lists.Length; list++)
        {
            var rows = table.Lists[list]..table.Lists[list + 1];
            var labels = table.Labels.AsSpan(rows);
            var best = BestGain(labels, options.Top);
            if (best == 0) continue;
            lists++;
            var order = Order(scores.AsSpan(rows));
            for (var i = 0; i < Math.Min(options.Top, order.Length); i++) sum += Gain(labels[order[i]]) * Discount(i, options.Top) / best;
        }

        return 1 - (sum / Math.Max(lists, 1));
    }

    /// <summary>Places by falling score, equal ones as they stand.</summary>
    static int[] Order(ReadOnlySpan<float> scores)
    {
        var keys = scores.ToArray();
        int[] order = [.. Enumerable.Range(0, keys.Length)];
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }

    static double BestGain(ReadOnlySpan<float> labels, int top)
    {
        var sorted = labels.ToArray();
        Array.Sort(sorted);
        double sum = 0;
        for (var i = 0; i < Math.Min(top, sorted.Length); i++) sum += Gain(sorted[^(i + 1)]) * Discount(i, top);
        return sum;
    }

    static double Gain(float label) => Math.Pow(2, label) - 1;

    static double Discount(int place, int top) => place < top ? 1 / Math.Log2(place + 2) : 0;
}
