namespace Volna.Reports.Statistics;

/// <summary>Solves the small symmetric systems of a regression.</summary>
static class LeastSquares
{
    // What is left of a covariate after those before it, as a share of its own square; below this it says nothing new.
    const double Negligible = 1e-9;

    /// <summary>
    /// x with matrix * x = right, by elimination without pivoting, as for a matrix of covariances. A covariate that is constant, or a
    /// combination of those before it, is left out: its x is zero.
    /// </summary>
    /// <param name="rank">Covariates used.</param>
    public static double[] Solve(double[,] matrix, double[] right, out int rank)
    {
        var size = right.Length;
        var left = (double[,])matrix.Clone();
        var x = (double[])right.Clone();
        var used = new bool[size];
        for (var pivot = 0; pivot < size; pivot++)
        {
            if (!(left[pivot, pivot] > Negligible * matrix[pivot, pivot])) continue;
            used[pivot] = true;
            for (var row = 0; row < size; row++)
            {
                if (row == pivot) continue;
                var times = left[row, pivot] / left[pivot, pivot];
                if (times == 0) continue;
                for (var column = 0; column < size; column++) left[row, column] -= times * left[pivot, column];
                x[row] -= times * x[pivot];
            }
        }

        for (var i = 0; i < size; i++) x[i] = used[i] ? x[i] / left[i, i] : 0;
        rank = used.Count(one => one);
        return x;
    }
}
