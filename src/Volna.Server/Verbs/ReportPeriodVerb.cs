using System.CommandLine;
using Spectre.Console;
using Volna.Reports;

namespace Volna.Server.Verbs;

/// <summary><c>volna report period</c></summary>
static class ReportPeriodVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "period",
            new Text(
                "Shows what all waves of a period brought together, against the customers held out of all of them (universalHoldoutShare in the plan), wave by wave and by messages got before; writes a page and a CSV file.",
                "Показывает, что принесли вместе все волны периода, относительно общей контрольной группы (universalHoldoutShare в плане), волна за волной и по числу сообщений; пишет страницу и файл CSV."),
            "volna report period",
            "volna report period --from 2026-09-03 --to 2026-11-25 --html autumn.html --csv autumn.csv");
        var from = Day("--from", "First day; without it, that of the first wave with a universal hold-out", "Первый день; без него — день первой волны с общей контрольной группой");
        var to = Day("--to", "Last day; without it, that of the last wave", "Последний день; без него — последний день последней волны");
        var csv = new Option<string?>("--csv") { Description = verb.In("Where every figure is written as CSV", "Куда записать все цифры в формате CSV"), HelpName = "FILE" };
        var html = new Option<string?>("--html") { Description = verb.In("Where the page is written", "Куда записать страницу отчёта"), HelpName = "FILE" };
        command.Options.Add(from);
        command.Options.Add(to);
        command.Options.Add(csv);
        command.Options.Add(html);
        verb.SetAction(command, (parsed, shell) =>
        {
            var period = PeriodOf(parsed.GetValue(from), parsed.GetValue(to));
            using var state = shell.OpenState();
            var report = shell.WithProgress(progress => PeriodReportJob.Make(shell.Folder, state, period, shell.Time.GetLocalNow(), progress, shell.Stop));
            var (csvPath, pagePath) = (parsed.GetValue(csv) ?? ReportStore.PeriodCsvPath(shell.Folder), parsed.GetValue(html) ?? ReportStore.PeriodPagePath(shell.Folder));
            if (!shell.DryRun) ReportStore.Save(shell.Folder, report, csvPath, pagePath, shell.Language);
            if (shell.Json) shell.PrintJson(report);
            else Print(report, shell);
            if (!shell.DryRun) shell.Say(new Text($"page: {pagePath}; every figure: {csvPath}", $"страница: {pagePath}; все цифры: {csvPath}"));
            return Verb.Done;
        });
        return command;

        Option<string?> Day(string name, string english, string russian) => new(name) { Description = verb.In(english, russian), HelpName = "YYYY-MM-DD" };
    }

    static void Print(PeriodReport report, Shell shell)
    {
        var language = shell.Language;
        shell.Data.WriteLine(shell.In(
            $"{FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)}, waves: {report.Waves}; {FigureText.Count(report.Everyone.Treated, language)} customers, {FigureText.Count(report.Everyone.HeldOut, language)} held out of all waves",
            $"{FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)}, волн: {report.Waves}; покупателей — {FigureText.Count(report.Everyone.Treated, language)}, в общей контрольной группе — {FigureText.Count(report.Everyone.HeldOut, language)}"));
        shell.Print(ReportVerb.EffectTable(report.Compared().Metrics.Select(figures => (figures.Metric.Name().In(language), figures)), shell.In("per customer", "на покупателя"), language));
        Waves(report, shell);
        Messages(report, shell);
    }

    static void Waves(PeriodReport report, Shell shell)
    {
        var language = shell.Language;
        if (report.Each.Length < 2)
        {
            shell.Data.WriteLine(report.FromWaveToWave().In(language));
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumn(shell.In("wave", "волна"));
        foreach (var head in (string[])[shell.In("change of spend", "изменение покупок"), shell.In("95 % interval", "95 %-й интервал"), shell.In("all its customers", "на всех её покупателях"), shell.In("waves so far", "волны с начала"), shell.In("95 % interval", "95 %-й интервал")])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var wave in report.Each)
            table.AddRow(
                Markup.Escape(wave.Wave), wave.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—", wave.Relative is { } range ? FigureText.PercentInterval(range, language) : "",
                FigureText.SignedTotal(wave.Total.Difference, language), FigureText.SignedTotal(wave.Cumulative.Difference, language),
                $"{FigureText.SignedTotal(wave.Cumulative.Lower, language)} … {FigureText.SignedTotal(wave.Cumulative.Upper, language)}");
        shell.Print(table);
        shell.Data.WriteLine(report.FromWaveToWave().In(language));
    }

    static void Messages(PeriodReport report, Shell shell)
    {
        var language = shell.Language;
        if (report.ByMessages.Length > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumn(shell.In("messages in the eight weeks before", "сообщений за восемь недель до волны"));
            foreach (var head in (string[])[shell.In("offered", "с предложениями"), shell.In("held out", "контроль"), shell.In("change of spend", "изменение покупок"), shell.In("95 % interval", "95 %-й интервал")])
                table.AddColumn(new TableColumn(head).RightAligned());
            foreach (var one in report.ByMessages)
                table.AddRow(
                    PeriodTexts.Messages(one.Messages).In(language), FigureText.Count(one.Treated, language), FigureText.Count(one.HeldOut, language),
                    one.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—", one.Relative is { } range ? FigureText.PercentInterval(range, language) : shell.In("not enough data yet", "данных ещё мало"));
            shell.Print(table);
        }

        shell.Data.WriteLine(report.WithEachMessage().In(language));
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
