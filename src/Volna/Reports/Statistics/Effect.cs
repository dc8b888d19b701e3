namespace Volna.Reports.Statistics;

/// <summary>A difference between treated and held-out customers with its 95 % interval.</summary>
/// <param name="PValue">Two-sided, against no difference.</param>
public sealed record Effect(double Difference, double Lower, double Upper, double PValue)
{
    /// <summary>True where the interval leaves out zero.</summary>
    public bool IsSure => Lower > 0 || Upper < 0;

    /// <summary>From one end of the interval to the other.</summary>
    internal double Width => Upper - Lower;

    /// <summary>As the interval tells it: 95 % lie within 1.96 on either side.</summary>
    internal double StandardError => Width / 3.92;

    /// <summary>The effect on several customers together.</summary>
    public Effect Times(double customers) => new(Difference * customers, Lower * customers, Upper * customers, PValue);
}
