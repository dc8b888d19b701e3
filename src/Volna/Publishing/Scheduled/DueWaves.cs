using Volna.Offers.Plans;

namespace Volna.Publishing.Scheduled;

/// <summary>Which waves of a schedule are due, and which were missed.</summary>
public static class DueWaves
{
    /// <summary>The days whose time has come and of which nothing is known yet, oldest first.</summary>
    /// <param name="since">When the schedule was first seen: what lay before isn't missed.</param>
    /// <param name="known">Days that were begun, missed or refused already.</param>
    /// <returns>A day is missed when it is over: its wave would begin late, with purchases of its own first day.</returns>
    public static IReadOnlyList<(DateOnly Day, bool IsMissed)> Decide(PlanSchedule schedule, TimeZoneInfo zone, DateTimeOffset since, DateTimeOffset now, IReadOnlySet<DateOnly> known)
    {
        var due = new List<(DateOnly, bool)>();
        var today = DayOf(now, zone);
        for (var day = DayOf(since, zone); day <= today; day = day.AddDays(1))
            if (schedule.Weekdays.Contains(day.DayOfWeek) && schedule.At(day, zone) is var at && at >= since && at <= now && !known.Contains(day))
                due.Add((day, day < today));
        return due;
    }

    public static DateOnly DayOf(DateTimeOffset time, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);
}
