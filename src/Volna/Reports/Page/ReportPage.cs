using System.Globalization;
using Volna.Offers;

namespace Volna.Reports.Page;

/// <summary>A report as one HTML file that opens without a network: key figures first, each figure with its definition, charts with intervals.</summary>
public static class ReportPage
{
    public static string Of(WaveReport report, Language language)
    {
        var page = new PageWriter(language);
        page.Add($"""
            <!doctype html>
            <html lang="{language.Code()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{page.In("Wave", "Волна")} {Html.Of(report.Wave)}: {page.In("what it brought", "что она принесла")}</title>
            <style>{PageStyle.Css}</style></head><body><main>
            <p class="over">Volna · {page.In("report on a wave", "отчёт о волне")}</p>
            <h1>{page.In("Wave", "Волна")} {Html.Of(report.Wave)}</h1>
            <p class="dates">{page.In("Valid", "Действует")} {FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)} · {page.In("receipts until", "чеки по")} {(report.ReceiptsUntil is { } until ? FigureText.Day(until, language) : "—")}{(report.Currency is null ? "" : $" · {page.In("money in", "суммы —")} {Html.Of(report.Currency)}")}</p>
            <p class="headline">{Html.Of(Headline.Of(report).In(language))}</p>

            """);
        foreach (var note in report.Notes.Where(note => note.Alarm)) page.Add($"""<p class="alarm"><strong>{page.In("Attention.", "Внимание.")}</strong> {Html.Of(note.Text.In(language))}</p>{'\n'}""");
        Cards(page, report);
        WhyAndWhatNext(page, report);
        page.Add($"""
            <div class="together"><h2>{page.In("Effect per assigned customer", "Эффект на участника волны")}</h2>
            <p>{page.In(
                "Treated customers against customers held out, drawn by chance before the wave. Everybody assigned counts, also who bought nothing or redeemed nothing.",
                "Целевая группа против контрольной, отобранной случайно до волны. Учитываются все включённые в волну покупатели, в том числе те, кто ничего не купил и ничего не погасил.")}</p>

            """);
        EffectTable.Chart(page, report.Everyone);
        page.Add($"</div>\n");
        EffectTable.Of(page, report.Everyone);
        foreach (var dimension in Enum.GetValues<Dimension>()) Groups(page, report, dimension);
        if (report.Targets is { } targets) TargetSection.Add(page, targets);
        if (report.Policies is { } policies) PolicySection.Add(page, policies);
        Redemptions(page, report.Redemption);
        if (report.Letters is { } letters)
            page.Add($"<h2>{page.In("Letters", "Письма")}</h2>\n<p>{Html.Of(letters.Sentence().In(language))} {Html.Of(LetterTexts.Machines.In(language))}</p>\n");
        Notes(page, report);
        Definitions(page, report);
        page.Add($"</main></body></html>\n");
        return page.ToString();
    }

