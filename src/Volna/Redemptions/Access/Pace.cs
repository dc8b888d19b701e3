namespace Volna.Redemptions.Access;

/// <summary>
/// Lets so many calls a second through, and a second's worth at once after a pause. The generic cell rate algorithm (ITU-T I.371): all it keeps is
/// the moment at which the calls so far would be used up at the even rate.
/// </summary>
sealed class Pace(int perSecond)
{
    static readonly long Burst = TimeSpan.TicksPerSecond;

    readonly long _each = TimeSpan.TicksPerSecond / perSecond;
    long _usedUpAt = long.MinValue;

    /// <summary>Zero if the call may go on, else how long the caller has to wait.</summary>
    public TimeSpan Take(DateTimeOffset now)
    {
        while (true)
        {
            var usedUpAt = Interlocked.Read(ref _usedUpAt);
            var next = Math.Max(usedUpAt, now.UtcTicks) + _each;
            if (next - now.UtcTicks > Burst) return TimeSpan.FromTicks(next - now.UtcTicks - Burst);
            if (Interlocked.CompareExchange(ref _usedUpAt, next, usedUpAt) == usedUpAt) return TimeSpan.Zero;
        }
    }
}
