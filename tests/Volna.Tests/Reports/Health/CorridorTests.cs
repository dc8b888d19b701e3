using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers.Plans;
using Volna.Reports.Health;

namespace Volna.Tests.Reports.Health;

public sealed class CorridorTests
{
    // A Thursday.
    static readonly DateOnly Day = new(2026, 11, 26);

    [Fact]
    public void A_band_is_learnt_from_the_same_day_of_the_week()
    {
        // Saturdays bring three times as much; twelve weeks of them.
        var history = Enumerable.Range(1, 84).Select(back => Day.AddDays(-back)).Select(day => (day, (day.DayOfWeek == DayOfWeek.Saturday ? 3_000.0 : 1_000.0) + day.DayNumber % 5)).ToList();
        var thursday = Corridor.Learn(HealthFigure.Turnover, Day, history)!;
        Assert.Equal(12, thursday.Days);
        Assert.InRange(thursday.AtLeast!.Value, 850, 950);
        Assert.Null(thursday.AtMost);
        Assert.False(thursday.Contains(800));
        Assert.True(thursday.Contains(3_000));
        Assert.False(Corridor.Learn(HealthFigure.Turnover, Day.AddDays(2), history)!.Contains(1_000));
    }

    [Fact]
    public void One_odd_day_does_not_widen_the_band()
    {
        var history = Enumerable.Range(1, 12).Select(week => (Day.AddDays(-7 * week), week == 3 ? 100_000.0 : 1_000.0 + week)).ToList();
        var band = Corridor.Learn(HealthFigure.Redemption, Day, history)!;
        Assert.InRange(band.AtLeast!.Value, 850, 1_000);
        Assert.InRange(band.AtMost!.Value, 1_010, 1_150);
    }

    [Fact]
    public void Too_few_days_too_old_days_and_days_to_come_teach_nothing()
    {
        Assert.Null(Corridor.Learn(HealthFigure.Margin, Day, [(Day.AddDays(-7), 1), (Day.AddDays(-14), 1), (Day.AddDays(-21), 1)]));
        Assert.Null(Corridor.Learn(HealthFigure.Margin, Day, Enumerable.Range(13, 20).Select(week => (Day.AddDays(-7 * week), 1.0))));
        Assert.Null(Corridor.Learn(HealthFigure.Margin, Day, Enumerable.Range(0, 20).Select(week => (Day.AddDays(7 * week), 1.0))));
    }

    [Fact]
    public void A_set_band_goes_before_a_learnt_one_and_only_named_figures_stop_a_wave()
    {
        var rules = new WatchRules(
            ImmutableDictionary<HealthFigure, Band>.Empty.Add(HealthFigure.BudgetPace, new Band(null, 1.2m)), [HealthFigure.BudgetPace]);
        var judged = HealthCheck.Judge(
            [new Measured(HealthFigure.BudgetPace, Day, 1.3), new Measured(HealthFigure.Turnover, Day, 5)], rules, _ => Enumerable.Range(1, 12).Select(week => (Day.AddDays(-7 * week), 1_000.0)));
        Assert.Equal([(false, true, 0), (false, false, 12)], judged.Select(one => (one.IsWell, one.Stops, one.Corridor!.Days)));
        Assert.Contains("1,30", judged[0].Sentence("w").Russian, StringComparison.Ordinal);
        Assert.Contains("≤ 1.20", judged[0].Sentence("w").English, StringComparison.Ordinal);
        Assert.Contains("learnt from 12 days", judged[1].Sentence("w").English, StringComparison.Ordinal);
    }

    /// <summary>Looked at every day for a year, a healthy figure must not cry wolf.</summary>
    [Fact]
    public void A_healthy_figure_seldom_raises_an_alarm()
    {
        const ulong seed = 5;
        var (alarms, looks) = (0, 0);
        for (ulong shop = 0; shop < 40; shop++)
        {
            var draw = new Draw(seed, "shop", shop);
            var days = Enumerable.Range(0, 365).Select(i => Day.AddDays(i)).Select(day => (day, 1_000 * (1 + (0.3 * (int)day.DayOfWeek)) * Math.Exp(0.08 * draw.NextNormal()))).ToList();
            for (var i = 84; i < days.Count; i++)
            {
                looks++;
                if (!Corridor.Learn(HealthFigure.DiscountShare, days[i].day, days)!.Contains(days[i].Item2)) alarms++;
            }
        }

        // Twelve days teach a deviation only roughly, so the alarms are more than four true deviations would give.
        Assert.True(alarms < looks * 0.02, $"seed {seed}: {alarms} alarms in {looks} looks");
    }
}
