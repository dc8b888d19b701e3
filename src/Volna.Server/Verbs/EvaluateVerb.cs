using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Learning.Evaluation;
using Volna.Learning.Uplift;
using Volna.Reports;
using Volna.Reports.Experiments;
using Volna.Reports.Statistics;

namespace Volna.Server.Verbs;

/// <summary><c>volna evaluate</c>: judges data or methods from a file, without a data folder.</summary>
static class EvaluateVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "evaluate", new Text("Judges a file of any origin: an experiment, a method.", "Оценивает файл любого происхождения: эксперимент, метод."),
            "volna evaluate experiment --file customers.csv --arm group --control none --outcome spend");
        command.Subcommands.Add(OfExperiment(verb));
        foreach (var ranking in EvaluateRankingVerb.Create(verb)) command.Subcommands.Add(ranking);
        command.Subcommands.Add(EvaluateUpliftVerb.Create(verb));
        command.Subcommands.Add(EvaluatePriceVerb.Create(verb));
        command.Subcommands.Add(EvaluatePolicyVerb.Create(verb));
        return command;
    }

    static Command OfExperiment(Verb verb)
    {
        var file = new Option<string>("--file") { Description = verb.In("Table with one row a customer; may be gzip", "Таблица, строка на покупателя; можно gzip"), HelpName = "FILE", Required = true };
        var arm = new Option<string>("--arm") { Description = verb.In("Column with the arm's name", "Колонка с названием группы"), HelpName = "COL", Required = true };
        var control = new Option<string>("--control") { Description = verb.In("Name of the control arm", "Название контрольной группы"), HelpName = "VALUE", Required = true };
        var outcome = new Option<string>("--outcome") { Description = verb.In("Column that is compared", "Колонка, которая сравнивается"), HelpName = "COL", Required = true };
        var per = new Option<string?>("--per") { Description = verb.In("Column that the outcome is divided by: spend per order", "Колонка-делитель: сумма на один заказ"), HelpName = "COL" };
        var covariates = new Option<string?>("--covariates") { Description = verb.In("Columns measured before the experiment, to adjust by (CUPED)", "Колонки, измеренные до эксперимента, для поправки (CUPED)"), HelpName = "A,B" };
        var strata = new Option<string?>("--strata") { Description = verb.In("Column with groups within which the arms are compared", "Колонка с группами, внутри которых идёт сравнение"), HelpName = "COL" };
        var cap = new Option<string?>("--cap") { Description = verb.In("Larger outcomes count as this: an amount, or p99.9 for a percentile of all arms together", "Большие значения считаются равными этому: сумма или p99.9 — перцентиль по всем группам вместе"), HelpName = "N|pN" };
        var planned = new Option<long?>("--planned") { Description = verb.In("Customers both arms compared shall have at the end; the intervals then hold however often one looks before", "Сколько покупателей будет в двух сравниваемых группах в конце; тогда интервалы верны, как бы часто ни смотреть до этого"), HelpName = "N" };
        var learner = new Option<string?>("--learner") { Description = verb.In("Also learn whom each arm changes, from the covariates (by default all columns known before), and tell the Qini of `best`, `two-models`, `x`, `transformed` or `r`", "Ещё и узнать, на кого действует каждая группа, по ковариатам (по умолчанию по всем колонкам, известным до), и сообщить Qini способа `best`, `two-models`, `x`, `transformed` или `r`"), HelpName = "NAME" };
        var delimiter = new Option<string>("--delimiter") { Description = verb.In("Between the columns; `tab` for a tab", "Разделитель колонок; `tab` — табуляция"), HelpName = "C", DefaultValueFactory = _ => "," };
        var command = verb.Create(
            "experiment",
            new Text(
                "Compares the arms of an experiment with its control: difference, 95 % interval, p; with --covariates also adjusted by what was known before.",
                "Сравнивает группы эксперимента с контрольной: разница, 95 %-й интервал, p; с --covariates — ещё и с поправкой на известное до эксперимента."),
            "volna evaluate experiment --file customers.csv --arm group --control none --outcome spend --covariates spend_before,orders_before --json",
            "volna evaluate experiment --file customers.csv --arm group --control none --outcome spend --per orders --cap p99.9",
            "volna evaluate experiment --file customers.csv --arm group --control none --outcome spend --learner best");
        foreach (var option in (Option[])[file, arm, control, outcome, per, covariates, strata, cap, planned, learner, delimiter]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var columns = new ExperimentColumns(
                parsed.GetValue(arm)!, parsed.GetValue(outcome)!, parsed.GetValue(per),
                parsed.GetValue(covariates)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], parsed.GetValue(strata),
                Delimiter(parsed.GetValue(delimiter)!));
            var learns = parsed.GetValue(learner) is not null;
            var asked = learns ? LearnerOf(parsed.GetValue(learner)!, columns) : null;
            var table = ExperimentFeed.Read(parsed.GetValue(file)!, columns, shell.Stop);
            var result = Experiment.Judge(table, new ExperimentQuestion(parsed.GetValue(control)!, CapOf(parsed.GetValue(cap), table), parsed.GetValue(planned)));
            var qini = !learns ? null : result.Arms.Where(one => one.Verdict == NoVerdict.None).Select(one => QiniOf(table.File, columns, result.Control, one.Arm, asked, shell.Stop)).ToList();
            if (shell.Json)
                shell.PrintJson(new { table.File, Customers = table.ArmOf.Length, result.Control, columns.Outcome, columns.Per, columns.Covariates, Strata = columns.Stratum, result.Cap, result.Capped, result.AnyTime, result.Arms, Qini = qini });
            else
                Print(shell, columns, result, qini);
            return Verb.Done;
        });
        return command;
    }

    /// <summary>How well a learner finds whom an arm changes; see <see cref="QiniCurve"/>.</summary>
    sealed record ArmQini(string Arm, UpliftLearner Learner, double Qini, double Lower, double Upper);

    /// <returns>Null where the best is asked for.</returns>
    static UpliftLearner? LearnerOf(string given, ExperimentColumns columns)
    {
        if (columns.Per is not null || columns.Stratum is not null || columns.Delimiter != ',')
            throw new BadInputException("learner-with", new Text(
                "--learner: found together with --per, --strata or --delimiter; expected none of them, because whom an arm changes is learnt from single customers' outcomes in a CSV.",
                "--learner: указан вместе с --per, --strata или --delimiter; ожидался без них: способ учится по результатам отдельных покупателей из CSV."));
        return given switch
        {
            "best" => null,
            "two-models" => UpliftLearner.TwoModel,
            "x" => UpliftLearner.X,
            "transformed" => UpliftLearner.ClassTransformation,
            "r" => UpliftLearner.R,
            _ => throw new BadInputException("learner", new Text(
                $"--learner: found '{given}', expected best, two-models, x, transformed or r.", $"--learner: найдено «{given}», ожидалось best, two-models, x, transformed или r.")),
        };
    }

    static ArmQini QiniOf(string file, ExperimentColumns columns, string control, string arm, UpliftLearner? asked, CancellationToken stop)
    {
        var judged = UpliftJob.Run(
            file, new UpliftColumns(columns.Arm, control, arm, columns.Outcome, columns.Covariates.Count == 0 ? null : columns.Covariates), seed: 1, draws: 300, new ParallelOptions { CancellationToken = stop });
        var learner = asked ?? judged.Best;
        var quality = judged.Learners[(int)learner];
        return new ArmQini(arm, learner, quality.Qini, quality.Lower, quality.Upper);
    }

    static char Delimiter(string given) => given switch
    {
        "tab" => '\t',
        [var single] when single < 128 => single,
        _ => throw new BadInputException("delimiter", new Text($"--delimiter: found '{given}', expected one character or `tab`.", $"--delimiter: найдено «{given}», ожидался один символ или `tab`.")),
    };

    static double? CapOf(string? given, ExperimentTable table)
    {
        if (given is null) return null;
        var isPercentile = given.StartsWith('p');
        if (double.TryParse(given.AsSpan(isPercentile ? 1 : 0), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && (!isPercentile || number is > 0 and <= 100))
            return isPercentile ? table.Quantile(number / 100) : number;
        throw new BadInputException("cap", new Text(
            $"--cap: found '{given}', expected an amount such as 500 or a percentile such as p99.9.", $"--cap: найдено «{given}», ожидалась сумма, например 500, или перцентиль, например p99.9."));
    }

    static void Print(Shell shell, ExperimentColumns columns, ExperimentResult result, IReadOnlyList<ArmQini>? qini)
    {
        var adjusts = columns.Covariates.Count > 0;
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(Markup.Escape(columns.Per is { } per ? $"{columns.Outcome} / {per}" : columns.Outcome));
        foreach (var head in (string[])[shell.In("customers", "покупателей"), shell.In("mean", "среднее"), shell.In("difference", "разница"), shell.In("95 % interval", "95 %-й интервал"), "%", "p"])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var arm in result.Arms)
        {
            var isControl = arm.Verdict is null;
            table.AddRow(
                Markup.Escape(isControl ? $"{arm.Arm} ({shell.In("control", "контроль")})" : arm.Arm), FigureText.Count(arm.N, shell.Language), arm.Mean is { } mean ? Number(mean) : "—",
                arm.Difference is { } difference ? Signed(difference) : isControl ? "" : "—",
                arm.Lower is { } lower && arm.Upper is { } upper ? $"{Signed(lower)} … {Signed(upper)}" : isControl ? "" : arm.Verdict!.Value.Explain().In(shell.Language),
                arm.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, shell.Language) : "",
                arm.CorrectedPValue is { } p ? FigureText.PValue(p, shell.Language) : "");
            if (!adjusts || arm.Adjusted is not { } adjusted) continue;
            table.AddRow(
                "  " + shell.In("adjusted", "с поправкой"), "", "",
                adjusted.Difference is { } adjustedDifference ? Signed(adjustedDifference) : "—",
                adjusted.Lower is { } adjustedLower && adjusted.Upper is { } adjustedUpper
                    ? $"{Signed(adjustedLower)} … {Signed(adjustedUpper)}"
                    : adjusted.Verdict == AdjustmentVerdict.Sound ? shell.In("not enough data yet", "данных ещё мало") : adjusted.Verdict.Explain().In(shell.Language),
                adjusted.Relative is { } adjustedRelative ? FigureText.SignedPercent(adjustedRelative.Difference, shell.Language) : "",
                adjusted.CorrectedPValue is { } adjustedP ? FigureText.PValue(adjustedP, shell.Language) : "");
        }

        shell.Print(table);
        if (result.Arms.Length > 2) shell.Data.WriteLine(shell.In("p is corrected for the several arms (Holm).", "p — с поправкой на число групп (Холм)."));
        if (result.AnyTime) shell.Data.WriteLine(shell.In("The intervals hold however often one looks before the planned end.", "Интервалы верны, как бы часто ни смотреть до запланированного конца."));
        if (result.Cap is { } cap)
            shell.Data.WriteLine(shell.In(
                $"Outcomes above {Number(cap)} count as {Number(cap)}: {FigureText.Count(result.Capped, shell.Language)} customers.",
                $"Значения выше {Number(cap)} считаются равными {Number(cap)}: покупателей {FigureText.Count(result.Capped, shell.Language)}."));

        foreach (var one in qini ?? [])
            shell.Data.WriteLine(shell.In(
                $"Qini of {EvaluateUpliftVerb.Name(one.Learner).English}, {one.Arm}: {Number(one.Qini)} (95 %: {Number(one.Lower)} … {Number(one.Upper)}); 0 would be a blind choice.",
                $"Qini, способ «{EvaluateUpliftVerb.Name(one.Learner).Russian}», {one.Arm}: {Number(one.Qini)} (95 %: {Number(one.Lower)} … {Number(one.Upper)}); 0 — выбор вслепую."));

        string Number(double value) => value.ToString("G6", shell.Language.Culture());
        string Signed(double value) => (value > 0 ? "+" : value < 0 ? "−" : "") + Number(Math.Abs(value));
    }
}
