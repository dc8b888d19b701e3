using System.Globalization;
using System.Text;
using Volna.Reports.Suppliers;

namespace Volna.Reports.Page;

/// <summary>
/// A pilot as one page that a supplier may see: its own goods, and of their category only relative changes. Nothing of the retailer's turnover, margin,
/// other suppliers, segments or customers is on it.
/// </summary>
public static class SupplierPage
{
    public static string Of(SupplierPilot pilot, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var html = new StringBuilder();
        void Add(FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));

        Add($"""
            <!doctype html>
            <html lang="{language.Code()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Of(pilot.Supplier)}: {In("pilot of personal offers", "пилот персональных предложений")}</title>
            <style>{PageStyle.Css}</style></head><body><main>
            <p class="over">Volna · {In("report for a supplier", "отчёт для поставщика")}</p>
            <h1>{Html.Of(pilot.Supplier)}</h1>
            <p class="dates">{In("Pilot", "Пилот")} {FigureText.Day(pilot.Start, language)} – {FigureText.Day(pilot.End.AddDays(-1), language)} · {In("categories", "категории")}: {Html.Of(string.Join(", ", pilot.Categories))}</p>
            <p class="headline">{Html.Of(PilotHeadline.Of(pilot).In(language))}</p>

            """);
        if (pilot.SampleRatioAlarm)
            Add($"<p class=\"alarm\">{Html.Of(In("The sizes of the groups don't fit the plan: something chose among the customers, so no figure here can be trusted yet.", "Размеры групп не соответствуют плану: покупателей кто-то отбирал, поэтому доверять цифрам пока нельзя."))}</p>\n");
        if (pilot.Verdict == NoVerdict.None)
        {
            html.Append(IntervalChart.Of(
                In("Change against customers without offers, with 95 % intervals", "Изменение относительно покупателей без предложений, с 95 %-ми интервалами"),
                [.. pilot.Figures.Select(figure => new IntervalChart.Row(
                    figure.Metric.Name().In(language), figure.Relative, figure.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : In("not enough data", "мало данных")) { IsSure = figure.IsSure })],
                value => FigureText.SignedPercent(value, language),
                In("sure: the interval leaves out zero, and p is below 0.05", "доказано: интервал не содержит нуля, и p меньше 0,05"), In("may be chance", "может быть случайностью")));
            Add($"<div class=\"scroll\"><table><thead><tr><th>{In("figure", "показатель")}</th><th>{In("with offers", "с предложениями")}</th><th>{In("without", "без")}</th><th>{In("change", "изменение")}</th><th>{In("95 % interval", "95 %-й интервал")}</th><th>p</th></tr></thead><tbody>\n");
            foreach (var figure in pilot.Figures) Row(figure);
            Add($"</tbody></table></div>\n");
        }

        var cost = pilot.PaidBySupplierMinor;
        Add($"<h2>{In("Cost", "Затраты")}</h2>\n<p>{In("Discounts that you pay", "Скидки за ваш счёт")}: <strong>{FigureText.Total(cost, language)}</strong> · {In("offers redeemed", "погашено предложений")}: {FigureText.Count(pilot.Redeemed, language)}</p>\n");
        if (cost > 0 && pilot[PilotMetric.Goods].Total is { } total)
            Add($"<p>{In("Additional turnover of your goods for each unit of discount", "Дополнительный оборот ваших товаров на единицу скидки")}: <strong>{Bare(total.Difference / cost)}</strong> (95 %: {Bare(total.Lower / cost)} … {Bare(total.Upper / cost)})</p>\n");
        Add($"<h2>{In("What the figures mean", "Что значат показатели")}</h2>\n<dl class=\"definitions\">\n");
        foreach (var metric in Enum.GetValues<PilotMetric>()) Add($"<dt id=\"{Anchor(metric)}\">{metric.Name().In(language)}</dt><dd>{metric.Definition().In(language)}</dd>\n");
        Add($"</dl>\n<p class=\"foot\">{In("Customers with and without offers were drawn by chance before the pilot; everybody drawn counts, buyer or not. Differences are adjusted by purchases before it. The pilot is judged by the spend on the goods; p of the other figures is corrected for being several (Holm).", "Покупателей с предложениями и без них отбирали случайно до пилота; учитываются все отобранные, покупали они или нет. Разница — с поправкой на прежние покупки. Пилот оценивается по покупкам товаров; p остальных показателей — с поправкой на их число (Холм).")}</p>\n</main></body></html>\n");
        return html.ToString();

        void Row(PilotFigure figure)
        {
            // Of the category a supplier sees only by how much it changed, not how large it is.
            var isOwn = figure.Metric is not (PilotMetric.Category or PilotMetric.Others);
            string Level(double value) => !isOwn ? "—" : figure.Metric.IsMoney() ? FigureText.Of(MetricUnit.Money, value, language) : FigureText.Of(MetricUnit.Share, value, language);
            Add($"<tr><th scope=\"row\"><a href=\"#{Anchor(figure.Metric)}\">{figure.Metric.Name().In(language)}</a></th><td data-label=\"{In("with offers", "с предложениями")}\">{Level(figure.Treated)}</td><td data-label=\"{In("without", "без")}\">{Level(figure.HeldOut)}</td>");
            if (figure.Relative is { } relative) Add($"<td class=\"{(figure.IsSure ? "sure" : "unsure")}\">{FigureText.SignedPercent(relative.Difference, language)}</td><td>{FigureText.PercentInterval(relative, language)}</td><td>{(figure.PValue is { } p ? FigureText.PValue(p, language) : "—")}</td>");
            else Add($"<td colspan=\"3\" class=\"none\">{In("not enough data yet", "данных ещё мало")}</td>");
            Add($"</tr>\n");
        }

        static string Anchor(PilotMetric metric) => metric.ToString().ToLowerInvariant();

        string Bare(double value) => value.ToString("0.00", language.Culture()).Replace('-', '−');
    }
}
