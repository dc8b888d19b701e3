using Volna.Offers;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Judges what was counted: figures, checks, and what the reader must know beside them.</summary>
static class Conclude
{
    /// <summary>Below so many customers in an arm, intervals of skewed figures are only roughly right.</summary>
    const int RoughBelow = 400;

    public static WaveReport Report(ReportInput input)
    {
        var wave = input.Wave;
        var isOver = WaveReport.Ended(wave.Validity.End, input.ReceiptsUntil, input.MadeAt);
        var treated = input.Segments.Aggregate(default(WaveOutcome), (sum, segment) => sum.Merge(segment.Treated));
        var heldOut = input.Segments.Aggregate(default(WaveOutcome), (sum, segment) => sum.Merge(segment.HeldOut));
        var everyone = Compare.Arms("", treated, heldOut, isOver);
        var sampleRatio = SampleRatio.Of(treated.Customers, heldOut.Customers, input.HeldOutShare);
        return new WaveReport(
            wave.Id, wave.Validity.Start, wave.Validity.End, input.ReceiptsUntil, input.Snapshot, wave.Digest, input.MadeAt,
            everyone,
            [.. input.Segments.Where(segment => segment.Treated.Customers + segment.HeldOut.Customers > 0).Select(segment => Compare.Arms(segment.Name, segment.Treated, segment.HeldOut, isOver))],
            sampleRatio,
            input.Redemption,
            [.. Notes(input, everyone, sampleRatio, isOver).OrderByDescending(note => note.Alarm)]);
    }

    static IEnumerable<Note> Notes(ReportInput input, Population everyone, SampleRatio? sampleRatio, bool isOver)
    {
        if (sampleRatio is { Alarm: true })
            yield return Alarm("sample-ratio",
                $"The arms don't have the planned sizes: {sampleRatio.HeldOut} of {sampleRatio.Treated + sampleRatio.HeldOut} customers are held out, planned were {sampleRatio.PlannedShare:0.##%} (chance of that: {sampleRatio.PValue:0.0e0}). Customers were lost or added after the draw; don't trust the comparison before the cause is found.",
                $"Размеры групп не соответствуют плану: в контрольной группе {sampleRatio.HeldOut} из {sampleRatio.Treated + sampleRatio.HeldOut} покупателей, по плану — {sampleRatio.PlannedShare:0.##%} (вероятность, что это случайность: {sampleRatio.PValue:0.0e0}). Покупатели потерялись или добавились после жеребьёвки; не доверяйте сравнению, пока причина не найдена.");

        if (Apart(everyone) is { } apart) yield return apart;

        if (!isOver)
            yield return Remark("not-over",
                $"Receipts are known until {(input.ReceiptsUntil is { } day ? $"{day:yyyy-MM-dd}" : "no day at all")}, the validity ends with {input.Wave.Validity.End.AddDays(-1):yyyy-MM-dd}. Figures so far only describe; differences are judged once, when the wave is over, because looking again and again finds effects where there are none.",
                $"Чеки есть {(input.ReceiptsUntil is { } until ? $"по {until:dd.MM.yyyy}" : "ни за один день")}, волна действует по {input.Wave.Validity.End.AddDays(-1):dd.MM.yyyy}. Пока цифры только описывают; разница оценивается один раз, по окончании волны: если смотреть снова и снова, эффект найдётся и там, где его нет.");

        if (input.Wave.Status == WaveStatus.Stopped)
            yield return Remark("stopped",
                "The wave was stopped before its end: the figures still cover its whole validity, so the effect is that of the days it ran, thinned by the days it didn't.",
                "Волна была остановлена досрочно: цифры охватывают весь период действия, поэтому эффект дней, когда она шла, разбавлен днями, когда она уже не шла.");

        if (everyone.UnknownCostShare is > 0 and < 1 and var unknown)
            yield return Remark("unknown-cost",
                $"Goods worth {unknown:0.0%} of the spend have no known cost; the margin leaves them out.",
                $"У товаров на {Share(unknown)} суммы покупок себестоимость не известна; в марже их нет.");

        if (Math.Min(everyone.Treated, everyone.HeldOut) is >= Compare.LeastCustomers and < RoughBelow)
            yield return Remark("small-arm",
                $"An arm has fewer than {RoughBelow} customers: a few large receipts can move everything, and the intervals are only roughly right.",
                $"В одной из групп меньше {RoughBelow} покупателей: несколько крупных чеков могут изменить всё, а интервалы верны лишь приблизительно.");

        if (everyone[Metric.SpendPerCustomer] is { Treated: < 0 } or { HeldOut: < 0 })
            yield return Remark("returns-exceed",
                "In one arm the returns are larger than the purchases, so its spend is below zero: purchases of earlier days came back.",
                "В одной из групп возвраты больше покупок, поэтому сумма покупок отрицательна: вернулись покупки прежних дней.");

        yield return Remark("assumed-response",
            "How customers answer a discount was assumed when the depths were chosen (slotKinds in the plan). No figure here rests on that: all are counted from receipts.",
            "Как покупатели отвечают на скидку, при выборе её глубины предполагалось (slotKinds в плане). Ни одна цифра здесь на этом не основана: все посчитаны по чекам.");

        if (input.Redemption is { Offers: > 0, Redeemed: 0 })
            yield return Remark("nothing-redeemed",
                "No till reported a redemption: either nobody used an offer, or the tills don't close receipts through Volna. The comparison doesn't need it, it counts all receipts.",
                "Кассы не сообщили ни об одном погашении: либо предложениями никто не воспользовался, либо кассы не закрывают чеки через Volna. Сравнению это не нужно: оно учитывает все чеки.");

        if (input.TreatedWithoutOffers > 0)
            yield return Remark("without-offers",
                $"{input.TreatedWithoutOffers} treated customers got no offer, because none suited them. They stay in the comparison, as those in the hold-out do for whom none would have suited.",
                $"{input.TreatedWithoutOffers} {Languages.Plural(input.TreatedWithoutOffers, "покупатель", "покупателя", "покупателей")} целевой группы не {Languages.Plural(input.TreatedWithoutOffers, "получил", "получили", "получили")} предложений: подходящих не нашлось. Они остаются в сравнении, как и такие же покупатели контрольной группы.");
    }

