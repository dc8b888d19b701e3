using System.Globalization;
using Volna.Offers.Plans;
using Volna.Publishing.Scheduled;

namespace Volna.Tests.Publishing.Scheduled;

public sealed class DueWavesTests
{
    static readonly PlanSchedule Thursdays = new([DayOfWeek.Thursday], new TimeOnly(6, 0), "Europe/Moscow", ScheduledApproval.WithinCorridors, 7);

    // Thursdays: 2026-11-19, -26, 2026-12-03. Moscow is three hours ahead.
    [Theory]
    [InlineData("2026-11-20T00:00Z", "2026-11-26T02:59Z", "", "")]
    [InlineData("2026-11-20T00:00Z", "2026-11-26T03:00Z", "", "2026-11-26")]
    [InlineData("2026-11-20T00:00Z", "2026-11-26T20:59Z", "", "2026-11-26")]
    [InlineData("2026-11-20T00:00Z", "2026-11-26T21:00Z", "", "2026-11-26 missed")]
    [InlineData("2026-11-20T00:00Z", "2026-11-26T20:59Z", "2026-11-26", "")]
    [InlineData("2026-11-26T03:00Z", "2026-11-26T05:00Z", "", "2026-11-26")]
    [InlineData("2026-11-26T03:01Z", "2026-11-26T05:00Z", "", "")]
    [InlineData("2026-11-10T00:00Z", "2026-12-03T12:00Z", "2026-11-19", "2026-11-12 missed, 2026-11-26 missed, 2026-12-03")]
    public void What_is_due_is_made_on_its_first_day_and_missed_after_it(string since, string now, string known, string expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow");
        var days = known.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Day).ToHashSet();
        var due = DueWaves.Decide(Thursdays, zone, Time(since), Time(now), days);
        Assert.Equal(expected, string.Join(", ", due.Select(one => $"{one.Day:yyyy-MM-dd}{(one.IsMissed ? " missed" : "")}")));
    }

    [Theory]
    [InlineData("02:30", "2026-03-29T01:30Z")] // Berlin has no 02:30 on this day: clocks jump from 2 to 3.
    [InlineData("03:30", "2026-03-29T01:30Z")]
    [InlineData("06:00", "2026-03-29T04:00Z")]
    public void A_time_that_the_day_does_not_have_is_as_much_later(string time, string expected) => Assert.Equal(
        Time(expected),
        (Thursdays with { Time = TimeOnly.Parse(time, CultureInfo.InvariantCulture) }).At(new DateOnly(2026, 3, 29), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToUniversalTime());

    [Fact]
    public void Without_a_zone_of_its_own_the_morning_of_the_easternmost_store_counts()
    {
        var catalog = new Volna.Intake.Catalog.Catalog
        {
            Products = [null],
            Categories = [null],
            Stores = [null, .. ((string[])["Europe/Moscow", "Asia/Vladivostok", "", "Asia/Omsk"]).Select((zone, at) => new Volna.Intake.Catalog.Store(new StoreId(at + 1), $"s{at}", "", "", zone))],
        };
        Assert.Equal("Asia/Vladivostok", (Thursdays with { TimeZone = null }).ZoneOf(catalog, new DateOnly(2026, 11, 26))!.Id);
        Assert.Equal("Europe/Moscow", Thursdays.ZoneOf(catalog, new DateOnly(2026, 11, 26))!.Id);
    }

    [Theory]
    [InlineData("1", 7)]
    [InlineData("4,5", 1)]
    [InlineData("0,3", 3)]
    [InlineData("1,4", 3)]
    public void The_shortest_gap_bounds_the_validity(string days, int gap) =>
        Assert.Equal(gap, (Thursdays with { Weekdays = [.. days.Split(',').Select(day => (DayOfWeek)int.Parse(day, CultureInfo.InvariantCulture))] }).ShortestGapDays);

    // A wave of 2026-12-31, a Thursday, for seven days.
    [Theory]
    [InlineData("", false, "2026-12-31..2027-01-07")]
    [InlineData("2027-01-07..2027-01-08", false, "2026-12-31..2027-01-07")]
    [InlineData("2026-12-31..2027-01-02", false, "none")]
    [InlineData("2026-12-31..2027-01-02", true, "2027-01-02..2027-01-07")]
    [InlineData("2027-01-05..2027-01-08", true, "2026-12-31..2027-01-05")]
    [InlineData("2027-01-03..2027-01-04", true, "2026-12-31..2027-01-03")]
    [InlineData("2026-12-20..2027-01-20", true, "none")]
    public void A_wave_keeps_off_black_out_days(string days, bool moves, string expected)
    {
        var black = new BlackoutDays([.. days.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Period)], moves);
        Assert.Equal(expected, black.Fit(Period("2026-12-31..2027-01-07"))?.ToString() ?? "none");
    }

    static Period Period(string days) => new(Day(days[..10]), Day(days[12..]));

    static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    static DateTimeOffset Time(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
