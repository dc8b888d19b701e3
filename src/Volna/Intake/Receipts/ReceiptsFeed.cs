using System.Collections.Concurrent;
using System.Text;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Keys;

namespace Volna.Intake.Receipts;

/// <summary>Files of receipts and returns, one row a line of a receipt.</summary>
sealed class ReceiptsFeed : IRowTaker
{
    static readonly Column Receipt = new(0, "receipt", ColumnType.Key,
        new("Number of the receipt, unique within a store's day; equal on all its lines", "Номер чека, не повторяется в магазине за день; одинаков во всех его строках"), "4711-0815")
    { Required = true };

    static readonly Column Time = new(1, "time", ColumnType.Time,
        new("Date and time of the purchase by the store's clock", "Дата и время покупки по часам магазина"), "2026-11-12 18:05:00")
    { Required = true };

    static readonly Column Store = new(2, "store", ColumnType.Key,
        new("The store; empty if not known", "Магазин; пусто, если неизвестен"), "S017");

    static readonly Column Customer = new(3, "customer", ColumnType.Key,
        new("The customer (number of her card); a row without one is rejected as anonymous", "Покупатель (номер карты); строка без него отклоняется как анонимная"), "1234567")
    { Required = true };

    static readonly Column Product = new(4, "product", ColumnType.Key,
        new("The product", "Товар"), "85123A")
    { Required = true };

    static readonly Column ProductName = new(5, "product_name", ColumnType.Text,
        new("The product's name, where no product file gives it", "Название товара, если его нет в файле товаров"), "Milk 3.2 % 1 l");

    static readonly Column Quantity = new(6, "quantity", ColumnType.Quantity,
        new("Pieces or kilograms; negative on a return", "Штуки или килограммы; на возврате — с минусом"), "2")
    { Required = true };

    static readonly Column Price = new(7, "price", ColumnType.Money,
        new("Price of one piece before discounts; either this or the amount is needed", "Цена за единицу до скидок; нужна она или сумма"), "89.90");

    static readonly Column Amount = new(8, "amount", ColumnType.Money,
        new("What was paid for the line after all discounts; without it, price times quantity less discount", "Уплачено за строку после всех скидок; если нет — цена на количество минус скидка"), "161.82");

    static readonly Column Discount = new(9, "discount", ColumnType.Money,
        new("All discounts on the line; without it, price times quantity less amount", "Все скидки по строке; если нет — цена на количество минус сумма"), "17.98");

    public static readonly FileKind Kind = new(
        new FileFormat(
            "receipts", new("Receipts and returns, one row a line", "Чеки и возвраты, по строке на позицию"),
            Receipt, Time, Store, Customer, Product, ProductName, Quantity, Price, Amount, Discount)
        {
            Storing = new("A receipt that came with an earlier file isn't stored again; receipts are never changed or removed.",
                "Чек, пришедший с более ранним файлом, второй раз не загружается; чеки не меняются и не удаляются."),
        },
        (layout, context) => new ReceiptsFeed(layout, context))
    {
        OnlyAdds = true,
        MostChunkRows = int.MaxValue,
    };

    /// <summary>Unit prices are read with four decimals: fuel and goods by weight have more than two.</summary>
    const int PriceScale = 4;

    readonly KeyTables _keys;
    readonly FileContext _context;
    readonly KnownReceiptStore _known;
    readonly ConcurrentBag<ReceiptChunkStore> _free = [];
    readonly int _lastMinute;
    ReceiptChunkStore _chunk;
    int _oldProducts;

    ReceiptsFeed(Layout layout, FileContext context)
    {
        if (!layout.Has(Price) && !layout.Has(Amount)) throw layout.Missing($"{Price.Name}|{Amount.Name}");
        _context = context;
        _keys = context.Keys;
        _oldProducts = _keys.Products.Count;
        _lastMinute = Clock.Minute(context.Now) + 1440;
        _known = new KnownReceiptStore(context.Folder, context.Batch, context.History.NextSegment());
        _chunk = NewChunk();
    }

