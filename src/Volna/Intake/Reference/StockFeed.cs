using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// Files of stock. A file replaces the whole stock of each store it names: what isn't in it is out of stock there. Stores that it doesn't name
/// keep theirs.
/// </summary>
static class StockFeed
{
    static readonly Column Store = new(0, "store", ColumnType.Key,
        new("The store; must be known", "Магазин; должен быть известен"), "S017")
    { Required = true };

    static readonly Column Product = new(1, "product", ColumnType.Key,
        new("The product; must be known", "Товар; должен быть известен"), "85123A")
    { Required = true };

    static readonly Column Quantity = new(2, "quantity", ColumnType.Quantity,
        new("Pieces or kilograms on stock; 0 if sold out", "Остаток в штуках или килограммах; 0 — товара нет"), "24")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("stock", new("Stock by store; replaces the stock of the stores named", "Остатки по магазинам; заменяют остатки названных магазинов"), Store, Product, Quantity)
        {
            Storing = new("A file replaces the whole stock of each store it names: what isn't in it is out of stock there. Other stores keep theirs.",
                "Файл целиком заменяет остатки названных в нём магазинов: чего в нём нет, того нет в наличии. Остатки других магазинов не меняются."),
        },
        (_, context) => new RowTaker<StockRow>(row => Read(row, context), (rows, transaction) => Save(rows, context.Batch, transaction)));

    sealed record StockRow(int Store, int Product, long QuantityThousandths, int Batch);

    static StockRow? Read(Row row, FileContext context)
    {
        var store = KnownKey.Store(row, Store, context);
        var product = KnownKey.Product(row, Product, context);
        var quantity = row.Quantity(Quantity);
        if (quantity?.Thousandths < 0) row.Reject(RejectReason.NegativeNumber, Quantity);
        return row.IsRejected ? null : new StockRow(store, product, quantity!.Value.Thousandths, context.Batch);
    }

    static void Save(IReadOnlyList<StockRow> rows, int batch, DbTransaction transaction)
    {
        // By batch and not by "first time seen": a file that was interrupted goes on without wiping out its own first half.
        transaction.ExecuteEach(
            "delete from stock where store = @store and batch <> @batch",
            rows.Select(row => row.Store).Distinct().Select(store => new { store, batch }));
        transaction.ExecuteEach(
            """
            insert into stock (store, product, quantity_thousandths, batch) values (@Store, @Product, @QuantityThousandths, @Batch)
            on conflict (store, product) do update set quantity_thousandths = excluded.quantity_thousandths
            """,
            rows);
    }
}
