namespace Volna.Reports.Page;

/// <summary>What the waves of a period brought together, as one HTML file: against who got nothing in any of them, wave by wave, and by messages got before.</summary>
public static class PeriodPage
{
    public static string Of(PeriodReport report, Language language)
    {
        var page = new PageWriter(language);
        var title = page.In("What the waves brought together", "Что волны принесли вместе");
        page.Add($"""
            <!doctype html>
            <html lang="{language.Code()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>{PageStyle.Css}</style></head><body><main>
            <p class="over">Volna · {page.In("report on a period", "отчёт за период")}</p>
            <h1>{title}</h1>
            <p class="dates">{FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)} · {page.In("waves", "волн")}: {report.Waves} · {page.In("receipts until", "чеки по")} {(report.ReceiptsUntil is { } until ? FigureText.Day(until, language) : "—")}</p>
            <p class="headline">{Html.Of(report.Headline().In(language))}</p>

            """);
        if (report.SampleRatio is { Alarm: true })
            page.Add($"""<p class="alarm"><strong>{page.In("Attention.", "Внимание.")}</strong> {page.In(
                "The universal hold-out doesn't have the planned size: something chose among the customers, so no figure here can be trusted yet.",
                "Размер общей контрольной группы не соответствует плану: покупателей кто-то отбирал, поэтому доверять цифрам пока нельзя.")}</p>{'\n'}""");
        page.Add($"""
            <div class="together"><h2>{page.In("Against the universal hold-out", "Относительно общей контрольной группы")}</h2>
            <p>{page.In(
                $"All {FigureText.Count(report.Everyone.Treated, language)} customers who may get offers, whether a wave had one for them or not, against the {FigureText.Count(report.Everyone.HeldOut, language)} who got nothing in any of these waves: habits and weariness are in it.",
                $"Все покупатели, которым можно предлагать ({FigureText.Count(report.Everyone.Treated, language)}), нашлось им предложение или нет, относительно не получавших ничего ни в одной из этих волн ({FigureText.Count(report.Everyone.HeldOut, language)}): и привычки, и усталость сюда входят.")}</p>

            """);
        EffectTable.Chart(page, report.Compared());
        page.Add($"</div>\n");
        EffectTable.Of(page, report.Compared());
        Waves(page, report);
        Messages(page, report);
        page.Add($"<h2>{page.In("What the figures mean", "Что значат показатели")}</h2>\n<p>{page.In("Here the days of the period stand for the validity of a wave, and all customers for those assigned to it.", "Вместо периода действия волны здесь дни всего периода, вместо её участников — все покупатели.")}</p>\n");
        page.Definitions(report.Compared().Metrics.Select(figures => figures.Metric));
        page.Add($"</main></body></html>\n");
        return page.ToString();
    }

    static void Waves(PageWriter page, PeriodReport report)
    {
        var language = page.Language;
        page.Add($"<h2>{page.In("Wave by wave", "Волна за волной")}</h2>\n<p>{Html.Of(report.FromWaveToWave().In(language))}</p>\n");
        if (report.Each.Length == 0) return;
        EffectTable.Begin(page, page.In("wave", "волна"), Term.SpendChange, Term.WaveTotal, Term.TotalSoFar);
        foreach (var wave in report.Each)
            page.Add($"""<tr><th scope="row">{Html.Of(wave.Wave)}</th><td data-label="{page.Name(Term.SpendChange)}" class="{(wave.Relative is { IsSure: true } ? "sure" : "unsure")}">{(wave.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—")}<small>{(wave.Relative is { } range ? FigureText.PercentInterval(range, language) : "")}</small></td>{Total(Term.WaveTotal, wave.Total)}{Total(Term.TotalSoFar, wave.Cumulative)}</tr>{'\n'}""");
        page.Add($"</tbody></table></div>\n");

        string Total(Term term, Statistics.Effect effect) =>
            $"<td data-label=\"{page.Name(term)}\">{FigureText.SignedTotal(effect.Difference, language)}<small>{FigureText.SignedTotal(effect.Lower, language)} … {FigureText.SignedTotal(effect.Upper, language)}</small></td>";
    }

    static void Messages(PageWriter page, PeriodReport report)
    {
        var language = page.Language;
        page.Add($"<h2>{page.In("By messages got before", "По числу полученных сообщений")}</h2>\n<p>{Html.Of(report.WithEachMessage().In(language))}</p>\n");
        if (report.ByMessages.Length == 0) return;
        page.Add($"<p>{Html.Of(PeriodTexts.ExplainMessages.In(language))}</p>\n");
        page.Add($"""
            {IntervalChart.Of(
                page.In("Effect of a wave on the spend by messages in the eight weeks before, with 95 % intervals", "Эффект волны на покупки по числу сообщений за восемь недель до неё, с 95 %-ми интервалами"),
                [.. report.ByMessages.Select(one => new IntervalChart.Row(
                    PeriodTexts.Messages(one.Messages).In(language), one.Relative, one.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : page.In("not enough data", "мало данных")))],
                value => FigureText.SignedPercent(value, language), page.In("sure: the interval leaves out zero", "доказано: интервал не содержит нуля"), page.In("may be chance", "может быть случайностью"))}
            """);
        EffectTable.Begin(page, page.In("messages", "сообщений"), Term.OfferedInAll, Term.HeldOut, Term.HeldOutWaveSpend, Term.Difference, Term.Interval);
        foreach (var one in report.ByMessages)
        {
            page.Add($"""<tr><th scope="row">{PeriodTexts.Messages(one.Messages).In(language)}</th><td data-label="{page.Name(Term.OfferedInAll)}">{FigureText.Count(one.Treated, language)}</td><td data-label="{page.Name(Term.HeldOut)}">{FigureText.Count(one.HeldOut, language)}</td><td data-label="{page.Name(Term.HeldOutWaveSpend)}">{FigureText.Of(MetricUnit.Money, one.HeldOutSpend, language)}</td>""");
            if (one.Difference is { } difference)
                page.Add($"""<td data-label="{page.Name(Term.Difference)}" class="{(difference.IsSure ? "sure" : "unsure")}">{FigureText.WithSign(MetricUnit.Money, difference.Difference, language)}</td><td data-label="{page.Name(Term.Interval)}">{FigureText.Interval(MetricUnit.Money, difference, language)}</td></tr>{'\n'}""");
            else
                page.Add($"""<td colspan="2" class="none">{page.In("not enough data yet", "данных ещё мало")}: {one.Verdict.Explain().In(language)}</td></tr>{'\n'}""");
        }

        page.Add($"</tbody></table></div>\n");
    }
}
