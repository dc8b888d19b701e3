using System.IO;
using System.Text;

namespace Volna.Intake.Files;

/// <summary>
/// Writes the rows that weren't stored: file, line, column, value, reason and a sentence. The file begins with the first such row. What stands
/// behind the last checkpoint of a killed import is cut off when it goes on.
/// </summary>
sealed class RejectsFeed(string path, string file, Language language, long keep) : IDisposable
{
    static readonly char[] MustQuote = [',', '"', '\n', '\r'];

    FileStream? _stream;
    StreamWriter? _writer;

    public string Path { get; } = path;

    /// <summary>Adds a rejected row.</summary>
    public void Add(Row row)
    {
        var writer = _writer ?? Begin();
        var meaning = row.Reason!.Value.Meaning();
        writer.Write(Safe(file));
        writer.Write(',');
        writer.Write(row.Line);
        writer.Write(',');
        writer.Write(Safe(row.RejectedColumn));
        writer.Write(',');
        writer.Write(Safe(row.RejectedValue));
        writer.Write(',');
        writer.Write(meaning.Code);
        writer.Write(',');
        writer.WriteLine(Safe(meaning.Sentence.In(language)));
    }

    /// <summary>Makes all that was added durable.</summary>
    /// <returns>The file's length so far: what a checkpoint keeps.</returns>
    public long Flush()
    {
        if (_writer is null) return keep;
        _writer.Flush();
        _stream!.Flush(flushToDisk: true);
        return _stream.Length;
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _stream?.Dispose();
    }

    /// <summary>
    /// A value as one CSV field: cut, quoted where needed, and with an apostrophe before signs that a spreadsheet would take for a formula.
    /// </summary>
    internal static string Safe(string value)
    {
        if (value.Length > 200) value = value[..(char.IsHighSurrogate(value[199]) ? 199 : 200)] + "...";
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '|' or '%') value = "'" + value;
        return value.IndexOfAny(MustQuote) < 0 ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }

    StreamWriter Begin()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _stream = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        _stream.SetLength(keep);
        _stream.Seek(0, SeekOrigin.End);

        // The byte order mark tells spreadsheets that this is UTF-8.
        _writer = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: keep == 0), 1 << 16) { NewLine = "\n" };
        if (keep == 0) _writer.WriteLine("file,line,column,value,reason,sentence");
        return _writer;
    }
}
