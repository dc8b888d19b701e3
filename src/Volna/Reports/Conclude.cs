using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers;
using Volna.Reports.Statistics;
using Volna.Reports.Targeting;

namespace Volna.Reports;

/// <summary>Judges what was counted: figures, checks, and what the reader must know beside them.</summary>
static class Conclude
{
    /// <summary>Below so many customers in an arm, intervals of skewed figures are only roughly right.</summary>
    const int RoughBelow = 400;

    public static WaveReport Report(ReportInput input)
    {
        var (wave, counts) = (input.Wave, input.Counts);
        var isOver = WaveReport.Ended(wave.Validity.End, counts.ReceiptsUntil, input.MadeAt);
        var compare = Compare.Of(wave.Validity, counts.ReceiptsUntil, input.MadeAt, counts.BeforeDays) with { IsStoppedTooSoon = input.Held < WaveLife.Least };

        VectorMoments treated = new(Measures.Count), heldOut = new(Measures.Count);
        foreach (var segment in counts.Groups.Where(group => group.Dimension == Dimension.Segment))
        {
            treated.Merge(segment.Treated);
            heldOut.Merge(segment.HeldOut);
        }

        var everyone = Corrected(compare.Customers(Dimension.Everyone, "", treated, heldOut));
        var spend = everyone[Metric.SpendPerCustomer].Verdict;
        var sampleRatio = SampleRatio.Of(treated.Count, heldOut.Count, input.HeldOutShare);
        var capped = counts.Capped is { } sums ? compare.Capped(sums, spend) : null;
        var report = new WaveReport(
            wave.Id, wave.Validity.Start, wave.Validity.End, counts.ReceiptsUntil, counts.Snapshot, wave.Digest, input.MadeAt, counts.BeforeDays + counts.EarlierDays,
            everyone,
            Corrected([.. counts.Groups.Where(group => group.Treated.Count + group.HeldOut.Count > 0).Select(Judged)]),
            sampleRatio,
            input.Redemption,
            [.. Notes(input, everyone, sampleRatio, isOver, capped).OrderByDescending(note => note.Alarm)])
        { Capped = capped, Currency = input.Currency, Policies = isOver && !compare.IsStoppedTooSoon ? counts.Policies : null };
        report = report with { Notes = [.. report.Notes.Concat(BesideNotes(report)).OrderByDescending(note => note.Alarm)] };
        return report with { Targets = TargetView.Of([(report, counts)]) };

        Population Judged(GroupCounts group) => group.Dimension.IsOfSlot() ? compare.Slot(group, counts.TriedHeldOutShare)
            : group.Dimension.IsOfGoods() ? compare.Goods(group.Dimension, group.Name, group.Treated, group.HeldOut, spend)
            : compare.Customers(group.Dimension, group.Name, group.Treated, group.HeldOut);
    }

    /// <summary>A wave is judged by its spend, and that was so before it began; the other metrics are told beside it and corrected by Holm.</summary>
    internal static Population Corrected(Population everyone)
    {
        var beside = everyone.Metrics.Where(figures => figures is { Metric: not Metric.SpendPerCustomer, Difference: not null }).ToList();
        var pValues = Several.Holm([.. beside.Select(figures => figures.Difference!.PValue)]);
        return everyone with { Metrics = [.. everyone.Metrics.Select(figures => beside.IndexOf(figures) is >= 0 and var at ? figures with { CorrectedPValue = pValues[at] } : figures)] };
    }

    /// <summary>Groups are many, and hints for the next plan: of all of one dimension and metric, at most one in twenty called sure is a mistake.</summary>
    static ImmutableArray<Population> Corrected(ImmutableArray<Population> groups)
    {
        var compared = groups.SelectMany((group, at) => group.Metrics.Where(figures => figures.Difference is not null).Select(figures => (group.Dimension, At: at, Figures: figures)));
        var corrected = new Dictionary<(int Group, Metric Metric), double>();
        foreach (var family in compared.GroupBy(one => (one.Dimension, one.Figures.Metric)))
        {
            var members = family.ToList();
            var pValues = Several.BenjaminiHochberg([.. members.Select(one => one.Figures.Difference!.PValue)]);
            for (var i = 0; i < members.Count; i++) corrected.Add((members[i].At, family.Key.Metric), pValues[i]);
        }

        return [.. groups.Select((group, at) => group with
        {
            Metrics = [.. group.Metrics.Select(figures => corrected.TryGetValue((at, figures.Metric), out var pValue) ? figures with { CorrectedPValue = pValue } : figures)],
        })];
    }

