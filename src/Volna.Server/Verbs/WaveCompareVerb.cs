using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Offers.Compare;

namespace Volna.Server.Verbs;

/// <summary><c>volna wave compare</c>: what Volna's way of sharing out a wave is worth against simpler ones.</summary>
static class WaveCompareVerb
{
    const int Sample = 50_000;

    public static Command Create(Verb verb)
    {
        var id = WaveVerb.Id(verb);
        var budget = new Option<string?>("--budget") { Description = verb.In("Most that discounts may be expected to cost, the same for all methods (default: the plan's own limits)", "Наибольшая ожидаемая стоимость скидок, одинаковая для всех способов (по умолчанию — ограничения плана)"), HelpName = "AMOUNT" };
        var sample = SampleOption(verb, Sample);
        var export = new Option<string?>("--export") { Description = verb.In("Write what was shared out, and how, as CSV files", "Записать задачу распределения и её решение в файлы CSV"), HelpName = "DIR" };
        var command = verb.Create(
            "compare", new Text("Shares out a wave by simpler ways too: value, cost and gap of each at equal limits.", "Распределяет волну и более простыми способами: ценность, стоимость и отставание каждого при равных ограничениях."),
            "volna wave compare 2026-11-26", "volna wave compare 2026-11-26 --budget 500000 --export allocation");
        command.Arguments.Add(id);
        foreach (var option in (Option[])[budget, sample, export]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            if (parsed.GetValue(export) is { } into) AllocationExportStore.Check(into);
            var compared = shell.WithProgress(progress => CompareWaveJob.Compare(
                shell.Folder, state, parsed.GetValue(id)!, parsed.GetValue(sample), parsed.GetValue(budget) is { } amount ? Amount("--budget", amount) : null, Environment.ProcessorCount, progress, shell.Stop));
            if (parsed.GetValue(export) is { } directory && !shell.DryRun)
            {
                AllocationExportStore.Write(directory, compared);
                shell.Say(new Text($"The instance and its solution are in {directory}.", $"Задача и решение записаны в {directory}."));
            }

            Print(shell, compared);
            return Verb.Done;
        });
        return command;
    }

    static void Print(Shell shell, ComparedWave compared)
    {
        var results = compared.Results;
        if (shell.Json)
        {
            shell.PrintJson(new { compared.Sampled, compared.Each, Methods = results });
            return;
        }

        var culture = shell.Language.Culture();
        string Money(double minor) => new Money((long)Math.Round(minor)).ToString(shell.Language);
        var table = WaveTables.Table(
            shell.In("method", "способ"), "/" + shell.In("offers", "предложений"), "/" + shell.In("customers", "покупателей"), "/" + shell.In("value *", "ценность *"), "/" + shell.In("against Volna", "к Volna"),
            "/" + shell.In("cost of discounts *", "стоимость скидок *"), "/" + shell.In("at most below the best", "не дальше от лучшего"));
        foreach (var one in results)
            table.AddRow(
                Markup.Escape(one.Method.Name().In(shell.Language) + (one.DepthPercent is { } depth ? $", {depth.ToString("0.##", culture)} %" : "")),
                one.Offers.ToString("N0", culture), one.WithOffers.ToString("N0", culture), Money(one.ValueMinor),
                one.Method == WaveMethod.Volna || results[0].ValueMinor <= 0 ? "" : (100 * ((one.ValueMinor / results[0].ValueMinor) - 1)).ToString("+0.0;-0.0", culture) + " %",
                Money(one.CostMinor), (100 * one.Gap).ToString("0.000", culture) + " %");
        shell.Print(table);
        shell.Say(new Text(
            $"Reckoned from {compared.Sampled.ToString("N0", culture)} customers, each standing for {compared.Each.ToString("0.##", culture)}. * By the plan's assumptions; all methods keep the same limits.",
            $"Расчёт по покупателям: {compared.Sampled.ToString("N0", culture)}, каждый представляет {compared.Each.ToString("0.##", culture)}. * По предположениям плана; ограничения у всех способов одни и те же."));
    }

    internal static Option<int> SampleOption(Verb verb, int most)
    {
        var sample = new Option<int>("--sample") { Description = verb.In("Look at about so many customers; limits are scaled to them", "Взять примерно столько покупателей; ограничения пересчитываются на них"), HelpName = "N", DefaultValueFactory = _ => most };
        verb.InBounds(sample, 100, 100_000_000);
        return sample;
    }

    static Money Amount(string option, string text) => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000_000m
        ? Volna.Money.FromMajor(amount)
        : throw new BadInputException("no-amount", new Text(
            $"{option}: found '{text}', expected an amount such as 500000 or 999.50, at most 1000000000000.", $"{option}: найдено «{text}», ожидалась сумма, например 500000 или 999.50, не больше 1000000000000."));
}
