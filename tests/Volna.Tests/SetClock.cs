namespace Volna.Tests;

/// <summary>A clock that a test sets.</summary>
sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("test", now.Offset, null, null);

    public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
}
