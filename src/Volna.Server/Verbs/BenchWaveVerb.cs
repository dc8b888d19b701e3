using System.CommandLine;
using Spectre.Console;
using Volna.Server.Bench;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench wave</c>: how long a wave of a given size takes on this machine.</summary>
static class BenchWaveVerb
{
    public static Command Create(Verb verb)
    {
        var customers = new Option<int>("--customers") { Description = verb.In("Customers of the make-believe chain", "Покупателей вымышленной сети"), HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var products = new Option<int>("--products") { Description = verb.In("Its products", "Её товаров"), HelpName = "N", DefaultValueFactory = _ => 30_000 };
        var seed = new Option<ulong>("--seed") { Description = verb.In("Another seed is another world", "Другое число — другой мир"), DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { Description = verb.In("Parts worked on at once", "Сколько частей обрабатывать сразу"), HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        var data = new Option<string?>("--data") { Description = verb.In("Keep the world in this folder, and use it again where it is there", "Хранить мир в этой папке и использовать повторно, если он там есть"), HelpName = "DIR" };
        var command = verb.Create(
            "wave", new Text("A wave with 500 budgets and caps: from the packed history to the offer pack.", "Волна с 500 бюджетами и лимитами: от истории покупок до пакета предложений."),
            "volna bench wave --customers 300000", "volna bench wave --customers 3000000 --data /tmp/chain --json");
        foreach (var option in (Option[])[customers, products, seed, threads, data]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var temporary = parsed.GetValue(data) is null ? Directory.CreateTempSubdirectory("volna-bench-") : null;
            try
            {
                var place = temporary ?? Directory.CreateDirectory(parsed.GetValue(data)!);
                var figures = shell.WithProgress(progress => WaveBench.Run(
                    place, parsed.GetValue(customers), parsed.GetValue(products), parsed.GetValue(seed), parsed.GetValue(threads), shell.Time, progress, shell.Stop));
                if (shell.Json) shell.PrintJson(figures);
                else Print(shell, figures);
                return figures.Violations == 0 ? Verb.Done : Verb.Failed;
            }
            finally
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                temporary?.Delete(recursive: true);
            }
        });
        return command;
    }

    static void Print(Shell shell, WaveBenchFigures figures)
    {
        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Minimal).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        table.AddRow(shell.In("customers", "покупателей"), figures.Customers.ToString("N0", culture));
        table.AddRow(shell.In("purchase lines", "строк покупок"), figures.PurchaseLines.ToString("N0", culture));
        table.AddRow(shell.In("budgets and caps", "бюджетов и лимитов"), figures.Limits.ToString("N0", culture));
        table.AddRow(shell.In("offers", "предложений"), figures.Offers.ToString("N0", culture));
        table.AddRow(shell.In("ways to offer something", "вариантов предложений"), figures.Options.ToString("N0", culture));
        table.AddRow(shell.In("seconds", "секунд"), figures.Seconds.ToString("N2", culture));
        table.AddRow(shell.In("processor seconds", "секунд процессора"), figures.ProcessorSeconds.ToString("N2", culture));
        table.AddRow(shell.In("peak memory, MiB", "пик памяти, МиБ"), (figures.PeakBytes >> 20).ToString("N0", culture));
        table.AddRow(shell.In("at most from the best possible", "не дальше от лучшего возможного"), (figures.Gap * 100).ToString("N4", culture) + " %");
        table.AddRow(shell.In("limits broken", "нарушено ограничений"), figures.Violations.ToString("N0", culture));
        shell.Print(table);
        shell.Data.WriteLine(figures.Digest);
    }
}
