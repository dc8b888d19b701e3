using Volna.Offers;
using Volna.Reports.Policies;
using Volna.Reports.Targeting;

namespace Volna.Reports.Slides;

/// <summary>A report as a few slides to show a director: key figures, effect and why, who was touched, what was redeemed, what to do next.</summary>
static class ReportSlides
{
    /// <summary>Groups on a slide; the page and the CSV have more.</summary>
    const int MostGroups = 8;

    public static Deck Of(WaveReport report, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var title = $"{In("Wave", "Волна")} {report.Wave}: {In("what it brought", "что она принесла")}";
        var deck = new Deck(
            title, language.Code(),
            $"Volna · {title} · {In("made", "составлено")} {FigureText.Day(DateOnly.FromDateTime(report.MadeAt.DateTime), language)} · {In("data", "данные")} {report.Snapshot}",
            In("(continued)", "(продолжение)"), report.MadeAt);

        deck.Slide(title);
        deck.Paragraph($"{In("Valid", "Действует")} {FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)} · {In("receipts until", "чеки по")} {(report.ReceiptsUntil is { } until ? FigureText.Day(until, language) : "—")}{(report.Currency is null ? "" : $" · {In("money in", "суммы —")} {report.Currency}")}", 11, soft: true);
        deck.Paragraph(Headline.Of(report).In(language), 17, bold: true, after: 14);
        Cards(deck, report, language);
        foreach (var note in report.Notes.Where(note => note.Alarm)) deck.Alarm($"{In("Attention.", "Внимание.")} {note.Text.In(language)}");
        Reasons(deck, report.Everyone, language);

        Effects(deck, report.Everyone, language);
        Touched(deck, report, language);
        if (report.Targets is { } targets) Targets(deck, targets, language);
        if (report.Policies is { IsEmpty: false } policies) Policies(deck, policies, language);
        Redeemed(deck, report.Redemption, language);

        if (Advice.Of(report) is { Count: > 0 } advice)
        {
            deck.Slide(In("What to do next", "Что делать дальше"));
            deck.Bullets(advice.Select(point => point.In(language)));
        }

        deck.Slide(In("How to read this", "Как это читать"));
        deck.Bullets(report.Notes.Where(note => !note.Alarm).Select(note => note.Text.In(language)).Append(In(
            "Interval: if the wave were repeated many times, 95 of 100 such intervals would hold the true effect. p: how often chance alone would make a difference at least as large; beside the spend, corrected for being several.",
            "Интервал: если повторять волну много раз, 95 из 100 таких интервалов содержали бы истинный эффект. p — как часто одна случайность дала бы разницу не меньше; кроме покупок — с поправкой на число показателей.")), 10.5);

        deck.Slide(In("What the figures mean", "Что значат показатели"));
        foreach (var metric in Enum.GetValues<Metric>()) deck.Definition(metric.Anchor(), metric.Name().In(language), metric.Definition().In(language));
        deck.Definition("redemption", In("Offers redeemed", "Погашено предложений"), In(
            "Offers spent at a till, and what they took off. Describes those who redeemed; it isn't the effect, because many of them would have bought anyway.",
            "Предложения, использованные на кассе, и снятая по ним сумма. Описывает погасивших; это не эффект: многие из них купили бы и так."));
        return deck;
    }

