using System.CommandLine;
using Spectre.Console;
using Volna.Simulation;
using Volna.Simulation.Fit;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate fit</c></summary>
static class SimulateFitVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "fit", new Text("Sets a world to imported receipts and shows both side by side.", "Подгоняет мир к загруженным чекам и показывает их рядом."),
            "volna simulate fit --data shop --out fit", "volna simulate world --world fit/world.json --out like-mine");
        var folder = new Option<string>("--out") { Description = verb.In("Folder for world.json, fit.csv and fit.html", "Папка для world.json, fit.csv и fit.html"), HelpName = "DIR", DefaultValueFactory = _ => "fit" };
        var share = new Option<double>("--row-share") { Description = verb.In("Share of rows imported, where the file is a sample of rows", "Какая доля строк загружена, если файл — выборка строк"), DefaultValueFactory = _ => 1 };
        var seed = new Option<ulong>("--seed") { Description = verb.In("Seed of the simulated customers", "Зерно случайности вымышленных покупателей"), DefaultValueFactory = _ => new WorldOptions().Seed };
        foreach (var option in (Option[])[folder, share, seed]) command.Options.Add(option);

        verb.SetAction(command, (parsed, shell) =>
        {
            if (!shell.DryRun) FitJob.RequireFolder(parsed.GetValue(folder)!);
            using var state = shell.OpenState();
            var report = shell.WithProgress(progress => FitJob.Run(shell.Folder, state, parsed.GetValue(share), parsed.GetValue(seed), progress, shell.Stop));
            IReadOnlyList<string> files = shell.DryRun ? [] : FitJob.Save(report, parsed.GetValue(folder)!, shell.Language);
            if (shell.Json)
            {
                shell.PrintJson(report);
                return Verb.Done;
            }

            var table = new Table().AddColumns(
                new TableColumn(shell.In("figure", "показатель")), new TableColumn(shell.In("real", "настоящее")).RightAligned(),
                new TableColumn(shell.In("simulated", "вымышленное")).RightAligned(), new TableColumn(shell.In("distance", "расхождение")).RightAligned());
            foreach (var row in report.Rows)
                table.AddRow(row.Name.In(shell.Language), FitReport.Number(row.Real, shell.Language), FitReport.Number(row.Simulated, shell.Language), row.Distance is { } distance ? FitReport.Number(distance, shell.Language) : "");
            shell.Print(table);
            foreach (var file in files) shell.Data.WriteLine(file);
            return Verb.Done;
        });
        return command;
    }
}
