using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Volna.Intake.Files;

/// <summary>
/// Reads the rows of a delimited text file, plain or gzip, line by line from bytes. A general CSV parser would be less code here, but one stray
/// quotation mark makes it swallow the good rows up to the next one; this one rejects that single line and goes on with the following. A quoted
/// field may still run over several lines: they are joined if the result has as many fields as the header. Bytes stay UTF-8 from the disk to the
/// key tables, which is what lets one core read a million rows a second.
/// </summary>
sealed class TableFeed : IDisposable
{
    const int LongestLine = 1 << 20;
    const int LongestRecord = 1 << 16;
    const int MostLinesOfRecord = 20;

    readonly Stream _file;
    readonly Stream _stream;
    readonly Encoding? _singleByte;
    readonly string _encodingName;
    readonly byte _delimiter;
    readonly byte[] _buffer = new byte[2 * LongestLine];
    byte[] _decoded = [];
    char[] _characters = [];
    int _start;
    int _end;
    bool _ended;
    long _filled;
    int _fields;
    int[] _starts = new int[64];
    int[] _ends = new int[64];
    bool[] _doubled = new bool[64];

    TableFeed(string path, FileMapping mapping, FileFormat format)
    {
        Path = path;
        _encodingName = mapping.Encoding;
        _delimiter = (byte)mapping.Delimiter[0];
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException("file-missing", new Text($"{path}: there is no such file.", $"{path}: такого файла нет."));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new BadInputException("file-unreadable", new Text($"{path}: can't be read ({e.Message})", $"{path}: не читается ({e.Message})"));
        }

