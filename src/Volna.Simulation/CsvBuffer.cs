using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Volna.Simulation;

/// <summary>Builds CSV in memory as UTF-8: receipts by the million want no strings.</summary>
/// <param name="overflow">Where rows go once there are many; null to keep them all.</param>
sealed class CsvBuffer(Stream? overflow = null)
{
    const int Many = 1 << 20;

    readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    bool _startsRow = true;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _startsRow = true;
    }

    /// <summary>Whole row of texts; for headers and small files.</summary>
    public CsvBuffer Row(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields) Field(field);
        return EndRow();
    }

    public CsvBuffer Field(string text)
    {
        Separate();
        var quoted = text.AsSpan().ContainsAny(",\"\n");
        Encoding.UTF8.GetBytes(quoted ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text, _bytes);
        return this;
    }

    /// <summary>Bytes that need no quotes.</summary>
    public CsvBuffer Field(ReadOnlySpan<byte> plain)
    {
        Separate();
        _bytes.Write(plain);
        return this;
    }

    public CsvBuffer Field(Money money)
    {
        Separate();
        Fixed(money.Minor, 100, 2);
        return this;
    }

    /// <summary>Pieces without decimals, kilograms with three.</summary>
    public CsvBuffer Field(Quantity quantity)
    {
        Separate();
        if (quantity.Thousandths % 1000 == 0) Whole(quantity.Thousandths / 1000);
        else Fixed(quantity.Thousandths, 1000, 3);
        return this;
    }

    public CsvBuffer Field(DateOnly day) => Field(Iso(day));

    public CsvBuffer EndRow()
    {
        _bytes.Write("\n"u8);
        _startsRow = true;
        if (overflow is not null && _bytes.WrittenCount > Many) FlushTo(overflow);
        return this;
    }

    public void FlushTo(Stream stream)
    {
        stream.Write(_bytes.WrittenSpan);
        Clear();
    }

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    void Separate()
    {
        if (!_startsRow) _bytes.Write(","u8);
        _startsRow = false;
    }

    void Whole(long number)
    {
        Utf8Formatter.TryFormat(number, _bytes.GetSpan(20), out var written);
        _bytes.Advance(written);
    }

    void Fixed(long number, long unit, int decimals)
    {
        if (number < 0) _bytes.Write("-"u8);
        var (whole, rest) = Math.DivRem(Math.Abs(number), unit);
        Whole(whole);
        _bytes.Write("."u8);
        Utf8Formatter.TryFormat(rest, _bytes.GetSpan(8), out var written, new StandardFormat('D', (byte)decimals));
        _bytes.Advance(written);
    }
}
