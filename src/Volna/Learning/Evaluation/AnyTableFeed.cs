using System.Collections.Immutable;
using System.Text;
using Volna.Intake.Files;

namespace Volna.Learning.Evaluation;

/// <summary>Reads all columns of a delimited file, plain or gzip. No row is left out: who is missing is seldom missing by chance.</summary>
static class AnyTableFeed
{
    static readonly Text Title = new("A table.", "Таблица.");

    /// <exception cref="BadInputException">The file is missing, unreadable or empty, or a row can't be split.</exception>
    public static AnyTable Read(string path, CancellationToken stop)
    {
        var none = Format([]);
        string[] header;
        using (var first = TableFeed.Open(path, Layout.Native(none), none)) header = first.Layout.Header;

        var format = Format([.. header.Select((name, i) => new Column(i, $"c{i}", ColumnType.Text, Title, ""))]);
        var mapping = new FileMapping
        {
            File = "*",
            Kind = format.Kind,
            Columns = header.Select((name, i) => (name, i)).ToImmutableSortedDictionary(one => $"c{one.i}", one => ImmutableArray.Create(one.name)),
        };
        using var feed = TableFeed.Open(path, mapping, format);
        var row = new Row(feed.Layout);
        var lines = new List<long>();
        var words = header.Select(_ => new Dictionary<string, int>()).ToArray();
        var wordOf = header.Select(_ => new List<int>()).ToArray();
        Span<char> text = stackalloc char[256];
        while (feed.Read(row))
        {
            if ((row.Line & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
            if (row.IsRejected)
            {
                var meaning = row.Reason!.Value.Meaning().Sentence;
                throw new BadInputException("table-row", new Text($"{path}: line {row.Line} can't be read: {meaning.English}", $"{path}: строка {row.Line} не читается: {meaning.Russian}"));
            }

            lines.Add(row.Line);
            for (var i = 0; i < header.Length; i++)
            {
                var bytes = row.Bytes(format.Columns[i]);
                ReadOnlySpan<char> value = bytes.Length <= text.Length ? text[..Encoding.UTF8.GetChars(bytes, text)] : Encoding.UTF8.GetString(bytes).AsSpan();
                var known = words[i].GetAlternateLookup<ReadOnlySpan<char>>();
                if (!known.TryGetValue(value, out var word)) known[value] = word = words[i].Count;
                wordOf[i].Add(word);
            }
        }

        if (lines.Count == 0) throw new BadInputException("no-rows", new Text($"{path}: has a header but no rows.", $"{path}: есть заголовок, но нет строк."));
        return new AnyTable(path, [.. header.Select((name, i) => new AnyColumn(name, [.. words[i].Keys], [.. wordOf[i]]))], [.. lines]);
    }

    static FileFormat Format(params ReadOnlySpan<Column> columns) => new("table", Title, [.. columns]) { Storing = Title };
}
