using System.CommandLine;
using Spectre.Console;
using Volna.Learning.Evaluation;
using Volna.Learning.Uplift;

namespace Volna.Server.Verbs;

/// <summary><c>volna evaluate uplift</c>: for whom a treatment changes the outcome, and how well that can be learnt.</summary>
static class EvaluateUpliftVerb
{
    public static Command Create(Verb verb)
    {
        var file = new Option<string>("--file") { Description = verb.In("Table of an experiment, one row a customer; may be gzip", "Таблица эксперимента, строка на покупателя; можно gzip"), HelpName = "FILE", Required = true };
        var treatment = new Option<string>("--treatment") { Description = verb.In("Column with the arm", "Колонка с группой"), HelpName = "COL", Required = true };
        var control = new Option<string?>("--control") { Description = verb.In("Name of the untreated arm; 0 where the column holds 0 and 1", "Название группы без воздействия; 0, если в колонке 0 и 1"), HelpName = "VALUE" };
        var treated = new Option<string?>("--treated") { Description = verb.In("The arm to compare with it; all others together by default", "Группа, которая сравнивается с ней; по умолчанию все остальные вместе"), HelpName = "VALUE" };
        var outcome = new Option<string>("--outcome") { Description = verb.In("Column with what came of it: money, a number, 0 or 1", "Колонка с результатом: деньги, число, 0 или 1"), HelpName = "COL", Required = true };
        var features = new Option<string?>("--features") { Description = verb.In("Columns known before the treatment; by default all that can have been", "Колонки, известные до воздействия; по умолчанию все, которые могли быть"), HelpName = "A,B" };
        var seed = new Option<ulong>("--seed") { Description = verb.In("Seed of the parts and of the intervals", "Зерно разбиения и интервалов"), HelpName = "N", DefaultValueFactory = _ => 1 };
        var draws = new Option<int>("--draws") { Description = verb.In("Draws for the intervals, 100 to 10000", "Сколько раз перевыбирать покупателей для интервалов, от 100 до 10000"), HelpName = "N", DefaultValueFactory = _ => 300 };
        var command = verb.Create(
            "uplift",
            new Text(
                "Learns from an experiment whom the treatment changes, by four learners, and judges each on customers that it didn't see: Qini and uplift among the first 10, 20, 30 %.",
                "Учится по эксперименту, на кого действует воздействие, четырьмя способами и проверяет каждый на покупателях, которых он не видел: Qini и прирост среди первых 10, 20 и 30 %."),
            "volna evaluate uplift --file customers.csv --treatment group --control none --outcome spend --json");
        foreach (var option in (Option[])[file, treatment, control, treated, outcome, features, seed, draws]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var columns = new UpliftColumns(
                parsed.GetValue(treatment)!, parsed.GetValue(control), parsed.GetValue(treated), parsed.GetValue(outcome)!,
                parsed.GetValue(features)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var given = parsed.GetValue(draws);
            if (given is < 100 or > 10_000)
                throw new BadInputException("draws", new Text($"--draws: found {given}, expected 100 to 10000.", $"--draws: найдено {given}, ожидалось от 100 до 10000."));
            var path = parsed.GetValue(file)!;
            var result = UpliftJob.Run(path, columns, parsed.GetValue(seed), given, new ParallelOptions { CancellationToken = shell.Stop });
            if (shell.Json) PrintJson(shell, path, columns, result);
            else Print(shell, result);
            return Verb.Done;
        });
        return command;
    }

    static void PrintJson(Shell shell, string path, UpliftColumns columns, UpliftResult result) => shell.PrintJson(new
    {
        File = path,
        result.Customers,
        columns.Treatment,
        columns.Outcome,
        result.Arms,
        result.Uplift,
        result.Features,
        LeftOut = result.LeftOut.Select(one => new { one.Column, Why = one.Why.In(shell.Language) }),
        result.Best,
        Learners = result.Learners.Select((one, at) => new { Learner = (UpliftLearner)at, one.Qini, one.Lower, one.Upper, one.AboveTwoModel, one.UpliftAt10, one.UpliftAt20, one.UpliftAt30 }),
    });

    static void Print(Shell shell, UpliftResult result)
    {
        var culture = shell.Language.Culture();
        var arms = new Table().Border(TableBorder.Simple).AddColumn(shell.In("arm", "группа"));
        foreach (var head in (string[])[shell.In("customers", "покупателей"), shell.In("mean", "среднее")]) arms.AddColumn(new TableColumn(head).RightAligned());
        foreach (var arm in result.Arms) arms.AddRow(Markup.Escape(arm.Arm), arm.N.ToString("N0", culture), Number(arm.Mean));
        shell.Print(arms);

        var table = new Table().Border(TableBorder.Simple).AddColumn(shell.In("learner", "способ"));
        foreach (var head in (string[])["Qini", shell.In("95 % interval", "95 %-й интервал"), shell.In("above two models", "выше двух моделей"), shell.In("uplift@10 %", "прирост@10 %"), shell.In("uplift@30 %", "прирост@30 %")])
            table.AddColumn(new TableColumn(head).RightAligned());
        for (var at = 0; at < result.Learners.Length; at++) Add(Name((UpliftLearner)at).In(shell.Language), result.Learners[at]);
        shell.Print(table);
        shell.Data.WriteLine(shell.In($"Best on parts kept aside for choosing: {Name(result.Best).English}.", $"Лучший на частях, отложенных для выбора: {Name(result.Best).Russian}."));
        foreach (var one in result.LeftOut) shell.Say(new Text($"Column `{one.Column}` isn't used: {one.Why.English}.", $"Колонка `{one.Column}` не используется: {one.Why.Russian}."));

        void Add(string name, UpliftQuality one) => table.AddRow(
            name, Number(one.Qini), $"{Number(one.Lower)} … {Number(one.Upper)}", $"{Number(one.AboveTwoModel.Lower)} … {Number(one.AboveTwoModel.Upper)}", Number(one.UpliftAt10.Value),
            Number(one.UpliftAt30.Value));

        string Number(double value) => value.ToString("G4", culture);
    }

    internal static Text Name(UpliftLearner learner) => learner switch
    {
        UpliftLearner.TwoModel => new("two models", "две модели"),
        UpliftLearner.X => new("X", "X"),
        UpliftLearner.ClassTransformation => new("transformed outcome", "преобразованный результат"),
        UpliftLearner.R => new("R", "R"),
        _ => throw new ArgumentOutOfRangeException(nameof(learner), learner, "No such learner."),
    };
}
