using Volna.Learning.Policies;

namespace Volna.Reports.Policies;

/// <summary>What the view of other policies says, in words.</summary>
public static class PolicyTexts
{
    public static Text Explained { get; } = new(
        "The same offers to the same customers with other depths, reckoned from depths that the wave left to chance with known probabilities (explorationShare in the plan): the margin left on the offered product within the validity, an offer. Nothing else tells the effect by depth: customers whom the plan gave different depths differ in more than that. What other goods, other customers or more offers would have brought can't be told so, because the wave leaves only depths to chance.",
        "Те же предложения тем же покупателям, но с другой глубиной скидки: посчитано по глубинам, которые волна выбирала случайно с известной вероятностью (explorationShare в плане). Показана маржа предложенного товара за период действия на одно предложение. Иначе эффект по глубине скидки не узнать: покупатели, которым план дал разные скидки, и сами разные. Что принесли бы другие товары, другие покупатели или больше предложений, так сказать нельзя: случайно волна выбирает только глубину.");

    public static Text Name(this DepthPolicy policy) => policy switch
    {
        DepthPolicy.NoExploration => new("the plan's best depth, nothing left to chance", "лучшая по плану глубина, без случайных"),
        DepthPolicy.Smallest => new("the smallest depth for all", "всем наименьшая глубина"),
        DepthPolicy.Deepest => new("the deepest that keeps the floor", "наибольшая, при которой цена не ниже минимальной"),
        DepthPolicy.Even => new("all allowed depths alike", "все допустимые глубины поровну"),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };

    /// <summary>Why there is no value.</summary>
    public static Text Explain(this OffPolicy estimate) => estimate.Verdict switch
    {
        NoPolicyValue.SupportTooThin => new(
            $"too little of it was tried: the {FigureText.Count(estimate.Decisions, Language.English)} offers tell as much as {FigureText.Count((long)estimate.EffectiveDecisions, Language.English)} of its own, 100 are needed",
            $"его слишком мало пробовали: {FigureText.Count(estimate.Decisions, Language.Russian)} {Languages.Plural(estimate.Decisions, "предложение говорит", "предложения говорят", "предложений говорят")} столько же, сколько {FigureText.Count((long)estimate.EffectiveDecisions, Language.Russian)} собственных, а нужно 100"),
        NoPolicyValue.WeightsDoNotAddUp => new(
            "the logged probabilities don't fit: their weights' mean is surely not 1", "записанные вероятности не сходятся: среднее их весов заведомо не 1"),
        _ => throw new ArgumentOutOfRangeException(nameof(estimate), estimate.Verdict, "A verdict that needs no explanation."),
    };

    /// <summary>What to make of it.</summary>
    public static Text Sentence(this PolicyView view)
    {
        if (view.IsEmpty)
            return new(
                "What other depths would have brought can't be told: the wave left no depth to chance, or no cost of the goods is known. Set explorationShare in the plan.",
                "Что принесли бы другие скидки, сказать нельзя: глубину волна случайно не выбирала или себестоимость товаров не известна. Задайте explorationShare в плане.");
        if (view.Policies.Where(one => one.Gain is { Lower: > 0 }).MaxBy(one => one.Gain!.Difference) is { Gain: { } gain } best)
            return new(
                $"More margin would have come of: {best.Policy.Name().English}, {FigureText.WithInterval(MetricUnit.Money, gain, Language.English)} an offer more.",
                $"Больше маржи дало бы другое: {best.Policy.Name().Russian}, на {FigureText.WithInterval(MetricUnit.Money, gain, Language.Russian)} больше на предложение.");
        return view.Policies.Any(one => one.Gain is not null)
            ? new("No other policy of depth is known to bring more margin on what was offered.", "Не известно другого выбора глубины, который дал бы на предложенном больше маржи.")
            : new("No other policy can be valued: too little of any was tried.", "Другие способы выбора оценить нельзя: ни один не пробовали достаточно.");
    }
}
