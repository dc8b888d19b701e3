namespace Volna.Learning;

/// <summary>Solves small symmetric positive definite systems by the decomposition of Cholesky.</summary>
static class Cholesky
{
    /// <summary>The x with A x = b.</summary>
    /// <param name="matrix">A, row by row; only its lower half is read, and overwritten.</param>
    public static double[] Solve(Span<double> matrix, ReadOnlySpan<double> right)
    {
        var n = right.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * n) + j];
                for (var k = 0; k < j; k++) sum -= matrix[(i * n) + k] * matrix[(j * n) + k];
                if (i != j) matrix[(i * n) + j] = sum / matrix[(j * n) + j];
                // A tiny ridge for a column that others explain wholly.
                else matrix[(i * n) + i] = Math.Sqrt(Math.Max(sum, 1e-12));
            }
        }

        var x = right.ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= matrix[(i * n) + k] * x[k];
            x[i] /= matrix[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) x[i] -= matrix[(k * n) + i] * x[k];
            x[i] /= matrix[(i * n) + i];
        }

        return x;
    }
}
