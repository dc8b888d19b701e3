using System.CommandLine;
using Spectre.Console;
using Volna.Learning.Evaluation;

namespace Volna.Server.Verbs;

/// <summary><c>volna evaluate price</c>: how sales answer prices.</summary>
static class EvaluatePriceVerb
{
    public static Command Create(Verb verb)
    {
        var file = new Option<string>("--file") { Description = verb.In("Weekly sales by store and brand; may be gzip", "Продажи по неделям, магазинам и брендам; можно gzip"), HelpName = "FILE", Required = true };
        var command = verb.Create(
            "price",
            new Text(
                "Learns from weekly sales how they answer prices: own-price elasticities of each brand, shrunk across stores, judged on the last fifth of the weeks beside each store's own regression.",
                "Учится по недельным продажам, как они отвечают на цену: эластичность каждого бренда по своей цене, сглаженная между магазинами; проверяется на последней пятой части недель рядом с отдельной регрессией каждого магазина."),
            "volna evaluate price --file sales.csv.gz --json");
        command.Options.Add(file);
        verb.SetAction(command, (parsed, shell) =>
        {
            var result = PriceJob.Run(parsed.GetValue(file)!, shell.Stop);
            if (shell.Json) shell.PrintJson(result);
            else Print(shell, result);
            return Verb.Done;
        });
        return command;
    }

    static void Print(Shell shell, PriceResult result)
    {
        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Simple).AddColumn(shell.In("brand", "бренд"));
        foreach (var head in (string[])
            [
                shell.In("stores", "магазинов"), shell.In("elasticity", "эластичность"), shell.In("95 % interval", "95 %-й интервал"), shell.In("stores from … to", "по магазинам от … до"),
                shell.In("plain regression", "простая регрессия"), shell.In("error held out", "ошибка на отложенных"), shell.In("without shrinkage", "без сглаживания"),
            ])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var one in result.Brands)
            table.AddRow(
                Markup.Escape(one.Brand), one.Stores.ToString("N0", culture), Number(one.Elasticity.Value), $"{Number(one.Elasticity.Lower)} … {Number(one.Elasticity.Upper)}", $"{Number(one.Lowest)} … {Number(one.Highest)}",
                Number(one.Plain), one.Error.ToString("F4", culture), one.ErrorUnshrunk.ToString("F4", culture));
        table.AddRow(shell.In("all", "все"), "", "", "", "", "", result.Error.ToString("F4", culture), result.ErrorUnshrunk.ToString("F4", culture));
        shell.Print(table);

        string Number(double value) => value.ToString("F2", culture);
    }
}
