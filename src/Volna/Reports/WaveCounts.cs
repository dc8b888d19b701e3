using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers.Pack;
using Volna.Reports.Policies;
using Volna.Reports.Targeting;

namespace Volna.Reports;

/// <summary>
/// What was counted of a wave: moments by group and arm, from which every figure of its report is made without reading the history again.
/// </summary>
/// <param name="Digest">Of the wave's offers.</param>
/// <param name="Snapshot">The data counted.</param>
/// <param name="ReceiptsUntil">Day of the newest receipt.</param>
/// <param name="BeforeDays">Days before the wave in which purchases were counted too; 0 without a history.</param>
/// <param name="EarlierDays">Days before those, the same.</param>
/// <param name="Groups">By segment first, in the plan's order; the segments together are everyone.</param>
/// <param name="TreatedWithoutOffers">Treated customers for whom no offer was found; they stay in.</param>
sealed record WaveCounts(
    string Wave, string? Digest, string Snapshot, DateOnly? ReceiptsUntil, int BeforeDays, int EarlierDays, ImmutableArray<GroupCounts> Groups, long TreatedWithoutOffers,
    ImmutableArray<OfferCount> Offers)
{
    /// <summary>Of what is counted; counts of another version are made anew.</summary>
    public const int NewestVersion = 4;

    public int Version { get; init; }

    /// <summary>By how likely customers were to buy without the wave; null where too little is known before it.</summary>
    public BaseCounts? Base { get; init; }

    /// <summary>What other depths would have brought; null in waves counted for another end.</summary>
    public PolicyView? Policies { get; init; }

    /// <summary>Of the customers whom the wave's trial looks at so large a share was to be held out; null where that isn't known.</summary>
    public double? TriedHeldOutShare { get; init; }

    /// <summary>The spend with the highest cut; null without purchases.</summary>
    public CappedSpend? Capped { get; init; }
}

/// <summary>A group of customers, with all measures; or of goods, with the spend on them within (0) and before (1) of all its customers, and of a slot's goods whether she bought any within (2).</summary>
sealed record GroupCounts(Dimension Dimension, string Name, VectorMoments Treated, VectorMoments HeldOut);
