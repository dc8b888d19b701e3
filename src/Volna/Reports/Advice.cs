namespace Volna.Reports;

/// <summary>What to do next, computed from a report's own figures; each point names the figure it rests on.</summary>
public static class Advice
{
    /// <summary>Where so many buy without an offer, hardly anybody is left whom it could bring.</summary>
    const double BuyAnyway = 0.9;

    /// <summary>Depths are compared from so many offers each, and "hardly more often" is less than so much more.</summary>
    const int LeastOffersOfDepth = 1_000;
    const double HardlyMore = 1.15;

    // An effect is found four times in five where it is 1.96 + 0.84 standard errors.
    const double Reach = 2.8;

    public static IReadOnlyList<Text> Of(WaveReport report)
    {
        var spend = report.Everyone[Metric.SpendPerCustomer];
        if (report.Notes.Any(note => note is { Alarm: true, Code: not ("check-and-conversion-apart" or "bought-in-advance") }))
            return [new("Find the cause of the alarms first: until then no figure here can carry a decision.", "Сначала найдите причину тревог: до этого ни на одну цифру здесь опираться нельзя.")];
        if (spend.Difference is not { } effect) return [Without(spend.Verdict)];

        var advice = new List<Text>();
        if (spend.IsSure) advice.Add(Sure(effect.Difference > 0, report.Everyone[Metric.MarginPerCustomer]));
        else if (spend is { HeldOut: > 0 and var heldOut }) advice.Add(Unsure(effect, heldOut));

        if (report.Notes.Any(note => note.Code == "bought-in-advance"))
            advice.Add(new(
                "Part of the turnover was only bought in advance: offer goods that don't keep, or less of a kind (mostPieces), and count both periods together.",
                "Часть оборота куплена лишь впрок: предлагайте то, что долго не хранится, или меньше одного товара (mostPieces), и считайте оба периода вместе."));

        foreach (var segment in report.By(Dimension.Segment))
        {
            if (segment[Metric.SpendPerCustomer] is { IsSure: true, Difference.Difference: < 0, Relative: var change })
            {
                var (english, russian) = change is { Difference: var share } ? ($" ({FigureText.SignedPercent(share, Language.English)})", $" ({FigureText.SignedPercent(share, Language.Russian)})") : ("", "");
                advice.Add(new(
                    $"Segment {segment.Name} surely spent less with the offers{english}: leave it out of the next wave or change what it is offered.",
                    $"Сегмент {segment.Name} с предложениями тратил меньше, и это доказано{russian}: исключите его из следующей волны или смените предложения."));
            }

            if (segment[Metric.BuyerShare] is { HeldOut: >= BuyAnyway and var anyway } && segment.HeldOut >= Compare.LeastCustomers)
                advice.Add(new(
                    $"Of segment {segment.Name} {FigureText.Percent(anyway, Language.English)} buy without an offer: it can't bring them, only make them buy more or other goods. Write to them less often.",
                    $"В сегменте {segment.Name} без предложений покупают {FigureText.Percent(anyway, Language.Russian)}: привести их уже нельзя, можно лишь продать больше или другое. Пишите им реже."));
        }

        if (Depths(report.Redemption) is { } depths) advice.Add(depths);
        return advice;
    }

    static Text Without(NoVerdict verdict) => verdict switch
    {
        NoVerdict.NoHeldOut => new(
            "Hold customers out of the next wave (holdoutShare in the plan): without them no effect can be told.",
            "В следующей волне выделите контрольную группу (holdoutShare в плане): без неё эффект не определить."),
        NoVerdict.StoppedTooSoon => new(
            "Run the wave again over its whole validity, once the cause of the stop is mended: this one can't be judged.",
            "Проведите волну снова на весь период действия, когда причина остановки устранена: по этой судить нельзя."),
        NoVerdict.WaveNotOver => new("Wait for the receipts of the whole validity.", "Дождитесь чеков за весь период действия."),
        NoVerdict.TooFewCustomers or NoVerdict.TooFewBuyers => new(
            "Hold out more customers, or let the wave run longer; volna experiment plan tells how many are needed.",
            "Увеличьте контрольную группу или срок волны; сколько нужно, подскажет volna experiment plan."),
        _ => new(
            $"Nothing can be advised: {verdict.Explain().English}.",
            $"Посоветовать нечего: {verdict.Explain().Russian}."),
    };

