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
    public static double Reach95(double degrees) => StudentT.InvCDF(0, 1, degrees, 0.975);
}
