using System.Collections.Immutable;

namespace Volna.Intake.Files;

/// <summary>All files that Volna reads.</summary>
public static class FileFormats
{
    /// <summary>In the order in which an import of several kinds reads them.</summary>
    public static ImmutableArray<FileFormat> All { get; } = [.. FileKinds.All.Select(kind => kind.Format)];

    /// <summary>The format of a kind, or null.</summary>
    public static FileFormat? Find(string kind) => All.FirstOrDefault(format => string.Equals(format.Kind, kind, StringComparison.OrdinalIgnoreCase));

    /// <summary>A file with a header and one example row.</summary>
    public static string Template(this FileFormat format) =>
        $"{Line(format.Columns.Select(column => column.Name))}\n{Line(format.Columns.Select(column => column.Example))}\n";

    /// <summary>What a column may hold, for people.</summary>
    public static Text Values(this Column column) => column.Type switch
    {
        ColumnType.Text => new("text", "текст"),
        ColumnType.Key => new("key", "ключ"),
        ColumnType.Quantity => new("quantity", "количество"),
        ColumnType.Money => new("money", "деньги"),
        ColumnType.Percent => new("percent", "процент"),
        ColumnType.Time => new("date and time", "дата и время"),
        ColumnType.Date => new("date", "дата"),
        ColumnType.Word => new("one of " + string.Join(", ", column.Words), "одно из " + string.Join(", ", column.Words)),
        _ => throw new InvalidOperationException($"Column {column.Name} has the unknown type {column.Type}."),
    };

    static string Line(IEnumerable<string> fields) =>
        string.Join(',', fields.Select(field => field.AsSpan().ContainsAny(",\"\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field));
}