    static void Cards(Deck deck, WaveReport report, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var (everyone, redemption) = (report.Everyone, report.Redemption);
        deck.Cards(
        [
            Total(Metric.SpendPerCustomer, In("Additional turnover", "Дополнительный оборот")),
            Total(Metric.MarginPerCustomer, In("Additional margin after discounts", "Дополнительная маржа после скидок")),
            (In("Discounts at the till", "Скидки на кассе"), FigureText.Total(redemption.DiscountMinor, language), In("what the personal offers took off", "сколько сняли персональные предложения"), "redemption"),
            (In("Offers redeemed", "Погашено предложений"), redemption.Offers == 0 ? "—" : FigureText.Percent((double)redemption.Redeemed / redemption.Offers, language),
                $"{FigureText.Count(redemption.Redeemed, language)} {In("of", "из")} {FigureText.Count(redemption.Offers, language)}", "redemption"),
            (In("Customers", "Покупатели"), FigureText.Count(everyone.Treated, language), $"{In("held out", "в контрольной группе")}: {FigureText.Count(everyone.HeldOut, language)}", null),
        ]);

        (string, string, string, string?) Total(Metric metric, string name) => everyone[metric] is { Total: { } total }
            ? (name, FigureText.SignedTotal(total.Difference, language), $"95 %: {FigureText.SignedTotal(total.Lower, language)} … {FigureText.SignedTotal(total.Upper, language)}", metric.Anchor())
            : (name, In("not enough data", "мало данных"), everyone[metric].Verdict.Explain().In(language), metric.Anchor());
    }

    static void Reasons(Deck deck, Population everyone, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        if (Why.Of(everyone) is not { } why) return;
        deck.Paragraph(why.Sentence(everyone[Metric.SpendPerCustomer].IsSure).In(language), 14, bold: true);
        deck.Paragraph(In(
            "Spend per customer = share who bought × receipts of a buyer × average check. The three changes multiply to that of the spend. A larger check with fewer buyers is no gain by itself: only the spend of all assigned customers tells.",
            "Покупки на покупателя = доля купивших × чеков на купившего × средний чек. Три изменения перемножаются в изменение покупок. Больший чек при меньшем числе купивших сам по себе не выигрыш: судить можно лишь по покупкам всех участников."), 11, soft: true);
        deck.Table(
            [0.6, 0.4], [In("part", "составляющая"), In("change against the held-out", "изменение относительно контроля")],
            [.. why.Parts.Select(part => (IReadOnlyList<string>)[part.Name.In(language), FigureText.SignedPercent(part.Change, language)])]);
    }

    static void Effects(Deck deck, Population everyone, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        deck.Slide(In("Effect per assigned customer", "Эффект на участника волны"));
        deck.Paragraph(In(
            "Treated customers against customers held out by chance before the wave. Everybody assigned counts, also who bought or redeemed nothing.",
            "Целевая группа против контрольной, отобранной случайно до волны. Учитываются все участники, в том числе те, кто ничего не купил и не погасил."), 11, soft: true);
        Chart(deck, [.. everyone.Metrics.Select(figures => (figures.Metric.Name().In(language), figures, (string?)figures.Metric.Anchor()))], language);
        deck.Table(
            [0.27, 0.12, 0.12, 0.13, 0.27, 0.09],
            [In("figure", "показатель"), In("treated", "целевая группа"), In("held out", "контроль"), In("difference", "разница"), In("95 % interval", "95 %-й интервал"), "p"],
            [.. everyone.Metrics.Select(figures => (IReadOnlyList<string>)
            [
                figures.Metric.Name().In(language), FigureText.Of(figures.Metric.Unit(), figures.Treated, language), FigureText.Of(figures.Metric.Unit(), figures.HeldOut, language), .. Difference(figures, language),
            ])],
            [.. everyone.Metrics.Select(figures => figures.Metric.Anchor())]);
    }

