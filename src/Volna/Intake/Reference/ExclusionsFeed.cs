using System.Data.Common;
using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// Files of goods that get no personal offers. A row adds to what is known; one for the same goods and first day replaces it, so an exclusion is
/// lifted by a row that gives it a last day.
/// </summary>
static class ExclusionsFeed
{
    static readonly TargetColumns Target = TargetColumns.At(0);

    static readonly Column Reason = new(2, "reason", ColumnType.Word,
        new("Why: forbidden by law or decision, low-margin, other", "Почему: forbidden — запрещено законом или решением, low-margin — низкая маржа, other — другое"),
        "forbidden")
    { Required = true, Words = ["forbidden", "low-margin", "other"] };

    static readonly Column From = new(3, "from", ColumnType.Date,
        new("First day; empty: always", "Первый день; пусто — всегда"), "2026-11-26");

    static readonly Column To = new(4, "to", ColumnType.Date,
        new("Last day, included; empty: until further notice", "Последний день включительно; пусто — бессрочно"), "2026-12-31");

    public static readonly FileKind Kind = new(
        new FileFormat("exclusions", new("Goods without personal offers", "Товары без персональных предложений"), Target.Kind, Target.Value, Reason, From, To)
        {
            Storing = new("Rows add to what is known; a row for the same goods and first day replaces the earlier one, so an exclusion is lifted by giving it a last day.",
                "Строки добавляются к известным; строка о том же с тем же первым днём заменяет прежнюю: чтобы снять запрет, укажите ему последний день."),
        },
        (_, context) =>
        {
            var categories = CatalogStore.CategoryPaths(context.State);
            return new RowTaker<ExclusionRow>(row => Read(row, context, categories), Save);
        });

    sealed record ExclusionRow(int Kind, string Value, int Reason, string StartDay, string EndDay);

    static ExclusionRow? Read(Row row, FileContext context, IReadOnlySet<string> categories)
    {
        var (kind, value) = Target.Read(row, context, categories);
        var reason = row.Word(Reason) ?? 0;
        var period = ReferencePeriod.Read(row, From, To);
        return new ExclusionRow((int)kind, value, reason, period.Start.Iso(), period.End.Iso());
    }

    static void Save(IReadOnlyList<ExclusionRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into exclusion (kind, value, start_day, end_day, reason) values (@Kind, @Value, @StartDay, @EndDay, @Reason)
            on conflict (kind, value, start_day) do update set end_day = excluded.end_day, reason = excluded.reason
            """,
            rows);
}
