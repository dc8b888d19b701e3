using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>When the server makes waves of a plan by itself: on these days of the week, in the morning of each wave's first day.</summary>
/// <param name="TimeZone">IANA name; null for the stores' own, see <see cref="ZoneOf"/>.</param>
/// <param name="Approval">Who approves.</param>
/// <param name="LearnEveryDays">A new model is learnt first where the present one is so old.</param>
public sealed record PlanSchedule(ImmutableArray<DayOfWeek> Weekdays, TimeOnly Time, string? TimeZone, ScheduledApproval Approval, int LearnEveryDays)
{
    public const int UsualLearnEveryDays = 7;

    /// <summary>The fewest days from one wave's first day to the next one's.</summary>
    public int ShortestGapDays
    {
        get
        {
            var days = Weekdays.Select(day => (int)day).Order().ToList();
            return days.Select((day, at) => at + 1 < days.Count ? days[at + 1] - day : days[0] + 7 - day).Min();
        }
    }

    /// <summary>The zone whose clock counts: the plan's, else that of the stores; of several the one where morning comes first, so that no store opens without its offers.</summary>
    /// <returns>Null where no store has one.</returns>
    public TimeZoneInfo? ZoneOf(Catalog catalog, DateOnly day)
    {
        IEnumerable<string> names = TimeZone is { } given ? [given] : catalog.Stores.Where(store => store is { TimeZone.Length: > 0 }).Select(store => store!.TimeZone).Distinct().Order(StringComparer.Ordinal);
        return names.Select(name => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null).OfType<TimeZoneInfo>().MinBy(zone => At(day, zone));
    }

    /// <summary>The instant of a day's wave. A time that the day doesn't have, because clocks are put forward, is as much later.</summary>
    public DateTimeOffset At(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(Time);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }
}

/// <summary>Who approves a wave that was made by schedule.</summary>
public enum ScheduledApproval
{
    /// <summary>It waits for a person.</summary>
    ByPerson = 0,

    /// <summary>The rule, as long as it is within its corridors; else it waits for a person.</summary>
    WithinCorridors = 1,
}

/// <summary>Days on which no offer of the plan may hold.</summary>
/// <param name="Moves">True: a wave that would hold on one of them is cut to its longest stretch of free days. False: it is refused.</param>
public sealed record BlackoutDays(ImmutableArray<Period> Periods, bool Moves)
{
    public static BlackoutDays None { get; } = new([], false);

    /// <summary>The validity that a wave may have; of equally long stretches the first. Null where there is none.</summary>
    public Period? Fit(Period validity)
    {
        Period? best = null;
        for (var start = validity.Start; start < validity.End; start = start.AddDays(1))
        {
            if (IsBlack(start)) continue;
            var end = start.AddDays(1);
            while (end < validity.End && !IsBlack(end)) end = end.AddDays(1);
            var free = new Period(start, end);
            if (free == validity) return validity;
            if (best is null || free.Days > best.Value.Days) best = free;
            start = end;
        }

        return Moves ? best : null;
    }

    /// <summary>Those within some days, as people read them.</summary>
    public string In(Period days) => string.Join(", ", Periods.Where(period => period.Start < days.End && days.Start < period.End)
        .Select(period => period.Days == 1 ? $"{period.Start:yyyy-MM-dd}" : $"{period.Start:yyyy-MM-dd}..{period.End.AddDays(-1):yyyy-MM-dd}"));

    bool IsBlack(DateOnly day) => Periods.Any(period => period.Contains(day));
}
