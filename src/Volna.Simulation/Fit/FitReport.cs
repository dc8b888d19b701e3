using System.Globalization;
using System.Net;

namespace Volna.Simulation.Fit;

/// <summary>A figure of real and simulated receipts side by side.</summary>
/// <param name="Distance">
/// Between the distributions, where there are two: the largest difference of the distribution functions, 0 to 1. Of a share the difference.
/// Null for a figure of a distribution whose distance stands in another row.
/// </param>
public sealed record FitRow(Text Name, double Real, double Simulated, double? Distance);

/// <summary>What a fit found.</summary>
/// <param name="Weeks">That the real receipts span.</param>
public sealed record FitReport(long Customers, long Lines, int Weeks, IReadOnlyList<FitRow> Rows, WorldOptions World)
{
    internal static FitReport Of(Marginals real, Marginals simulated, int weeks, WorldOptions world)
    {
        Distribution visits = real.VisitsOfCustomer, visitsMade = simulated.VisitsOfCustomer, lines = real.LinesOfVisit, linesMade = simulated.LinesOfVisit;
        Distribution gaps = real.DaysBetweenVisits, gapsMade = simulated.DaysBetweenVisits;
        double[] prices = real.LogPrices, pricesMade = simulated.LogPrices;
        return new FitReport(real.Customers, real.Lines, weeks,
        [
            new(new("visits a week of a customer, mean", "посещений в неделю у покупателя, среднее"), visits.Mean / weeks, visitsMade.Mean / weeks, Distribution.Distance(visits, visitsMade)),
            new(new("visits of a customer in all, median", "посещений покупателя всего, медиана"), visits.Quantile(0.5), visitsMade.Quantile(0.5), null),
            new(new("visits of a customer in all, 90 %", "посещений покупателя всего, 90 %"), visits.Quantile(0.9), visitsMade.Quantile(0.9), null),
            new(new("days between visits, median", "дней между посещениями, медиана"), gaps.Quantile(0.5), gapsMade.Quantile(0.5), Distribution.Distance(gaps, gapsMade)),
            new(new("lines of a visit, mean", "строк в чеке, среднее"), lines.Mean, linesMade.Mean, Distribution.Distance(lines, linesMade)),
            new(new("lines of a visit, 90 %", "строк в чеке, 90 %"), lines.Quantile(0.9), linesMade.Quantile(0.9), null),
            new(new("lines of a visit, median", "строк в чеке, медиана"), lines.Quantile(0.5), linesMade.Quantile(0.5), null),
            new(new("price of a product, geometric mean", "цена товара, среднее геометрическое"), Math.Exp(prices.Average()) / 100, Math.Exp(pricesMade.Average()) / 100, Distribution.Distance(prices, pricesMade)),
            new(new("price, spread of the logarithm", "цена, разброс логарифма"), WorldFit.Spread(prices), WorldFit.Spread(pricesMade), null),
            Share(new("lines on the top 1 % of products", "строк на 1 % лучших товаров"), marginals => marginals.ShareOfTop(0.01)),
            Share(new("lines on the top 10 % of products", "строк на 10 % лучших товаров"), marginals => marginals.ShareOfTop(0.1)),
            Share(new("repeated purchases", "повторные покупки"), marginals => marginals.RepeatShare),
            Share(new("customers seen in the first quarter", "покупатели, замеченные в первой четверти"), marginals => marginals.EarlyShare),
            Share(new("customers gone before the last quarter", "покупатели, пропавшие до последней четверти"), marginals => marginals.GoneShare),
        ], world);

        FitRow Share(Text name, Func<Marginals, double> of) => new(name, of(real), of(simulated), Math.Abs(of(real) - of(simulated)));
    }

    public string Csv()
    {
        var csv = new CsvBuffer().Row("figure", "real", "simulated", "distance");
        foreach (var row in Rows) csv.Row(row.Name.English, Number(row.Real), Number(row.Simulated), row.Distance is { } distance ? Number(distance) : "");
        return System.Text.Encoding.UTF8.GetString(csv.Written.Span);
    }

    /// <summary>A page without scripts or links; each pair of bars is scaled to its larger value.</summary>
    public string Page(Language language)
    {
        var rows = string.Concat(Rows.Select(row => $"""
            <tr><td>{WebUtility.HtmlEncode(row.Name.In(language))}</td><td class="n">{Number(row.Real, language)}<i style="width:{Width(row.Real, row)}px"></i></td><td class="n">{Number(row.Simulated, language)}<i class="s" style="width:{Width(row.Simulated, row)}px"></i></td><td class="n">{(row.Distance is { } distance ? Number(distance, language) : "")}</td></tr>

            """));
        var title = new Text("A world like the receipts", "Мир, похожий на чеки").In(language);
        var said = new Text($"{Customers} customers, {Lines} lines, {Weeks} weeks.", $"Покупателей {Customers}, строк {Lines}, недель {Weeks}.").In(language);
        var explained = new Text(
            "Distance: the largest difference between the two distribution functions, 0 alike, 1 apart; of shares the difference.",
            "Расхождение: наибольшая разность функций распределения, 0 — одинаковы, 1 — не пересекаются; у долей — разность.").In(language);
        return $$"""
            <!doctype html><html lang="{{language.Code()}}"><head><meta charset="utf-8"><title>{{title}}</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}table{border-collapse:collapse;width:100%}td,th{padding:.35rem .6rem;border-bottom:1px solid #d8dee4;text-align:left}.n{text-align:right;font-variant-numeric:tabular-nums}i{display:block;height:5px;background:#1f6feb;margin-left:auto}i.s{background:#bf5b04}</style></head>
            <body><h1>{{title}}</h1><p>{{said}}</p><table><tr><th>{{new Text("figure", "показатель").In(language)}}</th><th class="n">{{new Text("real", "настоящее").In(language)}}</th><th class="n">{{new Text("simulated", "вымышленное").In(language)}}</th><th class="n">{{new Text("distance", "расхождение").In(language)}}</th></tr>
            {{rows}}</table><p>{{explained}}</p></body></html>

            """;

        static string Width(double value, FitRow row) => Math.Round(100 * value / Math.Max(Math.Max(row.Real, row.Simulated), 1e-12)).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>As people of a language write it; without one as in files.</summary>
    public static string Number(double value, Language? language = null) =>
        value.ToString(Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 1 ? "0.00" : "0.0000", language?.Culture() ?? CultureInfo.InvariantCulture);
}
