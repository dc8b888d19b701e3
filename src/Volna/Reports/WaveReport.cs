namespace Volna.Reports;

/// <summary>An estimate with its 95 % interval.</summary>
/// <param name="PValue">Two-sided, against no difference.</param>
public sealed record Effect(double Difference, double Lower, double Upper, double PValue);
