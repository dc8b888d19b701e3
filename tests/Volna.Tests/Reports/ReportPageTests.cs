using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Volna.Offers;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports;

public sealed partial class ReportPageTests
{
    [Fact]
    public void The_page_needs_no_network_and_no_script_and_closes_what_it_opens()
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            var page = ReportPage.Of(Report(), language);
            Assert.DoesNotContain("http", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            var open = new Stack<string>();
            foreach (Match tag in Tag().Matches(page))
            {
                var name = tag.Groups["name"].Value;
                if (name is "meta" or "!doctype" || tag.Value.EndsWith("/>", StringComparison.Ordinal)) continue;
                if (tag.Value[1] == '/') Assert.Equal(name, open.Pop());
                else open.Push(name);
            }

            Assert.Empty(open);
        }
    }

    [Fact]
    public void Key_figures_come_first_and_each_metric_has_its_definition()
    {
        var report = Report();
        foreach (var language in Enum.GetValues<Language>())
        {
            var page = System.Net.WebUtility.HtmlDecode(ReportPage.Of(report, language));
            Assert.True(page.IndexOf(Headline.Of(report).In(language), StringComparison.Ordinal) is > 0 and var headline
                && headline < page.IndexOf(Metric.SpendPerCustomer.Name().In(language), StringComparison.Ordinal));
            foreach (var metric in Enum.GetValues<Metric>()) Assert.Contains(metric.Definition().In(language), page, StringComparison.Ordinal);
            LinkedFigures.Check(page);
        }
    }

    [Fact]
    public void A_segment_s_name_is_escaped()
    {
        var arm = Buyers(5_000, 2_000, 30_000);
        var input = Input(arm, arm) with { Counts = Counts(Segment("<img src=x onerror=alert(1)>", arm, arm), Segment("rare", arm, arm)) };
        var page = ReportPage.Of(Conclude.Report(input), Language.English);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_up_and_conversion_down_is_named_as_the_trap_it_is()
    {
        var trap = Conclude.Report(Input(Buyers(5_000, 2_000, 30_000), Buyers(2_000, 1_000, 23_000)));
        var note = Assert.Single(trap.Notes, note => note.Code == "check-and-conversion-apart");
        Assert.True(note.Alarm);
        Assert.Contains("+30.4%", note.Text.English, StringComparison.Ordinal);
        Assert.Contains("-10.0 points", note.Text.English, StringComparison.Ordinal);
        Assert.Contains("+4.3%", note.Text.English, StringComparison.Ordinal);
        Assert.Contains("−10,0 п. п.", note.Text.Russian, StringComparison.Ordinal);
        Assert.DoesNotContain(Report().Notes, other => other.Code == "check-and-conversion-apart");
    }

    [Fact]
    public void A_skewed_draw_raises_an_alarm_and_a_wave_that_is_not_over_is_not_judged()
    {
        var skewed = Conclude.Report(Input(Buyers(5_000, 2_000, 30_000), Buyers(1_000, 400, 30_000)));
        Assert.Equal("sample-ratio", skewed.Notes[0].Code);

        var early = Conclude.Report(Input(Buyers(5_000, 2_000, 30_000), Buyers(2_000, 800, 30_000)) with { Counts = Counts(Segment("frequent", Buyers(5_000, 2_000, 30_000), Buyers(2_000, 800, 30_000))) with { ReceiptsUntil = new DateOnly(2026, 12, 1) } });
        Assert.False(early.IsOver);
        Assert.Equal(NoVerdict.WaveNotOver, early.Everyone[Metric.SpendPerCustomer].Verdict);
        Assert.Contains("Not enough data yet", Headline.Of(early).English, StringComparison.Ordinal);
        Assert.True(Report().IsOver);
    }

    [Theory]
    [InlineData("2026-12-01", "2026-12-20", false)]
    [InlineData("2026-12-02", "2026-12-02", false)]
    [InlineData("2026-12-02", "2026-12-03", true)]
    [InlineData("2026-12-03", "2026-12-02", true)]
    public void A_receipt_of_the_last_day_ends_a_wave_only_when_that_day_is_past(string receiptsUntil, string now, bool isOver)
    {
        var arm = Buyers(5_000, 2_000, 30_000);
        var report = Conclude.Report(Input(arm, arm) with
        {
            Counts = Counts(Segment("frequent", arm, arm)) with { ReceiptsUntil = DateOnly.Parse(receiptsUntil, CultureInfo.InvariantCulture) },
            MadeAt = new DateTimeOffset(DateTime.Parse(now, CultureInfo.InvariantCulture), TimeSpan.FromHours(3)),
        });
        Assert.Equal((isOver, isOver), (report.IsOver, report.Everyone[Metric.SpendPerCustomer].Verdict == NoVerdict.None));
    }

    [Fact]
    public void Check_down_and_conversion_up_is_not_called_growth()
    {
        var note = Assert.Single(Conclude.Report(Input(Buyers(5_000, 3_000, 23_000), Buyers(2_000, 800, 30_000))).Notes, note => note.Code == "check-and-conversion-apart");
        Assert.DoesNotContain("growth", note.Text.English, StringComparison.Ordinal);
        Assert.DoesNotContain("рост", note.Text.Russian, StringComparison.Ordinal);
        Assert.Contains("изменение чека — ещё не эффект", note.Text.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void The_arms_are_called_treated_and_held_out_and_all_texts_name_buyers_alike()
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            var page = ReportPage.Of(Report(), language);
            Assert.Contains(language == Language.English ? ">treated<" : ">целевая группа<", page, StringComparison.Ordinal);
            foreach (var word in (string[])["with offers", "с предложениями", "клиент", "Клиент", "назначенн"]) Assert.DoesNotContain(word, page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_csv_holds_every_figure_with_as_many_cells_in_each_row()
    {
        var csv = ReportCsv.Of(Report(segment: "a, \"b\""));
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rows, row => Assert.Equal(25, Cell().Count(row)));
        Assert.Contains("\"segment:a, \"\"b\"\"\"", csv, StringComparison.Ordinal);
        var spend = rows.Single(row => row.Contains("everyone,spendPerCustomer", StringComparison.Ordinal)).Split(',');
        Assert.Equal(120.0, double.Parse(spend[6], CultureInfo.InvariantCulture), 6);
        Assert.Contains("slot:habit,offersRedeemed", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.2, 0.31)]
    [InlineData(0, 1e-7)]
    [InlineData(-12_345, 3)]
    [InlineData(-0.42, 0.46)]
    public void A_scale_has_two_to_five_round_ticks_within_it(double low, double high)
    {
        var ticks = IntervalChart.Ticks(low, high);
        Assert.InRange(ticks.Count, 2, 5);
        Assert.All(ticks, tick => Assert.InRange(tick, low, high));
    }

    [Fact]
    public void A_chart_has_a_scale_even_where_nothing_moved()
    {
        var chart = IntervalChart.Of("t", [new IntervalChart.Row("visits", new Effect(0, 0, 0, 1), "0")], value => value.ToString("0.0", CultureInfo.InvariantCulture), "sure", "unsure");
        Assert.Contains("0.0</span>", chart, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", chart, StringComparison.Ordinal);
    }

    static WaveReport Report(string segment = "frequent") =>
        Conclude.Report(Input(Buyers(5_000, 2_000, 30_000), Buyers(2_000, 800, 30_000), segment));

    static ReportInput Input(WaveOutcome treated, WaveOutcome heldOut, string segment = "frequent") => new(
        new Wave("2026-11-26", WaveStatus.Published, new Period(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3)), 1, "{}", "s", "m", "0123456789abcdef", "ann", "bob", DateTimeOffset.UnixEpoch),
        2.0 / 7, Counts(Segment(segment, treated, heldOut), Segment("rare", new WaveOutcome(), new WaveOutcome())),
        new RedemptionFigures(100, 20, 15, 5_000, [new SlotFigures(SlotKind.Habit, 100, 20, 5_000)], [new DepthFigures(1_000, 60, 10, 2_000), new DepthFigures(2_000, 40, 10, 3_000)]),
        DateTimeOffset.UnixEpoch);

    static WaveCounts Counts(params ImmutableArray<GroupCounts> groups) => new("2026-11-26", "0123456789abcdef", "s", new DateOnly(2026, 12, 3), 0, 0, groups, 7, []);

    static GroupCounts Segment(string name, WaveOutcome treated, WaveOutcome heldOut) => new(Dimension.Segment, name, treated.Moments, heldOut.Moments);

    /// <summary>So many customers, of whom some bought for about as much.</summary>
    static WaveOutcome Buyers(int customers, int buyers, long spend)
    {
        var outcome = new WaveOutcome().AddNonBuyers(customers - buyers);
        for (var i = 0; i < buyers; i++) outcome.Add(new CustomerOutcome(spend + (i % 2 == 0 ? 500 : -500), spend / 4, spend, 1));
        return outcome;
    }

    [GeneratedRegex("<(?<slash>/?)(?<name>!?[a-z0-9]+)[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?:^|,)(?:\"(?:[^\"]|\"\")*\"|[^,\"]*)(?=,|$)")]
    private static partial Regex Cell();
}