    public void Take(Row row)
    {
        if (row.Bytes(Customer).IsEmpty)
        {
            row.Reject(RejectReason.NoCustomer, Customer);
            return;
        }

        if (row.IsNoProduct)
        {
            row.Reject(RejectReason.NoProduct, Product);
            return;
        }

        var store = row.Key(Store);
        var numberInStore = ReceiptNumber.InStore(row.Key(Receipt), store);
        row.Key(Customer);
        row.Key(Product);
        var minute = row.Minute(Time);
        var quantity = row.Quantity(Quantity);
        var price = row.Number(Price, PriceScale);
        var amount = row.Money(Amount);
        var discount = row.Money(Discount);
        if (price is null && amount is null) row.Reject(RejectReason.MissingValue, Price);
        if (row.IsRejected) return;

        if (minute > _lastMinute) row.Reject(RejectReason.FutureDate, Time);
        else if (quantity!.Value.Thousandths == 0) row.Reject(RejectReason.ZeroQuantity, Quantity);
        else if (Math.Abs(quantity.Value.Thousandths) > int.MaxValue) row.Reject(RejectReason.NumberOutOfRange, Quantity);
        else if (price < 0) row.Reject(RejectReason.NegativeNumber, Price);
        if (row.IsRejected) return;

        var day = minute!.Value / 1440;
        var receipt = ReceiptNumber.OnDay(numberInStore, minute.Value);
        var isReturn = quantity!.Value.Thousandths < 0 || row.IsReturn;
        var pieces = Math.Abs(quantity.Value.Thousandths);
        var (paid, off) = Settle(pieces, price, isReturn ? Absolute(amount) : amount?.Minor, Absolute(discount));
        if (paid < 0) row.Reject(RejectReason.AmountSign, amount is null ? Discount : Amount);
        else if (_known.Contains(day, receipt)) row.Reject(RejectReason.DuplicateReceipt, Receipt);
        if (row.IsRejected) return;

        // Only now, so that a rejected row leaves no keys behind.
        var customer = _keys.Customers.NumberOf(row.Bytes(Customer));
        var product = _keys.Products.NumberOf(row.Bytes(Product));
        var sign = isReturn ? -1 : 1;
        _chunk.Add(customer, _keys.Customers.HashOf(customer), new PurchaseLine(
            receipt, minute.Value, row.Bytes(Store) is { IsEmpty: false } known ? _keys.Stores.NumberOf(known) : 0, product,
            (int)(sign * pieces), sign * paid, sign * off));
        if (product > _oldProducts && !_chunk.NewNames.ContainsKey(product) && row.Bytes(ProductName) is { IsEmpty: false } name)
            _chunk.NewNames.Add(product, Encoding.UTF8.GetString(name));
        if (!isReturn) _chunk.Prices.See(product, SeenPrice.Of(minute.Value, paid, off, pieces));
    }

    public IChunk TakeChunk()
    {
        var chunk = _chunk;
        _chunk = NewChunk();
        _oldProducts = _keys.Products.Count;
        return chunk;
    }

    public void Dispose() => _known.Dispose();

    /// <summary>What was paid and what was taken off, in minor units, of a line whose sign is set aside. Whatever the file doesn't tell follows from the rest.</summary>
    /// <param name="thousandths">Quantity, above zero.</param>
    /// <param name="price">Unit price in 1/10,000, or null.</param>
    internal static (long Paid, long Off) Settle(long thousandths, long? price, long? paid, long? off)
    {
        var full = price is { } unit ? TimesPrice(thousandths, unit) : 0;
        if (paid is null) return (full - (off ?? 0), off ?? 0);
        return (paid.Value, off ?? (price is null ? 0 : Math.Max(0, full - paid.Value)));
    }

    /// <summary>Rounded half up to the minor unit, as a till does with each line.</summary>
    static long TimesPrice(long thousandths, long price)
    {
        const long Divisor = 100_000;
        return thousandths < int.MaxValue && price < int.MaxValue
            ? ((thousandths * price) + (Divisor / 2)) / Divisor
            : (long)((((Int128)thousandths * price) + (Divisor / 2)) / Divisor);
    }

    static long? Absolute(Money? money) => money is { } given ? Math.Abs(given.Minor) : null;

    ReceiptChunkStore NewChunk()
    {
        // Two take turns: one is stored while the other fills.
        if (!_free.TryTake(out var chunk)) return new ReceiptChunkStore(_context.Folder, _context.History, _context.Batch, _free.Add);
        chunk.Clear();
        return chunk;
    }
}
