using System.CommandLine;
using Spectre.Console;
using Volna.Kernels;
using Volna.Learning.Evaluation;
using Volna.Learning.Sessions;

namespace Volna.Server.Verbs;

/// <summary>The parts of <c>volna evaluate</c> that judge models by how well they rank what comes next.</summary>
static class EvaluateRankingVerb
{
    public static IEnumerable<Command> Create(Verb verb) => [NextBasket(verb), Sequence(verb), Sessions(verb)];

    static Command NextBasket(Verb verb)
    {
        var file = File(verb, "--file");
        var onValidation = OnValidation(verb);
        var command = verb.Create(
            "next-basket",
            new Text(
                "Foretells the last basket of each customer of the part `test` from those before: recall, NDCG and hit rate at 10, beside two baselines. The model learns from the part `train`, its settings are chosen on `validate`.",
                "Предсказывает последнюю корзину каждого покупателя части `test` по предыдущим: полнота, NDCG и доля угаданных в первых 10, рядом с двумя простыми способами. Модель учится на части `train`, настройки выбираются на `validate`."),
            "volna evaluate next-basket --file baskets.csv.gz --json");
        command.Options.Add(file);
        command.Options.Add(onValidation);
        verb.SetAction(command, (parsed, shell) =>
        {
            var result = NextBasketJob.Run(parsed.GetValue(file)!, parsed.GetValue(onValidation), new ParallelOptions { CancellationToken = shell.Stop });
            if (shell.Json)
            {
                shell.PrintJson(new
                {
                    RecallAt10 = result.Model.Recall,
                    NdcgAt10 = result.Model.Ndcg,
                    PhrAt10 = result.Model.Hit,
                    MostPopular = At10(result.MostPopular),
                    PersonalFrequency = At10(result.PersonalFrequency),
                    result.Options,
                    result.Customers,
                    result.Products,
                    CustomersPerSecond = Rounded(result.CustomersPerSecond),
                });
                return Verb.Done;
            }

            var culture = shell.Language.Culture();
            var table = new Table().Border(TableBorder.Simple).AddColumn("");
            foreach (var name in (string[])[shell.In("recall@10", "полнота@10"), "NDCG@10", shell.In("hit rate@10", "попадание@10")]) table.AddColumn(new TableColumn(name).RightAligned());
            Add(shell.In("model", "модель"), result.Model);
            Add(shell.In("most popular", "самые популярные"), result.MostPopular);
            Add(shell.In("personal frequency", "личная частота"), result.PersonalFrequency);
            shell.Print(table);
            shell.Say(new Text(
                string.Create(culture, $"{result.Customers:N0} customers, {result.Products:N0} products; {Told(result.CustomersPerSecond, shell)} customers a second on one core."),
                string.Create(culture, $"Покупателей {result.Customers:N0}, товаров {result.Products:N0}; {Told(result.CustomersPerSecond, shell)} покупателей в секунду на одном ядре.")));
            return Verb.Done;

            void Add(string name, Ranking quality) =>
                table.AddRow(name, quality.Recall.ToString("F4", culture), quality.Ndcg.ToString("F4", culture), quality.Hit.ToString("F4", culture));
        });
        return command;

        static object At10(Ranking quality) => new { RecallAt10 = quality.Recall, NdcgAt10 = quality.Ndcg, PhrAt10 = quality.Hit };
    }

    static Command Sequence(Verb verb)
    {
        var file = File(verb, "--file");
        var attributes = new Option<string?>("--attributes") { Description = verb.In("Table of the products' attributes: item_id, attribute_id", "Таблица признаков товаров: item_id, attribute_id"), HelpName = "FILE" };
        var onValidation = OnValidation(verb);
        var command = verb.Create(
            "sequence",
            new Text(
                "Foretells the last product of each customer from those before, among all products: recall and NDCG at 5 and 10, beside what its followers and its network do alone. The settings are chosen by the last but one.",
                "Предсказывает последний товар каждого покупателя по предыдущим среди всех товаров: полнота и NDCG в первых 5 и 10, рядом с тем, что дают связи товаров и нейронная сеть по отдельности. Настройки выбираются по предпоследнему."),
            "volna evaluate sequence --file sequences.csv.gz --attributes attributes.csv.gz --json");
        foreach (var option in (Option[])[file, attributes, onValidation]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var result = SequenceJob.Run(parsed.GetValue(file)!, parsed.GetValue(attributes), parsed.GetValue(onValidation), new ParallelOptions { CancellationToken = shell.Stop });
            if (shell.Json)
            {
                shell.PrintJson(new
                {
                    RecallAt5 = result.Model.At5.Recall,
                    NdcgAt5 = result.Model.At5.Ndcg,
                    RecallAt10 = result.Model.At10.Recall,
                    NdcgAt10 = result.Model.At10.Ndcg,
                    Followers = Figures(result.Followers),
                    Network = result.Network is { } network ? Figures(network) : null,
                    Factors = Figures(result.Factors),
                    result.Options,
                    result.NetworkOptions,
                    result.Customers,
                    result.Products,
                    CustomersPerSecond = Rounded(result.CustomersPerSecond),
                });
                return Verb.Done;
            }

            var culture = shell.Language.Culture();
            var rows = new List<(string, double[])> { (shell.In("model", "модель"), Row(result.Model)) };
            if (result.Network is { } alone)
            {
                rows.Add((shell.In("followers alone", "только связи товаров"), Row(result.Followers)));
                rows.Add((shell.In("network alone", "только сеть"), Row(alone)));
            }

            rows.Add((shell.In("factors (ALS) alone", "только факторы (ALS)"), Row(result.Factors)));
            PrintRows(shell, [shell.In("recall@5", "полнота@5"), "NDCG@5", shell.In("recall@10", "полнота@10"), "NDCG@10"], rows);
            shell.Say(new Text(
                string.Create(culture, $"{result.Customers:N0} customers, {result.Products:N0} products; {Told(result.CustomersPerSecond, shell)} customers a second on one core."),
                string.Create(culture, $"Покупателей {result.Customers:N0}, товаров {result.Products:N0}; {Told(result.CustomersPerSecond, shell)} покупателей в секунду на одном ядре.")));
            return Verb.Done;
        });
        return command;

