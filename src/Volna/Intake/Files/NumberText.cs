namespace Volna.Intake.Files;

/// <summary>Decimal numbers as they stand in files, read from bytes into whole parts of a power of ten.</summary>
static class NumberText
{
    /// <summary>
    /// Reads <c>-1234.5</c> with a scale of 2 as -123450. Further decimals are rounded, half away from zero. A sign before the number, and spaces
    /// or no-break spaces between groups of thousands are understood; exponents, currency signs and everything else are not.
    /// </summary>
    /// <returns>Null where it was read, else <see cref="RejectReason.BadNumber"/> or <see cref="RejectReason.NumberOutOfRange"/>.</returns>
    public static RejectReason? Read(ReadOnlySpan<byte> text, byte decimalSign, int scale, out long value)
    {
        value = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            text = text[1..];
        }

        const long Most = long.MaxValue / 1_000;
        int wholeDigits = 0, decimals = -1;
        bool roundUp = false, isGrouped = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit((char)c))
            {
                var digit = c - '0';
                if (decimals < 0) wholeDigits++;
                else if (decimals++ >= scale)
                {
                    if (decimals == scale + 1) roundUp = digit >= 5;
                    continue;
                }

                if (value > Most) return RejectReason.NumberOutOfRange;
                value = (value * 10) + digit;
            }
            else if (c == decimalSign && decimals < 0)
            {
                decimals = 0;
            }
            else if (decimals < 0 && wholeDigits is > 0 and <= 15 && (wholeDigits <= 3 || isGrouped) && GroupSpace(text[i..]) is var space and > 0 && IsGroup(text[(i + space)..]))
            {
                isGrouped = true;
                i += space - 1;
            }
            else
            {
                return RejectReason.BadNumber;
            }
        }

        if (wholeDigits == 0 && decimals < 1) return RejectReason.BadNumber;
        for (var missing = scale - Math.Max(decimals, 0); missing > 0; missing--)
        {
            if (value > Most) return RejectReason.NumberOutOfRange;
            value *= 10;
        }

        if (roundUp) value++;
        if (negative) value = -value;
        return null;
    }

    /// <summary>True if exactly three digits stand here.</summary>
    static bool IsGroup(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && !text[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text.Length == 3 || !char.IsAsciiDigit((char)text[3]));

    /// <summary>Bytes of the space that starts here: a space, a no-break space (C2 A0) or a narrow one (E2 80 AF); 0 where there is none.</summary>
    static int GroupSpace(ReadOnlySpan<byte> text) =>
        text[0] == ' ' ? 1 : text.StartsWith("\u00A0"u8) ? 2 : text.StartsWith("\u202F"u8) ? 3 : 0;
}
