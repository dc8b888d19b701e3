using MathNet.Numerics.Distributions;

namespace Volna.Reports.Statistics;

/// <summary>
/// What a comparison of two arms can find, before it is made. Two-sided test at 5 %, by the normal distribution; for adjusting see Deng et al.
/// (WSDM 2013): a correlation r with what was measured before takes r² off the variance.
/// </summary>
/// <param name="Deviation">Standard deviation of the figure over customers.</param>
/// <param name="Correlation">Of the figure with what is known of the customer before; 0 without adjusting.</param>
/// <param name="HeldOutShare">Share of the customers in the smaller arm, as a plan says it.</param>
/// <param name="Chance">How sure an effect of the size looked for shall be found, usually 0.8.</param>
public sealed record Power(double Deviation, double Correlation, double HeldOutShare, double Chance)
{
    static readonly double Reach95 = Normal.InvCDF(0, 1, 0.975);

    /// <summary>The least effect that so many customers can show.</summary>
    public double LeastEffect(long customers) => Reach * Math.Sqrt(VarianceOfOne / customers);

    /// <summary>How many customers an effect of that size needs, both arms together.</summary>
    public long Customers(double effect) => (long)Math.Ceiling(Reach * Reach * VarianceOfOne / (effect * effect));

    double Reach => Reach95 + Normal.InvCDF(0, 1, Chance);

    /// <summary>Error variance of the difference, times the customers.</summary>
    double VarianceOfOne => Deviation * Deviation * (1 - (Correlation * Correlation)) * ((1 / HeldOutShare) + (1 / (1 - HeldOutShare)));
}
