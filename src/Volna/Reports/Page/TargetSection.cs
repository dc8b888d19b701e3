using Volna.Reports.Targeting;

namespace Volna.Reports.Page;

/// <summary>The part of a page that tells whom a wave changed: sentences, effect by base conversion, curves with their Qini.</summary>
static class TargetSection
{
    public static void Add(PageWriter page, TargetView view)
    {
        var language = page.Language;
        page.Add($"<h2 id=\"targets\">{page.In("Whom to write to", "Кому писать")}</h2>\n");
        foreach (var sentence in view.Sentences()) page.Add($"<p>{Html.Of(sentence.In(language))}</p>\n");
        if (view.Bands.IsEmpty) return;

        page.Add($"{IntervalChart.Of(
            page.In("Effect on the spend of a customer by base conversion, with 95 % intervals", "Эффект на покупки покупателя по базовой конверсии, с 95 %-ми интервалами"),
            [.. view.Bands.Select(band => new IntervalChart.Row(TargetTexts.Range(band.From, band.To, language), band.Spend, Money(band.Spend)) { IsSure = band.IsSure })],
            value => FigureText.SignedTotal(value, language),
            page.In("sure: the interval leaves out zero, and p is below 0.05", "доказано: интервал не содержит нуля, и p меньше 0,05"), page.In("may be chance", "может быть случайностью"))}");
        Table(view.Bands, page.In("base conversion", "базовая конверсия"));
        page.Add($"<p>{Html.Of(TargetTexts.Explained.In(language))}</p>\n");
        page.Add($"<details><summary>{page.In("By tenths of the customers", "По десятым долям покупателей")}</summary>\n");
        Table(view.Deciles, page.In("base conversion", "базовая конверсия"));
        page.Add($"</details>\n");
        if (view.Curves.IsEmpty) return;

        page.Add($"<div class=\"curves\">\n");
        foreach (var curve in view.Curves)
            page.Add($"{CurveChart.Of($"{curve.Title().In(language)}: {curve.Qini().In(language)}", curve.Points, value => FigureText.WithSign(MetricUnit.Money, value, language), page.In("share of the customers written to", "доля покупателей, которым пишут"))}");
        page.Add($"</div>\n<p>{Html.Of(TargetTexts.OfCurve.In(language))}</p>\n");

        string Money(Statistics.Effect? effect) => effect is null ? page.In("not enough data", "мало данных") : FigureText.WithSign(MetricUnit.Money, effect.Difference, language);

        void Table(IEnumerable<TargetGroup> groups, string first)
        {
            Term[] terms = [Term.Treated, Term.HeldOut, Term.Forecast, Term.HeldOutBought, Term.SpendEffect, Term.MarginEffect, Term.PValue];
            EffectTable.Begin(page, first, terms);
            foreach (var group in groups)
            {
                page.Add($"<tr><th scope=\"row\">{TargetTexts.Range(group.From, group.To, language)}</th>");
                string[] cells =
                [
                    FigureText.Count(group.Treated, language), FigureText.Count(group.HeldOut, language), FigureText.Percent(group.Forecast, language),
                    group.HeldOutBought is { } bought ? FigureText.Percent(bought, language) : "—", Effect(group.Spend), Effect(group.Margin),
                    group.Spend is { } spend ? FigureText.PValue(group.CorrectedPValue ?? spend.PValue, language) : "—",
                ];
                for (var i = 0; i < cells.Length; i++) page.Add($"<td data-label=\"{page.Name(terms[i])}\"{(i == 4 && group.IsSure ? " class=\"sure\"" : "")}>{cells[i]}</td>");
                page.Add($"</tr>\n");
            }

            page.Add($"</tbody></table></div>\n");
        }

        string Effect(Statistics.Effect? effect) => effect is null ? "—" : $"{FigureText.WithSign(MetricUnit.Money, effect.Difference, language)}<small>{FigureText.Interval(MetricUnit.Money, effect, language)}</small>";
    }
}
