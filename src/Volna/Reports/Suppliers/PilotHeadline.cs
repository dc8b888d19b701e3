namespace Volna.Reports.Suppliers;

/// <summary>A pilot in one sentence.</summary>
public static class PilotHeadline
{
    public static Text Of(SupplierPilot pilot)
    {
        if (pilot.Verdict != NoVerdict.None)
            return new(
                $"Not enough data yet to judge the pilot: {pilot.Verdict.Explain().English}.",
                $"Данных ещё мало, чтобы оценить пилот: {pilot.Verdict.Explain().Russian}.");
        if (pilot[PilotMetric.Goods] is not { Relative: { } goods } figure)
            return new("The goods were bought too seldom to judge the pilot.", "Товары покупали слишком редко, чтобы оценить пилот.");
        var (english, russian) = (
            $"{FigureText.SignedPercent(goods.Difference, Language.English)} (95 % interval {FigureText.PercentInterval(goods, Language.English)})",
            $"{FigureText.SignedPercent(goods.Difference, Language.Russian)} (95 %-й интервал {FigureText.PercentInterval(goods, Language.Russian)})");
        if (!figure.IsSure) return new($"No sure effect on the turnover of the goods: {english} may be chance.", $"Эффект на оборот товаров не доказан: {russian} может быть случайностью.");
        var moved = pilot[PilotMetric.Others] is { IsSure: true, Difference.Difference: < 0 };
        return new(
            $"The turnover of the goods changed by {english}{(moved ? ", partly taken from other goods of the category" : "")}.",
            $"Оборот товаров изменился на {russian}{(moved ? ", отчасти за счёт других товаров категории" : "")}.");
    }
}
