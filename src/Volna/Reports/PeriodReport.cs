using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>What all waves of a period brought together, against customers who got nothing in any of them. Money is in minor units.</summary>
/// <param name="Start">The first day that counts.</param>
/// <param name="End">The day after the last one.</param>
/// <param name="Waves">Published waves that begin within the period.</param>
/// <param name="HeldOutShare">The universal hold-out's share of the customers, as the plans say.</param>
/// <param name="Everyone">Treated are all customers outside the universal hold-out, whether a wave had an offer for them or not; differences are adjusted by what was bought before.</param>
public sealed record PeriodReport(DateOnly Start, DateOnly End, DateOnly? ReceiptsUntil, int Waves, double HeldOutShare, Population Everyone, SampleRatio? SampleRatio);
