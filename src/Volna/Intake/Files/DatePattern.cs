namespace Volna.Intake.Files;

/// <summary>
/// A date format such as <c>dd.MM.yyyy HH:mm</c>, read from bytes: <c>yyyy MM dd HH mm ss</c> are digits of that many places, <c>M d H</c> one or
/// two, everything else stands for itself. Several times as fast as the general parser, which receipts by the hundred million need.
/// </summary>
sealed class DatePattern
{
    readonly record struct Step(char What, int Least, int Most);

    readonly Step[] _steps;

    DatePattern(string format, Step[] steps) => (Format, _steps) = (format, steps);

    public string Format { get; }

    /// <summary>The pattern of a format, or null where it names no day.</summary>
    public static DatePattern? Of(string format)
    {
        var steps = new List<Step>();
        for (var i = 0; i < format.Length;)
        {
            var letter = format[i];
            var run = 1;
            while (i + run < format.Length && format[i + run] == letter) run++;
            switch (letter, run)
            {
                case ('y', 4):
                    steps.Add(new('y', 4, 4));
                    break;
                case ('M' or 'd' or 'H' or 'm' or 's', 1 or 2):
                    steps.Add(new(letter, run, 2));
                    break;
                case ('y' or 'M' or 'd' or 'H' or 'm' or 's' or 'h' or 't', _):
                    return null;
                default:
                    if (letter > 127) return null;
                    for (var k = 0; k < run; k++) steps.Add(new('=', letter, 0));
                    break;
            }

            i += run;
        }

        return "yMd".All(needed => steps.Count(step => step.What == needed) == 1) ? new DatePattern(format, [.. steps]) : null;
    }

    /// <summary>Reads a date, with its time where the pattern has one.</summary>
    public bool TryRead(ReadOnlySpan<byte> text, out DateTime value)
    {
        int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, at = 0;
        value = default;
        foreach (var (what, least, most) in _steps)
        {
            if (what == '=')
            {
                if (at >= text.Length || text[at++] != least) return false;
                continue;
            }

            int number = 0, digits = 0;
            for (; digits < most && at < text.Length && char.IsAsciiDigit((char)text[at]); digits++) number = (number * 10) + (text[at++] - '0');
            if (digits < least) return false;
            switch (what)
            {
                case 'y': year = number; break;
                case 'M': month = number; break;
                case 'd': day = number; break;
                case 'H': hour = number; break;
                case 'm': minute = number; break;
                default: second = number; break;
            }
        }

        // A leap second is told as the last second of its minute.
        if (second == 60) second = 59;
        if (at != text.Length || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        value = new DateTime(year, month, day, hour, minute, second);
        return true;
    }
}
