using Volna.Kernels;

namespace Volna.Learning;

/// <summary>
/// Logistic regression with an L2 penalty, fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani, Friedman, "The
/// Elements of Statistical Learning", 2nd edition, 4.4.1). The columns are standardised first, so one penalty suits them all; the intercept is not
/// penalised. Where all labels are alike only their base rate is learnt, and every other weight is 0.
/// </summary>
static class LogisticRegression
{
    const int ChunkRows = 4096, MostSteps = 50;

    /// <summary>The weights: the intercept, then one for each column as it is (not standardised).</summary>
    /// <param name="rows">Row by row, without a column for the intercept.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="regularization">Half of it times the squared standardised weights is taken from the log-likelihood.</param>
    /// <param name="offsets">Added to each row's log odds, as known from elsewhere; null for none.</param>
    public static double[] Fit(float[] rows, int columns, bool[] labels, double regularization, ParallelOptions parallel, float[]? offsets = null)
    {
        var count = labels.Length;
        if (count * columns != rows.Length) throw new ArgumentException($"{count} rows of {columns} columns aren't {rows.Length} numbers.");
        var broken = Array.FindIndex(rows, value => !float.IsFinite(value));
        if (broken >= 0) throw new ArgumentException($"Row {broken / columns}, column {broken % columns} is {rows[broken]}: a regression knows no missing values.");
        var positives = labels.AsSpan().Count(true);
        var weights = new double[columns + 1];
        weights[0] = Math.Log((positives + 0.5) / (count - positives + 0.5));
        if (positives == 0 || positives == count) return weights;

        var (mean, scale) = Standardise(rows, columns);
        var step = new double[columns + 1];
        var objective = double.NegativeInfinity;
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var sums = Sum();
            // A step that went too far is halved until the objective grows.
            if (sums.Objective < objective - 1e-9)
            {
                for (var k = 0; k < weights.Length; k++) weights[k] -= step[k] /= 2;
                continue;
            }

            var gain = sums.Objective - objective;
            objective = sums.Objective;
            if (gain < 1e-7) break;
            step = Cholesky.Solve(sums.Information, sums.Gradient);
            for (var k = 0; k < weights.Length; k++) weights[k] += step[k];
        }

        for (var k = 1; k < weights.Length; k++)
        {
            weights[k] *= scale[k - 1];
            weights[0] -= weights[k] * mean[k - 1];
        }

        return weights;

        Sums Sum()
        {
            var total = new Sums(columns + 1);
            foreach (var part in Chunks.Map(count, ChunkRows, parallel, SumRows)) total.Add(part);
            for (var k = 1; k < weights.Length; k++)
            {
                total.Objective -= 0.5 * regularization * weights[k] * weights[k];
                total.Gradient[k] -= regularization * weights[k];
                total.Information[(k * weights.Length) + k] += regularization;
            }

            return total;
        }

        Sums SumRows(int start, int end)
        {
            var sums = new Sums(columns + 1);
            var x = new double[columns + 1];
            x[0] = 1;
            for (var row = start; row < end; row++)
            {
                var values = rows.AsSpan(row * columns, columns);
                for (var k = 0; k < columns; k++) x[k + 1] = (values[k] - mean[k]) * scale[k];
                sums.Add(x, weights, labels[row], offsets?[row] ?? 0);
            }

            return sums;
        }
    }

    static (double[] Mean, double[] Scale) Standardise(float[] rows, int columns)
    {
        // Row by row, as they lie in memory.
        var (mean, squares, scale) = (new double[columns], new double[columns], new double[columns]);
        var count = rows.Length / columns;
        for (var at = 0; at < rows.Length; at += columns)
            for (var k = 0; k < columns; k++) mean[k] += rows[at + k];
        for (var k = 0; k < columns; k++) mean[k] /= count;
        for (var at = 0; at < rows.Length; at += columns)
            for (var k = 0; k < columns; k++) squares[k] += (rows[at + k] - mean[k]) * (rows[at + k] - mean[k]);
        for (var k = 0; k < columns; k++)
        {
            var deviation = Math.Sqrt(squares[k] / count);
            // A column that doesn't vary says nothing.
            scale[k] = deviation > 1e-6 ? 1 / deviation : 0;
        }

        return (mean, scale);
    }

    /// <summary>Penalised log-likelihood, its gradient and the information matrix (the lower half).</summary>
    sealed class Sums(int size)
    {
        public double Objective;
        public readonly double[] Gradient = new double[size];
        public readonly double[] Information = new double[size * size];

        public void Add(double[] x, double[] weights, bool label, double offset)
        {
            var score = offset;
            for (var k = 0; k < x.Length; k++) score += x[k] * weights[k];
            var chance = 1 / (1 + Math.Exp(-score));
            // log(chance) or log(1 - chance), without losing digits at either end.
            var against = label ? -score : score;
            Objective -= Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against)));
            ScaledSum.Add(Gradient, (label ? 1 : 0) - chance, x);
            for (var k = 0; k < x.Length; k++) ScaledSum.Add(Information.AsSpan(k * x.Length, k + 1), chance * (1 - chance) * x[k], x.AsSpan(0, k + 1));
        }

        public void Add(Sums other)
        {
            Objective += other.Objective;
            for (var k = 0; k < Gradient.Length; k++) Gradient[k] += other.Gradient[k];
            for (var k = 0; k < Information.Length; k++) Information[k] += other.Information[k];
        }
    }
}
