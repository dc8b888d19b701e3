using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Spectre.Console;
using Volna.Server.Bench;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench till</c>: how fast and how safe the till is on this machine.</summary>
static class BenchTillVerb
{
    public static Command Create(Verb verb)
    {
        var offers = new Option<int>("--offers") { Description = verb.In("Offers in the wave", "Предложений в волне"), HelpName = "N", DefaultValueFactory = _ => 15_000_000 };
        var seconds = new Option<int>("--seconds") { Description = verb.In("Seconds for each measurement", "Секунд на каждое измерение"), HelpName = "N", DefaultValueFactory = _ => 10 };
        var connections = new Option<int>("--connections") { Description = verb.In("Connections of tills", "Соединений касс"), HelpName = "N", DefaultValueFactory = _ => 64 };
        var kills = new Option<int?>("--kills") { Description = verb.In("Instead: kill the server so many times under load, then check every answer", "Вместо измерений: столько раз аварийно остановить сервер под нагрузкой и проверить каждый ответ"), HelpName = "N" };
        var seed = new Option<int?>("--seed") { Description = verb.In("Of the kills' moments (default: drawn and printed)", "Для моментов остановок (по умолчанию — случайное, выводится)"), HelpName = "N" };
        var postgres = new Option<bool>("--postgres") { Description = verb.In("Redemptions on a throw-away PostgreSQL, too, beside PostgreSQL itself", "Также погашения на временном PostgreSQL рядом с самим PostgreSQL") };
        verb.InBounds(offers, 5, 200_000_000);
        verb.InBounds(seconds, 1, 3_600);
        verb.InBounds(connections, 1, 4_096);
        var command = verb.Create(
            "till", new Text("The till over HTTP: publication, restart, look-ups, redemptions; or kills under load.", "Касса по HTTP: публикация, перезапуск, запросы, погашения; или аварийные остановки под нагрузкой."),
            "volna bench till", "volna bench till --offers 1000000 --seconds 5 --json", "volna bench till --postgres", "volna bench till --kills 300");
        foreach (var option in (Option[])[offers, seconds, connections, postgres, kills, seed]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var temporary = Directory.CreateTempSubdirectory("volna-bench-");
            var folder = new DataFolder(Path.Combine(temporary.FullName, "data"));
            try
            {
                return parsed.GetValue(kills) is { } count
                    ? Kills(shell, folder, Math.Min(parsed.GetValue(offers), 1_000_000), parsed.GetValue(connections), count, parsed.GetValue(seed) ?? Environment.TickCount)
                    : Measure(shell, folder, parsed.GetValue(offers), parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(postgres));
            }
            finally
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                temporary.Delete(recursive: true);
            }
        });
        return command;
    }

    static int Kills(Shell shell, DataFolder folder, int offers, int connections, int kills, int seed)
    {
        shell.Say(new Text($"Seed {seed}", $"Начальное число {seed}"));
        var figures = shell.WithProgress(progress => KillBench.Run(folder, offers, connections, kills, seed, shell.Time.GetLocalNow(), progress, shell.Stop));
        if (shell.Json) shell.PrintJson(figures);
        else
            Print(shell, [
                (new Text("kills", "аварийных остановок"), figures.Kills, null),
                (new Text("receipts acknowledged", "подтверждено чеков"), figures.Acknowledged, null),
                (new Text("lost", "потеряно"), figures.Lost, "0"),
                (new Text("doubled", "удвоено"), figures.Doubled, "0"),
            ]);
        return figures.Lost + figures.Doubled == 0 ? Verb.Done : Verb.Failed;
    }

    static int Measure(Shell shell, DataFolder folder, int offers, int connections, TimeSpan time, bool withPostgres)
    {
        var (started, step) = (shell.Time.GetTimestamp(), new Text("start", "начало"));
        TillFigures figures;
        try
        {
            figures = TillBench.Run(folder, offers, connections, time, withPostgres, shell.Time.GetLocalNow(), Say, shell.Stop);
        }
        catch (Exception failure) when (failure is IOException or SocketException or DbException or BadInputException)
        {
            throw new BadInputException("bench-failed", failure is BadInputException bad
                ? new Text($"{step.English}: {bad.Sentence.English}", $"{step.Russian}: {bad.Sentence.Russian}")
                : new Text($"{step.English}: {failure.Message}", $"{step.Russian}: {failure.Message}"));
        }

        var remarks = figures.Remarks;
        if (shell.Json) shell.PrintJson(figures);
        else
            Print(shell, [
                (new Text("offers", "предложений"), figures.Offers, null),
                (new Text("publication, s", "публикация, с"), figures.PublishSeconds, "<= 8"),
                (new Text("bytes an offer", "байт на предложение"), figures.BytesPerOffer, "<= 24"),
                (new Text("restart, s", "перезапуск, с"), figures.RestartSeconds, "<= 3"),
                (new Text("look-ups a second", "запросов предложений в секунду"), figures.LookupsPerSecond, ">= 45000"),
                (new Text("the same of a bare server", "то же у голого сервера"), remarks.KestrelLookupsPerSecond, null),
                (new Text("the bare server to the till", "голый сервер к кассе"), remarks.KestrelToLookups, "<= 1.36"),
                (new Text("processor time of a look-up, to the bare server's", "процессорное время запроса, к голому серверу"), remarks.LookupToKestrelMicroseconds, null),
                (new Text($"look-up p99 at {TillBench.LookupsAtTailPerSecond} a second, ms", $"p99 запроса при {TillBench.LookupsAtTailPerSecond} в секунду, мс"), figures.LookupP99Ms, "<= 3"),
                (new Text("the same of a bare server, ms", "то же у голого сервера, мс"), remarks.KestrelLookupP99Ms, null),
                (new Text("look-up p99 at half of the most look-ups, ms", "p99 запроса при половине наибольшей нагрузки, мс"), remarks.LookupP99AtHalfMs, null),
                (new Text("the same while a wave is published, ms", "то же во время публикации волны, мс"), remarks.LookupP99WhilePublishingMs, null),
                (new Text("the latter to the former", "второе к первому"), remarks.LookupP99WhilePublishingToHalf, "<= 2"),
                (new Text($"redemptions a second, {connections} connections", $"погашений в секунду, соединений {connections}"), figures.RedemptionsPerSecond, ">= 20000"),
                (new Text("look-ups of a bare server to redemptions", "запросы к голому серверу к погашениям"), remarks.KestrelToRedemptions, "<= 3.05"),
                (new Text("redemption p99, ms", "p99 погашения, мс"), figures.RedemptionP99Ms, "<= 8"),
                .. withPostgres
                    ? ((Text, double, string?)[])[
                        (new Text("redemptions a second on PostgreSQL", "погашений в секунду на PostgreSQL"), figures.PostgresRedemptionsPerSecond!.Value, null),
                        (new Text("PostgreSQL itself", "сам PostgreSQL"), remarks.RawPostgresRedemptionsPerSecond!.Value, null),
                        (new Text("the former to the latter", "первое ко второму"), remarks.PostgresToRawPostgres!.Value, ">= 0.8"),
                        (new Text("redemptions on SQLite to PostgreSQL itself", "погашения на SQLite к самому PostgreSQL"), remarks.RedemptionsToRawPostgres!.Value, ">= 1.05"),
                    ]
                    : [],
                (new Text("lost", "потеряно"), figures.Lost, "0"),
                (new Text("doubled", "удвоено"), figures.Doubled, "0"),
            ]);
        shell.Say(new Text(
            $"Processor time of the server: look-up {remarks.LookupMicroseconds} us, bare server {remarks.KestrelLookupMicroseconds} us, redemption {remarks.RedemptionMicroseconds} us. Refused {remarks.Refused}, failed {remarks.Failed}; the server took {remarks.ServerMemoryMiB} MiB{(remarks.Pinned ? "; server and tills on a processor each" : "")}.",
            $"Процессорное время сервера: запрос {remarks.LookupMicroseconds} мкс, голый сервер {remarks.KestrelLookupMicroseconds} мкс, погашение {remarks.RedemptionMicroseconds} мкс. Отказано {remarks.Refused}, с ошибкой {remarks.Failed}; сервер занял {remarks.ServerMemoryMiB} МиБ{(remarks.Pinned ? "; сервер и кассы на отдельных процессорах" : "")}."));
        return figures.Lost + figures.Doubled + remarks.Failed == 0 ? Verb.Done : Verb.Failed;

        void Say(Text what)
        {
            step = what;
            var seconds = shell.Time.GetElapsedTime(started).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            shell.Say(new Text($"{seconds,6} s  {what.English}", $"{seconds,6} с  {what.Russian}"));
        }
    }

    static void Print(Shell shell, (Text What, double Value, string? Bound)[] rows)
    {
        var table = new Table().Border(TableBorder.Minimal).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned()).AddColumn("");
        foreach (var (what, value, bound) in rows) table.AddRow(what.In(shell.Language), value.ToString(value % 1 == 0 ? "N0" : "N2", shell.Language.Culture()), bound ?? "");
        shell.Print(table);
    }
}