    static Text Sure(bool grew, MetricFigures margin) => (grew, margin.Difference) switch
    {
        (false, _) => new(
            "The wave surely lowered the turnover: don't repeat this plan as it is.",
            "Волна снизила оборот, и это доказано: не повторяйте этот план без изменений."),
        (true, { Difference: > 0 }) when margin.IsSure => new(
            "Turnover and margin both surely grew: repeat, and widen it to customers who got nothing yet.",
            "Выросли и оборот, и маржа, и то и другое доказано: повторите и распространите на тех, кто ещё ничего не получал."),
        (true, { Difference: < 0 }) when margin.IsSure => new(
            "The turnover was bought with margin: raise leastMargin or offer smaller discounts, and let the next wave show whether the turnover stays.",
            "Оборот куплен за счёт маржи: поднимите leastMargin или уменьшите скидки, и пусть следующая волна покажет, сохранится ли оборот."),
        _ => new(
            "The turnover surely grew, the margin isn't known to have: watch the margin of the next waves before widening this one.",
            "Рост оборота доказан, рост маржи — нет: прежде чем расширять, посмотрите на маржу следующих волн."),
    };

    static Text Unsure(Statistics.Effect effect, double heldOut)
    {
        var least = Reach * effect.StandardError / heldOut;
        var times = Math.Pow(Reach * effect.StandardError / effect.Difference, 2);
        var (english, russian) = times < 1_000
            ? ($" For an effect as large as the one seen, {Times(times, Language.English)} times as many customers or waves are needed.",
                $" Для эффекта такой величины, какая получилась, покупателей или волн нужно в {Times(times, Language.Russian)} раза больше.")
            : ("", "");
        return new(
            $"Four times in five, this wave shows an effect of {FigureText.Percent(least, Language.English)} of the spend or more; what it had, if any, is smaller.{english} Compare several waves together (volna report period).",
            $"В четырёх случаях из пяти такая волна показывает эффект от {FigureText.Percent(least, Language.Russian)} покупок; здесь он, если и есть, меньше.{russian} Оценивайте несколько волн вместе (volna report period).");

        static string Times(double times, Language language) => Math.Max(1.1, times).ToString("0.0", language.Culture());
    }

    static Text? Depths(RedemptionFigures redemption)
    {
        var depths = redemption.Depths.Where(depth => depth is { DepthBasisPoints: > 0, Offers: >= LeastOffersOfDepth, Redeemed: > 0 }).ToList();
        if (depths.Count < 2) return null;
        var (least, most) = (depths.MinBy(depth => depth.DepthBasisPoints)!, depths.MaxBy(depth => depth.DepthBasisPoints)!);
        double low = (double)least.Redeemed / least.Offers, high = (double)most.Redeemed / most.Offers;
        if (high > low * HardlyMore) return null;
        return new(
            $"Discounts of {Depth(most, Language.English)} were redeemed hardly more often ({FigureText.Percent(high, Language.English)}) than those of {Depth(least, Language.English)} ({FigureText.Percent(low, Language.English)}). Goods and customers differ, so this proves nothing yet: let a share of the depths be drawn (explorationShare) and try smaller ones.",
            $"Скидки {Depth(most, Language.Russian)} погашали едва ли чаще ({FigureText.Percent(high, Language.Russian)}), чем скидки {Depth(least, Language.Russian)} ({FigureText.Percent(low, Language.Russian)}). Товары и покупатели там разные, так что это ещё не доказательство: часть скидок назначайте случайно (explorationShare) и пробуйте меньшие.");

        static string Depth(DepthFigures depth, Language language) => FigureText.Percent(depth.DepthBasisPoints / 10_000.0, language);
    }
}
