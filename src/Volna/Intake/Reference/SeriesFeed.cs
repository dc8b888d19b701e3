using System.Data.Common;
using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Files of what may drive demand beside habit: weather, events, anything with a value for each day. A row for the same series, city and day replaces the earlier one.</summary>
static class SeriesFeed
{
    static readonly Column Series = new(0, "series", ColumnType.Text,
        new("Name of the series", "Название ряда"), "temperature")
    { Required = true };

    static readonly Column Date = new(1, "date", ColumnType.Date,
        new("The day; days ahead, as foretold or planned, are needed, too", "День; нужны и будущие дни — по прогнозу или плану"), "2026-11-26")
    { Required = true };

    static readonly Column City = new(2, "city", ColumnType.Text,
        new("City, as the stores file names it; a store there must be known. Empty: all cities without values of their own", "Город, как в файле магазинов; магазин в нём должен быть известен. Пусто — все города без собственных значений"), "Yekaterinburg");

    static readonly Column Value = new(3, "value", ColumnType.Quantity,
        new("The day's value, such as degrees, or 1 for an event; up to three decimals", "Значение дня, например градусы, или 1 для события; до трёх знаков после точки"), "-12.5")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("series", new("Weather, events and other values by day", "Погода, события и другие значения по дням"), Series, Date, City, Value)
        {
            Storing = new("Rows add to what is known; a row for the same series, city and day replaces the earlier one.",
                "Строки добавляются к известным; строка с тем же рядом, городом и днём заменяет прежнюю."),
        },
        (_, context) =>
        {
            var cities = CatalogStore.Cities(context.State);
            return new RowTaker<SeriesRow>(row => Read(row, cities), Save);
        });

    sealed record SeriesRow(string Series, string City, string Day, long ValueThousandths);

    static SeriesRow? Read(Row row, IReadOnlySet<string> cities)
    {
        var (series, city, day, value) = (row.Text(Series), row.Text(City), row.Date(Date), row.Quantity(Value));
        // Values of a mistyped city would silently do nothing.
        if (city.Length > 0 && !cities.Contains(city)) row.Reject(RejectReason.UnknownCity, City);
        return row.IsRejected ? null : new SeriesRow(series, city, day!.Value.Iso(), value!.Value.Thousandths);
    }

    static void Save(IReadOnlyList<SeriesRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into series_value (series, city, day, value_thousandths) values (@Series, @City, @Day, @ValueThousandths)
            on conflict (series, city, day) do update set value_thousandths = excluded.value_thousandths
            """,
            rows);
}
