using System.Collections.Immutable;
using Volna.Offers;

namespace Volna.Reports;

/// <summary>Everything a report is made from: counted by <see cref="ReportJob"/>, judged by <see cref="Conclude"/>.</summary>
/// <param name="HeldOutShare">As the plan says.</param>
/// <param name="ReceiptsUntil">Day of the newest receipt.</param>
/// <param name="TreatedWithoutOffers">Treated customers for whom no offer was found; they stay in.</param>
sealed record ReportInput(
    Wave Wave,
    double HeldOutShare,
    string Snapshot,
    DateOnly? ReceiptsUntil,
    ImmutableArray<SegmentOutcome> Segments,
    long TreatedWithoutOffers,
    RedemptionFigures Redemption,
    DateTimeOffset MadeAt);

/// <summary>What the customers of a segment bought, by arm.</summary>
sealed record SegmentOutcome(string Name, WaveOutcome Treated, WaveOutcome HeldOut);