        static double[] Row(SequenceQuality quality) => [quality.At5.Recall, quality.At5.Ndcg, quality.At10.Recall, quality.At10.Ndcg];
        static object Figures(SequenceQuality quality) => new { RecallAt5 = quality.At5.Recall, NdcgAt5 = quality.At5.Ndcg, RecallAt10 = quality.At10.Recall, NdcgAt10 = quality.At10.Ndcg };
    }

    static Command Sessions(Verb verb)
    {
        var train = File(verb, "--train");
        var test = File(verb, "--test");
        var command = verb.Create(
            "sessions",
            new Text(
                "Foretells what a visitor sees next, among all products: how often it is in the first 20, and the mean inverse place, beside what like sessions and a network do alone. The settings are chosen by the newest sessions of --train.",
                "Предсказывает, что посетитель посмотрит дальше, среди всех товаров: как часто это в первых 20 и средняя обратная позиция, рядом с тем, что дают похожие сессии и нейронная сеть по отдельности. Настройки выбираются по самым поздним сессиям из --train."),
            "volna evaluate sessions --train sessions.csv.gz --test cases.csv.gz --json");
        command.Options.Add(train);
        command.Options.Add(test);
        verb.SetAction(command, (parsed, shell) =>
        {
            var result = SessionJob.Run(parsed.GetValue(train)!, parsed.GetValue(test)!, new ParallelOptions { CancellationToken = shell.Stop });
            if (shell.Json)
            {
                shell.PrintJson(new
                {
                    result.Quality.PrecisionAt20,
                    result.Quality.MrrAt20,
                    result.Neighbours,
                    result.Network,
                    result.Options,
                    result.NetworkOptions,
                    result.Cases,
                    result.Sessions,
                    result.Products,
                    CasesPerSecond = Rounded(result.CasesPerSecond),
                });
                return Verb.Done;
            }

            var culture = shell.Language.Culture();
            var rows = new List<(string, double[])> { (shell.In("model", "модель"), Row(result.Quality)) };
            if (result.Network is { } alone)
            {
                rows.Add((shell.In("neighbours alone", "только похожие сессии"), Row(result.Neighbours)));
                rows.Add((shell.In("network alone", "только сеть"), Row(alone)));
            }

            PrintRows(shell, [shell.In("precision@20", "точность@20"), "MRR@20"], rows);
            shell.Say(new Text(
                string.Create(culture, $"{result.Cases:N0} visits, {result.Sessions:N0} sessions learnt from, {result.Products:N0} products; {Told(result.CasesPerSecond, shell)} visits a second on one core."),
                string.Create(culture, $"Визитов {result.Cases:N0}, сессий для обучения {result.Sessions:N0}, товаров {result.Products:N0}; {Told(result.CasesPerSecond, shell)} визитов в секунду на одном ядре.")));
            return Verb.Done;
        });
        return command;

        static double[] Row(SessionQuality quality) => [quality.PrecisionAt20, quality.MrrAt20];
    }

    static double? Rounded(double? perSecond) => perSecond is { } rate ? Math.Round(rate) : null;

    static string Told(double? perSecond, Shell shell) => perSecond?.ToString("N0", shell.Language.Culture()) ?? "—";

    static void PrintRows(Shell shell, string[] heads, IEnumerable<(string Name, double[] Values)> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        foreach (var head in heads) table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var (name, values) in rows) table.AddRow([name, .. values.Select(value => value.ToString("F4", shell.Language.Culture()))]);
        shell.Print(table);
    }

    static Option<string> File(Verb verb, string name) =>
        new(name) { Description = verb.In("Table, comma-separated; may be gzip", "Таблица через запятую; можно gzip"), HelpName = "FILE", Required = true };

    static Option<bool> OnValidation(Verb verb) => new("--on-validation")
    {
        Description = verb.In("Judge on the validation part, by which the settings were chosen; the test part isn't looked at", "Проверить на части validate, по которой выбраны настройки; часть test не используется"),
    };
}
