using MathNet.Numerics;

namespace Volna.Reports.Statistics;

/// <summary>Whether a comparison could be adjusted, in the order of the checks; kept and sent, numbers are never reused.</summary>
public enum AdjustmentVerdict
{
    /// <summary>The adjusted figures stand.</summary>
    Sound = 0,

    /// <summary>Nothing was measured before.</summary>
    NoCovariate = 1,

    /// <summary>Too few customers in an arm for so many covariates.</summary>
    TooFewCustomers = 2,

    /// <summary>No covariate varies.</summary>
    NothingVaries = 3,

    /// <summary>
    /// The arms differed before already, by more than chance: something chose among the customers, or the covariate was measured when the
    /// experiment already acted. Adjusting would carry that into the effect.
    /// </summary>
    NotBalanced = 4,
}

/// <summary>
/// Regression adjustment by what was measured of each customer before the experiment (CUPED): Deng, Xu, Kohavi, Walker, "Improving the
/// sensitivity of online controlled experiments by utilizing pre-experiment data", WSDM 2013, with several covariates and theta pooled within the
/// arms, as in the analysis of covariance. Each arm keeps its own residual variance, so unequal arms and unequal spread are allowed for (for
/// why no harm comes in large samples whatever the truth, see Lin, "Agnostic notes on regression adjustments", Annals of Applied Statistics 7, 2013).
/// </summary>
public sealed class Adjustment
{
    /// <summary>Strict, because with every report made a false alarm would come now and then.</summary>
    public const double AlarmBelow = 0.001;

    /// <summary>Customers needed in an arm, and as many more for each covariate.</summary>
    public const int LeastCustomers = 30;

    readonly int[] _covariates = [];
    readonly double[] _theta = [];

    Adjustment(AdjustmentVerdict verdict, double? balancePValue) => (Verdict, BalancePValue) = (verdict, balancePValue);

    Adjustment(int[] covariates, double[] theta, double balancePValue)
        : this(AdjustmentVerdict.Sound, balancePValue) => (_covariates, _theta) = (covariates, theta);

    public AdjustmentVerdict Verdict { get; }

    /// <summary>How often chance alone makes the arms differ that much before the experiment, all covariates together; null where that wasn't tested.</summary>
    public double? BalancePValue { get; }

    /// <summary>Fits the adjustment of one figure.</summary>
    /// <param name="covariates">Places of what was measured before among the numbers of a customer.</param>
    public static Adjustment Of(Figure a, Figure b, ReadOnlySpan<int> covariates)
    {
        if (covariates.IsEmpty) return new Adjustment(AdjustmentVerdict.NoCovariate, null);
        if (Math.Min(a.Count, b.Count) < LeastCustomers * (1 + covariates.Length)) return new Adjustment(AdjustmentVerdict.TooFewCustomers, null);

        var size = covariates.Length;
        double[,] pooled = new double[size, size], error = new double[size, size];
        double[] withFigure = new double[size], distance = new double[size];
        for (var i = 0; i < size; i++)
        {
            withFigure[i] = a.Products(covariates[i]) + b.Products(covariates[i]);
            distance[i] = a.Mean(covariates[i]) - b.Mean(covariates[i]);
            for (var j = 0; j < size; j++)
            {
                double inA = a.Products(covariates[i], covariates[j]), inB = b.Products(covariates[i], covariates[j]);
                pooled[i, j] = inA + inB;
                error[i, j] = (inA / a.PairsOfCustomers) + (inB / b.PairsOfCustomers);
            }
        }

        var theta = LeastSquares.Solve(pooled, withFigure, out var rank);
        if (rank == 0) return new Adjustment(AdjustmentVerdict.NothingVaries, null);

        // Hotelling's test; with the many customers of an experiment its statistic is chi-square.
        var balance = LeastSquares.Solve(error, distance, out var freedom);
        double statistic = 0;
        for (var i = 0; i < size; i++) statistic += balance[i] * distance[i];
        var pValue = SpecialFunctions.GammaUpperRegularized(freedom / 2.0, Math.Max(0, statistic) / 2);
        return pValue < AlarmBelow ? new Adjustment(AdjustmentVerdict.NotBalanced, pValue) : new Adjustment(covariates.ToArray(), theta, pValue);
    }

    /// <summary>Which share of a figure's variance over customers the covariates explain: what adjusting would take off an error variance.</summary>
    public static double ExplainedShare(Figure figure, ReadOnlySpan<int> covariates)
    {
        var size = covariates.Length;
        var products = new double[size, size];
        var withFigure = new double[size];
        for (var i = 0; i < size; i++)
        {
            withFigure[i] = figure.Products(covariates[i]);
            for (var j = 0; j < size; j++) products[i, j] = figure.Products(covariates[i], covariates[j]);
        }

        var theta = LeastSquares.Solve(products, withFigure, out _);
        double explained = 0;
        for (var i = 0; i < size; i++) explained += theta[i] * withFigure[i];
        var total = figure.ErrorVariance * figure.PairsOfCustomers;
        return total > 0 ? Math.Clamp(explained / total, 0, 1) : 0;
    }

    /// <summary>The difference a - b, adjusted where that is sound.</summary>
    public Contrast Difference(Figure a, Figure b) =>
        new(a.Value - b.Value - Shift(a, b), Variance(a, 1, 1), a.Count, Variance(b, 1, 1), b.Count);

    /// <summary>
    /// a / b - 1 by the delta method, adjusted where that is sound; null where b isn't surely above zero, because a ratio to nothing has no meaning
    /// (its interval would be all numbers, see Fieller 1954). Both arms are brought to the covariates' common mean, which both of them move.
    /// </summary>
    public Contrast? Relative(Figure a, Figure b)
    {
        var shift = Shift(a, b);
        double shareA = (double)a.Count / (a.Count + b.Count), shareB = 1 - shareA;
        double valueA = a.Value - (shift * shareB), valueB = b.Value + (shift * shareA);
        if (valueB <= 3 * Math.Sqrt(b.ErrorVariance)) return null;
        var ratio = valueA / valueB;
        var scale = shareB + (ratio * shareA);
        var square = valueB * valueB;
        return new Contrast(ratio - 1, Variance(a, 1, scale) / square, a.Count, Variance(b, ratio, scale) / square, b.Count);
    }

    /// <summary>By how much the arms differed before, in terms of the figure.</summary>
    double Shift(Figure a, Figure b)
    {
        double shift = 0;
        for (var i = 0; i < _covariates.Length; i++) shift += _theta[i] * (a.Mean(_covariates[i]) - b.Mean(_covariates[i]));
        return shift;
    }

    /// <summary>Error variance of scaleFigure times the figure less scaleTheta times theta times the covariates.</summary>
    double Variance(Figure figure, double scaleFigure, double scaleTheta)
    {
        var products = scaleFigure * scaleFigure * figure.ErrorVariance * figure.PairsOfCustomers;
        for (var i = 0; i < _covariates.Length; i++)
        {
            products -= 2 * scaleFigure * scaleTheta * _theta[i] * figure.Products(_covariates[i]);
            for (var j = 0; j < _covariates.Length; j++)
                products += scaleTheta * scaleTheta * _theta[i] * _theta[j] * figure.Products(_covariates[i], _covariates[j]);
        }

        return Math.Max(0, products) / figure.PairsOfCustomers;
    }
}
