using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>What changes about a customer: her stock at home, what she bought last, what she will bring back.</summary>
sealed class ShopperState
{
    float _messages;
    int _messagesOn;

    ShopperState(float[] coveredUntil, short[] last, bool[] adopted, List<PendingReturn> returns)
    {
        Adopted = adopted;
        CoveredUntil = coveredUntil;
        Last = last;
        Returns = returns;
    }

    public ShopperState(Shopper shopper)
        : this(new float[shopper.Needs.Length], new short[shopper.Needs.Length], new bool[shopper.Needs.Length], [])
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

    /// <summary>By need: did she try a category she had not used, and stay with it?</summary>
    public bool[] Adopted { get; }

    public List<PendingReturn> Returns { get; }

    /// <summary>Channels that she has left by unsubscribing or by the spam button; the retailer must not use them any more.</summary>
    public Channels Left { get; private set; }

    /// <summary>How often she called a letter spam.</summary>
    public int Complaints { get; private set; }

    /// <summary>Messages she got and has not forgotten: half of them are after four weeks.</summary>
    public double FreshMessages(int day) => _messages == 0 ? 0 : _messages * Math.Pow(2, (_messagesOn - day) / 28.0);

    public void Receive(int day, double messages)
    {
        _messages = (float)(FreshMessages(day) + messages);
        _messagesOn = day;
    }

    public void Leave(Channels channel, bool complains)
    {
        Left |= channel;
        if (complains) Complaints++;
    }

    public ShopperState Copy() =>
        new([.. CoveredUntil], [.. Last], [.. Adopted], [.. Returns]) { Left = Left, Complaints = Complaints, _messages = _messages, _messagesOn = _messagesOn };
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
    public BasketLine AsReturn() => this with { QuantityThousandths = -QuantityThousandths, Paid = -Paid, Offer = -1 };
}

/// <summary>A receipt; its lines stand in the book it belongs to.</summary>
readonly record struct Receipt(int Shopper, int Day, int Minute, int Shop, bool IsReturn, int FirstLine, int Lines)
{
    /// <summary>Unique in the world and alike in every run: at most one purchase and one return a customer and day.</summary>
    public string Id => $"R{Day:0000}{(IsReturn ? 'V' : '-')}{Shopper + 1:0000000}";

    /// <summary>Writes the same id as ASCII.</summary>
    /// <returns>How many bytes.</returns>
    public int WriteId(Span<byte> to)
    {
        to[0] = (byte)'R';
        System.Buffers.Text.Utf8Formatter.TryFormat(Day, to[1..], out var day, new System.Buffers.StandardFormat('D', 4));
        to[day + 1] = (byte)(IsReturn ? 'V' : '-');
        System.Buffers.Text.Utf8Formatter.TryFormat(Shopper + 1, to[(day + 2)..], out var shopper, new System.Buffers.StandardFormat('D', 7));
        return day + shopper + 2;
    }
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
