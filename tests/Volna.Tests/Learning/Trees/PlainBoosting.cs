using Volna.Learning.Trees;

namespace Volna.Tests.Learning.Trees;

/// <summary>Boosted trees as slow and obvious as can be: no histograms kept, no subtraction, no rounding; each split tries each bin by going through all rows.</summary>
static class PlainBoosting
{
    /// <summary>The scores of the rows that were learnt from.</summary>
    public static float[] Scores(TreeTable table, TreeOptions options)
    {
        var bins = TreeBins.Of(table, options.Bins, new ParallelOptions());
        var columns = table.Columns.Length;
        var own = new byte[columns][];
        for (var column = 0; column < columns; column++) bins.Find(table.Values, 0, column, own[column] = new byte[table.Rows]);
        var mean = table.Labels.Average(label => (double)label);
        var scores = new double[table.Rows];
        scores.AsSpan().Fill(Math.Log(mean / (1 - mean)));
        for (var tree = 0; tree < options.Trees; tree++)
        {
            double[] g = new double[table.Rows], h = new double[table.Rows];
            for (var row = 0; row < table.Rows; row++)
            {
                var chance = 1 / (1 + Math.Exp(-scores[row]));
                (g[row], h[row]) = (chance - table.Labels[row], chance * (1 - chance));
            }

            var leaves = new List<List<int>> { Enumerable.Range(0, table.Rows).ToList() };
            while (leaves.Count < options.Leaves)
            {
                var (gain, leaf, left) = leaves.Select((rows, i) => BestSplit(rows, i)).MaxBy(split => split.Gain);
                if (gain <= 0) break;
                var right = leaves[leaf].Except(left!).ToList();
                leaves[leaf] = left!;
                leaves.Add(right);
            }

            foreach (var rows in leaves)
            {
                var value = -rows.Sum(row => g[row]) / (rows.Sum(row => h[row]) + options.Regularization) * options.LearningRate;
                foreach (var row in rows) scores[row] += value;
            }

            (double Gain, int Leaf, List<int>? Left) BestSplit(List<int> rows, int leaf)
            {
                (double Gain, int Leaf, List<int>? Left) best = (0, leaf, null);
                var alone = Score(rows, options.Regularization);
                for (var column = 0; column < columns; column++)
                {
                    var of = own[column];
                    if (table.Columns[column] == ColumnKind.Category)
                    {
                        var left = new List<int>();
                        foreach (var category in rows.GroupBy(row => of[row]).OrderBy(group => group.Sum(row => g[row]) / (group.Sum(row => h[row]) + 10)))
                        {
                            left.AddRange(category);
                            Try(left, 10);
                        }

                        continue;
                    }

                    foreach (var end in rows.Select(row => of[row]).Where(bin => bin > 0).Distinct().Order())
                    {
                        Try([.. rows.Where(row => of[row] > 0 && of[row] <= end)], 0);
                        if (rows.Any(row => of[row] == 0)) Try([.. rows.Where(row => of[row] <= end)], 0);
                    }
                }

                return best;

                void Try(List<int> left, double more)
                {
                    var right = rows.Except(left).ToList();
                    if (left.Sum(row => h[row]) < options.LeastWeight || right.Sum(row => h[row]) < options.LeastWeight) return;
                    var gain = Score(left, options.Regularization + more) + Score(right, options.Regularization + more) - alone;
                    if (gain > best.Gain + 1e-9) best = (gain, leaf, [.. left]);
                }
            }

            double Score(List<int> rows, double regularization)
            {
                var sum = rows.Sum(row => g[row]);
                return sum * sum / (rows.Sum(row => h[row]) + regularization);
            }
        }

        return Array.ConvertAll(scores, score => (float)score);
    }
}
