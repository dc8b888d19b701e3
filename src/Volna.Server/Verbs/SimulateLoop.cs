using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Reports;
using Volna.Simulation.Loop;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate --weeks N</c>: the closed loop.</summary>
static class SimulateLoop
{
    public static void AddTo(Command command, Verb verb)
    {
        var weeks = new Option<int?>("--weeks") { Description = verb.In("Weeks after the history, a wave in each; 1 to 52", "Недель после истории, в каждой волна; от 1 до 52"), HelpName = "N" };
        var policies = new Option<string>("--policies")
        {
            Description = verb.In("Policies to compare", "Какие политики сравнить"),
            HelpName = "LIST",
            DefaultValueFactory = _ => string.Join(',', Enum.GetValues<LoopPolicy>().Select(policy => policy.Code())),
        };
        var folder = new Option<string?>("--out") { Description = verb.In("New folder for the page, the figures and each policy's data", "Новая папка для страницы, цифр и данных каждой политики"), HelpName = "DIR" };
        var world = new WorldArguments(verb);
        command.Options.Add(weeks);
        command.Options.Add(policies);
        command.Options.Add(folder);
        world.AddTo(command);

        verb.SetAction(command, (parsed, shell) =>
        {
            var options = new LoopOptions
            {
                World = world.Read(parsed, shell.Language),
                Weeks = parsed.GetValue(weeks) ?? throw new BadInputException("loop-no-weeks", new Text(
                    "simulate: give --weeks N for a closed loop, or one of the commands below it (--help shows them).",
                    "simulate: укажите --weeks N для замкнутого цикла или одну из вложенных команд (их показывает --help).")),
                Policies = LoopPolicies.Parse(parsed.GetValue(policies)!),
            };
            options.Validate();
            var folderName = parsed.GetValue(folder);
            if (folderName is not null) LoopJob.RequireEmpty(folderName);
            if (shell.DryRun)
            {
                shell.Say(new Text(
                    $"would let {options.Weeks} weeks pass for {options.World.Customers} customers under {options.Policies.Count} policies.",
                    $"прошло бы недель: {options.Weeks}, покупателей: {options.World.Customers}, политик: {options.Policies.Count}."));
                return Verb.Done;
            }

            var started = shell.Time.GetTimestamp();
            var result = shell.WithProgress(progress => LoopJob.Run(options, folderName, progress, shell.Stop));
            if (shell.Json) shell.PrintJson(result);
            else Print(result, shell);
            foreach (var policy in result.Policies) SayTimes(policy, shell);
            var all = shell.Time.GetElapsedTime(started).TotalSeconds.ToString("N0", shell.Language.Culture());
            shell.Say(new Text($"{all} s in all.", $"Всего {all} с."));
            if (folderName is not null) shell.Say(new Text($"page: {folderName}/loop.html; every figure: {folderName}/loop.json", $"страница: {folderName}/loop.html; все цифры: {folderName}/loop.json"));
            return Verb.Done;
        });
    }

