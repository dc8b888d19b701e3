using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>The report in one sentence, as a director hears it.</summary>
public static class Headline
{
    public static Text Of(WaveReport report)
    {
        var spend = report.Everyone[Metric.SpendPerCustomer];
        if (spend.Verdict == NoVerdict.StoppedTooSoon)
            return new(
                $"What the wave would have brought can't be told: {spend.Verdict.Explain().English}.",
                $"Что принесла бы волна, сказать нельзя: {spend.Verdict.Explain().Russian}.");
        if (spend.Verdict != NoVerdict.None)
            return new(
                $"Not enough data yet to say what the wave brought: {spend.Verdict.Explain().English}.",
                $"Данных ещё мало, чтобы сказать, что принесла волна: {spend.Verdict.Explain().Russian}.");

        var total = spend.Total!;
        if (!report.IsOver)
            return new(
                $"The wave still runs. So far it brought {FigureText.SignedTotal(total.Difference, Language.English)} of turnover, {(total.IsSure ? "and that is no chance" : "which may be chance")} ({Range(total, Language.English)}).",
                $"Волна ещё идёт. Пока она принесла {FigureText.SignedTotal(total.Difference, Language.Russian)} оборота, {(total.IsSure ? "и это не случайность" : "но это может быть случайностью")} ({Range(total, Language.Russian)}).");

        if (total.IsSure)
            return new(
                total.Difference > 0
                    ? $"The wave brought {FigureText.Total(total.Difference, Language.English)} of additional turnover ({Range(total, Language.English)})."
                    : $"The wave cost {FigureText.Total(-total.Difference, Language.English)} of turnover ({Range(total, Language.English)}).",
                total.Difference > 0
                    ? $"Волна принесла {FigureText.Total(total.Difference, Language.Russian)} дополнительного оборота ({Range(total, Language.Russian)})."
                    : $"Волна снизила оборот на {FigureText.Total(-total.Difference, Language.Russian)} ({Range(total, Language.Russian)}).");

        return new(
            $"No sure effect on turnover: {FigureText.SignedTotal(total.Difference, Language.English)} may be chance ({Range(total, Language.English)}).",
            $"Эффект на оборот не доказан: {FigureText.SignedTotal(total.Difference, Language.Russian)} может быть случайностью ({Range(total, Language.Russian)}).");
    }

    static string Range(Effect total, Language language) => new Text("95 % interval ", "95 %-й интервал ").In(language)
        + FigureText.SignedTotal(total.Lower, language) + " … " + FigureText.SignedTotal(total.Upper, language);
}
