using System.Globalization;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Days and periods as files and tables write them: files name the last day, which people expect; we exclude the end.</summary>
static class ReferencePeriod
{
    /// <summary>Reads a period whose last day is included. An empty side is open; rejects a row whose period ends before it starts.</summary>
    public static Period Read(Row row, Column from, Column to)
    {
        var start = row.Date(from) ?? DateOnly.MinValue;
        var last = row.Date(to) ?? DateOnly.MaxValue;
        if (last < start)
        {
            row.Reject(RejectReason.PeriodReversed, to);
            return default;
        }

        return new Period(start, last == DateOnly.MaxValue ? last : last.AddDays(1));
    }

    /// <summary>Such as <c>2026-11-26</c>: sorts as text the way days do.</summary>
    public static string Iso(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
