using System.CommandLine;
using Spectre.Console;
using Volna.Kernels;
using Volna.Learning.Evaluation;

namespace Volna.Server.Verbs;

/// <summary>The parts of <c>volna evaluate</c> that judge models by how well they rank what comes next.</summary>
static class EvaluateRankingVerb
{
    public static IEnumerable<Command> Create(Verb verb) => [NextBasket(verb)];

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
                    CustomersPerSecond = Math.Round(result.CustomersPerSecond),
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
                string.Create(culture, $"{result.Customers:N0} customers, {result.Products:N0} products; {result.CustomersPerSecond:N0} customers a second on one core."),
                string.Create(culture, $"Покупателей {result.Customers:N0}, товаров {result.Products:N0}; {result.CustomersPerSecond:N0} покупателей в секунду на одном ядре.")));
            return Verb.Done;

            void Add(string name, Ranking quality) =>
                table.AddRow(name, quality.Recall.ToString("F4", culture), quality.Ndcg.ToString("F4", culture), quality.Hit.ToString("F4", culture));
        });
        return command;

        static object At10(Ranking quality) => new { RecallAt10 = quality.Recall, NdcgAt10 = quality.Ndcg, PhrAt10 = quality.Hit };
    }

    static Option<string> File(Verb verb, string name) =>
        new(name) { Description = verb.In("Table, comma-separated; may be gzip", "Таблица через запятую; можно gzip"), HelpName = "FILE", Required = true };

    static Option<bool> OnValidation(Verb verb) => new("--on-validation")
    {
        Description = verb.In("Judge on the validation part, by which the settings were chosen; the test part isn't looked at", "Проверить на части validate, по которой выбраны настройки; часть test не используется"),
    };
}
