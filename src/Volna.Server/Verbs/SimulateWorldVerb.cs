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
            "volna simulate world --out retailer", "volna simulate world --out small --customers 500 --weeks 26 --seed 7", "volna simulate world --out like-mine --world world.json",
            "volna simulate world --into big --customers 3000000 --weeks 16");
        var folder = new Option<string>("--out") { Description = verb.In("New folder for the files", "Новая папка для файлов"), HelpName = "DIR" };
        var into = new Option<string>("--into") { Description = verb.In("New data folder: the history is written straight into it, without files", "Новая папка с данными: история пишется прямо в неё, без файлов"), HelpName = "DIR" };
        var site = new Option<bool>("--site") { Description = verb.In("With --out: also what happened on the site, as site/site-events.csv", "Вместе с --out: ещё и события на сайте, site/site-events.csv") };
        var world = new WorldArguments(verb);
        var weeks = WorldArguments.Count(verb, "--weeks", "Weeks of receipts", "Сколько недель чеков", new WorldOptions().Weeks);
        command.Options.Add(folder);
        command.Options.Add(into);
        command.Options.Add(site);
        world.AddTo(command);
        command.Options.Add(weeks);

        verb.SetAction(command, (parsed, shell) =>
        {
            var options = world.Read(parsed, shell.Language);
            if (WorldArguments.IsGiven(parsed, weeks)) options = options with { Weeks = parsed.GetValue(weeks) };
            options.Validate();
            var (files, data) = (parsed.GetValue(folder), parsed.GetValue(into));
            if ((files ?? data) is not { } target || (files is not null && data is not null))
                throw new BadInputException("out-or-into", new Text("simulate world: needs either --out (files) or --into (a data folder).", "simulate world: нужна либо --out (файлы), либо --into (папка с данными)."));
            if (files is null && parsed.GetValue(site))
                throw new BadInputException("site-without-out", new Text(
                    "simulate world: --site writes a file, so it needs --out; a data folder holds no site events.", "simulate world: --site записывает файл, поэтому ей нужна --out; в папке с данными событий сайта нет."));
            if (shell.DryRun)
            {
                shell.Say(new Text($"would write {options.Customers} customers to {target}.", $"покупатели ({options.Customers}) были бы записаны в {target}."));
                return Verb.Done;
            }

            var clock = Stopwatch.StartNew();
            var summary = shell.WithProgress(progress => files is not null
                ? SimulateJob.Write(options, files, parsed.GetValue(site), threads: null, progress, shell.Stop)
                : SimulateIntoJob.Run(options, new DataFolder(target), threads: null, shell.Time, progress, shell.Stop));
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
