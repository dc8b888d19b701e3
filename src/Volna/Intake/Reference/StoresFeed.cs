using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Files of stores. A store that is there already gets the values of the columns that the file has; none is removed.</summary>
static class StoresFeed
{
    static readonly Column Key = new(0, "key", ColumnType.Key,
        new("The store's number, as receipts name it", "Номер магазина, как в чеках"), "S017")
    { Required = true };

    static readonly Column Name = new(1, "name", ColumnType.Text,
        new("Name for people", "Название для людей"), "Volna at the Station");

    static readonly Column City = new(2, "city", ColumnType.Text,
        new("City", "Город"), "Yekaterinburg");

    static readonly Column TimeZone = new(3, "time_zone", ColumnType.Text,
        new("Time zone, an IANA name; days begin and end by it", "Часовой пояс, имя IANA; по нему начинаются и заканчиваются сутки"), "Asia/Yekaterinburg");

    public static readonly FileKind Kind = new(
        new FileFormat("stores", new("Stores", "Магазины"), Key, Name, City, TimeZone)
        {
            Storing = new("A store that is there already gets the values of the columns that the file has; an empty cell clears a value. No store is removed.",
                "У известного магазина обновляются значения тех колонок, что есть в файле; пустая ячейка стирает значение. Магазины не удаляются."),
        },
        (layout, context) =>
        {
            var update = ReferenceUpdate.Of("store", layout, (Name, "name = @Name"), (City, "city = @City"), (TimeZone, "time_zone = @Zone"));
            return new RowTaker<StoreRow>(row => Read(row, context), (rows, transaction) => Save(update, rows, transaction));
        });

    sealed record StoreRow(int Number, string Name, string City, string Zone);

    static StoreRow? Read(Row row, FileContext context)
    {
        var (name, city, zone) = (row.Text(Name), row.Text(City), row.Text(TimeZone));
        if (zone.Length > 0 && !(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId))
            row.Reject(RejectReason.UnknownTimeZone, TimeZone);
        var key = row.Key(Key);
        return row.IsRejected ? null : new StoreRow(context.Keys.Stores.NumberOf(key), name, city, zone);
    }

    static void Save(string? update, IReadOnlyList<StoreRow> rows, DbTransaction transaction)
    {
        if (update is not null) transaction.ExecuteEach(update, rows);
    }
}
