using System.CommandLine;
using Volna.Simulation;
using Volna.Simulation.Demo;

namespace Volna.Server.Verbs;

/// <summary><c>volna demo</c></summary>
static class DemoVerb
{
    const string DefaultFolder = "volna-demo";

    public static Command Create(Verb verb)
    {
        var defaults = new WorldOptions();
        var command = verb.Create(
            "demo",
            new Text(
                $"Shows a whole wave on a make-believe retailer, in the folder {DefaultFolder} (or --data DIR): receipts, learning, offers, tills, report beside the true effect.",
                $"Показывает целую волну на вымышленной сети, в папке {DefaultFolder} (или --data DIR): чеки, обучение, предложения, кассы, отчёт рядом с истинным эффектом."),
            "volna demo", "volna demo --seed 7 --keep", "volna demo --customers 2000 --serve");
        var seed = new Option<ulong>("--seed") { Description = verb.In("Another seed is another world", "Другое число — другой мир"), HelpName = "N", DefaultValueFactory = _ => defaults.Seed };
        var customers = new Option<int>("--customers") { Description = verb.In("Customers", "Покупатели"), HelpName = "N", DefaultValueFactory = _ => defaults.Customers };
        var products = new Option<int>("--products") { Description = verb.In("Products", "Товары"), HelpName = "N", DefaultValueFactory = _ => defaults.Products };
        var weeks = new Option<int>("--weeks") { Description = verb.In("Weeks of receipts before the wave", "Недель чеков до волны"), HelpName = "N", DefaultValueFactory = _ => defaults.Weeks };
        var keep = new Option<bool>("--keep") { Description = verb.In("Keep the retailer's files after their import", "Оставить файлы сети после загрузки") };
        var serve = new Option<bool>("--serve") { Description = verb.In("Run the web server when done", "По окончании запустить веб-сервер") };
        foreach (var option in (Option[])[seed, customers, products, weeks, keep, serve]) command.Options.Add(option);

        verb.SetAsyncAction(command, async (parsed, shell) =>
        {
            var folder = verb.DataIsGiven(parsed) ? new DataFolder(shell.Folder.Root) : new DataFolder(DefaultFolder);
            var options = new WorldOptions
            {
                Seed = parsed.GetValue(seed),
                Customers = parsed.GetValue(customers),
                Products = parsed.GetValue(products),
                Weeks = parsed.GetValue(weeks),
                Language = shell.Language,
            };
            using (var demo = new DemoJob(folder, options, parsed.GetValue(keep), shell.Time))
            {
                if (shell.DryRun)
                {
                    foreach (var step in demo.Steps) shell.Data.WriteLine(step.Name.In(shell.Language));
                    return Verb.Done;
                }

                await Task.Run(() => Show(shell, demo), shell.Stop);
            }

            if (!parsed.GetValue(serve)) return Verb.Done;
            return await parsed.RootCommandResult.Command.Parse(["serve", "--data", folder.Root, "--lang", shell.Language.Code()]).InvokeAsync(null, shell.Stop);
        });
        return command;
    }

    static void Show(Shell shell, DemoJob demo)
    {
        var started = shell.Time.GetTimestamp();
        var steps = new List<object>();
        foreach (var step in demo.Steps)
        {
            var at = shell.Time.GetTimestamp();
            var outcome = shell.WithProgress(progress => step.Run(progress, shell.Stop));
            var seconds = Math.Round(shell.Time.GetElapsedTime(at).TotalSeconds, 1);
            steps.Add(new { name = step.Name.In(shell.Language), seconds, outcome = outcome.In(shell.Language) });
            if (!shell.Json)
                shell.Data.WriteLine($"{Seconds(shell, seconds),6} {shell.In("s", "с")}  {step.Name.In(shell.Language)}: {outcome.In(shell.Language)}");
        }

        var result = demo.Result!;
        var all = Math.Round(shell.Time.GetElapsedTime(started).TotalSeconds, 1);
        if (shell.Json)
        {
            var truth = result.Truth;
            shell.PrintJson(new
            {
                result.Folder,
                result.Seed,
                result.Wave,
                result.Digest,
                seconds = all,
                steps,
                result.Surprises,
                truth = new { truth.Treated, spendMinor = truth.Spend.Minor, marginMinor = truth.Margin.Minor, truth.SpendPerCustomer, truth.MarginPerCustomer },
                result.SpendContained,
                result.MarginContained,
                result.Report,
            });
            return;
        }

        shell.Data.WriteLine($"{Seconds(shell, all),6} {shell.In("s in all", "с всего")}");
        shell.Data.WriteLine();
        ReportVerb.Print(result.Report, shell);
        shell.Data.WriteLine();
        foreach (var sentence in TruthText.Of(result)) shell.Data.WriteLine(sentence.In(shell.Language));
        shell.Data.WriteLine();
        shell.Data.WriteLine(shell.In(
            $"Look around: volna serve --data {result.Folder}, then open http://localhost:5080",
            $"Осмотреться: volna serve --data {result.Folder}, затем откройте http://localhost:5080"));
    }

    static string Seconds(Shell shell, double seconds) => seconds.ToString("N1", shell.Language.Culture());
}
