using System.CommandLine;
using Spectre.Console;
using Volna.Reports;
using Volna.Reports.Health;
using Volna.Reports.Notices;

namespace Volna.Server.Verbs;

/// <summary><c>volna watch</c></summary>
static class WatchVerb
{
    static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(20);

    public static Command Create(Verb verb)
    {
        var survey = new Option<string?>("--survey") { Description = verb.In("Answers of a survey first: day,score,complaint", "Сначала загрузить ответы опроса: day,score,complaint"), HelpName = "FILE" };
        var command = verb.Create(
            "watch",
            new Text(
                "Looks once at the published waves: measures the health of those that are live, tells breaches by mail and webhook, takes a wave back where its plan says so, makes the final report of each that is over. For cron; `volna serve` looks by itself.",
                "Один раз проверяет опубликованные волны: измеряет здоровье действующих, сообщает о выходе из коридоров по почте и через вебхуки, отзывает волну, если так велит её план, составляет итоговые отчёты по завершившимся. Для cron; `volna serve` проверяет сам."),
            "volna watch",
            "volna watch --survey answers.csv",
            "volna watch to https://ops.example.org/volna",
            "volna watch to ops@example.org");
        command.Options.Add(survey);
        command.Subcommands.Add(To(verb));
        command.Subcommands.Add(Notices(verb));
        verb.SetAsyncAction(command, async (parsed, shell) =>
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

            if (parsed.GetValue(survey) is { } file) WatchJob.ImportSurvey(state, file);
            var look = shell.WithProgress(progress => WatchJob.Run(shell.Folder, state, now, progress, shell.Stop));
            using var http = new HttpClient { Timeout = WebhookTimeout };
            var (delivered, failed) = await DeliverNoticesJob.Deliver(shell.Folder, state, http, shell.Time, shell.Stop);
            if (shell.Json) shell.PrintJson(new { live = look.Live.Select(one => new { one.Wave, one.Figures }), look.Stopped, reports = look.Reports.Select(one => new { one.Wave, failure = one.Failure?.In(shell.Language) }), delivered, failed });
            else Print(look, shell);
            if (failed > 0) shell.Say(new Text($"{failed} notices couldn't be delivered and will be tried again (`volna watch notices`).", $"Не доставлено уведомлений: {failed}; попытки продолжатся (`volna watch notices`)."));
            return failed > 0 || look.Reports.Any(outcome => outcome.Failure is not null) ? Verb.PartFailed : Verb.Done;
        });
        return command;
    }

    static void Print(WatchJob.Look look, Shell shell)
    {
        foreach (var (wave, figures) in look.Live)
        {
            var table = new Table().Border(TableBorder.Rounded);
            table.AddColumn(Markup.Escape($"{shell.In("wave", "волна")} {wave}{(figures.Count > 0 ? ", " + FigureText.Day(figures[0].Measured.Day, shell.Language) : "")}"));
            foreach (var head in (string[])[shell.In("value", "значение"), shell.In("corridor", "коридор"), ""]) table.AddColumn(new TableColumn(head).RightAligned());
            foreach (var figure in figures)
                table.AddRow(
                    figure.Measured.Figure.Name().In(shell.Language), figure.Measured.Figure.Write(figure.Measured.Value, shell.Language),
                    figure.Band(shell.Language), figure.Corridor is null ? shell.In("too little history", "мало истории") : figure.IsWell ? "" : shell.In("OUTSIDE", "ВНЕ КОРИДОРА"));
            shell.Print(table);
            if (look.Stopped.Contains(wave)) shell.Data.WriteLine(shell.In($"Wave {wave} was stopped, as its plan says.", $"Волна {wave} остановлена, как указано в её плане."));
        }

        foreach (var outcome in look.Reports)
            shell.Data.WriteLine($"{outcome.Wave}: {(outcome.Report is { } report ? $"{Headline.Of(report).In(shell.Language)} {ReportStore.SlidesPath(shell.Folder, outcome.Wave)}" : outcome.Failure!.In(shell.Language))}");
        if (look.Live.Count + look.Reports.Count == 0) shell.Say(new Text("No wave is live, and none waits for its final report.", "Нет ни действующих волн, ни ждущих итогового отчёта."));
    }

    static Command To(Verb verb)
    {
        var address = new Argument<string>("ADDRESS") { Description = verb.In("A mail address, or where a webhook is sent to", "Адрес почты или адрес вебхука") };
        var remove = new Option<bool>("--remove") { Description = verb.In("Tell it no more", "Больше не сообщать") };
        var command = verb.Create(
            "to", new Text("Adds who is told: a mail address (letters are put into outbox/notices) or a webhook, whose secret is printed.", "Добавляет получателя: адрес почты (письма кладутся в outbox/notices) или вебхук, секрет которого выводится."),
            "volna watch to https://ops.example.org/volna", "volna watch to ops@example.org --remove");
        command.Arguments.Add(address);
        command.Options.Add(remove);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            if (shell.DryRun) return Verb.Done;
            var notices = new NoticeStore(state);
            if (parsed.GetValue(remove))
            {
                if (notices.RemoveTarget(parsed.GetValue(address)!)) return Verb.Done;
                throw new BadInputException("notice-target-unknown", new Text($"{parsed.GetValue(address)}: nobody of this address is told anything.", $"{parsed.GetValue(address)}: такого получателя нет."));
            }

            var secret = notices.AddTarget(parsed.GetValue(address)!);
            if (shell.Json) shell.PrintJson(new { address = parsed.GetValue(address), secret });
            else if (secret is not null) shell.Data.WriteLine(secret);
            return Verb.Done;
        });
        return command;
    }

    static Command Notices(Verb verb)
    {
        var command = verb.Create("notices", new Text("Lists what was told, newest first, and how its delivery stands.", "Показывает уведомления, сначала новые, и их доставку."), "volna watch notices --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            var notices = new NoticeStore(state);
            var list = notices.List(100).Select(notice => (Notice: notice, Deliveries: notices.Deliveries(notice.Id))).ToList();
            if (shell.Json)
            {
                shell.PrintJson(list.Select(one => new
                {
                    one.Notice.Id,
                    one.Notice.Kind,
                    one.Notice.At,
                    one.Notice.Wave,
                    text = one.Notice.Body.In(shell.Language),
                    deliveries = one.Deliveries.Select(delivery => new { delivery.Address, delivery.Attempts, delivery.Delivered, delivery.Waits, delivery.Failure }),
                }));
                return Verb.Done;
            }

            foreach (var (notice, deliveries) in list)
            {
                shell.Data.WriteLine($"{notice.At:yyyy-MM-dd HH:mm}  {notice.Body.In(shell.Language)}");
                foreach (var (address, attempts, delivered, waits, failure) in deliveries)
                    shell.Data.WriteLine($"    {address}: {(delivered ? shell.In("delivered", "доставлено") : waits ? shell.In("waits", "ждёт") : shell.In("given up", "прекращено"))}, {shell.In("attempts", "попыток")}: {attempts} {failure}");
            }

            return Verb.Done;
        });
        return command;
    }
}
