using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Volna.Intake.Files;

/// <summary>A mapping fitted to the header of one file: where each of our columns stands in it.</summary>
sealed class Layout
{
    public static readonly ImmutableArray<string> NativeDates = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd"];

    /// <summary>Where a value comes from.</summary>
    /// <param name="Fields">Places in the file's row; none where the column isn't in the file.</param>
    /// <param name="Constant">The value of all rows, where there is one.</param>
    /// <param name="Strip">Cut off the end of values.</param>
    /// <param name="Words">The file's words, upper case, with ours.</param>
    internal sealed record Source(int[] Fields, byte[] Constant, byte[] Strip, Dictionary<string, string>? Words);

    internal sealed record Test(int Field, Regex Expression);

    readonly Source[] _sources;

    Layout(FileFormat format, string[] header, string path, Source[] sources, FileMapping mapping)
    {
        Path = path;
        Format = format;
        Header = header;
        _sources = sources;
        Delimiter = (byte)mapping.Delimiter[0];
        DecimalSign = (byte)mapping.DecimalSign[0];
        Dates = [.. mapping.Dates.Select(date => DatePattern.Of(date)!)];
    }

    public FileFormat Format { get; }

    public string[] Header { get; }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    public byte Delimiter { get; }

    public byte DecimalSign { get; }

    internal DatePattern[] Dates { get; }

    internal Test? Returns { get; private init; }

    internal ImmutableArray<Test> NoProduct { get; private init; } = [];

    internal Source this[Column column] => _sources[column.Index];

    /// <summary>True where rows can have a value in a column.</summary>
    public bool Has(Column column) => _sources[column.Index] is { Fields.Length: > 0 } or { Constant.Length: > 0 };

    /// <summary>A file with our own names and formats.</summary>
    public static FileMapping Native(FileFormat format) => new() { File = "*", Kind = format.Kind };

    /// <summary>Fits a mapping to a header.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="BadInputException">A column isn't there.</exception>
    public static Layout Of(FileFormat format, FileMapping mapping, string[] header, string path)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < header.Length; i++)
            if (!places.TryAdd(header[i], i))
                throw new BadInputException("column-twice", new Text(
                    $"{path}: the header names the column `{header[i]}` twice.",
                    $"{path}: колонка `{header[i]}` названа в заголовке дважды."));

        int Place(string name) => places.TryGetValue(name, out var place) ? place : throw Missing(name, header, path);

        var sources = new Source[format.Columns.Length];
        foreach (var column in format.Columns)
        {
            int[] fields = [];
            if (Get(mapping.Columns, column) is { IsDefaultOrEmpty: false } foreign) fields = [.. foreign.Select(Place)];
            else if (mapping.Columns.IsEmpty && places.TryGetValue(column.Name, out var place)) fields = [place];

            var constant = Bytes(Get(mapping.Constants, column));
            if (column.Required && fields.Length == 0 && constant.Length == 0) throw Missing(column.Name, header, path);
            sources[column.Index] = new Source(fields, constant, Bytes(Get(mapping.Strip, column)),
                Get(mapping.Words, column)?.ToDictionary(word => word.Key, word => word.Value, StringComparer.OrdinalIgnoreCase));
        }

        Test Fit(RowTest test) => new(Place(test.Column), Mapping.Compile(test.Matches));
        return new Layout(format, header, path, sources, mapping)
        {
            Returns = mapping.Returns is { } returns ? Fit(returns) : null,
            NoProduct = [.. mapping.NoProduct.Select(Fit)],
        };
    }

    static T? Get<T>(ImmutableSortedDictionary<string, T> entries, Column column) =>
        entries.FirstOrDefault(entry => string.Equals(entry.Key, column.Name, StringComparison.OrdinalIgnoreCase)).Value;

    static byte[] Bytes(string? text) => System.Text.Encoding.UTF8.GetBytes(text ?? "");

    /// <summary>Says that a column isn't there, and which are.</summary>
    public BadInputException Missing(string name) => Missing(name, Header, Path);

    static BadInputException Missing(string name, string[] header, string path)
    {
        var found = string.Join(", ", header);
        if (found.Length > 300) found = found[..300] + "...";
        return new BadInputException("column-missing", new Text(
            $"{path}: has no column `{name}`; found: {found}.",
            $"{path}: нет колонки `{name}`; найдены: {found}."));
    }
}
