using System.Globalization;
using System.Text;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Reports.Statistics;

namespace Volna.Simulation.Loop;

/// <summary>The policies side by side as one HTML page that opens without a network.</summary>
static class LoopPage
{
    // A column for each figure wants room.
    const string Wide = "main{max-width:76rem}";

    public static string Of(LoopResult result, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var html = new StringBuilder();
        void Add(FormattableString part) => html.Append(part.ToString(CultureInfo.InvariantCulture));

        var shown = result.Policies.Where(policy => policy.Policy != LoopPolicy.None.Code()).ToList();
        var title = result.Weeks == 52
            ? In("A year of offers, truth beside estimate", "Год предложений: истина рядом с оценкой")
            : In($"{result.Weeks} weeks of offers, truth beside estimate", "Недели предложений: истина рядом с оценкой");
        Add($"""
            <!doctype html>
            <html lang="{language.Code()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html.Of(title)}</title><style>{PageStyle.Css}{LineChart.Css}{Wide}</style></head><body><main>
            <p class="over">Volna · {In("make-believe retailer", "вымышленная сеть")}</p>
            <h1>{Html.Of(title)}</h1>
            <p class="dates">{FigureText.Day(result.Start, language)} – {FigureText.Day(result.End.AddDays(-1), language)} · {In("weeks", "недель")}: {result.Weeks} · {In("customers", "покупателей")}: {FigureText.Count(result.Customers, language)} + {FigureText.Count(result.Newcomers, language)} {In("who joined", "новых")} · {In("seed", "мир №")} {result.Seed}</p>

            """);
        if (shown.Count > 0)
        {
            Add($"<h2>{In("Over the weeks", "По неделям")}</h2>\n");
            html.Append(Lines(In("Additional turnover since the first week: true (lines) and estimated by Volna (vertical bars, 95 %)", "Дополнительный оборот с первой недели: истинный (линии) и по оценке Volna (вертикальные отрезки, 95 %)"), point => point.Turnover, point => point.EstimatedTurnover));
            html.Append(Lines(In("Additional margin after discounts since the first week", "Дополнительная маржа после скидок с первой недели"), point => point.Margin, point => point.EstimatedMargin));
        }

        Add($"<h2>{In("The whole time, against a life without offers", "За всё время, по сравнению с жизнью без предложений")}</h2>\n");
        foreach (var (name, unit, of) in LoopFigures.All)
        {
            var rows = new List<IntervalChart.Row>();
            foreach (var policy in shown)
            {
                var figure = of(policy);
                if (figure.Without == 0) continue;
                rows.Add(new IntervalChart.Row($"{Name(policy)}: {In("true", "истина")}", Point(figure.Share), LoopFigures.Share(figure.Share, language)));
                if (figure.Estimated is { } estimated)
                    rows.Add(new IntervalChart.Row($"{Name(policy)}: {In("estimate", "оценка")}", Relative(estimated, figure.Without), LoopFigures.Share(estimated.Difference / figure.Without, language)));
            }

            html.Append(IntervalChart.Of(
                name.In(language), rows, value => LoopFigures.Share(value, language), In("the truth, or an interval that leaves out zero", "истина либо интервал без нуля"), In("may be chance", "может быть случайностью")));
        }

        Table();
        Add($"<h2>{In("How to read this", "Как это читать")}</h2>\n<ul class=\"notes\">\n");
        foreach (var remark in result.Remarks) Add($"<li>{Html.Of(remark.In(language))}</li>\n");
        Add($"</ul>\n</main></body></html>\n");
        return html.ToString();

        string Name(PolicyResult policy) => LoopPolicies.Parse(policy.Policy)[0].Name().In(language);

        string Lines(string caption, Func<WeekPoint, double> truth, Func<WeekPoint, Effect?> estimate) => LineChart.Of(
            caption,
            [.. shown.Select(policy => new LineChart.Line(
                Name(policy), [.. policy.Weeks.Select(truth)],
                [.. policy.Weeks.Where(point => estimate(point) is not null).Select(point => (point.Week, estimate(point)!.Lower, estimate(point)!.Upper))]))],
            value => FigureText.SignedTotal(value, language), In("week", "неделя"));

        void Table()
        {
            string[] heads = [In("policy", "политика"), .. LoopFigures.All.Select(figure => figure.Name.In(language)), In("discounts", "скидки"), In("letters opened", "открыто писем"), In("complaints", "жалобы")];
            Add($"<div class=\"scroll\"><table><thead><tr>");
            foreach (var head in heads) Add($"<th scope=\"col\" class=\"right\">{Html.Of(head)}</th>");
            Add($"</tr></thead><tbody>\n");
            foreach (var policy in result.Policies)
            {
                Add($"<tr><th scope=\"row\">{Html.Of(Name(policy))}</th>");
                for (var i = 0; i < LoopFigures.All.Count; i++)
                {
                    var (_, unit, of) = LoopFigures.All[i];
                    var figure = of(policy);
                    Add($"<td data-label=\"{Html.Of(heads[i + 1])}\">{LoopFigures.WithSign(unit, figure.Increment, language)}<small>{LoopFigures.Share(figure.Share, language)}</small>");
                    if (figure.Estimated is { } estimated) Add($"<small>{In("estimate", "оценка")} {LoopFigures.WithSign(unit, estimated.Difference, language)}</small><small>{LoopFigures.WithSign(unit, estimated.Lower, language)} … {LoopFigures.WithSign(unit, estimated.Upper, language)}</small>");
                    Add($"</td>");
                }

                Add($"<td data-label=\"{Html.Of(heads[^3])}\">{FigureText.Total(policy.DiscountCost, language)}");
                if (policy.Offers > 0) Add($"<small>{In("redeemed", "погашено")} {FigureText.Count(policy.Redeemed, language)}</small><small>{In("of", "из")} {FigureText.Count(policy.Offers, language)}</small>");
                Add($"</td><td data-label=\"{Html.Of(heads[^2])}\">");
                if (policy.Letters is { } letters) Add($"{FigureText.Count(letters.Counted.Opened, language)}<small>{In("truly", "на деле")} {FigureText.Count(letters.TrulyOpened, language)}</small><small>{In("of", "из")} {FigureText.Count(letters.Counted.Delivered, language)}</small>");
                Add($"</td><td data-label=\"{Html.Of(heads[^1])}\">{FigureText.Count(policy.Complaints, language)}<small>{In("opted out", "отписались")} {FigureText.Count(policy.OptedOut, language)}</small></td></tr>\n");
            }

            Add($"</tbody></table></div>\n");
        }
    }

    static Effect Point(double share) => new(share, share, share, 0);

    static Effect Relative(Effect effect, double without) => effect.Times(1 / without);
}
