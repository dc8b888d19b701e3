using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>What the report on a period says, in sentences.</summary>
public static class PeriodTexts
{
    public static Text Headline(this PeriodReport report)
    {
        var spend = report.Everyone[Metric.SpendPerCustomer];
        if (spend is not { Verdict: NoVerdict.None, Total: { } total })
            return new(
                $"Not enough data yet to say what the waves brought together: {spend.Verdict.Explain().English}.",
                $"Данных ещё мало, чтобы сказать, что принесли волны вместе: {spend.Verdict.Explain().Russian}.");
        string Range(Language language) => new Text("95 % interval ", "95 %-й интервал ").In(language) + FigureText.SignedTotal(total.Lower, language) + " … " + FigureText.SignedTotal(total.Upper, language);
        return total.IsSure
            ? new(
                $"The waves together {(total.Difference > 0 ? "brought" : "cost")} {FigureText.Total(Math.Abs(total.Difference), Language.English)} of turnover ({Range(Language.English)}).",
                $"Волны вместе {(total.Difference > 0 ? "принесли" : "отняли")} {FigureText.Total(Math.Abs(total.Difference), Language.Russian)} оборота ({Range(Language.Russian)}).")
            : new(
                $"No sure effect of the waves together: {FigureText.SignedTotal(total.Difference, Language.English)} of turnover may be chance ({Range(Language.English)}).",
                $"Эффект волн вместе не доказан: {FigureText.SignedTotal(total.Difference, Language.Russian)} оборота может быть случайностью ({Range(Language.Russian)}).");
    }

    /// <summary>Whether the waves' effect wears off from wave to wave.</summary>
    public static Text FromWaveToWave(this PeriodReport report) => report.Trend is not { } trend
        ? new(
            "Whether customers tire from wave to wave can't be told yet: not enough data; fewer than three waves have a final report with an effect.",
            "Устают ли покупатели от волны к волне, сказать ещё нельзя: данных мало; итоговый отчёт с эффектом есть меньше чем у трёх волн.")
        : Told(
            trend,
            new("Customers tire: from each wave to the next the effect on the spend changes by {0}.", "Покупатели устают: от волны к волне эффект на покупки меняется на {0}."),
            new("The effect grows from wave to wave: by {0}.", "Эффект растёт от волны к волне: на {0}."),
            new("That customers tire isn't seen: from each wave to the next the effect on the spend changes by {0}, which may be chance.",
                "Усталости покупателей не видно: от волны к волне эффект на покупки меняется на {0}, и это может быть случайностью."));

    /// <summary>Whether a wave brings less to those who got many messages before.</summary>
    public static Text WithEachMessage(this PeriodReport report) => report.MessagesTrend is not { } trend
        ? new(
            "Whether a wave brings less to customers who got many messages before can't be told yet: not enough data; fewer than three numbers of messages have enough customers with and without offers.",
            "Приносит ли волна меньше на тех, кому до неё много писали, сказать ещё нельзя: данных мало; меньше чем при трёх разных числах сообщений хватает покупателей с предложениями и без них.")
        : Told(
            trend,
            new("With each message more in the eight weeks before, a wave's effect on the spend changes by {0}: who is written to often answers less.",
                "С каждым лишним сообщением за восемь недель до волны её эффект на покупки меняется на {0}: кому пишут часто, тот отвечает слабее."),
            new("Who got more messages in the eight weeks before answers more: with each of them a wave's effect on the spend changes by {0}.",
                "Кому за восемь недель до волны писали больше, тот отвечает сильнее: с каждым сообщением её эффект на покупки меняется на {0}."),
            new("That frequent messages tire isn't seen: with each message more in the eight weeks before, a wave's effect on the spend changes by {0}, which may be chance.",
                "Что частые сообщения утомляют, не видно: с каждым лишним сообщением за восемь недель до волны её эффект на покупки меняется на {0}, и это может быть случайностью."));

    public static Text ExplainMessages { get; } = new(
        "Customers are put together by how many messages with offers they got in the eight weeks before a wave, and those offered are compared with those held out among them: nobody chose who was held out, so each line is an effect. Lines differ by who the customers are, too: who gets many messages isn't who gets few.",
        "Покупатели собраны по тому, сколько сообщений с предложениями они получили за восемь недель до волны, и среди них получившие предложения сравниваются с контролем: в контроль отбирал случай, поэтому каждая строка — эффект. Но строки различаются и самими покупателями: кому пишут часто — не те, кому пишут редко.");

    public static Text Messages(int messages) => messages >= Reports.Messages.ContactedWave.Most ? new($"{messages} or more", $"{messages} и больше") : new($"{messages}", $"{messages}");

    static Text Told(Effect trend, Text falls, Text grows, Text unsure)
    {
        var told = trend switch { { Upper: < 0 } => falls, { Lower: > 0 } => grows, _ => unsure };
        string With(Language language) => told.In(language).Replace("{0}", FigureText.WithInterval(MetricUnit.Share, trend, language), StringComparison.Ordinal);
        return new(With(Language.English), With(Language.Russian));
    }
}