        try
        {
            CheckWhole();
            _stream = Unpacked(_file);
            var encoding = Mapping.EncodingOf(mapping.Encoding)!;
            Fill();
            if (Held.StartsWith("\uFEFF"u8)) (encoding, _start) = (Encoding.UTF8, 3);
            else if (Held is [0xFF, 0xFE, ..]) encoding = Mapping.EncodingOf("utf-16")!;
            else if (Held is [0xFE, 0xFF, ..]) encoding = Mapping.EncodingOf("utf-16BE")!;

            if (encoding.IsSingleByte) _singleByte = encoding;
            if (encoding is UnicodeEncoding)
            {
                _file.Position = 0;
                _stream = Encoding.CreateTranscodingStream(Unpacked(_file), encoding, Encoding.UTF8);
                (_start, _end, _filled, _ended) = (0, 0, 0, false);
                Fill();
                if (Held.StartsWith("\uFEFF"u8)) _start = 3;
            }

            Layout = Layout.Of(format, mapping, Header(), path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a file and fits the mapping to its header.</summary>
    /// <exception cref="BadInputException">It is missing, empty, unreadable, or lacks a column.</exception>
    public static TableFeed Open(string path, FileMapping mapping, FileFormat format) => new(path, mapping, format);

    public string Path { get; }

    public Layout Layout { get; }

    /// <summary>The last line read, the header being 1.</summary>
    public long Line { get; private set; }

    /// <summary>Where the next row begins, in unpacked bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>How much of the file was read, 0 to 1.</summary>
    public double ShareRead => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>Goes on behind a row that was read in an earlier run.</summary>
    public void Skip(long offset, long line)
    {
        while (Offset < offset)
        {
            if (_start == _end && !Fill())
                throw new BadInputException("file-changed", new Text(
                    $"{Path}: is shorter than when its import began.", $"{Path}: файл короче, чем был в начале загрузки."));
            Advance((int)Math.Min(offset - Offset, _end - _start));
        }

        Line = line;
    }

    /// <summary>Reads the next row; blank lines are none. A row that can't be split comes out rejected.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read(Row row)
    {
        while (_start < _end || Fill())
        {
            Line++;
            var line = Line;
            var end = LineEnd(0);
            if (end < 0)
            {
                row.SetBroken(line, RejectReason.LineTooLong, Shown(Held[..100]));
                SkipLine();
                return true;
            }

            if (Trimmed(0, end).IsEmpty)
            {
                Advance(end + 1);
                continue;
            }

            var wrong = Split(0, end);
            if (wrong == RejectReason.QuoteNotClosed) wrong = SplitJoined(ref end);
            if (wrong is null && _fields != Layout.Header.Length) wrong = RejectReason.FieldCount;
            if (wrong is { } reason) row.SetBroken(line, reason, Shown(Trimmed(0, end)));
            else row.Set(line, _singleByte is null ? _buffer : _decoded, _starts, _ends);
            Advance(end + 1);
            return true;
        }

        return false;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _file.Dispose();
    }

    ReadOnlySpan<byte> Held => _buffer.AsSpan(_start, _end - _start);

    static Stream Unpacked(Stream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var read = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return read == 2 && magic is [0x1F, 0x8B] ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
    }

    /// <summary>
    /// Refuses a gzip file that ends early, before a row of it is read. GZipStream takes such a file for a whole one, so the length is held
    /// against the one in the last four bytes (ISIZE, RFC 1952 section 2.3.1). It speaks of the last member only: where several were joined, it says nothing.
    /// </summary>
    void CheckWhole()
    {
        var unpacked = Unpacked(_file);
        if (unpacked is not GZipStream) return;
        var buffer = new byte[1 << 16];
        long length = 0;
        try
        {
            int read;
            while ((read = unpacked.Read(buffer)) > 0) length += read;
        }
        catch (InvalidDataException)
        {
            // Told with its line when the rows before it have been read.
            _file.Position = 0;
            return;
        }

        _file.Position = Math.Max(_file.Length - 4, 0);
        var end = buffer.AsSpan(0, 4);
        var whole = _file.ReadAtLeast(end, 4, throwOnEndOfStream: false) == 4 && BinaryPrimitives.ReadUInt32LittleEndian(end) == (uint)(length & uint.MaxValue);
        if (!whole && !HasSecondMember())
            throw new BadInputException("gzip-truncated", new Text(
                $"{Path}: the gzip data ends early, the file was cut off; fetch it again. Nothing of it was imported.",
                $"{Path}: данные gzip обрываются, файл передан не полностью; получите его заново. Из него ничего не загружено."));
        _file.Position = 0;
    }

    /// <summary>True if behind the first bytes stand ten that look like another gzip header; by chance in one of 10^11 places.</summary>
    bool HasSecondMember()
    {
        _file.Position = 1;
        var buffer = new byte[1 << 16];
        var held = 0;
        while (_file.Read(buffer, held, buffer.Length - held) is var read and > 0)
        {
            held += read;
            for (var i = 0; i + 10 <= held; i++)
                if (buffer[i] == 0x1F && buffer[i + 1] == 0x8B && buffer[i + 2] == 8 && buffer[i + 3] < 0x20 && (buffer[i + 8] is 0 or 2 or 4) && (buffer[i + 9] is < 14 or 255))
                    return true;
            var kept = Math.Min(held, 9);
            Array.Copy(buffer, held - kept, buffer, 0, kept);
            held = kept;
        }

        return false;
    }

    string[] Header()
    {
        while (_start < _end || Fill())
        {
            Line++;
            var end = LineEnd(0);
            if (end < 0)
                throw new BadInputException("no-header", new Text(
                    $"{Path}: line {Line} is longer than 1 MB; expected a header with the names of the columns.",
                    $"{Path}: строка {Line} длиннее 1 МБ; ожидался заголовок с названиями колонок."));
            if (Trimmed(0, end).IsEmpty)
            {
                Advance(end + 1);
                continue;
            }

            if (Split(0, end) is { } reason)
            {
                var meaning = reason.Meaning().Sentence;
                throw new BadInputException("header-unreadable", new Text(
                    $"{Path}: line {Line}, the header, can't be read as {_encodingName} text: {meaning.English}",
                    $"{Path}: строка {Line}, заголовок, не читается как текст {_encodingName}: {meaning.Russian}"));
            }

            var header = new string[_fields];
            for (var i = 0; i < header.Length; i++)
                header[i] = Encoding.UTF8.GetString((_singleByte is null ? _buffer : _decoded).AsSpan(_starts[i].._ends[i])).Trim();
            Advance(end + 1);
            return header;
        }

        throw new BadInputException("file-empty", new Text(
            $"{Path}: is empty; expected a header with the names of the columns.", $"{Path}: файл пуст; ожидался заголовок с названиями колонок."));
    }

    /// <summary>A quoted field may run over several lines; a quotation mark that was just forgotten may not swallow the rows behind it.</summary>
    RejectReason? SplitJoined(ref int end)
    {
        var joined = end;
        for (var lines = 1; lines < MostLinesOfRecord && _start + joined < _end; lines++)
        {
            joined = LineEnd(joined + 1);
            if (joined is < 0 or > LongestRecord) break;
            var wrong = Split(0, joined);
            if (wrong == RejectReason.QuoteNotClosed) continue;
            if (wrong is not null || _fields != Layout.Header.Length) break;
            Line += lines;
            end = joined;
            return null;
        }

        return RejectReason.QuoteNotClosed;
    }

    /// <summary>Splits the bytes from one place to another, counted from the start of the row, into fields.</summary>
    RejectReason? Split(int from, int to)
    {
        var text = Trimmed(from, to);
        if (text.ContainsAnyInRange((byte)0x00, (byte)0x08) || text.ContainsAnyInRange((byte)0x0E, (byte)0x1F)) return RejectReason.ControlCharacter;
        var bytes = _buffer;
        var at = _start + from;
        var end = at + text.Length;
        if (_singleByte is not null)
        {
            if (!Decode(text, out end)) return RejectReason.Undecodable;
            (bytes, at) = (_decoded, 0);
        }
        else if (!Utf8.IsValid(text))
        {
            return RejectReason.Undecodable;
        }

        var delimiter = _delimiter;
        var anyDoubled = false;
        for (_fields = 0; ; _fields++)
        {
            if (_fields == _starts.Length) GrowFields();
            _doubled[_fields] = false;
            int stop;
            if (at < end && bytes[at] == '"')
            {
                stop = ++at;
                while (true)
                {
                    var quote = bytes.AsSpan(stop, end - stop).IndexOf((byte)'"');
                    if (quote < 0) return RejectReason.QuoteNotClosed;
                    stop += quote;
                    if (stop + 1 == end || bytes[stop + 1] != '"') break;
                    _doubled[_fields] = anyDoubled = true;
                    stop += 2;
                }

                (_starts[_fields], _ends[_fields]) = (at, stop);
                stop++;
                if (stop < end && bytes[stop] != delimiter) return RejectReason.QuoteMisplaced;
            }
            else
            {
                var length = bytes.AsSpan(at, end - at).IndexOfAny(delimiter, (byte)'"');
                stop = length < 0 ? end : at + length;
                if (stop < end && bytes[stop] == '"') return RejectReason.QuoteMisplaced;
                (_starts[_fields], _ends[_fields]) = (at, stop);
            }

            if (stop == end) break;
            at = stop + 1;
        }

        _fields++;
        if (anyDoubled) HalveDoubledQuotes(bytes);
        return null;
    }

    /// <summary>Done last, because a row that isn't complete yet is split again.</summary>
    void HalveDoubledQuotes(byte[] bytes)
    {
        for (var i = 0; i < _fields; i++)
        {
            if (!_doubled[i]) continue;
            var write = _starts[i];
            for (var read = _starts[i]; read < _ends[i]; read++)
            {
                bytes[write++] = bytes[read];
                if (bytes[read] == '"') read++;
            }

            _ends[i] = write;
        }
    }

    bool Decode(ReadOnlySpan<byte> text, out int length)
    {
        if (_characters.Length < text.Length) (_characters, _decoded) = (new char[text.Length * 2], new byte[text.Length * 6]);
        length = 0;
        try
        {
            var characters = _characters.AsSpan(0, _singleByte!.GetChars(text, _characters));

            // A byte that the code page leaves open comes out as a control character of the same number.
            if (characters.ContainsAnyInRange('\u0080', '\u009F')) return false;
            length = Encoding.UTF8.GetBytes(characters, _decoded);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    void GrowFields()
    {
        Array.Resize(ref _starts, _starts.Length * 2);
        Array.Resize(ref _ends, _ends.Length * 2);
        Array.Resize(ref _doubled, _doubled.Length * 2);
    }

    /// <summary>The line without the carriage return at its end.</summary>
    ReadOnlySpan<byte> Trimmed(int from, int to)
    {
        var line = _buffer.AsSpan(_start + from, to - from);
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    /// <summary>Where the line ends, counted from the start of the row: at a line feed or at the end of the file; -1 if it is too long.</summary>
    int LineEnd(int from)
    {
        while (true)
        {
            var at = Held[Math.Min(from, Held.Length)..].IndexOf((byte)'\n');
            if (at >= 0) return from + at;
            from = Math.Max(from, Held.Length);
            if (from >= LongestLine) return -1;
            if (!Fill()) return Held.Length;
        }
    }

    void SkipLine()
    {
        int at;
        while ((at = Held.IndexOf((byte)'\n')) < 0)
        {
            Advance(_end - _start);
            if (!Fill()) return;
        }

        Advance(at + 1);
    }

    void Advance(int bytes)
    {
        _start = Math.Min(_start + bytes, _end);
        Offset = _filled - (_end - _start);
    }

    /// <summary>Reads more behind what is held.</summary>
    /// <returns>False at the end of the file.</returns>
    bool Fill()
    {
        if (_ended) return false;
        if (_buffer.Length - _end < LongestLine / 4)
        {
            Held.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int read;
        try
        {
            read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException("gzip-damaged", new Text(
                $"{Path}: the gzip data is damaged behind line {Line} ({e.Message})", $"{Path}: данные gzip повреждены после строки {Line} ({e.Message})"));
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException("undecodable", new Text(
                $"{Path}: has bytes behind line {Line} that aren't UTF-16; expected a file in the encoding its first bytes name.",
                $"{Path}: после строки {Line} есть байты, недопустимые в UTF-16; ожидался файл в кодировке, указанной первыми байтами."));
        }

        _end += read;
        _filled += read;
        _ended = read == 0;
        return !_ended;
    }

    /// <summary>The beginning of a broken line, with bytes that aren't ASCII written as <c>\xD0</c>: nothing is guessed.</summary>
    static string Shown(ReadOnlySpan<byte> line)
    {
        if (Utf8.IsValid(line) && !line.ContainsAnyInRange((byte)0, (byte)0x1F)) return Encoding.UTF8.GetString(line[..Utf8Prefix(line, 200)]);
        var shown = new StringBuilder();
        foreach (var single in line[..Math.Min(line.Length, 200)])
            if (single is >= 0x20 and < 0x7F) shown.Append((char)single);
            else shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{single:X2}");
        return shown.ToString();
    }

    /// <summary>At most so many bytes of valid UTF-8, no character cut in two.</summary>
    static int Utf8Prefix(ReadOnlySpan<byte> text, int most)
    {
        if (text.Length <= most) return text.Length;
        while ((text[most] & 0xC0) == 0x80) most--;
        return most;
    }
}
