using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Compares what treated and held-out customers bought, metric by metric.</summary>
/// <param name="BeforeDays">Days before the wave in which purchases are known; 0 leaves the comparison unadjusted.</param>
/// <param name="IsAfterOver">True once the receipts of as many days after the validity are known too.</param>
/// <param name="ShareOver">Share of the validity whose receipts are known; 1 once the wave is over.</param>
public sealed record Compare(int BeforeDays, double ShareOver, int ValidityDays, bool IsAfterOver = false)
{
    /// <summary>Below this many customers in an arm the mean of so skewed a thing as spend isn't near a normal distribution at all.</summary>
    public const int LeastCustomers = 30;

    /// <summary>With fewer buyers in an arm its spread isn't known: without any, it would even look like certainty.</summary>
    public const int LeastBuyers = 5;

    static readonly int[] GoodsBefore = [1];

    /// <summary>For some days, as far as their receipts are known.</summary>
    public static Compare Of(Period days, DateOnly? receiptsUntil, DateTimeOffset now, int beforeDays)
    {
        var known = receiptsUntil is { } until ? Math.Clamp(until.DayNumber + 1 - days.Start.DayNumber, 0, days.Days) : 0;

        // The last of the days may still be running.
        return new Compare(beforeDays, WaveReport.Ended(days.End, receiptsUntil, now) ? 1 : Math.Min(0.999, (double)known / days.Days), days.Days, WaveReport.Ended(days.End.AddDays(days.Days), receiptsUntil, now));
    }

    /// <summary>True if it was stopped within less than a day: then nearly all of its purchases were made without offers.</summary>
    public bool IsStoppedTooSoon { get; init; }

    bool IsOver => ShareOver >= 1;

    /// <summary>The figures of one group of customers.</summary>
    public Population Customers(Dimension dimension, string name, VectorMoments treated, VectorMoments heldOut)
    {
        double Both(Measure measure) => treated.Sum((int)measure) + heldOut.Sum((int)measure);
        var (spend, withCost) = (Both(Measure.Spend), Both(Measure.SpendWithCost));
        var buyers = (Treated: Buyers(treated), HeldOut: Buyers(heldOut));
        var reason = Reason(treated.Count, heldOut.Count, buyers.Treated, buyers.HeldOut);
        return new Population(
            dimension, name, treated.Count, heldOut.Count, spend > 0 ? Math.Clamp(1 - (withCost / spend), 0, 1) : null, [.. Enum.GetValues<Metric>().Select(Figures)]);

        MetricFigures Figures(Metric metric)
        {
            var (of, per) = metric.Counts();
            var verdict = reason != NoVerdict.None ? reason
                : metric == Metric.MarginPerCustomer && withCost == 0 ? NoVerdict.NoCosts
                : metric == Metric.KeptShare && (BeforeDays == 0 || Both(Measure.BoughtBefore) == 0) ? NoVerdict.NothingBefore
                : metric == Metric.SpendAfter && !IsAfterOver ? NoVerdict.AfterNotOver
                : !IsOver && (!metric.AddsUp() || BeforeDays == 0) ? NoVerdict.WaveNotOver
                : NoVerdict.None;
            var (a, b) = (FigureOf(treated, (int)of, (int?)per), FigureOf(heldOut, (int)of, (int?)per));

            // Before the first receipt of the validity there is no figure at all; a zero would be one.
            var unknown = verdict is NoVerdict.NoCosts or NoVerdict.NothingBefore or NoVerdict.AfterNotOver || (!IsOver && buyers is { Treated: 0, HeldOut: 0 }) || (metric == Metric.MarginPerCustomer && withCost == 0);
            var figures = Judged(metric, verdict, a, b, BeforeDays == 0 ? [] : Measures.Before, PlannedVariance(metric, treated, heldOut), treated.Count);
            return unknown ? figures with { Treated = null, HeldOut = null } : figures with { Treated = Value(treated, of, per), HeldOut = Value(heldOut, of, per) };
        }
    }

    /// <summary>The spend of all customers on some goods.</summary>
    public Population Goods(Dimension dimension, string name, VectorMoments treated, VectorMoments heldOut, NoVerdict everyone)
    {
        // Only while it is over: no wave is stopped for one category.
        var verdict = everyone != NoVerdict.None ? everyone : !IsOver ? NoVerdict.WaveNotOver : NoVerdict.None;
        var (a, b) = (FigureOf(treated, 0, null), FigureOf(heldOut, 0, null));
        var figures = Judged(Metric.SpendPerCustomer, verdict, a, b, BeforeDays == 0 ? [] : GoodsBefore, null, treated.Count);
        return new Population(dimension, name, treated.Count, heldOut.Count, null, [figures with { Treated = a?.Value, HeldOut = b?.Value }]);
    }