    static void Touched(Deck deck, WaveReport report, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        if (report.By(Dimension.Segment) is { Count: > 0 } segments)
        {
            deck.Slide(In("Who was touched", "Кого затронула волна"));
            deck.Table(
                [0.25, 0.13, 0.16, 0.15, 0.22, 0.09],
                [In("segment", "сегмент"), In("customers", "покупателей"), In("buy without offers", "покупают без предложений"), In("spend of held-out", "покупки контроля"), In("change of spend, 95 % interval", "изменение покупок, 95 %-й интервал"), "p"],
                [.. segments.Take(MostGroups).Select(segment => (IReadOnlyList<string>)
                [
                    segment.Name, FigureText.Count(segment.Treated + segment.HeldOut, language), FigureText.Of(MetricUnit.Share, segment[Metric.BuyerShare].HeldOut, language),
                    FigureText.Of(MetricUnit.Money, segment[Metric.SpendPerCustomer].HeldOut, language), Change(segment[Metric.SpendPerCustomer]), PValue(segment[Metric.SpendPerCustomer], language),
                ])]);
            Groups(segments);
        }

        foreach (var dimension in (Dimension[])[Dimension.Category, Dimension.Supplier])
            if (report.By(dimension) is { Count: > 1 } groups)
            {
                deck.Slide(dimension.Title().In(language));
                deck.Paragraph(In(
                    "What all assigned customers spent on these goods, offered to them or not: a gain at the cost of other goods is seen here.",
                    "Сколько все участники волны потратили на эти товары, предлагали их им или нет: здесь видно, если что-то растёт за счёт другого."), 11, soft: true);
                Groups([.. groups.OrderByDescending(group => group[Metric.SpendPerCustomer].HeldOut ?? 0).Take(MostGroups)]);
            }

        if (report.By(Dimension.Beside) is { Count: > 1 } beside)
        {
            deck.Slide(Dimension.Beside.Title().In(language));
            deck.Paragraph(In(
                "What all assigned customers spent on the goods that make half of the offers, on other goods of their categories (less: the offered only took their place) and on the rest (more: who came bought other things too).",
                "Сколько все участники потратили на товары, составляющие половину предложений, на другие товары тех же категорий (меньше — предложенные лишь заняли их место) и на остальное (больше — пришедшие купили и другое)."), 11, soft: true);
            Groups(beside);
        }

        if (report.By(Dimension.Slot) is { Count: > 0 } slots)
        {
            deck.Slide(Dimension.Slot.Title().In(language));
            deck.Paragraph(Dimension.Slot.Explain().In(language), 11, soft: true);
            Groups(slots);
            deck.Slide(Dimension.SlotGoods.Title().In(language));
            deck.Paragraph(Dimension.SlotGoods.Explain().In(language), 11, soft: true);
            Groups(report.By(Dimension.SlotGoods));
        }

        void Groups(IEnumerable<Population> groups) => Chart(deck, [.. groups.Take(MostGroups).Select(group => (group.Dimension.GroupName(group.Name).In(language), group[Metric.SpendPerCustomer], (string?)null))], language);

        string Change(MetricFigures spend) => spend is { Relative: { } relative }
            ? $"{FigureText.SignedPercent(relative.Difference, language)} ({FigureText.PercentInterval(relative, language)})"
            : In("not enough data", "мало данных");
    }

    static void Targets(Deck deck, TargetView view, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        if (view.Bands.IsEmpty) return;
        deck.Slide(In("Whom to write to", "Кому писать"));
        deck.Bullets(view.Sentences().Select(sentence => sentence.In(language)));
        deck.Intervals(
            [.. view.Bands.Select(band => (
                $"{TargetTexts.Range(band.From, band.To, language)} ({FigureText.Count(band.Treated + band.HeldOut, language)})", band.Spend,
                band.Spend is { } spend ? FigureText.WithSign(MetricUnit.Money, spend.Difference, language) : In("not enough data", "мало данных"), band.IsSure, (string?)null))],
            value => FigureText.SignedTotal(value, language),
            In("Effect on the spend of a customer by base conversion (customers in brackets), with 95 % intervals. ", "Эффект на покупки покупателя по базовой конверсии (в скобках — число покупателей), с 95 %-ми интервалами. ")
                + TargetTexts.Explained.In(language));
        if (view.Curves.Where(curve => !curve.OfMargin).ToList() is not { Count: > 0 } curves) return;
        deck.Slide(In("Whom to write to: the order", "Кому писать: порядок"));
        deck.Curves(
            [.. curves.Select(curve => ($"{curve.Title().In(language)}: {curve.Qini().In(language)}", (IReadOnlyList<Statistics.Effect>)curve.Points))],
            value => FigureText.WithSign(MetricUnit.Money, value, language), TargetTexts.OfCurve.In(language));
    }

