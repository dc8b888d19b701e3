using Volna.Kernels;
using Volna.Learning;

namespace Volna.Offers.Response;

/// <summary>
/// A normal distribution of some parameters that is narrowed by observations: precision and precision times mean are added up, so the order of the observations
/// doesn't matter. Few parameters matter for each observation; only these are touched.
/// </summary>
sealed class NormalPosterior(int size)
{
    readonly double[] _precision = new double[size * size];
    readonly double[] _pull = new double[size];
    double[]? _lower;

    public double[] Mean { get; private set; } = new double[size];

    /// <summary>A parameter is expected around a value.</summary>
    public void Expect(int parameter, double around, double deviation)
    {
        _precision[(parameter * size) + parameter] += 1 / (deviation * deviation);
        _pull[parameter] += around / (deviation * deviation);
    }

    /// <summary>A sum of parameters, each times its factor, was observed.</summary>
    /// <param name="weight">One over the variance of the observation's error.</param>
    public void Observe(ReadOnlySpan<int> parameters, ReadOnlySpan<double> factors, double observed, double weight)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            _pull[parameters[i]] += weight * factors[i] * observed;
            for (var k = 0; k < parameters.Length; k++) _precision[(parameters[i] * size) + parameters[k]] += weight * factors[i] * factors[k];
        }
    }

    /// <summary>Reckons the mean from all that was told.</summary>
    public void Solve()
    {
        _lower = [.. _precision];
        Mean = Cholesky.Solve(_lower, _pull);
    }

    /// <summary>The standard deviation of a sum of parameters.</summary>
    public double DeviationOf(ReadOnlySpan<int> parameters)
    {
        // The variance c' P^-1 c is the squared length of L^-1 c, with P = L L'.
        var x = new double[size];
        foreach (var parameter in parameters) x[parameter] = 1;
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= _lower![(i * size) + k] * x[k];
            x[i] /= _lower![(i * size) + i];
        }

        return Math.Sqrt(x.Sum(value => value * value));
    }

    /// <summary>All parameters, drawn together.</summary>
    public double[] Sample(ref Draw draw)
    {
        var x = new double[size];
        for (var i = 0; i < size; i++) x[i] = draw.NextNormal();
        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++) x[i] -= _lower![(k * size) + i] * x[k];
            x[i] /= _lower![(i * size) + i];
        }

        for (var i = 0; i < size; i++) x[i] += Mean[i];
        return x;
    }
}
