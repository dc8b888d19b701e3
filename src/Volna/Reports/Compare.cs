using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Compares what treated and held-out customers bought, metric by metric.</summary>
public static class Compare
{
    /// <summary>Below this many customers in an arm the mean of so skewed a thing as spend isn't near a normal distribution at all.</summary>
    public const int LeastCustomers = 30;

    /// <summary>With fewer buyers in an arm its spread isn't known: without any, it would even look like certainty.</summary>
    public const int LeastBuyers = 5;

    /// <summary>The figures of one group of customers.</summary>
    /// <param name="isOver">True where the receipts of the whole validity are known.</param>
    public static Population Arms(string name, WaveOutcome treated, WaveOutcome heldOut, bool isOver)
    {
        var spend = treated.SpendByReceipts.X.Sum + heldOut.SpendByReceipts.X.Sum;
        var withCost = treated.SpendWithCost.Sum + heldOut.SpendWithCost.Sum;
        var unknownCostShare = spend > 0 ? Math.Clamp(1 - (withCost / spend), 0, 1) : (double?)null;
        var reason = Reason(treated, heldOut, isOver);
        return new Population(name, treated.Customers, heldOut.Customers, unknownCostShare, [.. Enum.GetValues<Metric>().Select(Figures)]);

        MetricFigures Figures(Metric metric)
        {
            // Before the first receipt of the validity there is no figure at all; a zero would be one.
            var unknown = !isOver && treated.Buyers + heldOut.Buyers == 0;
            var costMissing = metric == Metric.MarginPerCustomer && withCost == 0;
            var verdict = reason == NoVerdict.None && costMissing ? NoVerdict.NoCosts : reason;
            var a = Of(metric, treated);
            var b = Of(metric, heldOut);
            var difference = verdict == NoVerdict.None && a is { } x && b is { } y ? WelchTest.Difference(x, y) : null;
            if (verdict == NoVerdict.None && difference is null) verdict = NoVerdict.NothingVaries;
            return new MetricFigures(
                metric,
                costMissing || unknown ? null : Value(metric, treated),
                costMissing || unknown ? null : Value(metric, heldOut),
                verdict,
                difference,
                difference is null ? null : RatioEffect.Of(a!.Value, b!.Value),
                metric.AddsUp() ? difference?.Times(treated.Customers) : null);
        }
    }

    static NoVerdict Reason(WaveOutcome treated, WaveOutcome heldOut, bool isOver)
    {
        if (heldOut.Customers == 0 || treated.Customers == 0) return NoVerdict.NoHeldOut;
        if (!isOver) return NoVerdict.WaveNotOver;
        if (Math.Min(treated.Customers, heldOut.Customers) < LeastCustomers) return NoVerdict.TooFewCustomers;
        if (treated.Buyers + heldOut.Buyers == 0) return NoVerdict.NoPurchases;
        if (Math.Min(treated.Buyers, heldOut.Buyers) < LeastBuyers) return NoVerdict.TooFewBuyers;
        return NoVerdict.None;
    }

    static Estimate? Of(Metric metric, WaveOutcome outcome) => metric switch
    {
        Metric.SpendPerCustomer => Estimate.OfMean(outcome.SpendByReceipts.X),
        Metric.MarginPerCustomer => Estimate.OfMean(outcome.Margin),
        Metric.ReceiptsPerCustomer => Estimate.OfMean(outcome.SpendByReceipts.Y),
        Metric.AverageCheck => Estimate.OfRatio(outcome.SpendByReceipts),
        Metric.BuyerShare => Estimate.OfMean(outcome.Bought),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    static double? Value(Metric metric, WaveOutcome outcome) => metric switch
    {
        _ when outcome.Customers == 0 => null,
        Metric.SpendPerCustomer => outcome.SpendByReceipts.MeanX,
        Metric.MarginPerCustomer => outcome.Margin.Mean,
        Metric.ReceiptsPerCustomer => outcome.SpendByReceipts.MeanY,
        Metric.AverageCheck => outcome.SpendByReceipts.MeanY == 0 ? null : outcome.SpendByReceipts.MeanX / outcome.SpendByReceipts.MeanY,
        Metric.BuyerShare => outcome.Bought.Mean,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