    static void Policies(Deck deck, PolicyView view, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        deck.Slide(In("What other depths would have brought", "Что принесли бы другие скидки"));
        deck.Paragraph(view.Sentence().In(language), 14, bold: true);
        deck.Paragraph(PolicyTexts.Explained.In(language), 11, soft: true);
        deck.Table(
            [0.34, 0.15, 0.33, 0.18],
            [In("policy", "выбор глубины"), In("margin an offer", "маржа на предложение"), In("more than the wave's own, 95 % interval", "больше, чем у волны, 95 %-й интервал"), In("worth offers of its own", "равно собственным предложениям")],
            [
                [In("as the wave did", "как в волне"), FigureText.Of(MetricUnit.Money, view.Policies[0].Estimate.Logging, language), "", FigureText.Count(view.Decisions, language)],
                .. view.Policies.Select(one => (IReadOnlyList<string>)
                [
                    one.Policy.Name().In(language), FigureText.Of(MetricUnit.Money, one.Estimate.Snips?.Value, language),
                    one.Gain is { } gain ? FigureText.WithInterval(MetricUnit.Money, gain, language) : one.Estimate.Explain().In(language), FigureText.Count((long)one.Estimate.EffectiveDecisions, language),
                ]),
            ]);
    }

    static void Redeemed(Deck deck, RedemptionFigures redemption, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        if (redemption.Offers == 0) return;
        deck.Slide(In("What was redeemed", "Что погашали"));
        deck.Paragraph(In(
            "Describes those who redeemed; it isn't the effect. Who redeems would often have bought anyway.",
            "Описывает погасивших; это не эффект. Кто погашает, часто купил бы и так."), 11, soft: true);
        deck.Bars([.. redemption.Slots.Select(slot => (slot.Slot.Name().In(language), Share(slot.Redeemed, slot.Offers), Value(slot.Redeemed, slot.Offers)))]);
        if (redemption.Depths.Length > 1)
        {
            deck.Paragraph(In("By depth of discount", "По глубине скидки"), bold: true);
            deck.Bars([.. redemption.Depths.Take(10).Select(depth => (FigureText.Percent(depth.DepthBasisPoints / 10_000.0, language), Share(depth.Redeemed, depth.Offers), Value(depth.Redeemed, depth.Offers)))]);
        }

        string Value(long redeemed, long offers) => offers == 0 ? "—" : $"{FigureText.Percent(Share(redeemed, offers), language)} {In("of", "из")} {FigureText.Count(offers, language)}";

        static double Share(long redeemed, long offers) => offers == 0 ? 0 : (double)redeemed / offers;
    }

    static void Chart(Deck deck, IReadOnlyList<(string Label, MetricFigures Figures, string? Anchor)> rows, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        deck.Intervals(
            [.. rows.Select(row => (row.Label, row.Figures.Relative, row.Figures.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : In("not enough data", "мало данных"), row.Figures.IsSure, row.Anchor))],
            value => FigureText.SignedPercent(value, language),
            In(
                "Change against the held-out customers with 95 % intervals. Filled: sure (the interval leaves out zero, and p is below 0.05); hollow: may be chance.",
                "Изменение относительно контрольной группы с 95 %-ми интервалами. Закрашено: доказано (интервал не содержит нуля, и p меньше 0,05); пустой кружок: может быть случайностью."));
    }

    static IReadOnlyList<string> Difference(MetricFigures figures, Language language) => figures.Difference is { } difference
        ? [FigureText.WithSign(figures.Metric.Unit(), difference.Difference, language), FigureText.Interval(figures.Metric.Unit(), difference, language), PValue(figures, language)]
        : ["—", figures.Verdict.Explain().In(language), "—"];

    static string PValue(MetricFigures figures, Language language) => figures.Difference is { } difference ? FigureText.PValue(figures.CorrectedPValue ?? difference.PValue, language) : "—";
}
