using Volna.Kernels;

namespace Volna.Learning;

/// <summary>
/// What least squares need to know of some customers: the sums of products of their columns, of which the first is 1, with each other and with the outcome.
/// They add up, so what was learnt from all parts but one costs a subtraction instead of another reading of the rows.
/// </summary>
sealed class LinearSums(int columns)
{
    public int Columns => columns;

    /// <summary>Row by row; the lower half.</summary>
    public double[] Products { get; } = new double[columns * columns];

    /// <summary>With the outcome.</summary>
    public double[] Outcome { get; } = new double[columns];

    /// <summary>Of the outcome with itself.</summary>
    public double OutcomeSquares { get; private set; }

    public double Count => Products[0];

    public void Add(ReadOnlySpan<double> x, double outcome)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] == 0) continue;
            ScaledSum.Add(Products.AsSpan(i * columns, i + 1), x[i], x[..(i + 1)]);
            Outcome[i] += x[i] * outcome;
        }

        OutcomeSquares += outcome * outcome;
    }

    public LinearSums Add(LinearSums other, double factor = 1)
    {
        for (var i = 0; i < Products.Length; i++) Products[i] += factor * other.Products[i];
        for (var i = 0; i < columns; i++) Outcome[i] += factor * other.Outcome[i];
        OutcomeSquares += factor * other.OutcomeSquares;
        return this;
    }

    /// <summary>The matrix of products times a vector.</summary>
    public double[] Times(ReadOnlySpan<double> vector)
    {
        var result = new double[columns];
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < columns; j++)
                result[i] += (i >= j ? Products[(i * columns) + j] : Products[(j * columns) + i]) * vector[j];
        return result;
    }

    /// <summary>Ridge regression; the first column isn't penalised.</summary>
    /// <param name="right">What the products with the outcome are to be.</param>
    /// <param name="penalty">Relative to the mean of the diagonal, so that it suits any number of rows.</param>
    public double[] Solve(ReadOnlySpan<double> right, double penalty)
    {
        var matrix = Products.ToArray();
        var trace = 0.0;
        for (var i = 1; i < columns; i++) trace += Products[(i * columns) + i];
        for (var i = 1; i < columns; i++) matrix[(i * columns) + i] += penalty * trace / (columns - 1);
        return Cholesky.Solve(matrix, right);
    }

    /// <summary>The squared error that a linear function makes here, less that of always saying 0.</summary>
    public double Loss(ReadOnlySpan<double> weights)
    {
        var times = Times(weights);
        var loss = 0.0;
        for (var i = 0; i < columns; i++) loss += weights[i] * (times[i] - (2 * Outcome[i]));
        return loss;
    }
}
