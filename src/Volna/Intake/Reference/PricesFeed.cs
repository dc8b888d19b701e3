using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// Files of shelf prices. A row adds to what is known; one for the same product, store and first day replaces it. Prices without a first day hold
/// where no dated one does yet.
/// </summary>
static class PricesFeed
{
    static readonly Column Product = new(0, "product", ColumnType.Key,
        new("The product; must be known", "Товар; должен быть известен"), "85123A")
    { Required = true };

    static readonly Column Store = new(1, "store", ColumnType.Key,
        new("The store; must be known. Empty: all stores that have no price of their own", "Магазин; должен быть известен. Пусто — все магазины, у которых нет своей цены"), "S017");

    static readonly Column Price = new(2, "price", ColumnType.Money,
        new("Regular shelf price of a piece or kilogram", "Обычная цена на полке за штуку или килограмм"), "94.90")
    { Required = true };

    static readonly Column From = new(3, "from", ColumnType.Date,
        new("First day of the price; it holds until the next one. Empty: until the first dated one", "Первый день действия цены; действует до следующей. Пусто — до первой цены с датой"), "2026-11-26");

    public static readonly FileKind Kind = new(
        new FileFormat("prices", new("Shelf prices by day and store", "Цены на полке по дням и магазинам"), Product, Store, Price, From)
        {
            Storing = new("Rows add to what is known; a row for the same product, store and first day replaces the earlier one.",
                "Строки добавляются к известным; строка с тем же товаром, магазином и первым днём заменяет прежнюю."),
        },
        (_, context) => new RowTaker<PriceRow>(row => Read(row, context), Save));

    sealed record PriceRow(int Product, int Store, string StartDay, long PriceMinor);

    static PriceRow? Read(Row row, FileContext context)
    {
        var product = KnownKey.Product(row, Product, context);
        var store = KnownKey.Store(row, Store, context);
        var price = ProductsFeed.NotNegative(row, Price);
        var from = row.Date(From) ?? DateOnly.MinValue;
        return row.IsRejected ? null : new PriceRow(product, store, from.Iso(), price!.Value.Minor);
    }

    static void Save(IReadOnlyList<PriceRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into price (product, store, start_day, price_minor) values (@Product, @Store, @StartDay, @PriceMinor)
            on conflict (product, store, start_day) do update set price_minor = excluded.price_minor
            """,
            rows);
}
