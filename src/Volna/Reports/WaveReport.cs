using System.Collections.Immutable;
using Volna.Intake.Letters;
using Volna.Offers;
using Volna.Reports.Policies;
using Volna.Reports.Statistics;
using Volna.Reports.Targeting;

namespace Volna.Reports;

/// <summary>What a wave brought. Money is in minor units; kept as JSON, from which table, CSV and page are made.</summary>
/// <param name="Start">First day of the validity.</param>
/// <param name="End">The day after the last one.</param>
/// <param name="ReceiptsUntil">Day of the newest receipt known, null without receipts.</param>
/// <param name="BeforeDays">Days before the wave by whose purchases the comparison is adjusted; 0 for none.</param>
/// <param name="Groups">Of customers and of goods; their p-values are corrected for being many.</param>
/// <param name="SampleRatio">Null where the plan holds out nobody.</param>
/// <param name="Notes">What the reader must know beside the figures, alarms first.</param>
public sealed record WaveReport(
    string Wave,
    DateOnly Start,
    DateOnly End,
    DateOnly? ReceiptsUntil,
    string Snapshot,
    string? Digest,
    DateTimeOffset MadeAt,
    int BeforeDays,
    Population Everyone,
    ImmutableArray<Population> Groups,
    SampleRatio? SampleRatio,
    RedemptionFigures Redemption,
    ImmutableArray<Note> Notes)
{
    /// <summary>In which all money is; null where the plan doesn't say.</summary>
    public string? Currency { get; init; }

    /// <summary>The spend with the highest cut, the same in both arms; null without purchases.</summary>
    public CappedFigures? Capped { get; init; }

    /// <summary>What other depths would have brought; null where the wave isn't over.</summary>
    public PolicyView? Policies { get; init; }

    /// <summary>For whom the wave changed most.</summary>
    public TargetView? Targets { get; init; }

    /// <summary>What became of its letters; null where the mailing service's reports weren't imported.</summary>
    public LetterFigures? Letters { get; init; }

    /// <summary>Those of one dimension.</summary>
    public IReadOnlyList<Population> By(Dimension dimension) => [.. Groups.Where(group => group.Dimension == dimension)];

    /// <summary>True once the receipts of the whole validity are there.</summary>
    public bool IsOver => Ended(End, ReceiptsUntil, MadeAt);

    /// <summary>
    /// There are receipts of a day after the last one; or of the last one, and that day is past. A receipt of a day still running says nothing of the
    /// hours to come.
    /// </summary>
    internal static bool Ended(DateOnly end, DateOnly? receiptsUntil, DateTimeOffset now) =>
        receiptsUntil >= end || (receiptsUntil == end.AddDays(-1) && DateOnly.FromDateTime(now.DateTime) >= end);
}

/// <summary>A group of assigned customers and its figures; or all of them, by what they bought of some goods.</summary>
/// <param name="Name">Of the segment, city and so on; empty for everyone.</param>
/// <param name="UnknownCostShare">Share of the spend whose cost of goods isn't known; null without spend.</param>
/// <param name="Metrics">All of them; of goods only the spend.</param>
public sealed record Population(Dimension Dimension, string Name, long Treated, long HeldOut, double? UnknownCostShare, ImmutableArray<MetricFigures> Metrics)
{
    public MetricFigures this[Metric metric] => Metrics[(int)metric];
}

/// <summary>A metric in both arms and the difference between them.</summary>
/// <param name="Treated">As counted, not adjusted; null where the arm has nothing to divide by.</param>
/// <param name="Verdict">Why there is no difference, or <see cref="NoVerdict.None"/>.</param>
/// <param name="Difference">
/// Treated less held out, adjusted by what was bought before where <see cref="Adjustment"/> is sound; null with a <see cref="Verdict"/>. Of a wave that
/// still runs, its interval holds at every look.
/// </param>
/// <param name="Relative">The difference as a share of the held-out figure; null where that isn't surely above zero, and while the wave runs.</param>
/// <param name="Total">The difference on all treated customers together, for metrics that add up.</param>
/// <param name="Unadjusted">The difference without adjusting.</param>
/// <param name="Adjustment">Whether it is adjusted, or why not.</param>
/// <param name="BalancePValue">How often chance alone makes the arms differ as much as they did before the wave; null where that wasn't tested.</param>
/// <param name="CorrectedPValue">
/// The p-value corrected for the comparisons beside it; null for the spend of everyone, which is what a wave is judged by and needs no correction.
/// </param>
public sealed record MetricFigures(
    Metric Metric, double? Treated, double? HeldOut, NoVerdict Verdict, Effect? Difference, Effect? Relative, Effect? Total,
    Effect? Unadjusted, AdjustmentVerdict Adjustment, double? BalancePValue, double? CorrectedPValue)
{
    /// <summary>True where the effect isn't chance, even among the comparisons beside it.</summary>
    public bool IsSure => Difference is { IsSure: true } && CorrectedPValue is null or < 0.05;
}

/// <summary>Why nothing can be said about a difference yet, in the order of the checks; kept and sent, numbers are never reused.</summary>
public enum NoVerdict
{
    None = 0,

    /// <summary>The plan holds out nobody: there is nothing to compare with.</summary>
    NoHeldOut = 1,

    /// <summary>Receipts of the whole validity aren't there yet.</summary>
    WaveNotOver = 2,

    /// <summary>Fewer than <see cref="Compare.LeastCustomers"/> customers in an arm.</summary>
    TooFewCustomers = 3,

    /// <summary>Nobody bought anything.</summary>
    NoPurchases = 4,

    /// <summary>Fewer than <see cref="Compare.LeastBuyers"/> buyers in an arm.</summary>
    TooFewBuyers = 5,

    /// <summary>No cost is known of any goods bought.</summary>
    NoCosts = 6,

    /// <summary>All customers are alike in this, so chance can't be judged.</summary>
    NothingVaries = 7,

    /// <summary>No purchases are known from before the wave.</summary>
    NothingBefore = 8,

    /// <summary>Receipts of the days after the wave aren't all there yet.</summary>
    AfterNotOver = 9,

    /// <summary>The arms aren't of the planned sizes, or differed before the wave: what was offered isn't what held-out customers would have got.</summary>
    NotAlike = 10,

    /// <summary>The wave was stopped within less than a day of its validity.</summary>
    StoppedTooSoon = 11,
}

/// <summary>What the tills redeemed. Describes those who redeemed; it isn't the effect of the wave.</summary>
/// <param name="DiscountMinor">What the personal offers took off at the tills.</param>
public sealed record RedemptionFigures(
    long Offers, long Redeemed, long Redeemers, long DiscountMinor, ImmutableArray<SlotFigures> Slots, ImmutableArray<DepthFigures> Depths);

/// <summary>What was offered and redeemed at one depth of discount.</summary>
public sealed record DepthFigures(int DepthBasisPoints, long Offers, long Redeemed, long DiscountMinor);

/// <summary>What was offered and redeemed of one slot kind.</summary>
public sealed record SlotFigures(SlotKind Slot, long Offers, long Redeemed, long DiscountMinor);

/// <summary>The spend per customer where nobody's counts above a bound (winsorised).</summary>
/// <param name="CutShare">Share of the customers above it.</param>
public sealed record CappedFigures(long BoundMinor, double CutShare, MetricFigures Spend);

/// <summary>A remark beside the figures.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Alarm">True where the figures must not be used without looking into it.</param>
public sealed record Note(string Code, Text Text, bool Alarm);