    /// <summary>The figures of the customers of a trial with a kind of slot, or their spend on the goods offered in it; without totals, because a trial may be a sample.</summary>
    /// <param name="heldOutShare">As planned for the trial's customers; null where that isn't known.</param>
    internal Population Slot(GroupCounts group, double? heldOutShare)
    {
        var compared = group.Dimension.IsOfGoods()
            ? Goods(group.Dimension, group.Name, group.Treated, group.HeldOut, Reason(group.Treated.Count, group.HeldOut.Count, BuyersOfGoods(group.Treated), BuyersOfGoods(group.HeldOut)))
            : Customers(group.Dimension, group.Name, group.Treated, group.HeldOut);
        static long BuyersOfGoods(VectorMoments arm) => (long)Math.Round(arm.Sum(2), MidpointRounding.ToEven);

        var isAlike = compared.Metrics.All(figures => figures.Adjustment != AdjustmentVerdict.NotBalanced)
            && (heldOutShare is not { } share || SampleRatio.Of(group.Treated.Count, group.HeldOut.Count, share) is not { Alarm: true });
        return compared with
        {
            Metrics = [.. compared.Metrics.Select(figures => isAlike || figures.Verdict != NoVerdict.None ? figures with { Total = null }
                : new MetricFigures(figures.Metric, figures.Treated, figures.HeldOut, NoVerdict.NotAlike, null, null, null, null, figures.Adjustment, figures.BalancePValue, null))],
        };
    }

    /// <summary>The spend where nobody's counts above a bound.</summary>
    internal CappedFigures Capped(CappedSpend capped, NoVerdict everyone)
    {
        var (a, b) = (FigureOf(capped.Treated, 0, null), FigureOf(capped.HeldOut, 0, null));
        var verdict = everyone != NoVerdict.None ? everyone : !IsOver ? NoVerdict.WaveNotOver : NoVerdict.None;
        var figures = Judged(Metric.SpendPerCustomer, verdict, a, b, BeforeDays == 0 ? [] : GoodsBefore, null, capped.Treated.Count);
        return new CappedFigures(capped.BoundMinor, capped.CutShare, figures with { Treated = a?.Value, HeldOut = b?.Value, Total = null });
    }

    MetricFigures Judged(Metric metric, NoVerdict verdict, Figure? a, Figure? b, ReadOnlySpan<int> before, double? plannedVariance, long treated)
    {
        MetricFigures None(NoVerdict why) => new(metric, null, null, why, null, null, null, null, AdjustmentVerdict.NoCovariate, null, null);
        if (verdict != NoVerdict.None) return None(verdict);
        if (a is null || b is null) return None(NoVerdict.NothingVaries);

        Adjustment plain = Adjustment.Of(a, b, []), adjusted = Adjustment.Of(a, b, before);
        var unadjusted = Interval(plain.Difference(a, b));
        if (unadjusted is null) return None(NoVerdict.NothingVaries);
        var difference = Interval(adjusted.Difference(a, b)) ?? unadjusted;
        return new MetricFigures(
            metric, null, null, NoVerdict.None, difference, adjusted.Relative(a, b) is { } relative && IsOver ? relative.LookedAtOnce() : null,
            metric.AddsUp() ? difference.Times(treated) : null, unadjusted, adjusted.Verdict, adjusted.BalancePValue, null);

        Effect? Interval(Contrast contrast) => IsOver ? contrast.LookedAtOnce() : plannedVariance is { } planned ? contrast.LookedAtAnyTime(planned) : null;
    }

    /// <summary>
    /// For a wave that runs: the error variance that the sum so far would have at the wave's pace from before, if it were known as well as at the
    /// end. Taken from the days before, so that what is seen in the wave can't choose it.
    /// </summary>
    double? PlannedVariance(Metric metric, VectorMoments treated, VectorMoments heldOut)
    {
        if (IsOver || BeforeDays == 0) return null;
        var before = metric switch
        {
            Metric.SpendPerCustomer => Measure.SpendBefore,
            Metric.MarginPerCustomer => Measure.MarginBefore,
            Metric.ReceiptsPerCustomer => Measure.ReceiptsBefore,
            Metric.ItemsPerCustomer => Measure.ItemsBefore,
            _ => (Measure?)null,
        };
        if (before is not { } measure) return null;
        double Variance(VectorMoments arm) => arm.Of((int)measure).Variance / arm.Count;
        var days = ShareOver * ValidityDays / BeforeDays;
        return (Variance(treated) + Variance(heldOut)) * days * days;
    }

    NoVerdict Reason(long treated, long heldOut, long treatedBuyers, long heldOutBuyers)
    {
        if (heldOut == 0 || treated == 0) return NoVerdict.NoHeldOut;
        if (IsStoppedTooSoon) return NoVerdict.StoppedTooSoon;
        if (ShareOver <= 0) return NoVerdict.WaveNotOver;
        if (Math.Min(treated, heldOut) < LeastCustomers) return NoVerdict.TooFewCustomers;
        if (treatedBuyers + heldOutBuyers == 0) return NoVerdict.NoPurchases;
        if (Math.Min(treatedBuyers, heldOutBuyers) < LeastBuyers) return NoVerdict.TooFewBuyers;
        return NoVerdict.None;
    }

    static Figure? FigureOf(VectorMoments arm, int of, int? per) => per is { } divisor ? Figure.OfRatio(arm, of, divisor) : Figure.OfMean(arm, of);

    static double? Value(VectorMoments arm, Measure of, Measure? per)
    {
        if (arm.Count == 0) return null;
        if (per is not { } divisor) return arm.Mean((int)of);
        return arm.Mean((int)divisor) == 0 ? null : arm.Mean((int)of) / arm.Mean((int)divisor);
    }

    static long Buyers(VectorMoments arm) => (long)Math.Round(arm.Sum((int)Measure.Bought), MidpointRounding.ToEven);
}
