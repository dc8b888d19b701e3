using System.Collections.Immutable;
using Volna.Reports.Messages;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>What all waves of a period brought together, against customers who got nothing in any of them. Money is in minor units.</summary>
/// <param name="Start">The first day that counts.</param>
/// <param name="End">The day after the last one.</param>
/// <param name="Waves">Published waves that begin within the period.</param>
/// <param name="HeldOutShare">The universal hold-out's share of the customers, as the plans say.</param>
/// <param name="Everyone">Treated are all customers outside the universal hold-out, whether a wave had an offer for them or not; differences are adjusted by what was bought before.</param>
public sealed record PeriodReport(DateOnly Start, DateOnly End, DateOnly? ReceiptsUntil, int Waves, double HeldOutShare, Population Everyone, SampleRatio? SampleRatio)
{
    /// <summary>Its customers without figures that a period has none of: other waves run in the days after it.</summary>
    public Population Compared() => Everyone with { Metrics = [.. Everyone.Metrics.Where(figures => figures.Metric != Metric.SpendAfter)] };

    /// <summary>Waves of the period whose own final reports were made, in order; each against its own hold-out.</summary>
    public ImmutableArray<WaveOfPeriod> Each { get; init; } = [];

    /// <summary>By how much the waves' effect, as a share of the spend without them, changes from each wave to the next; null below three waves. Below zero customers tire.</summary>
    public Effect? Trend { get; init; }

    /// <summary>The waves' effect by how many messages customers got in the eight weeks before each.</summary>
    public ImmutableArray<MessageEffect> ByMessages { get; init; } = [];

    /// <summary>By how much that effect, as a share of the spend, changes with each message more; null where fewer than three numbers of messages have one.</summary>
    public Effect? MessagesTrend { get; init; }
}

/// <summary>What one wave of a period brought by itself.</summary>
/// <param name="Relative">Effect on the spend as a share of that of its held-out.</param>
/// <param name="Total">Effect on all its treated customers, minor units.</param>
/// <param name="Cumulative">Of this wave and all before it; what later days gave or took back isn't in it.</param>
public sealed record WaveOfPeriod(string Wave, DateOnly Start, Effect? Relative, Effect Total, Effect Cumulative);