    static IEnumerable<Note> Notes(ReportInput input, Population everyone, SampleRatio? sampleRatio, bool isOver, CappedFigures? capped)
    {
        if (sampleRatio is { Alarm: true })
            yield return Alarm("sample-ratio",
                $"The arms don't have the planned sizes: {sampleRatio.HeldOut} of {sampleRatio.Treated + sampleRatio.HeldOut} customers are held out, planned were {sampleRatio.PlannedShare:0.##%} (chance of that: {sampleRatio.PValue:0.0e0}). Customers were lost or added after the draw; don't trust the comparison before the cause is found.",
                $"Размеры групп не соответствуют плану: в контрольной группе {sampleRatio.HeldOut} из {sampleRatio.Treated + sampleRatio.HeldOut} покупателей, по плану — {sampleRatio.PlannedShare:0.##%} (вероятность, что это случайность: {sampleRatio.PValue:0.0e0}). Покупатели потерялись или добавились после жеребьёвки; не доверяйте сравнению, пока причина не найдена.");

        if (Apart(everyone) is { } apart) yield return apart;

        if (!isOver)
            yield return Remark("not-over",
                $"Receipts are known until {(input.Counts.ReceiptsUntil is { } day ? $"{day:yyyy-MM-dd}" : "no day at all")}, the validity ends with {input.Wave.Validity.End.AddDays(-1):yyyy-MM-dd}. Intervals so far are made wider, so that one may look every day: usual ones, looked at again and again, find effects where there are none. Ratios and shares are judged when the wave is over.",
                $"Чеки есть {(input.Counts.ReceiptsUntil is { } until ? $"по {until:dd.MM.yyyy}" : "ни за один день")}, волна действует по {input.Wave.Validity.End.AddDays(-1):dd.MM.yyyy}. Пока волна идёт, интервалы шире обычных, поэтому смотреть можно каждый день: обычные, если смотреть снова и снова, находят эффект и там, где его нет. Отношения и доли оцениваются по окончании волны.");

        var spend = everyone[Metric.SpendPerCustomer];
        var (held, tooSoon) = (input.Held, spend.Verdict == NoVerdict.StoppedTooSoon);
        var known = input.Counts.BeforeDays + input.Counts.EarlierDays;
        if (spend is { Verdict: NoVerdict.None, Adjustment: AdjustmentVerdict.NotBalanced })
            yield return Alarm("not-balanced",
                $"The arms differed in their purchases before the wave already (chance of that: {spend.BalancePValue:0.0e0}). Something chose among the customers, or an earlier wave still acts on one arm. The figures below are left unadjusted; don't trust them before the cause is found.",
                $"Группы различались по покупкам ещё до волны (вероятность, что это случайность: {spend.BalancePValue:0.0e0}). Либо покупателей кто-то отбирал, либо на одну из групп ещё действует прежняя волна. Цифры ниже — без поправки; не доверяйте им, пока причина не найдена.");
        else if (spend is { Difference: { } adjusted, Unadjusted: { } plain, Adjustment: AdjustmentVerdict.Sound })
            yield return Remark("adjusted",
                $"Differences are adjusted by what each customer bought in the {known} days before the wave (CUPED): that takes chance differences between the arms away and adds nothing. The interval of the spend is {adjusted.Width / plain.Width:0%} as wide as without.",
                $"Разница посчитана с поправкой на покупки каждого за {known} {Languages.Plural(known, "день", "дня", "дней")} до волны (CUPED): она убирает случайные различия групп и ничего не добавляет. Интервал для покупок — {WholeShare(adjusted.Width / plain.Width)} ширины интервала без поправки.");
        else if (spend is { Difference: not null, Adjustment: var why })
            yield return Remark("unadjusted",
                $"Differences aren't adjusted by purchases before the wave: {why.Explain().English}.",
                $"Разница посчитана без поправки на покупки до волны: {why.Explain().Russian}.");

        if (input.Currency is null)
            yield return Remark("currency-missing",
                "No currency is named (currency in the plan): money is shown in the units of the receipts as they were imported. Which currency that is, and whether all shops sell in the same one, can't be told from them; if they don't, no sum here is right.",
                "Валюта не указана (currency в плане): суммы показаны в тех единицах, в которых загружены чеки. Какая это валюта и одна ли она во всех магазинах, по ним не узнать; если не одна, ни одна сумма здесь не верна.");

        if (input.Wave.Status == WaveStatus.Stopped && !(held >= TimeSpan.FromDays(input.Wave.Validity.Days)))
            yield return Remark("stopped",
                $"The wave was stopped {(held is { } ran ? $"when its offers had held for {WaveLife.Name(ran).English} of {input.Wave.Validity.Days} days" : "before its end")}: the figures still cover its whole validity, so {(tooSoon ? "they can't show an effect, and none is told; what the offers would have brought isn't known" : "the effect is that of the days it ran, thinned by the days it didn't")}.",
                $"Волна была остановлена {(held is { } shown ? $"досрочно: её предложения действовали {WaveLife.Name(shown).Russian} из {input.Wave.Validity.Days} {Languages.Plural(input.Wave.Validity.Days, "дня", "дней", "дней")}" : "досрочно")}; цифры охватывают весь период действия, поэтому {(tooSoon ? "показать эффект они не могут, и он не назван; что принесли бы предложения, не известно" : "эффект дней, когда она шла, разбавлен днями, когда она уже не шла")}.");

        if (Advance(everyone) is { } advance) yield return advance;

        if (capped is { CutShare: > 0, Spend.Difference: { } cut })
            yield return Remark("capped",
                $"With the spend of the highest {capped.CutShare:0.00%} of the customers of both arms cut at {FigureText.Total(capped.BoundMinor, Language.English)} (winsorised) the spend per customer differs by {FigureText.WithSign(MetricUnit.Money, cut.Difference, Language.English)} ({FigureText.Interval(MetricUnit.Money, cut, Language.English)}). A few very large receipts don't move this figure, and it misses what they bring; the wave is judged by the figure without a cut.",
                $"Если покупки {(capped.CutShare * 100).ToString("0.00", Language.Russian.Culture())} % самых крупных покупателей обеих групп урезать до {FigureText.Total(capped.BoundMinor, Language.Russian)} (винзоризация), разница покупок на покупателя — {FigureText.WithSign(MetricUnit.Money, cut.Difference, Language.Russian)} ({FigureText.Interval(MetricUnit.Money, cut, Language.Russian)}). Несколько очень крупных чеков на эту цифру не влияют, но и принесённого ими в ней нет; волна оценивается по цифре без урезания.");

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
                "At least in one arm the returns are larger than the purchases, so its spend is below zero and its average check means nothing: purchases of earlier days came back.",
                "Хотя бы в одной из групп возвраты больше покупок, поэтому сумма её покупок отрицательна, а средний чек ничего не значит: вернулись покупки прежних дней.");

