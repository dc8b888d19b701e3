using System.CommandLine;
using Spectre.Console;
using Volna.Reports;
using Volna.Reports.Experiments;
using Volna.Reports.Statistics;

namespace Volna.Server.Verbs;

/// <summary><c>volna experiment</c></summary>
static class ExperimentVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("experiment", new Text("Plans an experiment or pilot before it is made.", "Планирует эксперимент или пилот до его начала."), "volna experiment plan --days 14 --holdout 0.1");
        command.Subcommands.Add(Plan(verb));
        return command;
    }

    static Command Plan(Verb verb)
    {
        var customers = new Option<long?>("--customers") { Description = verb.In("Customers in both arms together; without it, all there are", "Покупателей в обеих группах вместе; без него — все, какие есть"), HelpName = "N" };
        var holdout = new Option<double>("--holdout") { Description = verb.In("Share of them held out", "Доля контрольной группы"), HelpName = "SHARE", DefaultValueFactory = _ => 0.1 };
        var days = new Option<int>("--days") { Description = verb.In("Days it shall last", "Сколько дней он продлится"), HelpName = "N", DefaultValueFactory = _ => 14 };
        var effect = new Option<double?>("--effect") { Description = verb.In("Effect to be found as a share of the mean, such as 0.02: how many customers does it need?", "Эффект, который надо обнаружить, долей от среднего, например 0.02: сколько нужно покупателей?"), HelpName = "SHARE" };
        var power = new Option<double>("--power") { Description = verb.In("Chance that an effect of that size is found", "С какой вероятностью такой эффект будет обнаружен"), HelpName = "SHARE", DefaultValueFactory = _ => 0.8 };
        var mean = new Option<double?>("--mean") { Description = verb.In("Mean per customer, instead of the history's", "Среднее на покупателя вместо взятого из истории"), HelpName = "N" };
        var deviation = new Option<double?>("--deviation") { Description = verb.In("Standard deviation over customers, with --mean", "Стандартное отклонение по покупателям, вместе с --mean"), HelpName = "N" };
        var correlation = new Option<double>("--correlation") { Description = verb.In("Correlation with what is known before, with --mean", "Корреляция с известным до начала, вместе с --mean"), HelpName = "N", DefaultValueFactory = _ => 0 };
        var supplier = new Option<string?>("--supplier") { Description = verb.In("Only purchases of this supplier's goods: for its pilot", "Только покупки товаров этого поставщика: для его пилота"), HelpName = "NAME" };
        var command = verb.Create(
            "plan",
            new Text(
                "Says which effect so many customers can show, and how many an effect needs: from the history's own variance, plain and adjusted by purchases before.",
                "Показывает, какой эффект можно обнаружить при таком числе покупателей и сколько их нужно: по разбросу из истории, без поправки и с поправкой на покупки до начала."),
            "volna experiment plan --days 14 --holdout 0.1",
            "volna experiment plan --customers 20000 --holdout 0.5 --effect 0.03 --json",
            "volna experiment plan --supplier Lactis --holdout 0.3 --effect 0.1",
            "volna experiment plan --customers 20000 --mean 1300 --deviation 1900 --correlation 0.5");
        foreach (var option in (Option[])[customers, holdout, days, effect, power, mean, deviation, correlation, supplier]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var (share, chance) = (Share("--holdout", parsed.GetValue(holdout)), Share("--power", parsed.GetValue(power)));
            var asked = parsed.GetValue(effect);
            if (asked is <= 0) throw OutOfRange("--effect", asked.Value, new Text("a share above 0, such as 0.02", "доля больше 0, например 0.02"));
            var (all, baselines) = (parsed.GetValue(mean), parsed.GetValue(deviation)) switch
            {
                ({ } m, { } d) when d > 0 && Math.Abs(parsed.GetValue(correlation)) < 1 =>
                    (0, (IReadOnlyList<Baseline>)[new Baseline(Metric.SpendPerCustomer, m * 100, d * 100, parsed.GetValue(correlation) * parsed.GetValue(correlation))]),
                (null, null) => FromHistory(shell, parsed.GetValue(days), parsed.GetValue(supplier)),
                _ => throw new BadInputException("baseline", new Text(
                    "--mean and --deviation: give both (the deviation above 0, the correlation between -1 and 1), or neither.",
                    "--mean и --deviation: задайте оба (отклонение больше 0, корреляция от -1 до 1) или ни одного.")),
            };
            var count = parsed.GetValue(customers) ?? (all > 0 ? all : throw new BadInputException("customers", new Text("--customers: is missing; expected a number of customers, because no history is read.", "--customers: не указано; ожидалось число покупателей, потому что история не читается.")));
            if (count < 2) throw OutOfRange("--customers", count, new Text("2 or more", "2 или больше"));

            var rows = baselines.SelectMany(baseline => ((bool[])[false, true]).Select(adjusted =>
            {
                var plan = new Power(baseline.Deviation, adjusted ? Math.Sqrt(baseline.ExplainedShare) : 0, share, chance);
                var least = plan.LeastEffect(count);
                return new ExperimentPower(
                    baseline.Metric, baseline.Mean, baseline.Deviation, adjusted, least, baseline.Mean > 0 ? least / baseline.Mean : null,
                    asked is { } size && baseline.Mean > 0 ? plan.Customers(size * baseline.Mean) : null);
            })).ToList();
            if (shell.Json) shell.PrintJson(new { Customers = count, HoldoutShare = share, Days = parsed.GetValue(days), Power = chance, Effect = asked, Rows = rows });
            else Print(shell, rows, count, share, chance, asked);
            return Verb.Done;
        });
        return command;
    }

    static (long Customers, IReadOnlyList<Baseline> Baselines) FromHistory(Shell shell, int days, string? supplier)
    {
        if (days is < 1 or > 366) throw OutOfRange("--days", days, new Text("1 to 366", "от 1 до 366"));
        using var state = shell.OpenState();
        return shell.WithProgress(progress => BaselineJob.Read(shell.Folder, state, days, supplier, progress, shell.Stop));
    }

    static double Share(string option, double value) => value is > 0 and < 1 ? value : throw OutOfRange(option, value, new Text("a share between 0 and 1", "доля между 0 и 1"));

    static BadInputException OutOfRange(string option, double found, Text expected) => new("out-of-range", new Text(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option}: found {found}, expected {expected.English}."),
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{option}: найдено {found}, ожидалось: {expected.Russian}.")));

    static void Print(Shell shell, IReadOnlyList<ExperimentPower> rows, long customers, double share, double chance, double? effect)
    {
        var language = shell.Language;
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("");
        foreach (var head in (string[])[shell.In("mean", "среднее"), shell.In("deviation", "отклонение"), shell.In("least effect", "наименьший эффект"), "%"]) table.AddColumn(new TableColumn(head).RightAligned());
        if (effect is { } asked) table.AddColumn(new TableColumn(shell.In($"customers for {FigureText.Percent(asked, language)}", $"покупателей для {FigureText.Percent(asked, language)}")).RightAligned());
        foreach (var row in rows)
        {
            var unit = row.Metric.Unit();
            string[] cells =
            [
                row.Adjusted ? "  " + shell.In("adjusted", "с поправкой") : Markup.Escape(row.Metric.Name().In(language)),
                row.Adjusted ? "" : FigureText.Of(unit, row.Mean, language), row.Adjusted ? "" : FigureText.Of(unit, row.Deviation, language),
                FigureText.WithSign(unit, row.LeastEffect, language), row.LeastShare is { } least ? FigureText.Percent(least, language) : "—",
            ];
            table.AddRow(effect is null ? cells : [.. cells, row.Needed is { } needed ? FigureText.Count(needed, language) : "—"]);
        }

        shell.Print(table);
        shell.Data.WriteLine(shell.In(
            $"{FigureText.Count(customers, language)} customers, {FigureText.Percent(share, language)} held out: an effect of the least size is found with a chance of {FigureText.Percent(chance, language)}, at p below 0.05.",
            $"Покупателей {FigureText.Count(customers, language)}, в контроле {FigureText.Percent(share, language)}: наименьший эффект будет обнаружен с вероятностью {FigureText.Percent(chance, language)} при p ниже 0,05."));
    }
}
