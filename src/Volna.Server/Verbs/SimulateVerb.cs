using System.CommandLine;
using System.Diagnostics;
using Volna.Simulation;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate</c></summary>
static class SimulateVerb
{
    public static Command Create(Verb verb)
    {
        var defaults = new WorldOptions();
        var command = verb.Create(
            "simulate", new Text("Writes the files of a make-believe retailer, as a real one would send them.", "Записывает файлы вымышленной сети в том виде, в каком их прислала бы настоящая."),
            "volna simulate --out retailer", "volna simulate --out small --customers 500 --weeks 26 --seed 7", "volna import --data shop retailer/*.csv");
        var folder = new Option<string>("--out") { Description = verb.In("New folder for the files", "Новая папка для файлов"), HelpName = "DIR", Required = true };
        var seed = new Option<ulong>("--seed") { Description = verb.In("Another seed is another world", "Другое число — другой мир"), DefaultValueFactory = _ => defaults.Seed };
        var customers = Count("--customers", "Customers", "Покупатели", defaults.Customers);
        var products = Count("--products", "Products", "Товары", defaults.Products);
        var stores = Count("--stores", "Stores", "Магазины", defaults.Stores);
        var weeks = Count("--weeks", "Weeks of receipts", "Сколько недель чеков", defaults.Weeks);
        foreach (var option in new Option[] { folder, seed, customers, products, stores, weeks }) command.Options.Add(option);

        verb.SetAction(command, (parsed, shell) =>
        {
            var options = new WorldOptions
            {
                Seed = parsed.GetValue(seed),
                Customers = parsed.GetValue(customers),
                Products = parsed.GetValue(products),
                Stores = parsed.GetValue(stores),
                Weeks = parsed.GetValue(weeks),
                Language = shell.Language,
            };
            options.Validate();
            var folderName = parsed.GetValue(folder)!;
            if (shell.DryRun)
            {
                shell.Say(new Text($"would write the files of {options.Customers} customers to {folderName}.", $"файлы для {options.Customers} покупателей были бы записаны в {folderName}."));
                return Verb.Done;
            }

            var clock = Stopwatch.StartNew();
            var summary = shell.WithProgress(progress => SimulateJob.Write(options, folderName, threads: null, progress, shell.Stop));
            if (shell.Json)
            {
                shell.PrintJson(summary);
                return Verb.Done;
            }

            var perSecond = (long)(summary.Lines / clock.Elapsed.TotalSeconds);
            var culture = shell.Language.Culture();
            foreach (var file in summary.Files) shell.Data.WriteLine(file);
            shell.Say(new Text(
                $"{summary.Lines.ToString("N0", culture)} lines of receipts, {perSecond.ToString("N0", culture)} a second.",
                $"{summary.Lines.ToString("N0", culture)} строк чеков, {perSecond.ToString("N0", culture)} в секунду."));
            return Verb.Done;
        });
        return command;

        Option<int> Count(string name, string english, string russian, int value) =>
            new(name) { Description = verb.In(english, russian), DefaultValueFactory = _ => value };
    }
}
