using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Files of shelf promotions. A row adds to what is known; one for the same promotion, product and store replaces it.</summary>
static class MassPromotionsFeed
{
    static readonly Column Key = new(0, "key", ColumnType.Key,
        new("The promotion; several products may share it", "Акция; в ней может быть несколько товаров"), "2026-W48")
    { Required = true };

    static readonly Column Product = new(1, "product", ColumnType.Key,
        new("The product; must be known", "Товар; должен быть известен"), "85123A")
    { Required = true };

    static readonly Column Store = new(2, "store", ColumnType.Key,
        new("The store; must be known. Empty: all stores", "Магазин; должен быть известен. Пусто — все магазины"), "S017");

    static readonly Column Discount = new(3, "discount", ColumnType.Percent,
        new("Discount on the shelf, in percent", "Скидка на полке в процентах"), "20")
    { Required = true };

    static readonly Column From = new(4, "from", ColumnType.Date,
        new("First day", "Первый день"), "2026-11-26")
    { Required = true };

    static readonly Column To = new(5, "to", ColumnType.Date,
        new("Last day, included", "Последний день включительно"), "2026-12-02")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("mass-promotions", new("Shelf promotions open to all", "Массовые промоакции на полке, для всех"), Key, Product, Store, Discount, From, To)
        {
            Storing = new("Rows add to what is known; a row for the same promotion, product and store replaces the earlier one.",
                "Строки добавляются к известным; строка с той же акцией, товаром и магазином заменяет прежнюю."),
        },
        (_, context) => new RowTaker<PromotionRow>(row => Read(row, context), Save));

    sealed record PromotionRow(string Key, int Product, int Store, int DiscountBasisPoints, string StartDay, string EndDay);

    static PromotionRow? Read(Row row, FileContext context)
    {
        var key = System.Text.Encoding.UTF8.GetString(row.Key(Key));
        var product = KnownKey.Product(row, Product, context);
        var store = KnownKey.Store(row, Store, context);
        var discount = row.Percent(Discount) ?? Percent.Zero;
        var period = ReferencePeriod.Read(row, From, To);
        return new PromotionRow(key, product, store, discount.BasisPoints, period.Start.Iso(), period.End.Iso());
    }

    static void Save(IReadOnlyList<PromotionRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into mass_promotion (key, product, store, discount_basis_points, start_day, end_day)
            values (@Key, @Product, @Store, @DiscountBasisPoints, @StartDay, @EndDay)
            on conflict (key, product, store) do update
            set discount_basis_points = excluded.discount_basis_points, start_day = excluded.start_day, end_day = excluded.end_day
            """,
            rows);
}
