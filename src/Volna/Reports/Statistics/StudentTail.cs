using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Volna.Reports.Statistics;

/// <summary>Student's t distribution where reports need it: far out in the tail.</summary>
static class StudentTail
{
    /// <summary>
    /// Probability of a value at least as far from zero. Taken from the tail itself by the incomplete beta function: one minus the
    /// distribution function would be zero or noise below 1e-16.
    /// </summary>
    public static double TwoSided(double t, double degrees) =>
        t == 0 ? 1 : SpecialFunctions.BetaRegularized(degrees / 2, 0.5, degrees / (degrees + (t * t)));

    /// <summary>How many standard errors a 95 % interval reaches to each side.</summary>
    public static double Reach95(double degrees) => degrees < 100 ? StudentT.InvCDF(0, 1, degrees, 0.975) : NearNormal(degrees);

    /// <summary>
    /// The same by its expansion around the normal distribution (Abramowitz, Stegun, "Handbook of mathematical functions", 26.7.5), right to ten digits
    /// from 100 degrees on. A report asks thousands of times, and searching for the value would take most of its time.
    /// </summary>
    static double NearNormal(double n)
    {
        const double z = 1.959963984540054, z2 = z * z;
        return z * (1 + ((z2 + 1) / 4 / n)
            + ((((5 * z2) + 16) * z2 + 3) / 96 / (n * n))
            + ((((((3 * z2) + 19) * z2) + 17) * z2 - 15) / 384 / (n * n * n))
            + ((((((((79 * z2) + 776) * z2) + 1482) * z2) - 1920) * z2 - 945) / 92160 / (n * n * n * n)));
    }
}
