using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Reports;

/// <summary>What one customer bought within a wave's validity.</summary>
/// <param name="SpendMinor">Paid after all discounts; returns count negative, so it may be below zero.</param>
/// <param name="MarginMinor">Paid less the cost of goods, over the lines whose cost is known. What is paid is after discounts already, so their cost isn't taken off again.</param>
/// <param name="SpendWithCostMinor">The part of the spend whose cost of goods is known.</param>
/// <param name="Receipts">Receipts with at least one line that isn't a return.</param>
readonly record struct CustomerOutcome(long SpendMinor, long MarginMinor, long SpendWithCostMinor, int Receipts)
{
    /// <param name="lines">Of one customer.</param>
    /// <param name="costs">Cost of one piece by product number, null where not known.</param>
    public static CustomerOutcome Of(ReadOnlySpan<PurchaseLine> lines, ReadOnlySpan<Money?> costs)
    {
        long spend = 0, margin = 0, spendWithCost = 0;
        foreach (var line in lines)
        {
            spend += line.PaidMinor;
            if ((uint)line.Product < (uint)costs.Length && costs[line.Product] is { } cost)
            {
                margin += line.PaidMinor - new Quantity(line.QuantityThousandths).Times(cost).Minor;
                spendWithCost += line.PaidMinor;
            }
        }

        return new CustomerOutcome(spend, margin, spendWithCost, PurchaseLine.CountReceipts(lines));
    }
}

/// <summary>What the customers of one arm bought: all who were assigned to it, buyers or not. Mergeable, so shards add up.</summary>
/// <param name="SpendByReceipts">Spend (x) and receipts (y) of each customer.</param>
/// <param name="Buyers">Customers with at least one receipt.</param>
public readonly record struct WaveOutcome(PairMoments SpendByReceipts, Moments Margin, Moments SpendWithCost, long Buyers)
{
    public long Customers => SpendByReceipts.Count;

    /// <summary>Ones for buyers, zeros for others.</summary>
    public Moments Bought => Customers == 0 ? default : new Moments(Customers, (double)Buyers / Customers, (double)Buyers * (Customers - Buyers) / Customers);

    internal WaveOutcome With(CustomerOutcome customer) => new(
        SpendByReceipts.With(customer.SpendMinor, customer.Receipts),
        Margin.With(customer.MarginMinor),
        SpendWithCost.With(customer.SpendWithCostMinor),
        Buyers + (customer.Receipts > 0 ? 1 : 0));

    /// <summary>Adds customers who bought nothing.</summary>
    public WaveOutcome WithNonBuyers(long customers) => Merge(new WaveOutcome(
        new PairMoments(customers, 0, 0, 0, 0, 0), new Moments(customers, 0, 0), new Moments(customers, 0, 0), 0));

    public WaveOutcome Merge(WaveOutcome other) => new(
        SpendByReceipts.Merge(other.SpendByReceipts), Margin.Merge(other.Margin), SpendWithCost.Merge(other.SpendWithCost), Buyers + other.Buyers);
}
