using System.CommandLine;
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
            return Verb.Done;
        });
        return command;

        Option<string?> Day(string name, string english, string russian) => new(name) { Description = verb.In(english, russian), HelpName = "YYYY-MM-DD" };
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
