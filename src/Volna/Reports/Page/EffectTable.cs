using Volna.Reports.Statistics;

namespace Volna.Reports.Page;

/// <summary>Effects on a page: charts with intervals, and tables of figures.</summary>
static class EffectTable
{
    /// <summary>The relative changes of all metrics.</summary>
    public static void Chart(PageWriter page, Population everyone) => Chart(
        page, page.In("Change against the held-out customers, with 95 % intervals", "Изменение относительно контрольной группы, с 95 %-ми интервалами"),
        [.. everyone.Metrics.Select(figures => (figures.Metric.Name().In(page.Language), figures))]);

    /// <summary>All metrics: every figure with its interval.</summary>
    public static void Of(PageWriter page, Population everyone)
    {
        Begin(page, page.In("figure", "показатель"), Term.Treated, Term.HeldOut, Term.Difference, Term.Interval, Term.PValue);
        foreach (var figures in everyone.Metrics)
        {
            var unit = figures.Metric.Unit();
            page.Add($"""<tr><th scope="row">{page.Link(figures.Metric)}</th><td data-label="{page.Name(Term.Treated)}">{FigureText.Of(unit, figures.Treated, page.Language)}</td><td data-label="{page.Name(Term.HeldOut)}">{FigureText.Of(unit, figures.HeldOut, page.Language)}</td>""");
            Difference(page, figures, withUnadjusted: true);
            page.Add($"</tr>\n");
        }

        page.Add($"</tbody></table></div>\n");
    }

    public static void Chart(PageWriter page, string title, IReadOnlyList<(string Label, MetricFigures Figures)> rows) => page.Add($"""
        {IntervalChart.Of(
            title,
            [.. rows.Select(row => new IntervalChart.Row(
                row.Label, row.Figures.Relative,
                row.Figures.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, page.Language) : page.In("not enough data", "мало данных")) { IsSure = row.Figures.IsSure })],
            value => FigureText.SignedPercent(value, page.Language),
            page.In("sure: the interval leaves out zero, and p is below 0.05", "доказано: интервал не содержит нуля, и p меньше 0,05"),
            page.In("may be chance", "может быть случайностью"))}
        """);

    public static void Difference(PageWriter page, MetricFigures figures, bool withUnadjusted)
    {
        var unit = figures.Metric.Unit();
        if (figures.Difference is not { } difference)
        {
            page.Add($"<td colspan=\"3\" class=\"none\">{page.In("not enough data yet", "данных ещё мало")}: {figures.Verdict.Explain().In(page.Language)}</td>");
            return;
        }

        var relative = figures.Relative is { } share ? $"<small>{FigureText.SignedPercent(share.Difference, page.Language)}</small>" : "";
        var relativeInterval = figures.Relative is { } range ? $"<small>{FigureText.PercentInterval(range, page.Language)}</small>" : "";
        var adjusted = withUnadjusted && figures.Adjustment == AdjustmentVerdict.Sound && figures.Unadjusted is not null;
        var without = adjusted ? $"<small>{page.In("unadjusted", "без поправки")}: {FigureText.WithSign(unit, figures.Unadjusted!.Difference, page.Language)}</small>" : "";
        var withoutInterval = adjusted ? $"<small>{FigureText.Interval(unit, figures.Unadjusted!, page.Language)}</small>" : "";
        page.Add($"<td data-label=\"{page.Name(Term.Difference)}\" class=\"{(figures.IsSure ? "sure" : "unsure")}\">{FigureText.WithSign(unit, difference.Difference, page.Language)}{relative}{without}</td><td data-label=\"{page.Name(Term.Interval)}\">{FigureText.Interval(unit, difference, page.Language)}{relativeInterval}{withoutInterval}</td><td data-label=\"p\">{FigureText.PValue(figures.CorrectedPValue ?? difference.PValue, page.Language)}</td>");
    }

    /// <param name="first">Heading of the rows' names.</param>
    /// <param name="figures">Null for a column of bars.</param>
    public static void Begin(PageWriter page, string first, params ReadOnlySpan<Term?> figures)
    {
        page.Add($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\">{Html.Of(first)}</th>");
        foreach (var term in figures) page.Add($"{(term is null ? "<th></th>" : $"<th scope=\"col\" class=\"right\">{page.Link(term)}</th>")}");
        page.Add($"</tr></thead><tbody>\n");
    }
}
