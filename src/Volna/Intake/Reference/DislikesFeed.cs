using System.Data.Common;
using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Files of what customers don't want to be offered. A row adds to what is known; one for the same customer and goods replaces it.</summary>
static class DislikesFeed
{
    static readonly Column Customer = new(0, "customer", ColumnType.Key,
        new("The customer; must be known", "Покупатель; должен быть известен"), "1234567")
    { Required = true };

    static readonly TargetColumns Target = TargetColumns.At(1);

    static readonly Column Reason = new(3, "reason", ColumnType.Word,
        new("Why: feedback (not this, please), ethics, allergy", "Почему: feedback — просьба не предлагать, ethics — убеждения, allergy — аллергия"),
        "ethics")
    { Required = true, Words = ["feedback", "ethics", "allergy"] };

    public static readonly FileKind Kind = new(
        new FileFormat("dislikes", new("What customers don't want to be offered", "Чего покупатели просят не предлагать"), Customer, Target.Kind, Target.Value, Reason)
        {
            Storing = new("Rows add to what is known; a row for the same customer and goods replaces the earlier one.",
                "Строки добавляются к известным; строка о том же покупателе и том же товаре заменяет прежнюю."),
        },
        (_, context) =>
        {
            var categories = CatalogStore.CategoryPaths(context.State);
            return new RowTaker<DislikeRow>(row => Read(row, context, categories), Save);
        });

    sealed record DislikeRow(int Customer, int Kind, string Value, int Reason);

    static DislikeRow? Read(Row row, FileContext context, IReadOnlySet<string> categories)
    {
        var customer = KnownKey.Customer(row, Customer, context);
        var (kind, value) = Target.Read(row, context, categories);
        var reason = row.Word(Reason) ?? 0;
        return new DislikeRow(customer, (int)kind, value, reason);
    }

    static void Save(IReadOnlyList<DislikeRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into dislike (customer, kind, value, reason) values (@Customer, @Kind, @Value, @Reason)
            on conflict (customer, kind, value) do update set reason = excluded.reason
            """,
            rows);
}
