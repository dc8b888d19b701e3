namespace Volna.Redemptions.Life;

/// <summary>
/// The life of a receipt: open -> priced -> closed -> partly returned -> returned, or cancelled. Each step takes a receipt and returns it as it
/// stands afterwards; the uses of offers tell what the step changed, for the ledger to book. Whether a step is allowed is asked before it by
/// <see cref="Refusal"/>.
/// </summary>
static class ReceiptLife
{
    /// <summary>How long rights stay reserved for a priced receipt.</summary>
    public static readonly TimeSpan Reservation = TimeSpan.FromMinutes(15);

    /// <summary>Why a step isn't possible from where the receipt stands; <see cref="ReceiptRefusal.None"/> if it is.</summary>
    public static ReceiptRefusal Refusal(TillCall call, ReceiptState state) => (call, state) switch
    {
        (TillCall.Cancel, ReceiptState.Returned) => ReceiptRefusal.ReceiptReturned,
        (_, ReceiptState.Cancelled) => ReceiptRefusal.ReceiptCancelled,
        (TillCall.Cancel, _) => ReceiptRefusal.None,
        (TillCall.Return, ReceiptState.Returned) => ReceiptRefusal.ReceiptReturned,
        (TillCall.Return, ReceiptState.Open or ReceiptState.Priced) => ReceiptRefusal.ReceiptNotClosed,
        (TillCall.Return, _) => ReceiptRefusal.None,
        (_, ReceiptState.Closed or ReceiptState.PartlyReturned or ReceiptState.Returned) => ReceiptRefusal.ReceiptClosed,
        _ => ReceiptRefusal.None,
    };

    /// <summary>Rights are reserved for what was decided. Nothing is held by the receipt before.</summary>
    public static Receipt Price(Receipt receipt, Decided decided, long until) => Decide(receipt, decided, RightState.Reserved, ReceiptState.Priced, until);

    /// <summary>What was decided now is redeemed; also where nothing had been reserved, or the reservation ran out.</summary>
    public static Receipt Close(Receipt receipt, Decided decided) => Decide(receipt, decided, RightState.Redeemed, ReceiptState.Closed, until: 0);

    /// <summary>What was reserved is redeemed, as it was priced.</summary>
    public static Receipt CloseReserved(Receipt receipt) => receipt with { State = ReceiptState.Closed, ReservedUntil = 0, Uses = Moved(receipt, RightState.Redeemed) };

    /// <summary>Reopened by the cashier, or run out: the reserved rights are free again.</summary>
    public static Receipt Release(Receipt receipt) => receipt with { State = ReceiptState.Open, ReservedUntil = 0, Uses = Moved(receipt, RightState.Free) };

    /// <summary>Nothing of the receipt counts any more; its rights are free again, or expired.</summary>
    /// <param name="isValid">Whether the offer of a use can still be used.</param>
    public static Receipt Cancel(Receipt receipt, Func<Use, bool> isValid) => receipt with
    {
        State = ReceiptState.Cancelled,
        ReservedUntil = 0,
        Lines = receipt.State.IsClosed() ? [.. receipt.Lines.Select(line => line with { Returned = line.Quantity })] : receipt.Lines,
        Uses = [.. Held(receipt).Select(use => use.MovedTo(isValid(use) ? RightState.Free : RightState.Expired) with { Value = default })],
    };

    /// <summary>
    /// Some quantities are brought back. A right whose goods all came back is free again, or expired where the offer isn't valid any more; as long
    /// as some stay sold, the offer stays redeemed for them.
    /// </summary>
    /// <param name="quantities">For each line of the receipt, in thousandths; 0 for those that stay.</param>
    public static Receipt Return(Receipt receipt, ReadOnlySpan<long> quantities, Func<Use, bool> isValid)
    {
        var lines = (SoldLine[])receipt.Lines.Clone();
        for (var i = 0; i < lines.Length; i++) lines[i] = lines[i] with { Returned = lines[i].Returned + quantities[i] };

        var uses = Held(receipt);
        for (var i = 0; i < uses.Length; i++)
        {
            var value = Value(lines, uses[i].Line);
            var right = value.Quantity > 0 ? RightState.Redeemed : isValid(uses[i]) ? RightState.Free : RightState.Expired;
            uses[i] = uses[i].MovedTo(right) with { Value = value };
        }

        return receipt with { State = lines.All(line => line.Returned == line.Quantity) ? ReceiptState.Returned : ReceiptState.PartlyReturned, Lines = lines, Uses = uses };
    }

    /// <summary>As the till asks for it.</summary>
    /// <exception cref="GuardException">A line isn't there, or less is left of it.</exception>
    public static Receipt Return(Receipt receipt, TillReturn goods, Func<Use, bool> isValid)
    {
        var quantities = new long[receipt.Lines.Length];
        foreach (var line in goods.Lines)
        {
            var at = Array.FindIndex(receipt.Lines, sold => sold.Id == line.Id);
            if (at < 0) throw ReceiptRefusals.Of(ReceiptRefusal.LineUnknown, receipt.Id, line.Id);
            if (line.Quantity.Thousandths > receipt.Lines[at].Quantity - receipt.Lines[at].Returned) throw ReceiptRefusals.Of(ReceiptRefusal.ReturnTooMuch, receipt.Id, $"{line.Id}: {line.Quantity}");
            quantities[at] = line.Quantity.Thousandths;
        }

        return Return(receipt, quantities, isValid);
    }

    /// <summary>What a use amounts to with the lines as they stand.</summary>
    public static UseValue Value(SoldLine[] lines, int line)
    {
        if (line != Use.Basket) return lines[line].OfLine;
        var sum = default(UseValue);
        foreach (var one in lines) sum += one.OfBasket;
        return sum;
    }

    /// <summary>What the receipt holds when a step begins.</summary>
    static Use[] Held(Receipt receipt) => [.. receipt.Uses.Where(use => use.IsHeld)];

    static Use[] Moved(Receipt receipt, RightState next)
    {
        var uses = Held(receipt);
        for (var i = 0; i < uses.Length; i++) uses[i] = uses[i].MovedTo(next);
        return uses;
    }

    static Receipt Decide(Receipt receipt, Decided decided, RightState right, ReceiptState state, long until)
    {
        var uses = new Use[decided.Uses.Length];
        for (var i = 0; i < uses.Length; i++) uses[i] = decided.Uses[i] with { Was = RightState.Free, Is = right, Before = default, Value = Value(decided.Lines, decided.Uses[i].Line) };
        return receipt with { State = state, ReservedUntil = until, Lines = decided.Lines, Uses = uses };
    }
}

/// <summary>What a basket costs, as decided now.</summary>
sealed record Decided(SoldLine[] Lines, Use[] Uses);