    /// <summary>
    /// Check up and conversion down (or the reverse): each alone tells a wrong story. A check that grew by 28.8 % while fewer customers bought is
    /// not a growth of 28.8 %, because the two checks are of different buyers.
    /// </summary>
    static Note? Apart(Population everyone)
    {
        if (everyone[Metric.AverageCheck] is not { Difference: { } check, Relative: { } checkRelative }) return null;
        if (everyone[Metric.BuyerShare] is not { Difference: { } bought }) return null;
        if (check.Difference * bought.Difference >= 0 || !(check.IsSure || bought.IsSure)) return null;
        var (useEnglish, useRussian) = everyone[Metric.SpendPerCustomer].Relative is { Difference: var spend }
            ? ($"Per customer of the wave the spend changed by {spend:+0.0%;-0.0%}: that is the figure to use.",
                $"На участника волны покупки изменились на {SignedShare(spend)}: пользоваться надо этой цифрой.")
            : ("Use the spend per customer instead.", "Пользуйтесь вместо этого покупками на покупателя.");
        return Alarm("check-and-conversion-apart",
            $"Average check and share of buyers moved apart: the check by {checkRelative.Difference:+0.0%;-0.0%}, the share who bought by {bought.Difference * 100:+0.0;-0.0} points. The two checks are of different buyers, so the change of the check isn't the effect yet. {useEnglish}",
            $"Средний чек и доля купивших разошлись: чек изменился на {SignedShare(checkRelative.Difference)}, доля купивших — на {Points(bought.Difference)} п. п. Средние чеки относятся к разным покупателям, поэтому изменение чека — ещё не эффект. {useRussian}");
    }

    static string Share(double share) => (share * 100).ToString("0.0", Language.Russian.Culture()) + " %";

    static string SignedShare(double share) => (share * 100).ToString("+0.0;−0.0", Language.Russian.Culture()) + " %";

    static string Points(double share) => (share * 100).ToString("+0.0;−0.0", Language.Russian.Culture());

    static Note Alarm(string code, string english, string russian) => new(code, new Text(english, russian), Alarm: true);

    static Note Remark(string code, string english, string russian) => new(code, new Text(english, russian), Alarm: false);
}
