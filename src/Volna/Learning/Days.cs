using Volna.Intake.History;

namespace Volna.Learning;

/// <summary>Days as numbers, counted like the minutes of <see cref="Clock"/> from 2000-01-01: models compute with them.</summary>
static class Days
{
    static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    public static int Of(DateOnly day) => day.DayNumber - Epoch;

    public static DateOnly Date(int day) => DateOnly.FromDayNumber(day + Epoch);

    public static int OfMinute(int minute) => (minute >= 0 ? minute : minute - 1439) / 1440;
}
