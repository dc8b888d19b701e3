namespace Volna.Tests;

public sealed class PeriodTests
{
    static readonly DateOnly Thursday = new(2026, 11, 26);

    [Fact]
    public void A_period_includes_its_start_and_excludes_its_end()
    {
        var week = new Period(Thursday, Thursday.AddDays(7));
        Assert.Equal(7, week.Days);
        Assert.True(week.Contains(Thursday));
        Assert.True(week.Contains(Thursday.AddDays(6)));
        Assert.False(week.Contains(Thursday.AddDays(7)));
        Assert.False(week.Contains(Thursday.AddDays(-1)));
    }

    [Fact]
    public void An_empty_period_contains_no_day() => Assert.False(new Period(Thursday, Thursday).Contains(Thursday));

    [Fact]
    public void A_period_cannot_end_before_it_starts() => Assert.Throws<ArgumentException>(() => new Period(Thursday, Thursday.AddDays(-1)));
}
