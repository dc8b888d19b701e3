using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports;

public sealed class ConcludeTests
{
    static readonly Period Week = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3));

    [Fact]
    public void Odd_data_are_told_in_both_languages_and_never_become_a_number()
    {
        // Customers: treated, held out. Receipts known until the day of the validity, 8 being the day after the last one.
        var cases = """
            case                      treated  held out  until  status     verdict          note           alarm
            all is well               4000     1000      8      Published  None             adjusted       false
            no hold-out               5000     0         8      Published  NoHeldOut        -              false
            a hold-out of 3           5000     3         8      Published  TooFewCustomers  sample-ratio   true
            stopped on its third day  4000     1000      8      Stopped    None             stopped        false
            stopped after an hour     4000     1000      8      Stopped    StoppedTooSoon   stopped        false
            still running             4000     1000      4      Published  None             not-over       false
            not begun                 4000     1000      0      Published  WaveNotOver      not-over       false
            larger returns            4000     1000      8      Published  None             returns-exceed false
            arms differed before      4000     1000      8      Published  None             not-balanced   true
            no history                4000     1000      8      Published  None             unadjusted     false
            """;
        foreach (var line in cases.Split('\n').Skip(1))
        {
            var name = line[..26].Trim();
            var cells = line[26..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int Cell(int at) => int.Parse(cells[at], System.Globalization.CultureInfo.InvariantCulture);
            var report = Conclude.Report(Input(name, Cell(0), Cell(1), Cell(2), Enum.Parse<WaveStatus>(cells[3])));
            var spend = report.Everyone[Metric.SpendPerCustomer];
            Assert.True(cells[4] == spend.Verdict.ToString(), $"{name}: was {spend.Verdict}");
            Assert.Equal(spend.Verdict == NoVerdict.None, spend.Difference is not null);
            if (cells[5] != "-") Assert.True(report.Notes.Any(note => note.Code == cells[5] && note.Alarm == bool.Parse(cells[6])), $"{name}: notes {string.Join(", ", report.Notes.Select(note => note.Code))}");
            foreach (var language in Enum.GetValues<Language>())
            {
                var page = ReportPage.Of(report, language);
                Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
                Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Of_a_wave_stopped_after_an_hour_no_figure_is_called_its_effect_and_the_page_says_why()
    {
        var report = Conclude.Report(Input("stopped after an hour", 4_000, 1_000, 8, WaveStatus.Stopped));
        Assert.All(report.Everyone.Metrics, figures => Assert.Null(figures.Difference));
        Assert.All(report.Groups, group => Assert.Null(group[Metric.SpendPerCustomer].Difference));
        Assert.Equal(NoVerdict.StoppedTooSoon, report.Targets!.Verdict);
        Assert.Contains("would have brought can't be told", Headline.Of(report).English, StringComparison.Ordinal);
        Assert.Contains("held for 1 hour of 7 days", report.Notes.Single(note => note.Code == "stopped").Text.English, StringComparison.Ordinal);
        Assert.Contains("действовали 1 час из 7 дней", ReportPage.Of(report, Language.Russian), StringComparison.Ordinal);
        Assert.Contains(Advice.Of(report), point => point.English.Contains("Run the wave again", StringComparison.Ordinal));
    }

    [Fact]
    public void How_long_a_wave_held_is_counted_from_its_publication_or_first_day_to_its_stop()
    {
        var cases = """
            published          stopped            held
            2026-11-24T10:00   2026-11-26T01:00   01:00:00
            2026-11-26T09:00   2026-11-26T10:00   01:00:00
            2026-11-24T10:00   2026-11-25T10:00   00:00:00
            2026-11-24T10:00   2026-12-09T10:00   7.00:00:00
            2026-11-24T10:00   -                  -
            """;
        foreach (var line in cases.Split('\n').Skip(1))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            static DateTimeOffset At(string text) => new(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromHours(3));
            List<WaveEvent> events = [new(WaveStatus.Approved, WaveStatus.Published, "bob", At(cells[0]).ToUniversalTime(), "")];
            if (cells[1] != "-") events.Add(new(WaveStatus.Published, WaveStatus.Stopped, "bob", At(cells[1]).ToUniversalTime(), ""));
            var wave = new Wave("w", WaveStatus.Stopped, Week, 1, "{}", "s", "m", "d", "ann", "bob", DateTimeOffset.UnixEpoch);
            Assert.Equal(cells[2] == "-" ? null : TimeSpan.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture), WaveLife.Held(wave, events, TimeSpan.FromHours(3)));
        }
    }

    [Fact]
    public void Purchases_before_narrow_the_interval_and_a_running_wave_has_a_wider_one()
    {
        var over = Conclude.Report(Input("adjusted", 4_000, 1_000, 8, WaveStatus.Published)).Everyone[Metric.SpendPerCustomer];
        Assert.Equal(AdjustmentVerdict.Sound, over.Adjustment);
        Assert.True(over.Difference!.Upper - over.Difference.Lower < 0.8 * (over.Unadjusted!.Upper - over.Unadjusted.Lower));
        Assert.Null(over.CorrectedPValue);

        var running = Conclude.Report(Input("adjusted", 4_000, 1_000, 4, WaveStatus.Published));
        var soFar = running.Everyone[Metric.SpendPerCustomer].Difference!;
        Assert.Equal(over.Difference.Difference, soFar.Difference, 9);
        Assert.True(soFar.Upper - soFar.Lower > 1.2 * (over.Difference.Upper - over.Difference.Lower));
        Assert.Equal(NoVerdict.WaveNotOver, running.Everyone[Metric.AverageCheck].Verdict);
        Assert.Contains("still runs", Headline.Of(running).English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-600, 15, "bought-in-advance", true)]
    [InlineData(600, 15, "effect-lasts", false)]
    [InlineData(0, 15, null, false)]
    [InlineData(-600, 13, null, false)]
    public void What_was_only_bought_in_advance_is_told_once_as_many_days_are_past(long effectAfter, int untilDay, string? code, bool alarm)
    {
        VectorMoments After(string name, int customers, long effect)
        {
            var outcome = new WaveOutcome();
            for (var customer = 0; customer < customers; customer++)
            {
                var draw = new Draw(12, name, (ulong)customer);
                long Spend() => (long)(50_000 + (5_000 * draw.NextNormal()));
                outcome.Add(new CustomerOutcome(Spend(), 0, 0, 1, 3), new CustomerOutcome(Spend(), 0, 0, 1, 3), default, new CustomerOutcome(Spend() + effect, 0, 0, 1, 3));
            }

            return outcome.Moments;
        }

        var input = Input("after", 10, 10, untilDay, WaveStatus.Published);
        var report = Conclude.Report(input with { Counts = input.Counts with { Groups = [new GroupCounts(Dimension.Segment, "all", After("treated", 8_000, effectAfter), After("held out", 2_000, 0))] } });
        Assert.Equal(untilDay > 13 ? NoVerdict.None : NoVerdict.AfterNotOver, report.Everyone[Metric.SpendAfter].Verdict);
        var notes = report.Notes.Where(note => note.Code is "bought-in-advance" or "effect-lasts").ToList();
        Assert.Equal(code is null ? [] : [(code, alarm)], notes.Select(note => (note.Code, note.Alarm)));
    }

    [Fact]
    public void Of_twenty_cities_without_any_effect_none_is_called_sure()
    {
        var cities = Enumerable.Range(0, 20).Select(city => new GroupCounts(Dimension.City, $"City {city}", Arm($"t{city}", 400, 0, 0, 0), Arm($"h{city}", 200, 0, 0, 0)));
        var input = Input("cities", 4_000, 1_000, 8, WaveStatus.Published);
        var report = Conclude.Report(input with { Counts = input.Counts with { Groups = [.. input.Counts.Groups, .. cities] } });
        Assert.All(report.By(Dimension.City), city => Assert.False(city[Metric.SpendPerCustomer].IsSure));
        Assert.All(report.By(Dimension.City), city => Assert.True(city[Metric.SpendPerCustomer].CorrectedPValue >= city[Metric.SpendPerCustomer].Difference!.PValue));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(-3_000, 0, "cannibalised")]
    [InlineData(0, 3_000, "halo")]
    [InlineData(3_000, -3_000, null)]
    public void What_other_goods_lost_or_gained_by_those_offered_is_told_where_it_is_sure(long sameCategories, long otherCategories, string? code)
    {
        VectorMoments Goods(string name, int customers, long effect)
        {
            var moments = new VectorMoments(2);
            for (var customer = 0; customer < customers; customer++)
            {
                var draw = new Draw(13, name, (ulong)customer);
                moments.Add([20_000 + (5_000 * draw.NextNormal()) + effect, 20_000 + (5_000 * draw.NextNormal())]);
            }

            return moments;
        }

        GroupCounts Group(string name, long effect) => new(Dimension.Beside, name, Goods(name + "treated", 4_000, effect), Goods(name + "held out", 1_000, 0));
        var input = Input("beside", 4_000, 1_000, 8, WaveStatus.Published);
        var report = Conclude.Report(input with
        {
            Counts = input.Counts with { Groups = [.. input.Counts.Groups, Group(Beside.Offered, 4_000), Group(Beside.SameCategories, sameCategories), Group(Beside.OtherCategories, otherCategories)] },
        });
        Assert.Equal(code is null ? [] : [code], report.Notes.Where(note => note.Code is "cannibalised" or "halo").Select(note => note.Code));
    }

    [Fact]
    public void Without_a_currency_the_report_says_that_it_can_t_be_told_and_with_one_the_page_names_it()
    {
        var input = Input("currency", 4_000, 1_000, 8, WaveStatus.Published);
        Assert.Contains(Conclude.Report(input).Notes, note => note.Code == "currency-missing" && note.Text.Russian.Contains("не узнать", StringComparison.Ordinal));
        var named = Conclude.Report(input with { Currency = "RUB<" });
        Assert.DoesNotContain(named.Notes, note => note.Code == "currency-missing");
        Assert.Contains("money in RUB&lt;", ReportPage.Of(named, Language.English), StringComparison.Ordinal);
    }

    static ReportInput Input(string name, int treated, int heldOut, int untilDay, WaveStatus status)
    {
        var returns = name == "larger returns" ? 100_000 : 0;
        ImmutableArray<GroupCounts> groups =
            [new GroupCounts(Dimension.Segment, "all", Arm("treated", treated, 200, returns, name == "arms differed before" ? 20_000 : 0), Arm("held out", heldOut, 0, returns, 0))];
        return new ReportInput(
            new Wave("w", status, Week, 1, "{}", "s", "m", "d", "ann", "bob", DateTimeOffset.UnixEpoch), 0.2,
            new WaveCounts("w", "d", "s", Week.Start.AddDays(untilDay - 1), name == "no history" ? 0 : 56, 0, groups, 0, []),
            new RedemptionFigures(0, 0, 0, 0, [], []), new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero))
        { Held = name switch { "stopped after an hour" => TimeSpan.FromHours(1), "stopped on its third day" => TimeSpan.FromHours(60), _ => null } };
    }

    /// <summary>Customers of whom each spends about as much as before, with luck of her own.</summary>
    static VectorMoments Arm(string name, int customers, long effect, long returned, long moreBefore)
    {
        var outcome = new WaveOutcome();
        for (var customer = 0; customer < customers; customer++)
        {
            var draw = new Draw(11, name, (ulong)customer);
            var level = 50_000 + (20_000 * draw.NextNormal());
            long before = (long)(8 * (level + (3_000 * draw.NextNormal()))), within = (long)(level + (5_000 * draw.NextNormal()));
            outcome.Add(
                new CustomerOutcome(within + effect - returned, within / 4, within, 1 + draw.NextBelow(3), 3), new CustomerOutcome(before + moreBefore, before / 4, before, 8, 24));
        }

        return outcome.Moments;
    }
}
