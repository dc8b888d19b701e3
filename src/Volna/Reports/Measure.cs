namespace Volna.Reports;

/// <summary>What is counted of each assigned customer: first what she bought within the validity, then what she bought before. Places in the kept moments.</summary>
public enum Measure
{
    /// <summary>Paid after all discounts, minor units; returns count negative, so it may be below zero.</summary>
    Spend = 0,

    /// <summary>Paid less the cost of goods, over the lines whose cost is known. What is paid is after discounts already, so their cost isn't taken off again.</summary>
    Margin = 1,

    /// <summary>The part of the spend whose cost of goods is known.</summary>
    SpendWithCost = 2,

    /// <summary>Receipts with at least one line that isn't a return.</summary>
    Receipts = 3,

    /// <summary>1 with at least one receipt, else 0.</summary>
    Bought = 4,

    /// <summary>Pieces or kilograms, returns taken off.</summary>
    Items = 5,

    /// <summary>1 with at least two receipts, else 0.</summary>
    BoughtAgain = 6,

    /// <summary>1 if she bought both before and within the validity, else 0.</summary>
    Kept = 7,

    SpendBefore = 8,
    MarginBefore = 9,
    ReceiptsBefore = 10,
    BoughtBefore = 11,
    ItemsBefore = 12,

    /// <summary>In the months before those weeks: what she usually spends shows better over a long time.</summary>
    SpendEarlier = 13,
    ReceiptsEarlier = 14,

    /// <summary>Paid in as many days after the validity as it has: what was only bought in advance is missing there.</summary>
    SpendAfter = 15,
}

/// <summary>Groups of measures.</summary>
static class Measures
{
    public static readonly int Count = Enum.GetValues<Measure>().Length;

    /// <summary>What was known of a customer before the wave: by these a comparison is adjusted.</summary>
    public static readonly int[] Before =
    [
        (int)Measure.SpendBefore, (int)Measure.MarginBefore, (int)Measure.ReceiptsBefore, (int)Measure.BoughtBefore, (int)Measure.ItemsBefore,
        (int)Measure.SpendEarlier, (int)Measure.ReceiptsEarlier,
    ];
}
