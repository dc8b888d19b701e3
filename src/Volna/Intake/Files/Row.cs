using System.Runtime.InteropServices;
using System.Text;
using Volna.Intake.History;

namespace Volna.Intake.Files;

/// <summary>
/// One row of a file, seen through its <see cref="Layout"/>. A getter whose value is missing or wrong notes the reason and answers null, so a
/// kind reads all its columns first and asks <see cref="IsRejected"/> once. The instance is used again for the next row.
/// </summary>
sealed class Row(Layout layout)
{
    static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000];

    // Lines of one receipt have the same time; reading it once is enough.
    readonly byte[] _lastTimeText = new byte[32];
    int _lastTimeLength = -1;
    int _lastMinute;

    readonly List<byte> _joined = [];

    byte[] _bytes = [];
    int[] _starts = [];
    int[] _ends = [];

    public Layout Layout { get; } = layout;

    /// <summary>The row's first line in the file, the header being 1.</summary>
    public long Line { get; private set; }

    public bool IsRejected => Reason is not null;

    public RejectReason? Reason { get; private set; }

    /// <summary>Of a rejected row: the column at fault, as the file calls it; empty where the whole row is.</summary>
    public string RejectedColumn { get; private set; } = "";

    /// <summary>Of a rejected row: what was found.</summary>
    public string RejectedValue { get; private set; } = "";

    /// <summary>True where the mapping calls this row a return.</summary>
    public bool IsReturn => Layout.Returns is { } test && Passes(test);

    /// <summary>True where the mapping calls this row no product.</summary>
    public bool IsNoProduct
    {
        get
        {
            foreach (var test in Layout.NoProduct)
                if (Passes(test))
                    return true;
            return false;
        }
    }

    internal void Set(long line, byte[] bytes, int[] starts, int[] ends)
    {
        Line = line;
        _bytes = bytes;
        _starts = starts;
        _ends = ends;
        Reason = null;
    }

    /// <summary>Rejects a row that couldn't even be split into fields.</summary>
    internal void SetBroken(long line, RejectReason reason, string found)
    {
        Line = line;
        (Reason, RejectedColumn, RejectedValue) = (reason, "", found);
    }

    /// <summary>Rejects the row; the first reason holds.</summary>
    public void Reject(RejectReason reason, Column column) => Reject(reason, column, Bytes(column));

    /// <summary>A value as UTF-8, without spaces around it; empty where there is none. Holds until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(Column column)
    {
        var source = Layout[column];
        if (source.Fields.Length == 1)
        {
            var value = Field(source.Fields[0]);
            return source.Strip.Length > 0 && value.EndsWith(source.Strip) ? value[..^source.Strip.Length] : value;
        }

        return source.Fields.Length == 0 ? source.Constant : Join(source);
    }

    /// <summary>A text; empty where there is none.</summary>
    public string Text(Column column)
    {
        var bytes = Bytes(column);
        if (bytes.IsEmpty) Missing(column);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>A key as UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Key(Column column)
    {
        var bytes = Bytes(column);
        if (bytes.IsEmpty) Missing(column);
        if (bytes.Length <= 200) return bytes;
        Reject(RejectReason.KeyTooLong, column, bytes);
        return [];
    }

    /// <summary>An amount of money; null where there is none.</summary>
    public Money? Money(Column column) => Number(column, 2) is { } minor ? new Money(minor) : null;

    /// <summary>Pieces or kilograms; null where there are none.</summary>
    public Quantity? Quantity(Column column) => Number(column, 3) is { } thousandths ? new Quantity(thousandths) : null;

    /// <summary>A share between 0 and 100; null where there is none.</summary>
    public Percent? Percent(Column column)
    {
        if (Number(column, 2) is not { } basisPoints) return null;
        if (basisPoints is >= 0 and <= 10_000) return new Percent((int)basisPoints);
        Reject(RejectReason.NumberOutOfRange, column);
        return null;
    }

    /// <summary>A number times a power of ten; null where there is none. Several foreign columns are added.</summary>
    public long? Number(Column column, int scale)
    {
        var source = Layout[column];
        if (source.Fields.Length <= 1) return Number(column, Bytes(column), scale);
        long sum = 0;
        var any = false;
        foreach (var field in source.Fields)
        {
            if (Field(field) is not { IsEmpty: false } value) continue;
            if (Number(column, value, scale) is not { } number) return null;
            sum += number;
            any = true;
        }

        if (!any) Missing(column);
        return any ? sum : null;
    }

    /// <summary>A moment of the store's wall clock, in minutes of the history's <see cref="Clock"/>; null where there is none.</summary>
    public int? Minute(Column column)
    {
        var bytes = Bytes(column);
        if (bytes.IsEmpty)
        {
            Missing(column);
            return null;
        }

        if (bytes.Length == _lastTimeLength && bytes.SequenceEqual(_lastTimeText.AsSpan(0, _lastTimeLength))) return _lastMinute;
        foreach (var pattern in Layout.Dates)
        {
            if (!pattern.TryRead(bytes, out var time)) continue;
            if (time.Year is < 2000 or > 2199)
            {
                Reject(RejectReason.DateOutOfRange, column, bytes);
                return null;
            }

            _lastMinute = Clock.Minute(time);
            _lastTimeLength = bytes.Length <= _lastTimeText.Length ? bytes.Length : -1;
            if (_lastTimeLength >= 0) bytes.CopyTo(_lastTimeText);
            return _lastMinute;
        }

        Reject(RejectReason.BadDate, column, bytes);
        return null;
    }

    /// <summary>A day; null where there is none. Any year: customers were born before 2000.</summary>
    public DateOnly? Date(Column column)
    {
        var bytes = Bytes(column);
        if (bytes.IsEmpty)
        {
            Missing(column);
            return null;
        }

        foreach (var pattern in Layout.Dates)
            if (pattern.TryRead(bytes, out var time))
                return DateOnly.FromDateTime(time);
        Reject(RejectReason.BadDate, column, bytes);
        return null;
    }

    /// <summary>Place of the value among the column's <see cref="Column.Words"/>; null where there is no value.</summary>
    public int? Word(Column column)
    {
        var bytes = Bytes(column);
        if (bytes.IsEmpty)
        {
            Missing(column);
            return null;
        }

        var word = Encoding.UTF8.GetString(bytes);
        if (Layout[column].Words is { } words && words.TryGetValue(word, out var ours)) word = ours;
        for (var i = 0; i < column.Words.Length; i++)
            if (string.Equals(column.Words[i], word, StringComparison.OrdinalIgnoreCase))
                return i;
        Reject(RejectReason.UnknownWord, column, bytes);
        return null;
    }

    long? Number(Column column, ReadOnlySpan<byte> value, int scale)
    {
        if (value.IsEmpty)
        {
            Missing(column);
            return null;
        }

        if (NumberText.Read(value, Layout.DecimalSign, scale, out var number) is not { } wrong)
        {
            // A billion of anything is a mistake, and keeps sums and products of a row within 64 bits.
            if (Math.Abs(number) <= 1_000_000_000 * Powers[scale]) return number;
            wrong = RejectReason.NumberOutOfRange;
        }

        Reject(wrong, column, value);
        return null;
    }

    void Missing(Column column)
    {
        if (column.Required) Reject(RejectReason.MissingValue, column, []);
    }

    void Reject(RejectReason reason, Column column, ReadOnlySpan<byte> value)
    {
        if (IsRejected) return;
        var fields = Layout[column].Fields;
        Reason = reason;
        RejectedColumn = fields.Length == 0 ? column.Name : string.Join('+', fields.Select(field => Layout.Header[field]));
        RejectedValue = Encoding.UTF8.GetString(value);
    }

    ReadOnlySpan<byte> Field(int place) => _bytes.AsSpan(_starts[place], _ends[place] - _starts[place]).Trim((byte)' ');

    ReadOnlySpan<byte> Join(Layout.Source source)
    {
        _joined.Clear();
        foreach (var field in source.Fields)
        {
            var value = Field(field);
            if (value.IsEmpty) break;
            if (_joined.Count > 0) _joined.Add((byte)'/');

            // The separator of levels can't stand inside one.
            foreach (var single in value) _joined.Add(single == '/' ? (byte)'-' : single);
        }

        return CollectionsMarshal.AsSpan(_joined);
    }

    bool Passes(Layout.Test test)
    {
        var value = Field(test.Field);
        var text = value.Length <= 256 ? stackalloc char[256] : new char[value.Length];
        return test.Expression.IsMatch(text[..Encoding.UTF8.GetChars(value, text)]);
    }
}
