using System.CommandLine;
using Spectre.Console;
using Volna.Offers;
using Volna.Reports;
using Volna.Reports.Suppliers;

namespace Volna.Server.Verbs;

/// <summary><c>volna report supplier</c></summary>
static class ReportSupplierVerb
{
    public static Command Create(Verb verb)
    {
        var supplier = new Argument<string>("SUPPLIER") { Description = verb.In("The supplier as the catalogue names it", "Поставщик, как он назван в каталоге") };
        var wave = new Option<string?>("--wave") { Description = verb.In("Id of the wave; without it, the latest that was published", "Идентификатор волны; без него — последняя опубликованная"), HelpName = "ID" };
        var html = new Option<string?>("--html") { Description = verb.In("Where the page for the supplier is written", "Куда записать страницу для поставщика"), HelpName = "FILE" };
        var command = verb.Create(
            "supplier",
            new Text(
                "Judges a supplier's pilot: its goods and their category against the customers held out, new buyers, repeat, cost and who paid; writes a page that the supplier may see.",
                "Оценивает пилот поставщика: его товары и их категорию относительно контрольной группы, новых и повторных покупателей, затраты и кто платит; пишет страницу, которую можно показать поставщику."),
            "volna report supplier Lactis",
            "volna report supplier Lactis --wave 2026-11-26 --html lactis.html --lang ru");
        command.Arguments.Add(supplier);
        command.Options.Add(wave);
        command.Options.Add(html);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var id = parsed.GetValue(wave) ?? ReportVerb.Latest(state, shell);
            var pilot = shell.WithProgress(progress => SupplierPilotJob.Judge(shell.Folder, state, id, parsed.GetValue(supplier)!, shell.Time.GetLocalNow(), progress, shell.Stop));
            var page = parsed.GetValue(html) ?? ReportStore.SupplierPagePath(shell.Folder, id, pilot.Supplier);
            if (!shell.DryRun) ReportStore.Save(pilot, page, shell.Language);
            if (shell.Json) shell.PrintJson(pilot);
            else Print(pilot, shell);
            if (!shell.DryRun) shell.Say(new Text($"page for the supplier: {page}", $"страница для поставщика: {page}"));
            return Verb.Done;
        });
        return command;
    }

    static void Print(SupplierPilot pilot, Shell shell)
    {
        var language = shell.Language;
        shell.Data.WriteLine($"{pilot.Supplier}, {shell.In("wave", "волна")} {pilot.Wave}: {FigureText.Count(pilot.Treated, language)} {shell.In("treated", "в целевой группе")}, {FigureText.Count(pilot.HeldOut, language)} {shell.In("held out", "в контроле")}");
        shell.Data.WriteLine(PilotHeadline.Of(pilot).In(language));
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(shell.In("per assigned customer", "на участника волны"));
        foreach (var head in (string[])[shell.In("treated", "целевая группа"), shell.In("held out", "контроль"), shell.In("total", "всего"), "%", shell.In("95 % interval", "95 %-й интервал"), "p"]) table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var figure in pilot.Figures)
        {
            var unit = figure.Metric.IsMoney() ? MetricUnit.Money : MetricUnit.Share;
            table.AddRow(
                figure.Metric.Name().In(language), FigureText.Of(unit, figure.Treated, language), FigureText.Of(unit, figure.HeldOut, language),
                figure.Total is not { } total ? "—" : figure.Metric.IsMoney() ? FigureText.SignedTotal(total.Difference, language) : Math.Round(total.Difference).ToString("+#,0;−#,0;0", language.Culture()),
                figure.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—",
                figure.Relative is { } range ? FigureText.PercentInterval(range, language) : shell.In("not enough data yet", "данных ещё мало"),
                figure.PValue is { } p ? FigureText.PValue(p, language) : "—");
        }

        shell.Print(table);
        shell.Data.WriteLine(shell.In(
            $"Discounts on the goods: the supplier pays {FigureText.Total(pilot.PaidBySupplierMinor, language)}, the retailer {FigureText.Total(pilot.PaidByRetailerMinor, language)}; offers redeemed: {FigureText.Count(pilot.Redeemed, language)}.",
            $"Скидки на товары: платит поставщик — {FigureText.Total(pilot.PaidBySupplierMinor, language)}, платит сеть — {FigureText.Total(pilot.PaidByRetailerMinor, language)}; погашено предложений: {FigureText.Count(pilot.Redeemed, language)}."));
    }
}