    static void Cards(PageWriter page, WaveReport report)
    {
        var everyone = report.Everyone;
        page.Add($"<section class=\"cards\">\n");
        Total(everyone[Metric.SpendPerCustomer], new("Additional turnover", "Дополнительный оборот"));
        Total(everyone[Metric.MarginPerCustomer], new("Additional margin after discounts", "Дополнительная маржа после скидок"));
        var redemption = report.Redemption;
        Card(
            page.Link(Term.Discount, new("Discounts at the till", "Скидки на кассе")), FigureText.Total(redemption.DiscountMinor, page.Language),
            page.In("what the personal offers took off", "сколько сняли персональные предложения"));
        Card(
            page.Link(Term.RedeemedShare, new("Offers redeemed", "Погашено предложений")), redemption.Offers == 0 ? "—" : FigureText.Percent((double)redemption.Redeemed / redemption.Offers, page.Language),
            $"{FigureText.Count(redemption.Redeemed, page.Language)} {page.In("of", "из")} {FigureText.Count(redemption.Offers, page.Language)}");
        Card(
            page.Link(Term.Treated, new("Customers", "Покупатели")), FigureText.Count(everyone.Treated, page.Language),
            $"{page.In("held out", "в контрольной группе")}: {FigureText.Count(everyone.HeldOut, page.Language)}");
        page.Add($"</section>\n");

        void Total(MetricFigures figures, Text words)
        {
            var name = page.Link(figures.Metric, words);
            if (figures.Total is { } total)
                Card(name, FigureText.SignedTotal(total.Difference, page.Language), $"95 %: {FigureText.SignedTotal(total.Lower, page.Language)} … {FigureText.SignedTotal(total.Upper, page.Language)}");
            else Card(name, page.In("not enough data", "мало данных"), figures.Verdict.Explain().In(page.Language));
        }

        void Card(string name, string value, string remark) =>
            page.Add($"""<div class="card"><div class="name">{name}</div><div class="figure">{Html.Of(value)}</div><div class="remark">{Html.Of(remark)}</div></div>{'\n'}""");
    }

    static void WhyAndWhatNext(PageWriter page, WaveReport report)
    {
        if (Why.Of(report.Everyone) is { } why)
        {
            page.Add($"<h2>{page.In("Why", "Почему")}</h2>\n<p>{Html.Of(why.Sentence(report.Everyone[Metric.SpendPerCustomer].IsSure).In(page.Language))}</p>\n<ul class=\"notes\">\n");
            foreach (var (name, change) in why.Parts) page.Add($"<li>{Html.Of(name.In(page.Language))}: <strong>{FigureText.SignedPercent(change, page.Language)}</strong></li>\n");
            page.Add($"</ul>\n");
        }

        if (Advice.Of(report) is not { Count: > 0 } advice) return;
        page.Add($"<h2>{page.In("What to do next", "Что делать дальше")}</h2>\n<ul class=\"notes\">\n");
        foreach (var point in advice) page.Add($"<li>{Html.Of(point.In(page.Language))}</li>\n");
        page.Add($"</ul>\n");
    }

    /// <summary>Groups shown; the CSV has them all.</summary>
    const int MostGroups = 12;

