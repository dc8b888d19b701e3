using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Differences between arms adjusted by what the same customers bought before; see <see cref="Adjustment"/>.</summary>
static class AdjustedFigures
{
    const int Spend = 0, Margin = 1, Receipts = 2, Bought = 3, SpendBefore = 4, MarginBefore = 5, ReceiptsBefore = 6;

    /// <summary>Numbers kept of each customer.</summary>
    public const int Numbers = 7;

    public static void Add(VectorMoments moments, CustomerOutcome own, CustomerOutcome before) =>
        moments.Add([own.SpendMinor, own.MarginMinor, own.Receipts, own.Receipts > 0 ? 1 : 0, before.SpendMinor, before.MarginMinor, before.Receipts]);

    /// <summary>The same figures with adjusted differences, where there is a difference and adjusting it is sound.</summary>
    /// <param name="verdict">Of the adjustment of the spend.</param>
    public static Population Adjust(Population plain, VectorMoments treated, VectorMoments heldOut, out AdjustmentVerdict verdict)
    {
        var ofSpend = AdjustmentVerdict.NoCovariate;
        var adjusted = plain with { Metrics = [.. plain.Metrics.Select(Figures)] };
        verdict = ofSpend;
        return adjusted;

        MetricFigures Figures(MetricFigures figures)
        {
            if (figures.Difference is null || Of(figures.Metric, treated) is not { } a || Of(figures.Metric, heldOut) is not { } b) return figures;
            var adjustment = Adjustment.Of(a, b, [SpendBefore, MarginBefore, ReceiptsBefore]);
            if (figures.Metric == Metric.SpendPerCustomer) ofSpend = adjustment.Verdict;
            if (adjustment.Verdict != AdjustmentVerdict.Sound || adjustment.Difference(a, b).LookedAtOnce() is not { } difference) return figures;
            return figures with
            {
                Difference = difference,
                Relative = adjustment.Relative(a, b)?.LookedAtOnce(),
                Total = figures.Metric.AddsUp() ? difference.Times(treated.Count) : null,
            };
        }
    }

    static Figure? Of(Metric metric, VectorMoments moments) => metric switch
    {
        Metric.SpendPerCustomer => Figure.OfMean(moments, Spend),
        Metric.MarginPerCustomer => Figure.OfMean(moments, Margin),
        Metric.ReceiptsPerCustomer => Figure.OfMean(moments, Receipts),
        Metric.AverageCheck => Figure.OfRatio(moments, Spend, Receipts),
        Metric.BuyerShare => Figure.OfMean(moments, Bought),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
