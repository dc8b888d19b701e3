using System.CommandLine;
using Spectre.Console;
using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Server.Verbs;

/// <summary><c>volna report period</c></summary>
static class ReportPeriodVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "period",
            new Text(
                "Shows what all waves of a period brought together, against the customers held out of all of them (universalHoldoutShare in the plan).",
                "Показывает, что принесли вместе все волны периода, относительно общей контрольной группы (universalHoldoutShare в плане)."),
            "volna report period",
            "volna report period --from 2026-09-03 --to 2026-11-25 --json");
        var from = Day("--from", "First day; without it, that of the first wave with a universal hold-out", "Первый день; без него — день первой волны с общей контрольной группой");
        var to = Day("--to", "Last day; without it, that of the last wave", "Последний день; без него — последний день последней волны");
        command.Options.Add(from);
        command.Options.Add(to);
        verb.SetAction(command, (parsed, shell) =>
        {
            var period = PeriodOf(parsed.GetValue(from), parsed.GetValue(to));
            using var state = shell.OpenState();
            var report = shell.WithProgress(progress => PeriodReportJob.Make(shell.Folder, state, period, shell.Time.GetLocalNow(), progress, shell.Stop));
            if (shell.Json)
            {
                shell.PrintJson(report);
                return Verb.Done;
            }

            var language = shell.Language;
            shell.Data.WriteLine(shell.In(
                $"{FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)}, waves: {report.Waves}; {FigureText.Count(report.Everyone.Treated, language)} customers, {FigureText.Count(report.Everyone.HeldOut, language)} held out of all waves",
                $"{FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)}, волн: {report.Waves}; покупателей — {FigureText.Count(report.Everyone.Treated, language)}, в общей контрольной группе — {FigureText.Count(report.Everyone.HeldOut, language)}"));
            shell.Print(ReportVerb.EffectTable(report.Everyone.Metrics.Select(figures => (figures.Metric.Name().In(language), figures)), shell.In("per customer", "на покупателя"), language));
            Waves(report, shell);
            return Verb.Done;
        });
        return command;

        Option<string?> Day(string name, string english, string russian) => new(name) { Description = verb.In(english, russian), HelpName = "YYYY-MM-DD" };
    }

    static void Waves(PeriodReport report, Shell shell)
    {
        if (report.Each.Length < 2) return;
        var language = shell.Language;
        var table = new Table().Border(TableBorder.Rounded).AddColumn(shell.In("wave", "волна"));
        foreach (var head in (string[])[shell.In("change of spend", "изменение покупок"), shell.In("95 % interval", "95 %-й интервал"), shell.In("all its customers", "на всех её покупателях"), shell.In("waves so far", "волны с начала"), shell.In("95 % interval", "95 %-й интервал")])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var wave in report.Each)
            table.AddRow(
                Markup.Escape(wave.Wave), wave.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—", wave.Relative is { } range ? FigureText.PercentInterval(range, language) : "",
                FigureText.SignedTotal(wave.Total.Difference, language), FigureText.SignedTotal(wave.Cumulative.Difference, language),
                $"{FigureText.SignedTotal(wave.Cumulative.Lower, language)} … {FigureText.SignedTotal(wave.Cumulative.Upper, language)}");
        shell.Print(table);
        if (report.Trend is { } trend) shell.Data.WriteLine(Tiring(trend).In(language));
    }

    /// <summary>Whether the waves' effect wears off.</summary>
    static Text Tiring(Effect trend)
    {
        string Change(Language language) => FigureText.WithInterval(MetricUnit.Share, trend, language);
        return trend switch
        {
            { Upper: < 0 } => new(
                $"Customers tire: from each wave to the next the effect on the spend changes by {Change(Language.English)}.",
                $"Покупатели устают: от волны к волне эффект на покупки меняется на {Change(Language.Russian)}."),
            { Lower: > 0 } => new(
                $"The effect grows from wave to wave: by {Change(Language.English)}.", $"Эффект растёт от волны к волне: на {Change(Language.Russian)}."),
            _ => new(
                $"That customers tire isn't seen: from each wave to the next the effect on the spend changes by {Change(Language.English)}, which may be chance.",
                $"Усталости покупателей не видно: от волны к волне эффект на покупки меняется на {Change(Language.Russian)}, и это может быть случайностью."),
        };
    }

    static Period? PeriodOf(string? from, string? to)
    {
        if (from is null && to is null) return null;
        if (from is null || to is null)
            throw new BadInputException("period-half", new Text("--from and --to: give both or neither.", "--from и --to: укажите оба параметра или ни одного."));
        var (start, last) = (WaveVerb.Day("--from", from), WaveVerb.Day("--to", to));
        return start <= last ? new Period(start, last.AddDays(1)) : throw new BadInputException("period-order", new Text(
            $"--to: found {to}, expected {from} or later.", $"--to: указано {to}, ожидается {from} или позже."));
    }
}
