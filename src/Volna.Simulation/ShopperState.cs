namespace Volna.Simulation;

/// <summary>What changes about a customer: her stock at home, what she bought last, what she will bring back.</summary>
sealed class ShopperState
{
    ShopperState(float[] coveredUntil, short[] last, List<PendingReturn> returns)
    {
        CoveredUntil = coveredUntil;
        Last = last;
        Returns = returns;
    }

    public ShopperState(Shopper shopper)
        : this(new float[shopper.Needs.Length], new short[shopper.Needs.Length], [])
    {
        Array.Fill(Last, (short)-1);

        // On the first day homes are stocked by chance, so that not all run out together.
        for (var need = 0; need < CoveredUntil.Length; need++)
            CoveredUntil[need] = shopper.Joins + (float)(shopper.PackDays[need] * shopper.Luck.Unit(Purpose.FirstStock, 0, need));
    }

    /// <summary>By need: the day until which her stock at home lasts.</summary>
    public float[] CoveredUntil { get; }

    /// <summary>By need: the place of the product she bought last, or -1.</summary>
    public short[] Last { get; }

    public List<PendingReturn> Returns { get; }

    public ShopperState Copy() => new([.. CoveredUntil], [.. Last], [.. Returns]);
}

/// <summary>A line that will be brought back to the shop where it was bought.</summary>
readonly record struct PendingReturn(int Day, int Shop, BasketLine Line);

/// <summary>A line of a basket.</summary>
/// <param name="QuantityThousandths">Negative on a return.</param>
/// <param name="ShelfPrice">Of a piece or kilogram, mass promotion in it.</param>
/// <param name="Paid">What she expects to pay for the line, her offer in it; negative on a return.</param>
/// <param name="Offer">Index of her offer on it, or -1.</param>
readonly record struct BasketLine(int Product, int QuantityThousandths, Money RegularPrice, Money ShelfPrice, Money Paid, int Offer)
{
    public BasketLine Returned => this with { QuantityThousandths = -QuantityThousandths, Paid = -Paid, Offer = -1 };
}

/// <summary>A receipt; its lines stand in the book it belongs to.</summary>
readonly record struct Receipt(int Shopper, int Day, int Minute, int Shop, bool IsReturn, int FirstLine, int Lines)
{
    /// <summary>Unique in the world and alike in every run: at most one purchase and one return a customer and day.</summary>
    public string Id => $"R{Day:0000}{(IsReturn ? 'V' : '-')}{Shopper + 1:0000000}";
}

/// <summary>Receipts in the order in which they were made.</summary>
sealed class ReceiptBook
{
    public List<Receipt> Receipts { get; } = [];

    public List<BasketLine> Lines { get; } = [];

    public ReadOnlySpan<BasketLine> LinesOf(in Receipt receipt) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Lines).Slice(receipt.FirstLine, receipt.Lines);

    public void Clear()
    {
        Receipts.Clear();
        Lines.Clear();
    }
}
