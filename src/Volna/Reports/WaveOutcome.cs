using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Reports;

/// <summary>What one customer bought within some days.</summary>
/// <inheritdoc cref="Measure"/>
readonly record struct CustomerOutcome(long SpendMinor, long MarginMinor, long SpendWithCostMinor, int Receipts, double Items = 0)
{
    /// <param name="lines">Of one customer.</param>
    /// <param name="costs">Cost of one piece by product number, null where not known.</param>
    public static CustomerOutcome Of(ReadOnlySpan<PurchaseLine> lines, ReadOnlySpan<Money?> costs)
    {
        long spend = 0, margin = 0, spendWithCost = 0, itemsThousandths = 0;
        foreach (ref readonly var line in lines)
        {
            spend += line.PaidMinor;
            itemsThousandths += line.QuantityThousandths;
            if ((uint)line.Product < (uint)costs.Length && costs[line.Product] is { } cost)
            {
                margin += line.PaidMinor - new Quantity(line.QuantityThousandths).Times(cost).Minor;
                spendWithCost += line.PaidMinor;
            }
        }

        return new CustomerOutcome(spend, margin, spendWithCost, PurchaseLine.CountReceipts(lines), itemsThousandths / 1_000.0);
    }

    /// <summary>The customer's measures, by their places.</summary>
    /// <param name="within">What she bought within the validity.</param>
    /// <param name="before">What she bought in the weeks before.</param>
    /// <param name="earlier">What she bought in the months before those.</param>
    /// <param name="after">What she bought after it.</param>
    public static void Measure(in CustomerOutcome within, in CustomerOutcome before, in CustomerOutcome earlier, in CustomerOutcome after, Span<double> values)
    {
        var (bought, boughtBefore) = (within.Receipts > 0, before.Receipts > 0);
        values[(int)Reports.Measure.Spend] = within.SpendMinor;
        values[(int)Reports.Measure.Margin] = within.MarginMinor;
        values[(int)Reports.Measure.SpendWithCost] = within.SpendWithCostMinor;
        values[(int)Reports.Measure.Receipts] = within.Receipts;
        values[(int)Reports.Measure.Bought] = bought ? 1 : 0;
        values[(int)Reports.Measure.Items] = within.Items;
        values[(int)Reports.Measure.BoughtAgain] = within.Receipts > 1 ? 1 : 0;
        values[(int)Reports.Measure.Kept] = bought && boughtBefore ? 1 : 0;
        values[(int)Reports.Measure.SpendBefore] = before.SpendMinor;
        values[(int)Reports.Measure.MarginBefore] = before.MarginMinor;
        values[(int)Reports.Measure.ReceiptsBefore] = before.Receipts;
        values[(int)Reports.Measure.BoughtBefore] = boughtBefore ? 1 : 0;
        values[(int)Reports.Measure.ItemsBefore] = before.Items;
        values[(int)Reports.Measure.SpendEarlier] = earlier.SpendMinor;
        values[(int)Reports.Measure.ReceiptsEarlier] = earlier.Receipts;
        values[(int)Reports.Measure.SpendAfter] = after.SpendMinor;
    }
}

/// <summary>What the customers of one arm bought: all who were assigned to it, buyers or not. Mergeable, so shards add up.</summary>
public sealed class WaveOutcome
{
    readonly double[] _values = new double[Measures.Count];

    /// <summary>By place of <see cref="Measure"/>.</summary>
    public VectorMoments Moments { get; } = new(Measures.Count);

    public long Customers => Moments.Count;

    /// <summary>Customers with at least one receipt.</summary>
    public long Buyers => (long)Math.Round(this[Measure.Bought] * Customers, MidpointRounding.ToEven);

    /// <summary>Mean over the customers.</summary>
    public double this[Measure measure] => Moments.Mean((int)measure);

    internal WaveOutcome Add(in CustomerOutcome within, in CustomerOutcome before = default, in CustomerOutcome earlier = default, in CustomerOutcome after = default)
    {
        CustomerOutcome.Measure(within, before, earlier, after, _values);
        Moments.Add(_values);
        return this;
    }

    /// <summary>Adds customers who bought nothing, neither before.</summary>
    internal WaveOutcome AddNonBuyers(long customers)
    {
        Moments.AddZeros(customers);
        return this;
    }

    internal WaveOutcome Merge(WaveOutcome other)
    {
        Moments.Merge(other.Moments);
        return this;
    }
}