    static void Groups(PageWriter page, WaveReport report, Dimension dimension)
    {
        var all = report.By(dimension);
        if (all.Count < (dimension.IsOfSlot() ? 1 : 2)) return;
        double Size(Population group) => dimension.IsOfGoods() ? group[Metric.SpendPerCustomer].HeldOut ?? 0 : group.Treated + group.HeldOut;
        IReadOnlyList<Population> shown = dimension == Dimension.Segment || all.Count <= MostGroups ? all : [.. all.OrderByDescending(Size).Take(MostGroups)];
        string Name(Population group) => dimension.GroupName(group.Name).In(page.Language);

        page.Add($"<div class=\"together\"><h2>{dimension.Title().In(page.Language)}</h2>\n");
        page.Add($"<p>{(dimension.IsOfSlot() ? dimension.Explain().In(page.Language)
            : dimension == Dimension.Beside
            ? page.In(
                "What all assigned customers spent on the goods that make half of the wave's offers, on other goods of their categories (less of them: the offered only took their place) and on the rest (more of them: who came for an offer bought other things too).",
                "Сколько все участники волны потратили на товары, составляющие половину её предложений, на другие товары тех же категорий (если меньше — предложенные лишь заняли их место) и на остальное (если больше — пришедшие за предложением купили и другое).")
            : dimension.IsOfGoods()
            ? page.In(
                "What all assigned customers spent on these goods, offered to them or not: a gain at the cost of other goods is seen here.",
                "Сколько все участники волны потратили на эти товары, предлагали их им или нет: здесь видно, если что-то растёт за счёт другого.")
            : page.In(
                "Spend per customer of the group against the held-out customers of the same group.",
                "Покупки на покупателя группы относительно контроля той же группы."))} {page.In(
                "Hints for the next plan: p is corrected for the number of groups, so at most one in twenty of those called sure is a mistake.",
                "Это подсказки для следующего плана: p — с поправкой на число групп, так что ошибочно не больше одного из двадцати доказанных.")}{(shown.Count < all.Count ? page.In($" The {shown.Count} largest of {all.Count}; the CSV has them all.", $" Показаны {shown.Count} крупнейших из {all.Count}; в файле CSV — все.") : "")}</p>\n");
        EffectTable.Chart(
            page, page.In("Spend per customer against the held-out, with 95 % intervals", "Покупки на покупателя относительно контроля, с 95 %-ми интервалами"),
            [.. shown.Select(group => (Name(group), group[Metric.SpendPerCustomer]))]);
        page.Add($"</div>\n");
        EffectTable.Begin(page, dimension.Name().In(page.Language), Term.Treated, Term.HeldOut, Term.TreatedSpend, Term.HeldOutSpend, Term.Difference, Term.Interval, Term.PValue);
        foreach (var group in shown)
        {
            var spend = group[Metric.SpendPerCustomer];
            page.Add($"""<tr><th scope="row">{Html.Of(Name(group))}</th><td data-label="{page.Name(Term.Treated)}">{FigureText.Count(group.Treated, page.Language)}</td><td data-label="{page.Name(Term.HeldOut)}">{FigureText.Count(group.HeldOut, page.Language)}</td><td data-label="{page.Name(Term.TreatedSpend)}">{FigureText.Of(MetricUnit.Money, spend.Treated, page.Language)}</td><td data-label="{page.Name(Term.HeldOutSpend)}">{FigureText.Of(MetricUnit.Money, spend.HeldOut, page.Language)}</td>""");
            EffectTable.Difference(page, spend, withUnadjusted: false);
            page.Add($"</tr>\n");
        }

