namespace Volna.Simulation.Loop;

/// <summary>The clock on the make-believe retailer's wall.</summary>
sealed class LoopClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
}
