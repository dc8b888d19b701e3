using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Server.Bench;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench</c>: measures the program on this machine, with made-up data in a temporary folder.</summary>
static class BenchVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("bench", new Text("Measures the program on this machine.", "Измеряет скорость программы на этой машине."), "volna bench import --lines 4000000", "volna bench till");
        command.Subcommands.Add(Import(verb));
        command.Subcommands.Add(BenchLearnVerb.Create(verb));
        command.Subcommands.Add(BenchTillVerb.Create(verb));
        command.Subcommands.Add(Bare(verb));
        command.Subcommands.Add(BenchReportVerb.Create(verb));
        command.Subcommands.Add(BenchWaveVerb.Create(verb));
        return command;
    }

    /// <summary>What <c>volna bench till</c> starts to compare itself with.</summary>
    static Command Bare(Verb verb)
    {
        var customers = new Argument<int>("customers");
        var command = verb.Create("bare", new Text("A web server that does nothing, for comparison.", "Веб-сервер, который ничего не делает, для сравнения."));
        command.Hidden = true;
        command.Arguments.Add(customers);
        verb.SetAsyncAction(command, async (parsed, shell) =>
        {
            await BareServer.RunAsync(parsed.GetValue(customers), shell.Data, shell.Stop);
            return Verb.Done;
        });
        return command;
    }

    static Command Import(Verb verb)
    {
        var lines = new Option<int>("--lines") { Description = verb.In("Lines of receipts", "Строк чеков"), HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var command = verb.Create(
            "import", new Text("From a CSV of receipts to the durable history: lines a second, memory, bytes a line.", "От файла чеков до надёжно записанной истории: строк в секунду, память, байт на строку."),
            "volna bench import --lines 16000000 --json");
        command.Options.Add(lines);
        verb.SetAction(command, (parsed, shell) => MeasureImport(shell, parsed.GetValue(lines)));
        return command;
    }

    static int MeasureImport(Shell shell, int lines)
    {
        var temporary = Directory.CreateTempSubdirectory("volna-bench-");
        try
        {
            var file = Path.Combine(temporary.FullName, "receipts.csv");
            WriteReceipts(file, lines);
            var folder = new DataFolder(Path.Combine(temporary.FullName, "data"));
            using var process = Process.GetCurrentProcess();
            var processorBefore = process.TotalProcessorTime;
            ImportResult result;
            using (var state = StateStore.Open(folder))
                result = shell.WithProgress(progress => ImportJob.Run(folder, state, new ImportRequest([file]), shell.Time.GetLocalNow().DateTime, progress, shell.Stop));

            process.Refresh();
            var historyBytes = new DirectoryInfo(folder.History).EnumerateFiles("shard-*").Sum(shard => shard.Length);
            var figures = new
            {
                lines = result.Stored,
                csvBytes = new FileInfo(file).Length,
                seconds = Math.Round(result.Taken.TotalSeconds, 2),
                linesPerSecond = (long)(result.Stored / result.Taken.TotalSeconds),
                processorSeconds = Math.Round((process.TotalProcessorTime - processorBefore).TotalSeconds, 2),
                peakMemoryMiB = process.PeakWorkingSet64 >> 20,
                historyBytesPerLine = Math.Round((double)historyBytes / result.Stored, 2),
            };
            if (shell.Json)
            {
                shell.PrintJson(figures);
                return Verb.Done;
            }

            var culture = shell.Language.Culture();
            var table = new Table().Border(TableBorder.Minimal).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
            table.AddRow(shell.In("lines stored", "сохранено строк"), figures.lines.ToString("N0", culture));
            table.AddRow(shell.In("seconds", "секунд"), figures.seconds.ToString("N2", culture));
            table.AddRow(shell.In("lines a second", "строк в секунду"), figures.linesPerSecond.ToString("N0", culture));
            table.AddRow(shell.In("processor seconds", "секунд процессора"), figures.processorSeconds.ToString("N2", culture));
            table.AddRow(shell.In("peak memory, MiB", "пик памяти, МиБ"), figures.peakMemoryMiB.ToString("N0", culture));
            table.AddRow(shell.In("history, bytes a line", "история, байт на строку"), figures.historyBytesPerLine.ToString("N2", culture));
            shell.Print(table);
            return Verb.Done;
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>A year of receipts in the order of time, as a chain's tills would send them: 60 lines a customer, 1 to 11 lines a receipt, a few returns.</summary>
    static void WriteReceipts(string path, int lines)
    {
        const int Products = 30_000, Stores = 300;
        var customers = Math.Max(1, lines / 60);
        var chance = new Draw(seed: 1, "bench import", 0);
        using var file = new StreamWriter(path, append: false, new System.Text.UTF8Encoding(false), 1 << 20);
        file.NewLine = "\n";
        file.WriteLine("receipt,time,store,customer,product,quantity,price,amount,discount");
        var start = new DateTime(2025, 1, 1, 8, 0, 0);
        for (int line = 0, receipt = 1; line < lines; receipt++)
        {
            var customer = chance.NextBelow(customers);
            var store = (customer + (chance.NextBelow(10) == 0 ? chance.NextBelow(Stores) : 0)) % Stores;
            var time = start.AddSeconds((long)(365.0 * 86_400 * line / lines));
            for (var left = 1 + chance.NextBelow(11); left > 0 && line < lines; left--, line++)
            {
                // Few products sell much: the square of an even draw.
                var draw = chance.NextUnit();
                var product = (int)(draw * draw * Products);
                var price = 1_990 + (product * 37L % 48_000);
                var quantity = chance.NextBelow(5) == 0 ? 2 + chance.NextBelow(4) : 1;
                if (chance.NextBelow(100) == 0) quantity = -quantity;
                var off = chance.NextBelow(4) == 0 ? price * Math.Abs(quantity) / 10 : 0;
                var paid = (price * Math.Abs(quantity) - off) * Math.Sign(quantity);
                file.Write($"R{receipt:00000000},{time:yyyy-MM-dd HH:mm:ss},S{store:000},{7_000_000_000 + customer},{100_000 + product},{quantity},{price / 100}.{price % 100:00},");
                file.WriteLine($"{(paid < 0 ? "-" : "")}{Math.Abs(paid) / 100}.{Math.Abs(paid) % 100:00},{off / 100}.{off % 100:00}");
            }
        }
    }
}
