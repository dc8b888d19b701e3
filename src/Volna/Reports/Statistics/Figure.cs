using Volna.Kernels;

namespace Volna.Reports.Statistics;

/// <summary>
/// A figure of one arm as a function of the means of its customers' numbers, with the weight by which each number moves it: 1 for a mean, and for
/// a ratio x / y, by the delta method, 1 / y and -x / y². So means and ratios are compared, adjusted and tested by the same few lines. The
/// customer is the unit that was drawn, so the receipts of one customer aren't independent; that is counted in (Deng, Knoblich, Lu, "Applying the
/// delta method in metric analytics", KDD 2018, section 3).
/// </summary>
public sealed class Figure
{
    readonly VectorMoments _moments;
    readonly (int Of, double Weight)[] _weights;

    Figure(VectorMoments moments, double value, (int, double)[] weights) => (_moments, Value, _weights) = (moments, value, weights);

    public double Value { get; }

    /// <summary>Customers it rests on.</summary>
    public long Count => _moments.Count;

    /// <summary>Square of the standard error.</summary>
    public double ErrorVariance => Math.Max(0, Products(this)) / PairsOfCustomers;

    /// <summary>The figure by itself; null below two customers.</summary>
    public static Figure? OfMean(VectorMoments moments, int of) => moments.Count < 2 ? null : new Figure(moments, moments.Mean(of), [(of, 1)]);

    /// <summary>Null where the denominator is zero or there are fewer than two customers.</summary>
    public static Figure? OfRatio(VectorMoments moments, int x, int y)
    {
        if (moments.Count < 2 || moments.Mean(y) == 0) return null;
        var ratio = moments.Mean(x) / moments.Mean(y);
        return new Figure(moments, ratio, [(x, 1 / moments.Mean(y)), (y, -ratio / moments.Mean(y))]);
    }

    /// <summary>What a sum of centred products is divided by to give an error variance.</summary>
    internal double PairsOfCustomers => (double)(Count - 1) * Count;

    internal double Mean(int covariate) => _moments.Mean(covariate);

    /// <summary>Centred products of two covariates.</summary>
    internal double Products(int one, int other) => _moments.Products(one, other);

    /// <summary>Centred products of the figure with a covariate.</summary>
    internal double Products(int covariate)
    {
        double sum = 0;
        foreach (var (of, weight) in _weights) sum += weight * _moments.Products(of, covariate);
        return sum;
    }

    static double Products(Figure figure)
    {
        double sum = 0;
        foreach (var (of, weight) in figure._weights) sum += weight * figure.Products(of);
        return sum;
    }
}
