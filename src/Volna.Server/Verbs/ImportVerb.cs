using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Intake.Files;
using Volna.Intake.Import;

namespace Volna.Server.Verbs;

/// <summary><c>volna import</c></summary>
static class ImportVerb
{
    public static Command Create(Verb verb)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = verb.In("CSV files, plain or gzip; native ones are known by their names: receipts*.csv, products*.csv.gz ...", "Файлы CSV, можно сжатые gzip; свои узнаются по имени: receipts*.csv, products*.csv.gz ..."),
            Arity = ArgumentArity.OneOrMore,
        };
        var mapping = new Option<string?>("--mapping") { Description = verb.In("JSON file that tells how foreign files are read", "Файл JSON: как читать чужие файлы"), HelpName = "FILE" };
        var kind = new Option<string?>("--kind") { Description = verb.In("Kind of native files whose name doesn't tell it", "Вид файлов, если по имени его не узнать"), HelpName = "KIND" };
        var maxErrors = new Option<long?>("--max-errors")
        {
            Description = verb.In("Stop a file after so many wrong rows (default: 1,000 or 1 % of the rows, whichever is more)", "Остановить файл после стольких ошибочных строк (по умолчанию 1000 или 1 % строк, что больше)"),
            HelpName = "N",
        };
        // For tests: small chunks, so that a small file has many of them to be killed in.
        var chunkRows = new Option<int?>("--chunk-rows") { Hidden = true };

        var command = verb.Create(
            "import", new Text("Reads receipts and reference files into the data folder.", "Загружает чеки и справочники в папку данных."),
            "volna import products.csv customers.csv.gz receipts-*.csv.gz",
            "volna import --mapping samples/online-retail.json online_retail_part*.csv.gz",
            "volna import --dry-run --json --kind receipts november.csv");
        command.Arguments.Add(files);
        foreach (var option in (Option[])[mapping, kind, maxErrors, chunkRows]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var kindName = parsed.GetValue(kind);
            if (kindName is not null && FileFormats.All.All(known => known.Kind != kindName))
            {
                var kinds = string.Join(", ", FileFormats.All.Select(known => known.Kind));
                throw new BadInputException("kind-unknown", new Text($"--kind {kindName}: there is no such kind; there are {kinds}.", $"--kind {kindName}: такого вида нет; есть {kinds}."));
            }

            return Run(shell, new ImportRequest([.. parsed.GetValue(files)!])
            {
                Mapping = parsed.GetValue(mapping) is { } path ? ReadMapping(path) : Mapping.None,
                Kind = kindName,
                MaxErrors = parsed.GetValue(maxErrors),
                DryRun = shell.DryRun,
                Language = shell.Language,
                ChunkRows = parsed.GetValue(chunkRows) ?? ImportRequest.DefaultChunkRows,
            });
        });
        return command;
    }

    static int Run(Shell shell, ImportRequest request)
    {
        var now = shell.Time.GetLocalNow().DateTime;
        ImportResult result;
        if (request.DryRun && !StateStore.Exists(shell.Folder))
        {
            // Nothing may be left behind where nothing stood before.
            var empty = Directory.CreateTempSubdirectory("volna-dry-run-");
            try
            {
                var folder = new DataFolder(empty.FullName);
                using var state = StateStore.Open(folder);
                result = shell.WithProgress(progress => ImportJob.Run(folder, state, request, now, progress, shell.Stop));
            }
            finally
            {
                empty.Delete(recursive: true);
            }
        }
        else
        {
            using var state = StateStore.Open(shell.Folder);
            result = shell.WithProgress(progress => ImportJob.Run(shell.Folder, state, request, now, progress, shell.Stop));
        }

        foreach (var file in result.Files)
            if (file.Failure is { } failure) System.Console.Error.WriteLine("volna: " + failure.In(shell.Language));
            else if (file.Outcome == FileOutcome.KnownAlready)
                shell.Say(new Text($"{file.File}: was imported before; nothing was changed.", $"{file.File}: уже загружен раньше; ничего не изменилось."));
            else if (NothingUsable(file))
                System.Console.Error.WriteLine("volna: " + shell.In(
                    $"{file.File}: not one row could be used; check encoding, date formats and columns in the mapping; the rows are listed in {file.RejectsFile}.",
                    $"{file.File}: не подошла ни одна строка; проверьте кодировку, форматы дат и колонки в файле соответствий; строки перечислены в {file.RejectsFile}."));

        if (shell.Json) shell.PrintJson(Json(result));
        else Print(shell, result);

        if (result.Files.Any(file => file.Outcome == FileOutcome.TooManyErrors)) return Verb.Failed;
        // A file of which nothing could be used failed as a whole: most likely its mapping, date format or encoding is wrong.
        var failed = result.Files.Count(file => file.Outcome == FileOutcome.Failed || NothingUsable(file));
        return failed == 0 ? Verb.Done : failed == result.Files.Length ? Verb.Failed : Verb.PartFailed;
    }

    static bool NothingUsable(FileResult file) => file.Stored == 0 && file.Rejected.Any(reason => !reason.Key.Meaning().IsExpected);

    static Mapping ReadMapping(string path)
    {
        if (!File.Exists(path)) throw new BadInputException("mapping-missing", new Text($"{path}: there is no such mapping file.", $"{path}: такого файла соответствий нет."));
        try
        {
            return Mapping.Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("mapping-missing", new Text($"{path}: the mapping can't be read ({e.Message})", $"{path}: файл соответствий не читается ({e.Message})"));
        }
    }

    static object Json(ImportResult result) => new
    {
        files = result.Files.Select(file => new
        {
            file.File,
            file.Kind,
            file.Outcome,
            linesRead = file.RowsRead,
            file.Stored,
            rejected = Codes(file.Rejected),
            linesPerSecond = Rate(file.RowsRead, file.Taken),
            file.RejectsFile,
            failure = file.Failure?.English,
        }),
        linesRead = result.RowsRead,
        result.Stored,
        rejected = Codes(result.Rejected),
        linesPerSecond = Rate(result.RowsRead, result.Taken),
    };

    static Dictionary<string, long> Codes(IEnumerable<KeyValuePair<RejectReason, long>> rejected) =>
        rejected.ToDictionary(entry => entry.Key.Meaning().Code, entry => entry.Value);

    static long Rate(long rows, TimeSpan taken) => taken > TimeSpan.Zero ? (long)(rows / taken.TotalSeconds) : 0;

    static void Print(Shell shell, ImportResult result)
    {
        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Minimal);
        table.AddColumn(shell.In("file", "файл")).AddColumn(shell.In("kind", "вид"));
        foreach (var number in (string[])[shell.In("rows read", "прочитано"), shell.In("stored", "сохранено"), shell.In("rejected", "отклонено"), shell.In("rows/s", "строк/с")])
            table.AddColumn(new TableColumn(number).RightAligned());
        string Number(long value) => value.ToString("N0", culture);
        foreach (var file in result.Files)
            table.AddRow(Path.GetFileName(file.File).EscapeMarkup(), file.Kind, Number(file.RowsRead), Number(file.Stored), Number(file.Rejected.Values.Sum()), Number(Rate(file.RowsRead, file.Taken)));
        shell.Print(table);

        foreach (var (reason, count) in result.Rejected)
            shell.Data.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Number(count),12}  {reason.Meaning().Code,-18} {reason.Meaning().Sentence.In(shell.Language)}"));
        foreach (var rejects in result.Files.Select(file => file.RejectsFile).OfType<string>().Distinct())
            shell.Data.WriteLine(shell.In($"Rejected rows: {rejects}", $"Отклонённые строки: {rejects}"));
        if (shell.DryRun) shell.Say(new Text("Nothing was stored (--dry-run).", "Ничего не сохранено (--dry-run)."));
    }
}
