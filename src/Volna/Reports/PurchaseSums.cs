using System.Runtime.InteropServices;
using Volna.Intake.History;

namespace Volna.Reports;

/// <summary>
/// Running sums over one customer's purchases, oldest first: what she bought within any whole days is the difference of two of them. So many waves
/// with their weeks before are counted in one pass over her lines.
/// </summary>
/// <param name="costs">Tables of the cost of one piece by product number, null where not known.</param>
sealed class PurchaseSums(IReadOnlyList<Money?[]> costs)
{
    /// <summary>On a day of more lines, receipts are found by a set and not by looking back.</summary>
    const int LongDay = 64;

    readonly List<Sum> _sums = [];
    readonly List<(long Margin, long SpendWithCost)>[] _margins = [.. costs.Select(_ => new List<(long, long)>())];
    readonly HashSet<ulong> _receiptsOfDay = [];
    readonly List<int> _daysBought = [];

    readonly record struct Sum(long Spend, long ItemsThousandths, int Receipts);

    /// <summary>Numbers of the days on which she bought something, oldest first.</summary>
    public ReadOnlySpan<int> DaysBought => CollectionsMarshal.AsSpan(_daysBought);

    /// <summary>Begins anew with another customer.</summary>
    public void Read(ReadOnlySpan<PurchaseLine> lines)
    {
        CollectionsMarshal.SetCount(_sums, lines.Length + 1);
        var sums = CollectionsMarshal.AsSpan(_sums);
        var sum = sums[0] = default;
        _daysBought.Clear();
        for (var start = 0; start < lines.Length;)
        {
            // The lines of a receipt are of one day, but those of another one may stand between them.
            var nextDay = ((lines[start].Minute / 1440) + 1) * 1440;
            var end = start + 1;
            while (end < lines.Length && lines[end].Minute < nextDay) end++;
            var day = lines[start..end];
            var receiptsBefore = sum.Receipts;
            if (day.Length > LongDay) _receiptsOfDay.Clear();
            for (var i = 0; i < day.Length; i++)
            {
                ref readonly var line = ref day[i];
                sum = new Sum(sum.Spend + line.PaidMinor, sum.ItemsThousandths + line.QuantityThousandths, sum.Receipts + (IsNewReceipt(day, i) ? 1 : 0));
                sums[start + i + 1] = sum;
            }

            if (sum.Receipts > receiptsBefore) _daysBought.Add(day[0].Day.DayNumber);
            start = end;
        }

        for (var table = 0; table < costs.Count; table++) ReadMargins(lines, costs[table], _margins[table]);
    }

    /// <summary>What she bought from one place among her lines to before another.</summary>
    /// <param name="costs">Which table of costs holds.</param>
    public CustomerOutcome Between((int Start, int End) places, int costs)
    {
        Sum from = _sums[places.Start], to = _sums[places.End];
        var (marginFrom, marginTo) = (_margins[costs][places.Start], _margins[costs][places.End]);
        return new CustomerOutcome(
            to.Spend - from.Spend, marginTo.Margin - marginFrom.Margin, marginTo.SpendWithCost - marginFrom.SpendWithCost, to.Receipts - from.Receipts,
            (to.ItemsThousandths - from.ItemsThousandths) / 1_000.0);
    }

    static void ReadMargins(ReadOnlySpan<PurchaseLine> lines, Money?[] costs, List<(long Margin, long SpendWithCost)> into)
    {
        CollectionsMarshal.SetCount(into, lines.Length + 1);
        var sums = CollectionsMarshal.AsSpan(into);
        var sum = sums[0] = default;
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref lines[i];
            if ((uint)line.Product < (uint)costs.Length && costs[line.Product] is { } cost)
            {
                sum.Margin += line.PaidMinor - new Quantity(line.QuantityThousandths).Times(cost).Minor;
                sum.SpendWithCost += line.PaidMinor;
            }

            sums[i + 1] = sum;
        }
    }

    /// <summary>True for the first line of a receipt that isn't a return.</summary>
    bool IsNewReceipt(ReadOnlySpan<PurchaseLine> day, int at)
    {
        if (day[at].IsReturn) return false;
        var receipt = day[at].Receipt;
        if (day.Length > LongDay) return _receiptsOfDay.Add(receipt);
        for (var i = at - 1; i >= 0; i--)
            if (day[i].Receipt == receipt && !day[i].IsReturn)
                return false;
        return true;
    }
}
