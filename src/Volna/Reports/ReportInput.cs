using Volna.Offers;

namespace Volna.Reports;

/// <summary>Everything a report is made from: counted by <see cref="CountJob"/>, judged by <see cref="Conclude"/>.</summary>
/// <param name="HeldOutShare">As the plan says.</param>
sealed record ReportInput(Wave Wave, double HeldOutShare, WaveCounts Counts, RedemptionFigures Redemption, DateTimeOffset MadeAt)
{
    /// <inheritdoc cref="WaveLife.Held"/>
    public TimeSpan? Held { get; init; }

    /// <summary>As the plan names it; null where it doesn't.</summary>
    public string? Currency { get; init; }
}
