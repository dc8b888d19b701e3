using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>The two columns by which a rule names goods.</summary>
/// <param name="Kind">Its words stand in the order of <see cref="TargetKind"/>.</param>
sealed record TargetColumns(Column Kind, Column Value)
{
    /// <param name="at">Place of the first of the two columns.</param>
    public static TargetColumns At(int at) => new(
        new(at, "kind", ColumnType.Word,
            new("What the rule speaks of", "О чём правило"), "category")
        { Required = true, Words = ["product", "category", "brand", "tag", "supplier"] },
        new(at + 1, "value", ColumnType.Text,
            new("Key of the product, path of the category (with all below it), or name; products and categories must be known",
                "Номер товара, путь категории (со всеми вложенными) или название; товары и категории должны быть известны"), "Food/Dairy")
        { Required = true });

    /// <summary>Reads the target. Products and categories must be known: a rule about a mistyped one would silently do nothing.</summary>
    public (TargetKind Kind, string Value) Read(Row row, FileContext context, IReadOnlySet<string> categories)
    {
        var kind = (TargetKind)(row.Word(Kind) ?? 0);
        var value = row.Text(Value);
        switch (kind)
        {
            case TargetKind.Product:
                KnownKey.Product(row, Value, context);
                break;
            case TargetKind.Category:
                value = value.Trim('/');
                if (!categories.Contains(value)) row.Reject(RejectReason.UnknownCategory, Value);
                break;
            case TargetKind.Tag:
                value = value.ToLowerInvariant();
                break;
        }

        return (kind, value);
    }
}