    static void Print(LoopResult result, Shell shell)
    {
        var language = shell.Language;
        shell.Data.WriteLine(shell.In(
            $"{FigureText.Day(result.Start, language)} – {FigureText.Day(result.End.AddDays(-1), language)}: {FigureText.Count(result.Compared, language)} customers compared, {FigureText.Count(result.HeldOut, language)} held out of all waves; of all these {FigureText.Count(result.Newcomers, language)} joined in these weeks",
            $"{FigureText.Day(result.Start, language)} – {FigureText.Day(result.End.AddDays(-1), language)}: сравниваются {FigureText.Count(result.Compared, language)} покупателей, в общей контрольной группе {FigureText.Count(result.HeldOut, language)}; из всех за эти недели пришли {FigureText.Count(result.Newcomers, language)}"));
        foreach (var policy in result.Policies)
        {
            var table = new Table().Border(TableBorder.Rounded);
            table.AddColumn(Markup.Escape(LoopPolicies.Parse(policy.Policy)[0].Name().In(language)));
            foreach (var head in (string[])[shell.In("without offers", "без предложений"), shell.In("with them", "с ними"), shell.In("true increment", "истинный прирост"), shell.In("Volna's estimate, 95 %", "оценка Volna, 95 %")])
                table.AddColumn(new TableColumn(head).RightAligned());
            foreach (var (name, unit, of) in LoopFigures.All)
            {
                var figure = of(policy);
                table.AddRow(
                    name.In(language), Amount(unit, figure.Without), Amount(unit, figure.Value), LoopFigures.Increment(unit, figure, language), LoopFigures.Estimate(unit, figure.Estimated, language));
            }

            shell.Print(table);
            shell.Data.WriteLine(shell.In(
                $"discounts {FigureText.Total(policy.DiscountCost, language)}; waves published {policy.PublishedWaves}, outside their corridors {policy.OutsideCorridors.Count}; offers {FigureText.Count(policy.Offers, language)}, redeemed {FigureText.Count(policy.Redeemed, language)}; complaints {FigureText.Count(policy.Complaints, language)}, customers who left a channel {FigureText.Count(policy.OptedOut, language)}",
                $"скидки {FigureText.Total(policy.DiscountCost, language)}; волн опубликовано {policy.PublishedWaves}, вне коридоров {policy.OutsideCorridors.Count}; предложений {FigureText.Count(policy.Offers, language)}, погашено {FigureText.Count(policy.Redeemed, language)}; жалоб {FigureText.Count(policy.Complaints, language)}, отписались {FigureText.Count(policy.OptedOut, language)}"));
            if (policy.Letters is { } letters)
                shell.Data.WriteLine(shell.In(
                    $"letters delivered {FigureText.Count(letters.Counted.Delivered, language)}, bounced {FigureText.Count(letters.Counted.Bounced, language)}; opened by people {FigureText.Count(letters.Counted.Opened, language)} by Volna's count, truly {FigureText.Count(letters.TrulyOpened, language)}; by machines alone {FigureText.Count(letters.Counted.OpenedByMachines, language)}",
                    $"писем доставлено {FigureText.Count(letters.Counted.Delivered, language)}, вернулось {FigureText.Count(letters.Counted.Bounced, language)}; открыто людьми по подсчёту Volna {FigureText.Count(letters.Counted.Opened, language)}, на деле {FigureText.Count(letters.TrulyOpened, language)}; только программами {FigureText.Count(letters.Counted.OpenedByMachines, language)}"));
            if (policy.Waves is { Judged: > 0 } waves)
                shell.Data.WriteLine(shell.In(
                    $"single waves: true effect on spend inside the 95 % interval in {waves.SpendContained} of {waves.Judged}; all waves' own effects added up {LoopFigures.WithSign(MetricUnit.Money, waves.Turnover.Increment, language)}, estimated {LoopFigures.Estimate(MetricUnit.Money, waves.Turnover.Estimated, language)}",
                    $"отдельные волны: истинный эффект на покупки внутри 95 %-го интервала в {waves.SpendContained} из {waves.Judged}; собственные эффекты всех волн вместе {LoopFigures.WithSign(MetricUnit.Money, waves.Turnover.Increment, language)}, по оценке {LoopFigures.Estimate(MetricUnit.Money, waves.Turnover.Estimated, language)}"));
        }

        foreach (var remark in result.Remarks) shell.Data.WriteLine("* " + remark.In(language));

        string Amount(MetricUnit unit, double value) => unit == MetricUnit.Money && Math.Abs(value) >= 1_000_000 ? FigureText.Total(value, language) : FigureText.Of(unit, value, language);
    }

    /// <summary>Where a policy's time went.</summary>
    static void SayTimes(PolicyResult policy, Shell shell)
    {
        var weeks = policy.Weeks.Count;
        var steps = string.Join(", ", policy.Seconds.OrderByDescending(step => step.Value.Wall).Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.Key} {step.Value.Wall / weeks:0.00}/{step.Value.Processor / weeks:0.00}")));
        var all = string.Create(CultureInfo.InvariantCulture, $"{policy.Seconds.Values.Sum(step => step.Wall) / weeks:0.0}/{policy.Seconds.Values.Sum(step => step.Processor) / weeks:0.0}");
        shell.Say(new Text($"{policy.Policy}: {all} s a week on the wall/of the processor ({steps}).", $"{policy.Policy}: {all} с на неделю по часам/процессора ({steps})."));
    }
}
