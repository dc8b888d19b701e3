using System.Runtime.InteropServices;
using Volna.Intake.History;

namespace Volna.Intake.Receipts;

/// <summary>Purchases of some customers by ascending number, gathered in memory to be stored without a file.</summary>
public sealed class BulkLines
{
    readonly List<PurchaseLine> _lines = [];
    readonly List<Customer> _customers = [];
    int _start;

    internal SeenPriceStore Prices { get; } = new();

    internal ReadOnlySpan<PurchaseLine> Lines => CollectionsMarshal.AsSpan(_lines);

    internal ReadOnlySpan<Customer> Customers => CollectionsMarshal.AsSpan(_customers);

    public int Count => _lines.Count;

    /// <summary>Adds a line as a file of receipts tells it; what was taken off follows from price and amount.</summary>
    /// <param name="receipt">See <see cref="ReceiptNumber"/>.</param>
    /// <param name="minute">See <see cref="Clock"/>.</param>
    /// <param name="quantity">Negative on a return.</param>
    /// <param name="price">Of one piece before discounts.</param>
    /// <param name="paid">For the line after discounts; negative on a return.</param>
    public void Add(ulong receipt, int minute, int store, int product, Quantity quantity, Money price, Money paid)
    {
        var sign = Math.Sign(quantity.Thousandths);
        var pieces = Math.Abs(quantity.Thousandths);
        var (amount, off) = ReceiptsFeed.Settle(pieces, price.Minor * 100, Math.Abs(paid.Minor), off: null);
        _lines.Add(new PurchaseLine(receipt, minute, store, product, (int)quantity.Thousandths, sign * amount, sign * off));
        if (sign > 0) Prices.See(product, SeenPrice.Of(minute, amount, off, pieces));
    }

    /// <summary>All lines since the last customer are hers.</summary>
    /// <param name="keyHash">XXH64 of her key.</param>
    public void EndCustomer(int number, ulong keyHash)
    {
        if (_lines.Count == _start) return;
        _customers.Add(new Customer(number, keyHash, _start, _lines.Count - _start));
        _start = _lines.Count;
    }

    public void Clear()
    {
        _lines.Clear();
        _customers.Clear();
        Prices.Clear();
        _start = 0;
    }

    internal readonly record struct Customer(int Number, ulong KeyHash, int Start, int Count);
}
