namespace Volna.Reports.Experiments;

/// <summary>How a figure varies over customers without an experiment: what the power of one is reckoned from.</summary>
/// <param name="Mean">Per customer.</param>
/// <param name="Deviation">Standard deviation over customers.</param>
/// <param name="ExplainedShare">Share of the variance that purchases before explain; adjusting takes it away.</param>
public sealed record Baseline(Metric Metric, double Mean, double Deviation, double ExplainedShare);

/// <summary>What a plan can show.</summary>
/// <param name="LeastEffect">The least effect that will be found with the chance asked for.</param>
/// <param name="LeastShare">The same as a share of the mean.</param>
/// <param name="Needed">Customers needed for the effect asked for; null where none was.</param>
public sealed record ExperimentPower(Metric Metric, double Mean, double Deviation, bool Adjusted, double LeastEffect, double? LeastShare, long? Needed);
