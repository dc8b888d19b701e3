using System.CommandLine;
using Volna.Reports;

namespace Volna.Server.Verbs;

/// <summary><c>volna watch</c></summary>
static class WatchVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "watch",
            new Text(
                "Looks once at the published waves: makes the final report of each that is over. For cron; `volna serve` looks by itself.",
                "Один раз проверяет опубликованные волны: составляет итоговые отчёты по завершившимся. Для cron; `volna serve` проверяет сам."),
            "volna watch",
            "volna watch --dry-run --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            var now = shell.Time.GetLocalNow();
            if (shell.DryRun)
            {
                var due = FinalReportJob.Due(shell.Folder, state, now);
                if (shell.Json) shell.PrintJson(new { due = due.Select(wave => wave.Id) });
                else foreach (var wave in due) shell.Data.WriteLine(wave.Id);
                return Verb.Done;
            }

            var outcomes = shell.WithProgress(progress => FinalReportJob.Make(shell.Folder, state, now, progress, shell.Stop));
            if (shell.Json)
                shell.PrintJson(new { reports = outcomes.Select(outcome => new { outcome.Wave, slides = outcome.Report is null ? null : ReportStore.SlidesPath(shell.Folder, outcome.Wave), failure = outcome.Failure?.In(shell.Language) }) });
            else
                foreach (var outcome in outcomes)
                    shell.Data.WriteLine($"{outcome.Wave}: {(outcome.Report is { } report ? $"{Headline.Of(report).In(shell.Language)} {ReportStore.SlidesPath(shell.Folder, outcome.Wave)}" : outcome.Failure!.In(shell.Language))}");
            if (outcomes.Count == 0) shell.Say(new Text("No wave waits for its final report.", "Волн, ждущих итогового отчёта, нет."));
            return outcomes.Any(outcome => outcome.Failure is not null) ? Verb.PartFailed : Verb.Done;
        });
        return command;
    }
}
