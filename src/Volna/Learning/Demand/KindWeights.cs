using Volna.Learning.Trees;

namespace Volna.Learning.Demand;

/// <summary>
/// How likely candidates of one kind are: a regression on the first columns of <see cref="DemandFeatures"/>, and trees on all of them, grown from the regression's
/// scores. What little the data say the regression holds already; the trees add what only many data can tell.
/// </summary>
/// <param name="Regression">Weights, the intercept first.</param>
/// <param name="Trees">Null where the labels didn't allow any.</param>
/// <param name="Usual">The columns' means where they were learnt; no number where a column was always missing.</param>
sealed record KindWeights(float[] Regression, BoostedTrees? Trees, float[] Usual)
{
    /// <summary>Of a row.</summary>
    public int Columns => Usual.Length;

    /// <summary>Log odds of rows.</summary>
    public void Score(ReadOnlySpan<float> rows, Span<float> scores, TreeMemory memory)
    {
        for (var row = 0; row < scores.Length; row++)
        {
            var x = rows.Slice(row * Columns, Regression.Length - 1);
            var score = Regression[0];
            for (var k = 0; k < x.Length; k++) score += Regression[k + 1] * x[k];
            scores[row] = score;
        }

        Trees?.AddTo(rows, scores, memory);
    }

    static float[] Means(float[] rows, int columns)
    {
        // Row by row, as they lie in memory.
        var (sums, counts) = (new double[columns], new int[columns]);
        for (var at = 0; at < rows.Length; at += columns)
        {
            for (var column = 0; column < columns; column++)
            {
                var value = rows[at + column];
                if (float.IsNaN(value)) continue;
                sums[column] += value;
                counts[column]++;
            }
        }

        return [.. sums.Zip(counts, (sum, count) => (float)(sum / count))];
    }

    /// <param name="lifts">What weather and events changed of each row's log odds; neither regression nor trees learn it once more.</param>
    /// <param name="held">Rows of other customers, to stop the growth of trees by.</param>
    public static KindWeights Fit(
        int columns, int regressionColumns, float[] rows, bool[] labels, float[] lifts, float[] held, bool[] heldLabels, float[] heldLifts, DemandOptions options, ParallelOptions parallel)
    {
        var narrow = new float[labels.Length * regressionColumns];
        for (var row = 0; row < labels.Length; row++) rows.AsSpan(row * columns, regressionColumns).CopyTo(narrow.AsSpan(row * regressionColumns));
        var regression = new KindWeights(Array.ConvertAll(LogisticRegression.Fit(narrow, regressionColumns, labels, options.Regularization, parallel, lifts), weight => (float)weight), null, Means(rows, columns));
        if (!labels.AsSpan().ContainsAnyExcept(labels.AsSpan().Contains(true)) || !heldLabels.AsSpan().Contains(true)) return regression;
        return regression with { Trees = BoostedTrees.Fit(Table(rows, labels, lifts), Table(held, heldLabels, heldLifts), DemandOptions.Trees, parallel) };

        TreeTable Table(float[] values, bool[] truth, float[] known)
        {
            var starts = new float[truth.Length];
            regression.Score(values, starts, new TreeMemory());
            for (var row = 0; row < starts.Length; row++) starts[row] += known[row];
            return new TreeTable(new ColumnKind[columns], values, Array.ConvertAll(truth, label => label ? 1f : 0), []) { Starts = starts };
        }
    }
}