        yield return Remark("assumed-response",
            "How customers answer a discount was assumed by the plan, or learnt from earlier waves, when the depths were chosen. No figure here rests on that: all are counted from receipts.",
            "Как покупатели отвечают на скидку, при выборе её глубины предполагал план или показали прежние волны. Ни одна цифра здесь на этом не основана: все посчитаны по чекам.");

        if (input.Redemption is { Offers: > 0, Redeemed: 0 })
            yield return Remark("nothing-redeemed",
                "No till reported a redemption: either nobody used an offer, or the tills don't close receipts through Volna. The comparison doesn't need it, it counts all receipts.",
                "Кассы не сообщили ни об одном погашении: либо предложениями никто не воспользовался, либо кассы не закрывают чеки через Volna. Сравнению это не нужно: оно учитывает все чеки.");

        if (input.Counts.TreatedWithoutOffers > 0)
            yield return Remark("without-offers",
                $"{input.Counts.TreatedWithoutOffers} treated customers got no offer, because none suited them. They stay in the comparison, as those in the hold-out do for whom none would have suited.",
                $"{input.Counts.TreatedWithoutOffers} {Languages.Plural(input.Counts.TreatedWithoutOffers, "покупатель", "покупателя", "покупателей")} целевой группы не {Languages.Plural(input.Counts.TreatedWithoutOffers, "получил", "получили", "получили")} предложений: подходящих не нашлось. Они остаются в сравнении, как и такие же покупатели контрольной группы.");
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

