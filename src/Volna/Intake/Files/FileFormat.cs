using System.Collections.Immutable;

namespace Volna.Intake.Files;

/// <summary>What a column holds. Where a mapping names several foreign columns for one of ours, texts are joined by <c>/</c> and numbers are added.</summary>
public enum ColumnType
{
    Text = 0,

    /// <summary>The retailer's name for a thing: compared byte by byte, at most 200 bytes.</summary>
    Key = 1,

    /// <summary>Pieces or kilograms, up to three decimals.</summary>
    Quantity = 2,

    /// <summary>An amount in major units: <c>12.50</c>.</summary>
    Money = 3,

    /// <summary>0 to 100.</summary>
    Percent = 4,

    /// <summary>Date and wall clock of the store: <c>2026-11-26 18:05:00</c>.</summary>
    Time = 5,

    /// <summary>A day: <c>2026-11-26</c>.</summary>
    Date = 6,

    /// <summary>One of the column's <see cref="Column.Words"/>.</summary>
    Word = 7,
}

/// <summary>A column of a file that Volna reads.</summary>
/// <param name="Index">Its place in <see cref="FileFormat.Columns"/>.</param>
/// <param name="Meaning">For people who prepare such a file.</param>
/// <param name="Example">A value as it would stand in the file.</param>
public sealed record Column(int Index, string Name, ColumnType Type, Text Meaning, string Example)
{
    /// <summary>A file without this column is refused, and a row without a value in it is rejected.</summary>
    public bool Required { get; init; }

    /// <summary>The values of a <see cref="ColumnType.Word"/> column; read without regard to case.</summary>
    public ImmutableArray<string> Words { get; init; } = [];
}

/// <summary>
/// A kind of file that Volna reads: the one table from which the reader, the check of a mapping, <c>volna schema</c> and the documentation come.
/// </summary>
public sealed record FileFormat
{
    /// <param name="kind">Such as <c>receipts</c>; a file <c>receipts*.csv</c> is recognised by it.</param>
    /// <param name="title">What such a file tells.</param>
    public FileFormat(string kind, Text title, params ImmutableArray<Column> columns)
    {
        for (var i = 0; i < columns.Length; i++)
            if (columns[i].Index != i)
                throw new ArgumentException($"Column {columns[i].Name} of {kind} says it stands at {columns[i].Index}, but stands at {i}.");
        Kind = kind;
        Title = title;
        Columns = columns;
    }

    public string Kind { get; }

    public Text Title { get; }

    public ImmutableArray<Column> Columns { get; }

    /// <summary>What a row does with what is known already: added, replaced, refused.</summary>
    public required Text Storing { get; init; }

    /// <summary>Our column of a name, or null.</summary>
    public Column? Find(string name) => Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase));
}
