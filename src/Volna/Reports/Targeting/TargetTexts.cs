using Volna.Reports.Statistics;

namespace Volna.Reports.Targeting;

/// <summary>What the view says, in sentences.</summary>
public static class TargetTexts
{
    public static Text Explained { get; } = new(
        "Base conversion: the share of customers of her kind (how long ago and how often they bought) who buy in so many days without the wave, counted in the days before it. Groups are compared with the held-out of the same group.",
        "Базовая конверсия — доля похожих покупателей (по давности и частоте покупок), которые купят за столько же дней и без волны; посчитана по дням до неё. Каждая группа сравнивается с контролем той же группы.");

    public static Text OfCurve { get; } = new(
        "What the wave brings on a customer of the wave if only the first are written to. The dashed line is a blind choice; Qini is the mean height over it. The thin lines hold the curve with 95 % at each point.",
        "Сколько волна приносит в расчёте на её участника, если писать только первым. Пунктир — выбор вслепую; Qini — средняя высота над ним. Тонкие линии — 95 %-й интервал в каждой точке.");

    public static Text Name(this TargetOrder order) => order switch
    {
        TargetOrder.BaseConversion => new("highest base conversion first", "сначала с высокой базовой конверсией"),
        TargetOrder.ExpectedEffect => new("largest expected effect first (learnt from one half of the customers, tried on the other)", "сначала с большим ожидаемым эффектом (найден на одной половине покупателей, проверен на другой)"),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    public static Text Title(this TargetCurve curve)
    {
        var what = curve.OfMargin ? new Text("Margin", "Маржа") : new Text("Spend", "Покупки");
        return new($"{what.English}, {curve.Order.Name().English}", $"{what.Russian}, {curve.Order.Name().Russian}");
    }

    public static Text Qini(this TargetCurve curve) => new($"Qini {Money(curve.Qini, Language.English)}", $"Qini {Money(curve.Qini, Language.Russian)}");

    /// <summary>A group by its base conversions.</summary>
    public static string Range(double from, double to, Language language)
    {
        string Percent(double share) => (share * 100).ToString(share * 100 % 1 < 0.05 ? "0" : "0.0", language.Culture());
        return from == to ? $"{Percent(from)} %" : $"{Percent(from)}–{Percent(to)} %";
    }

    /// <summary>Whom to write to, whom not, and how sure that is.</summary>
    public static IReadOnlyList<Text> Sentences(this TargetView view)
    {
        if (view.Verdict != NoVerdict.None)
            return [new($"Whom the wave changed can't be told: {view.Verdict.Explain().English}.", $"Кого изменила волна, сказать нельзя: {view.Verdict.Explain().Russian}.")];
        List<Text> sentences = [Best(view.Best)];
        if (view.LeftOut is { } leftOut) sentences.Add(Saved(leftOut));
        else sentences.Add(new("Whom not to write to can't be told: no costs of goods are known, so no margin.", "Кому не стоило писать, сказать нельзя: себестоимость товаров не известна, а значит, и маржа."));
        if (view.Curves.FirstOrDefault(curve => curve is { Order: TargetOrder.BaseConversion, OfMargin: false }) is { } curve) sentences.Add(Order(curve.Qini));
        return sentences;
    }

    static Text Best(BestBand? best) => best switch
    {
        null => new("Where the wave brought most can't be told: too few bands have enough customers in both arms.", "Где эффект больше всего, сказать нельзя: слишком мало групп, в которых хватает покупателей с обеих сторон."),
        { Spend: { IsSure: true, Difference: > 0 } } => new(
            $"The wave brought most to customers with a base conversion of {Range(best.From, best.To, Language.English)}: {Money(best.Spend, Language.English)} each (chosen by one half of the customers, counted on the other). Aim the next wave at them first.",
            $"Больше всего волна принесла на покупателях с базовой конверсией {Range(best.From, best.To, Language.Russian)}: {Money(best.Spend, Language.Russian)} на каждого (выбрано по одной половине покупателей, посчитано по другой). В следующей волне начните с них."),
        _ => new(
            $"Where the wave brings most isn't known yet. One half of the customers points to a base conversion of {Range(best.From, best.To, Language.English)}, and there the other half shows {Money(best.Spend, Language.English)} a customer, which may be chance: no base conversion can be advised from these data. Look at several waves together (volna report uplift).",
            $"Где волна приносит больше всего, пока не известно. Одна половина покупателей указывает на базовую конверсию {Range(best.From, best.To, Language.Russian)}, а другая показывает там {Money(best.Spend, Language.Russian)} на покупателя, и это может быть случайностью: по этим данным советовать базовую конверсию нельзя. Посмотрите несколько волн вместе (volna report uplift)."),
    };

    static Text Saved(LeftOut leftOut)
    {
        if (leftOut.Customers == 0)
            return new("No group lost margin by the wave: nobody should have been left out.", "Ни в одной группе волна не снизила маржу: исключать было некого.");
        string Groups(Language language) => leftOut.Groups.IsEmpty ? "" : " (" + string.Join(", ", leftOut.Groups.Select(band => Range(band.From, band.To, language))) + ")";
        string Total(Language language) => $"{FigureText.SignedTotal(leftOut.Saved.Difference, language)} (95 %: {FigureText.SignedTotal(leftOut.Saved.Lower, language)} … {FigureText.SignedTotal(leftOut.Saved.Upper, language)})";
        return leftOut.Saved is { IsSure: true, Difference: > 0 }
            ? new(
                $"{FigureText.Count(leftOut.Customers, Language.English)} customers{Groups(Language.English)} should not have been written to: without them the margin would have been higher by {Total(Language.English)}.",
                $"{FigureText.Count(leftOut.Customers, Language.Russian)} {Languages.Plural(leftOut.Customers, "покупателю", "покупателям", "покупателям")}{Groups(Language.Russian)} писать не стоило: без них маржа была бы выше на {Total(Language.Russian)}.")
            : new(
                $"Not writing to {FigureText.Count(leftOut.Customers, Language.English)} customers{Groups(Language.English)} of groups that seemed to lose margin would have changed the margin by {Total(Language.English)}: that may be chance, so nobody is known to be better left alone.",
                $"Если бы не писать {FigureText.Count(leftOut.Customers, Language.Russian)} {Languages.Plural(leftOut.Customers, "покупателю", "покупателям", "покупателям")}{Groups(Language.Russian)} из групп, где маржа как будто снизилась, маржа изменилась бы на {Total(Language.Russian)}: это может быть случайностью, так что кого не стоит трогать, не известно.");
    }

    static Text Order(Effect qini) => qini switch
    {
        { Lower: > 0 } => new("The likelier customers are to buy anyway, the larger the effect: surely.", "Чем вероятнее покупка и без волны, тем больше эффект: это доказано."),
        { Upper: < 0 } => new("The likelier customers are to buy anyway, the smaller the effect: surely.", "Чем вероятнее покупка и без волны, тем меньше эффект: это доказано."),
        _ => new(
            "That the effect grows or falls with the base conversion isn't proven.",
            "Что эффект растёт или падает с базовой конверсией, не доказано."),
    };

    static string Money(Effect effect, Language language) => FigureText.WithInterval(MetricUnit.Money, effect, language);
}