        // One that stands still doesn't move apart from the other.
        if (Math.Abs(check.Difference) < check.StandardError || Math.Abs(bought.Difference) < bought.StandardError) return null;
        var (useEnglish, useRussian) = everyone[Metric.SpendPerCustomer].Relative is { Difference: var spend }
            ? ($"Per customer of the wave the spend changed by {spend:+0.0%;-0.0%}: that is the figure to use.",
                $"На участника волны покупки изменились на {SignedShare(spend)}: пользоваться надо этой цифрой.")
            : ("Use the spend per customer instead.", "Пользуйтесь вместо этого покупками на покупателя.");
        return Alarm("check-and-conversion-apart",
            $"Average check and share of buyers moved apart: the check by {checkRelative.Difference:+0.0%;-0.0%}, the share who bought by {bought.Difference * 100:+0.0;-0.0} points. The two checks are of different buyers, so the change of the check isn't the effect yet. {useEnglish}",
            $"Средний чек и доля купивших разошлись: чек изменился на {SignedShare(checkRelative.Difference)}, доля купивших — на {Points(bought.Difference)} п. п. Средние чеки относятся к разным покупателям, поэтому изменение чека — ещё не эффект. {useRussian}");
    }

    /// <summary>Purchases that the wave only moved forward are missing after it: what it seemed to bring is given back.</summary>
    static Note? Advance(Population everyone)
    {
        if (everyone[Metric.SpendAfter] is not { IsSure: true, Difference: { } after } || everyone[Metric.SpendPerCustomer].Difference is not { } within) return null;
        var (a, w) = (FigureText.WithSign(MetricUnit.Money, after.Difference, Language.English), FigureText.WithSign(MetricUnit.Money, within.Difference, Language.English));
        var (aRussian, wRussian) = (FigureText.WithSign(MetricUnit.Money, after.Difference, Language.Russian), FigureText.WithSign(MetricUnit.Money, within.Difference, Language.Russian));
        return after.Difference < 0
            ? Alarm("bought-in-advance",
                $"In the days after the wave its customers spent less: {a} each, against {w} while it ran. Part of what the wave brought was only bought in advance.",
                $"После волны её покупатели тратили меньше: {aRussian} на каждого, а за время волны — {wRussian}. Часть того, что принесла волна, куплена лишь впрок.")
            : Remark("effect-lasts",
                $"The effect outlasts the wave: in as many days after it its customers spent {a} more each, against {w} while it ran.",
                $"Эффект держится и после волны: за столько же дней после неё её покупатели потратили на {aRussian} больше каждый, а за время волны — {wRussian}.");
    }

    /// <summary>Goods beside the offered ones that surely lost by them (cannibalised), or gained with them (halo).</summary>
    static IEnumerable<Note> BesideNotes(WaveReport report)
    {
        var groups = report.By(Dimension.Beside).ToDictionary(group => group.Name, group => group[Metric.SpendPerCustomer]);
        if (!groups.TryGetValue(Beside.Offered, out var offered) || offered.Difference is not { } effect) yield break;
        string Money(Effect one, Language language) => FigureText.WithSign(MetricUnit.Money, one.Difference, language);
        if (groups.GetValueOrDefault(Beside.SameCategories) is { IsSure: true, Difference: { Difference: < 0 } lost })
            yield return Remark("cannibalised",
                $"Other goods of the categories offered were bought less: {Money(lost, Language.English)} a customer, against {Money(effect, Language.English)} on the goods offered. Part of what these gained only took the others' place.",
                $"Других товаров тех же категорий покупали меньше: {Money(lost, Language.Russian)} на покупателя, а предложенных — {Money(effect, Language.Russian)}. Часть их прироста лишь заняла место других товаров.");
        if (groups.GetValueOrDefault(Beside.OtherCategories) is { IsSure: true, Difference: { Difference: > 0 } gained })
            yield return Remark("halo",
                $"Goods of other categories gained too: {Money(gained, Language.English)} a customer, against {Money(effect, Language.English)} on the goods offered.",
                $"Выросли и покупки в других категориях: {Money(gained, Language.Russian)} на покупателя, а предложенных товаров — {Money(effect, Language.Russian)}.");
    }

    static string Share(double share) => (share * 100).ToString("0.0", Language.Russian.Culture()) + " %";

    static string WholeShare(double share) => (share * 100).ToString("0", Language.Russian.Culture()) + " %";

    static string SignedShare(double share) => (share * 100).ToString("+0.0;−0.0", Language.Russian.Culture()) + " %";

    static string Points(double share) => (share * 100).ToString("+0.0;−0.0", Language.Russian.Culture());

    static Note Alarm(string code, string english, string russian) => new(code, new Text(english, russian), Alarm: true);

    static Note Remark(string code, string english, string russian) => new(code, new Text(english, russian), Alarm: false);
}