        page.Add($"</tbody></table></div>\n");
    }

    static void Redemptions(PageWriter page, RedemptionFigures redemption)
    {
        page.Add($"<h2>{page.In("Redemption", "Погашение")}</h2>\n");
        page.Add($"""
            <p>{page.In(
                "Describes those who redeemed; it isn't the effect. Who redeems would often have bought anyway, so only the comparison above says what the wave brought.",
                "Описывает только погасивших; это не эффект. Кто погашает, часто купил бы и так, поэтому что принесла волна, говорит лишь сравнение выше.")}</p>

            """);
        page.Add($"<p>{page.In("Customers who redeemed at least one offer", "Покупателей, погасивших хотя бы одно предложение")}: <strong>{FigureText.Count(redemption.Redeemers, page.Language)}</strong></p>\n");
        if (redemption.Slots.IsEmpty) return;
        var most = redemption.Slots.Select(slot => Rate(slot)).DefaultIfEmpty(0).Max();
        EffectTable.Begin(page, page.In("slot", "слот"), Term.Offers, Term.Redeemed, Term.RedeemedShare, Term.Discount, null);
        foreach (var slot in redemption.Slots)
            page.Add($"""<tr><th scope="row">{slot.Slot.Name().In(page.Language)}</th><td data-label="{page.Name(Term.Offers)}">{FigureText.Count(slot.Offers, page.Language)}</td><td data-label="{page.Name(Term.Redeemed)}">{FigureText.Count(slot.Redeemed, page.Language)}</td><td data-label="{page.Name(Term.RedeemedShare)}">{(slot.Offers == 0 ? "—" : FigureText.Percent(Rate(slot), page.Language))}</td><td data-label="{page.Name(Term.Discount)}">{FigureText.Total(slot.DiscountMinor, page.Language)}</td><td class="bar"><span style="width:{(most > 0 ? Rate(slot) / most * 100 : 0).ToString("0.#", CultureInfo.InvariantCulture)}%"></span></td></tr>{'\n'}""");
        page.Add($"</tbody></table></div>\n");
        if (redemption.Depths.Length > 1)
        {
            EffectTable.Begin(page, page.In("depth of discount", "глубина скидки"), Term.Offers, Term.Redeemed, Term.RedeemedShare, Term.Discount);
            foreach (var depth in redemption.Depths)
                page.Add($"""<tr><th scope="row">{FigureText.Percent(depth.DepthBasisPoints / 10_000.0, page.Language)}</th><td data-label="{page.Name(Term.Offers)}">{FigureText.Count(depth.Offers, page.Language)}</td><td data-label="{page.Name(Term.Redeemed)}">{FigureText.Count(depth.Redeemed, page.Language)}</td><td data-label="{page.Name(Term.RedeemedShare)}">{FigureText.Percent((double)depth.Redeemed / depth.Offers, page.Language)}</td><td data-label="{page.Name(Term.Discount)}">{FigureText.Total(depth.DiscountMinor, page.Language)}</td></tr>{'\n'}""");
            page.Add($"</tbody></table></div>\n");
        }

        static double Rate(SlotFigures slot) => slot.Offers == 0 ? 0 : (double)slot.Redeemed / slot.Offers;
    }

    static void Notes(PageWriter page, WaveReport report)
    {
        page.Add($"<h2>{page.In("How to read this", "Как это читать")}</h2>\n<ul class=\"notes\">\n");
        foreach (var note in report.Notes.Where(note => !note.Alarm)) page.Add($"<li>{Html.Of(note.Text.In(page.Language))}</li>\n");
        page.Add($"""
            <li>{page.In(
                "Interval: if the wave were repeated many times, 95 of 100 such intervals would hold the true effect. p: how often chance alone would make a difference at least as large. Welch's test, unequal spread, zeros kept; ratios by the delta method.",
                "Интервал: если повторять волну много раз, 95 из 100 таких интервалов содержали бы истинный эффект. p — как часто одна случайность дала бы разницу не меньше. Критерий Уэлча при разном разбросе, нули учтены; отношения — дельта-методом.")}</li>
            <li>{page.In(
                "The wave is judged by the spend per customer, whose p is as it is. The other figures beside it are several, so their p is corrected (Holm); groups are many (Benjamini–Hochberg).",
                "Волна оценивается по покупкам на покупателя: их p — без поправки. Остальных показателей несколько, их p — с поправкой (Холм); групп много (Бенджамини — Хохберг).")}</li>

            """);
        if (report.SampleRatio is { Alarm: false } ratio)
            page.Add($"""
                <li>{page.In(
                    $"Sizes of the arms fit the plan: {FigureText.Percent(ratio.PlannedShare, page.Language)} planned to be held out, {FigureText.Percent((double)ratio.HeldOut / (ratio.Treated + ratio.HeldOut), page.Language)} are (p = {FigureText.PValue(ratio.PValue, page.Language)}; alarm below 0.001).",
                    $"Размеры групп соответствуют плану: в контроле запланировано {FigureText.Percent(ratio.PlannedShare, page.Language)}, получилось {FigureText.Percent((double)ratio.HeldOut / (ratio.Treated + ratio.HeldOut), page.Language)} (p = {FigureText.PValue(ratio.PValue, page.Language)}; тревога ниже 0,001).")}</li>

                """);
        page.Add($"</ul>\n");
    }

    static void Definitions(PageWriter page, WaveReport report)
    {
        page.Add($"<h2>{page.In("What the figures mean", "Что значат показатели")}</h2>\n");
        page.Definitions(report.Everyone.Metrics.Select(figures => figures.Metric));
        page.Add($"<p class=\"foot\">{page.In("Made", "Составлен")} {report.MadeAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC · {page.In("data", "данные")} {Html.Of(report.Snapshot)} · {page.In("offers", "предложения")} {Html.Of(report.Digest?[..Math.Min(12, report.Digest.Length)] ?? "—")}</p>\n");
    }
}
