using System.CommandLine;
using System.Diagnostics;
using Volna.Simulation;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate world</c></summary>
static class SimulateWorldVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "world", new Text("Writes the files of a make-believe retailer, as a real one would send them.", "Записывает файлы вымышленной сети в том виде, в каком их прислала бы настоящая."),
            "volna simulate world --out retailer", "volna simulate world --out small --customers 500 --weeks 26 --seed 7", "volna simulate world --out like-mine --world world.json");
        var folder = new Option<string>("--out") { Description = verb.In("New folder for the files", "Новая папка для файлов"), HelpName = "DIR", Required = true };
        var world = new WorldArguments(verb);
        var weeks = WorldArguments.Count(verb, "--weeks", "Weeks of receipts", "Сколько недель чеков", new WorldOptions().Weeks);
        command.Options.Add(folder);
        world.AddTo(command);
        command.Options.Add(weeks);

        verb.SetAction(command, (parsed, shell) =>
        {
            var options = world.Read(parsed, shell.Language);
            if (WorldArguments.IsGiven(parsed, weeks)) options = options with { Weeks = parsed.GetValue(weeks) };
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
    }
}
