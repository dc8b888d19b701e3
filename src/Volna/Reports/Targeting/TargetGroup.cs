using System.Collections.Immutable;
using Volna.Reports.Statistics;

namespace Volna.Reports.Targeting;

/// <summary>Customers whom the days before the wave foretell to be about as likely to buy without it, and what the wave did to them.</summary>
/// <param name="From">Lowest foretold base conversion of the group, 0 to 1.</param>
/// <param name="To">Highest, for a band the first that is out of it.</param>
/// <param name="Forecast">Mean foretold base conversion.</param>
/// <param name="HeldOutBought">Share of the held-out who did buy; null without any.</param>
/// <param name="Spend">Effect on the spend of a customer, minor units; null where too little is known.</param>
/// <param name="Margin">The same of the margin.</param>
/// <param name="CorrectedPValue">Of the spend, corrected for the groups beside it.</param>
public sealed record TargetGroup(double From, double To, long Treated, long HeldOut, double Forecast, double? HeldOutBought, Effect? Spend, Effect? Margin, double? CorrectedPValue)
{
    /// <summary>True where the effect on the spend isn't chance, even among the groups beside it.</summary>
    public bool IsSure => Spend is { IsSure: true } && CorrectedPValue is null or < 0.05;
}

/// <summary>By what customers are put in order.</summary>
public enum TargetOrder
{
    /// <summary>Those most likely to buy without the wave first.</summary>
    BaseConversion = 0,

    /// <summary>Those groups first for which one half of the customers showed the largest effect; tried on the other half.</summary>
    ExpectedEffect = 1,
}

/// <summary>
/// What writing only to the first customers of an order brings, for each assigned customer, and Qini: the mean height of the curve over the straight line
/// to its end, which is what customers picked blindly would bring (Radcliffe, "Using control groups to target on predicted lift", 2007; each group of the order
/// compared within itself, so that the interval is that of a weighted sum of independent differences).
/// </summary>
/// <param name="OfMargin">False for the spend.</param>
/// <param name="Points">At 10, 20 … 100 % of the customers.</param>
public sealed record TargetCurve(TargetOrder Order, bool OfMargin, Effect Qini, ImmutableArray<Effect> Points);

/// <summary>Some base conversions, 0 to 1, both ends included.</summary>
public readonly record struct BaseRange(double From, double To);

/// <summary>
/// The groups that one half of the customers shows to lose margin by the wave, and what leaving them out would have saved, as the other half shows: so what only
/// looked bad by chance isn't counted as saved.
/// </summary>
/// <param name="Customers">Treated customers who wouldn't have been written to.</param>
/// <param name="Saved">On all of them together, minor units.</param>
public sealed record LeftOut(long Customers, Effect Saved, ImmutableArray<BaseRange> Groups);

/// <summary>The band of base conversions on which one half of the customers shows the largest effect.</summary>
/// <param name="Spend">Effect on the spend of a customer of the band as the other half shows it, so it isn't the luck of the choice.</param>
public sealed record BestBand(double From, double To, Effect Spend);
