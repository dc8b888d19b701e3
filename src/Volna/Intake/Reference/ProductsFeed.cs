using System.Data.Common;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// Files of products. A product that is there already gets the values of the columns that the file has; none is removed. A cost above the price
/// is accepted, because shops do sell below cost; no offer will deepen it.
/// </summary>
static class ProductsFeed
{
    static readonly Column Key = new(0, "key", ColumnType.Key,
        new("The product's number, as receipts name it", "Номер товара, как в чеках"), "85123A")
    { Required = true };

    static readonly Column Name = new(1, "name", ColumnType.Text,
        new("Name for customers; empty: as known before, else the number", "Название для покупателей; пусто — прежнее, а если его нет — номер"), "Milk 3.2 %, 1 l");

    static readonly Column Path = new(2, "category", ColumnType.Text,
        new("Path of its category from the root, separated by /", "Путь категории от корня через /"), "Food/Dairy/Milk");

    static readonly Column Brand = new(3, "brand", ColumnType.Text,
        new("Brand", "Бренд"), "Meadow");

    static readonly Column Supplier = new(4, "supplier", ColumnType.Text,
        new("Supplier", "Поставщик"), "Dairy Ltd");

    static readonly Column Price = new(5, "price", ColumnType.Money,
        new("Regular shelf price of a piece or kilogram; a price file comes before it, the latest receipt stands in for it",
            "Обычная цена на полке за штуку или килограмм; файл цен важнее, без обоих берётся последняя цена из чеков"), "89.90");

    static readonly Column Cost = new(6, "cost", ColumnType.Money,
        new("What a piece or kilogram costs the retailer", "Себестоимость штуки или килограмма"), "61.00");

    static readonly Column Floor = new(7, "floor", ColumnType.Word,
        new("How low the price may go: none, minimum-price (never below floor_price), no-discount", "Как низко может опуститься цена: none — без ограничений, minimum-price — не ниже floor_price, no-discount — скидки запрещены"),
        "minimum-price")
    { Words = ["none", "minimum-price", "no-discount"] };

    static readonly Column FloorPrice = new(8, "floor_price", ColumnType.Money,
        new("Lowest price allowed; needed with minimum-price", "Минимальная розничная цена; нужна при minimum-price"), "70.00");

    static readonly Column Tags = new(9, "tags", ColumnType.Text,
        new("Marks that laws and customers speak of, one word each, separated by spaces or ;", "Метки, о которых говорят законы и покупатели, по одному слову, через пробел или ;"), "vegetarian");

    public static readonly FileKind Kind = new(
        new FileFormat("products", new("Products with category, price, cost and floor", "Товары: категория, цена, себестоимость, МРЦ"),
            Key, Name, Path, Brand, Supplier, Price, Cost, Floor, FloorPrice, Tags)
        {
            Storing = new("A product that is there already gets the values of the columns that the file has; an empty cell clears a value. No product is removed. A cost above the price is accepted.",
                "У известного товара обновляются значения тех колонок, что есть в файле; пустая ячейка стирает значение. Товары не удаляются. Себестоимость выше цены допускается."),
        },
        (layout, context) =>
        {
            var update = ReferenceUpdate.Of("product", layout,
                (Name, "name = case when @Name = '' then name else @Name end"), (Path, "category = @Category"), (Brand, "brand = @Brand"), (Supplier, "supplier = @Supplier"),
                (Price, "price_minor = @PriceMinor"), (Cost, "cost_minor = @CostMinor"), (Floor, "floor = @Floor"), (FloorPrice, "floor_price_minor = @FloorPriceMinor"),
                (Tags, "tags = @Tags"));
            var categories = new CategoryNumbers();
            return new RowTaker<ProductRow>(row => Read(row, context), (rows, transaction) => Save(update, categories, rows, transaction));
        });

    sealed record ProductRow(
        int Number, string Name, string Path, string Brand, string Supplier, long? PriceMinor, long? CostMinor, int Floor, long? FloorPriceMinor, string Tags)
    {
        public int Category { get; init; }
    }

    static ProductRow? Read(Row row, FileContext context)
    {
        var (name, path, brand, supplier) = (row.Text(Name), CategoryNumbers.Clean(row.Text(Path)), row.Text(Brand), row.Text(Supplier));
        var (price, cost) = (NotNegative(row, Price), NotNegative(row, Cost));
        var floor = (FloorPolicy)(row.Word(Floor) ?? 0);
        var floorPrice = NotNegative(row, FloorPrice);
        if (floor == FloorPolicy.MinimumPrice && floorPrice is null) row.Reject(RejectReason.MissingValue, FloorPrice);
        var tags = row.Text(Tags).ToLowerInvariant().Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries).Distinct();
        var key = row.Key(Key);
        if (row.IsRejected) return null;
        return new ProductRow(
            context.Keys.Products.NumberOf(key), name, path, brand, supplier, price?.Minor, cost?.Minor, (int)floor, floorPrice?.Minor, string.Join(' ', tags));
    }

    internal static Money? NotNegative(Row row, Column column)
    {
        var money = row.Money(column);
        if (money?.Minor < 0) row.Reject(RejectReason.NegativeNumber, column);
        return money;
    }

    static void Save(string? update, CategoryNumbers categories, IReadOnlyList<ProductRow> rows, DbTransaction transaction)
    {
        if (update is not null)
            transaction.ExecuteEach(update, rows.Select(row => row with { Category = categories.NumberOf(row.Path, transaction) }));
    }

    /// <summary>Our numbers of category paths; a new path makes its parents too.</summary>
    sealed class CategoryNumbers
    {
        Dictionary<string, int>? _numbers;

        /// <summary>A path without spaces around its levels and without empty levels.</summary>
        public static string Clean(string path) => string.Join('/', path.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

        public int NumberOf(string path, DbTransaction transaction)
        {
            if (path.Length == 0) return 0;
            _numbers ??= transaction.Connection!.Query<(string Path, int Number)>("select path, number from category", transaction: transaction)
                .ToDictionary(category => category.Path, category => category.Number);
            if (_numbers.TryGetValue(path, out var known)) return known;

            var slash = path.LastIndexOf('/');
            var parent = slash < 0 ? 0 : NumberOf(path[..slash], transaction);
            var number = _numbers.Count + 1;
            transaction.Connection!.Execute("insert into category (number, path, parent) values (@number, @path, @parent)", new { number, path, parent }, transaction);
            return _numbers[path] = number;
        }
    }
}
