using Volna.Offers;

namespace Volna.Reports;

/// <summary>How long a wave's offers held by the clock, where it was stopped before its end.</summary>
static class WaveLife
{
    /// <summary>Stopped sooner, a wave left its customers no day on which all shops could sell what it offered.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromDays(1);

    /// <param name="events">The wave's.</param>
    /// <param name="offset">Of the retailer's clock.</param>
    /// <returns>From its publication or first day, whichever came later; null where it wasn't stopped after it was published.</returns>
    public static TimeSpan? Held(Wave wave, IReadOnlyList<WaveEvent> events, TimeSpan offset)
    {
        if (events.FirstOrDefault(step => step is { From: WaveStatus.Published, To: WaveStatus.Stopped }) is not { } stopped) return null;
        DateTimeOffset start = new(wave.Validity.Start.ToDateTime(default), offset), end = new(wave.Validity.End.ToDateTime(default), offset);
        var published = events.FirstOrDefault(step => step.To == WaveStatus.Published)?.At ?? start;
        var held = (stopped.At < end ? stopped.At : end) - (published > start ? published : start);
        return held > TimeSpan.Zero ? held : TimeSpan.Zero;
    }

    /// <summary>Such as "1 hour".</summary>
    public static Text Name(TimeSpan held)
    {
        var (count, english, one, few, many) = held < TimeSpan.FromHours(1) ? ((long)held.TotalMinutes, "minute", "минуту", "минуты", "минут")
            : held < TimeSpan.FromDays(2) ? ((long)held.TotalHours, "hour", "час", "часа", "часов")
            : ((long)held.TotalDays, "day", "день", "дня", "дней");
        return new($"{count} {english}{(count == 1 ? "" : "s")}", $"{count} {Languages.Plural(count, one, few, many)}");
    }
}
