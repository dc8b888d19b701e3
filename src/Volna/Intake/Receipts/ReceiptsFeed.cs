using Volna.Intake.Files;

namespace Volna.Intake.Receipts;

/// <summary>Files of receipts and returns, one row a line of a receipt.</summary>
sealed class ReceiptsFeed : IRowTaker
{
    static readonly Column Receipt = new(0, "receipt", ColumnType.Key,
        new("Number of the receipt, unique within a store's day; equal on all its lines", "Номер чека, не повторяется в магазине за день; одинаков во всех его строках"), "4711-0815")
    { Required = true };

    static readonly Column Time = new(1, "time", ColumnType.Time,
        new("Date and time of the purchase by the store's clock", "Дата и время покупки по часам магазина"), "2026-11-26 18:05:00")
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
        (layout, context) => new ReceiptsFeed());

    public void Take(Row row) => throw new NotImplementedException();

    public IChunk TakeChunk() => throw new NotImplementedException();
}
