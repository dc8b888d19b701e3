using System.Globalization;
using System.Text;
using Volna.Reports.Targeting;

namespace Volna.Reports.Page;

/// <summary>The part of a page that tells whom a wave changed: sentences, effect by base conversion, curves with their Qini.</summary>
public static class TargetSection
{
    public static string Of(TargetView view, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var html = new StringBuilder();
        void Add(FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));

        Add($"<h2 id=\"targets\">{In("Whom to write to", "Кому писать")}</h2>\n");
        foreach (var sentence in view.Sentences()) Add($"<p>{Html.Of(sentence.In(language))}</p>\n");
        if (view.Bands.IsEmpty) return html.ToString();

        Add($"{IntervalChart.Of(
            In("Effect on the spend of a customer by base conversion, with 95 % intervals", "Эффект на покупки покупателя по базовой конверсии, с 95 %-ми интервалами"),
            [.. view.Bands.Select(band => new IntervalChart.Row(TargetTexts.Range(band.From, band.To, language), band.Spend, Money(band.Spend)) { IsSure = band.IsSure })],
            value => FigureText.SignedTotal(value, language),
            In("sure: the interval leaves out zero, and p is below 0.05", "доказано: интервал не содержит нуля, и p меньше 0,05"), In("may be chance", "может быть случайностью"))}");
        Table(view.Bands, In("base conversion", "базовая конверсия"));
        Add($"<p>{Html.Of(TargetTexts.Explained.In(language))}</p>\n");
        Add($"<details><summary>{In("By tenths of the customers", "По десятым долям покупателей")}</summary>\n");
        Table(view.Deciles, In("base conversion", "базовая конверсия"));
        Add($"</details>\n");
        if (view.Curves.IsEmpty) return html.ToString();

        Add($"<div class=\"curves\">\n");
        foreach (var curve in view.Curves)
            Add($"{CurveChart.Of($"{curve.Title().In(language)}: {curve.Qini().In(language)}", curve.Points, value => FigureText.WithSign(MetricUnit.Money, value, language), In("share of the customers written to", "доля покупателей, которым пишут"))}");
        Add($"</div>\n<p>{Html.Of(TargetTexts.OfCurve.In(language))}</p>\n");
        return html.ToString();

        string Money(Statistics.Effect? effect) => effect is null ? In("not enough data", "мало данных") : FigureText.WithSign(MetricUnit.Money, effect.Difference, language);

        void Table(IEnumerable<TargetGroup> groups, string first)
        {
            string[] heads =
            [
                first, In("treated", "целевая группа"), In("held out", "контроль"), In("foretold", "прогноз"), In("held-out who bought", "купили в контроле"),
                In("effect on spend", "эффект на покупки"), In("effect on margin", "эффект на маржу"), "p",
            ];
            Add($"<div class=\"scroll\"><table><thead><tr>{string.Concat(heads.Select((head, i) => $"<th scope=\"col\"{(i > 0 ? " class=\"right\"" : "")}>{Html.Of(head)}</th>"))}</tr></thead><tbody>\n");
            foreach (var group in groups)
            {
                Add($"<tr><th scope=\"row\">{TargetTexts.Range(group.From, group.To, language)}</th>");
                string[] cells =
                [
                    FigureText.Count(group.Treated, language), FigureText.Count(group.HeldOut, language), FigureText.Percent(group.Forecast, language),
                    group.HeldOutBought is { } bought ? FigureText.Percent(bought, language) : "—", Effect(group.Spend), Effect(group.Margin),
                    group.Spend is { } spend ? FigureText.PValue(group.CorrectedPValue ?? spend.PValue, language) : "—",
                ];
                for (var i = 0; i < cells.Length; i++) Add($"<td data-label=\"{Html.Of(heads[i + 1])}\"{(i == 4 && group.IsSure ? " class=\"sure\"" : "")}>{cells[i]}</td>");
                Add($"</tr>\n");
            }

            Add($"</tbody></table></div>\n");
        }

        string Effect(Statistics.Effect? effect) => effect is null ? "—" : $"{FigureText.WithSign(MetricUnit.Money, effect.Difference, language)}<small>{FigureText.Interval(MetricUnit.Money, effect, language)}</small>";
    }
}
