using System.Text.RegularExpressions;

namespace Volna.Server;

/// <summary>
/// What was wrong with a command line, in one sentence. The library's own words are kept where they are good; it names types of programs, and says
/// some things in English only.
/// </summary>
static partial class ParseSlip
{
    public static string Told(string message, Language language)
    {
        var slip = string.Join(' ', message.Split(['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        var told = slip;
        if (Unreadable().Match(slip) is { Success: true } unreadable)
        {
            var (found, option) = (unreadable.Groups[1].Value, unreadable.Groups[2].Value);
            var expected = unreadable.Groups[3].Value switch
            {
                "Int32" or "Int64" => new Text("a whole number", "ожидалось целое число"),
                "UInt32" or "UInt64" => new Text("a whole number, not below 0", "ожидалось целое число не меньше 0"),
                "DateOnly" => new Text("a day such as 2026-11-26", "ожидалась дата, например 2026-11-26"),
                _ => new Text("a number", "ожидалось число"),
            };
            told = new Text($"{option}: found '{found}', expected {expected.English}.", $"{option}: найдено «{found}», {expected.Russian}.").In(language);
        }
        else if (Missing().Match(slip) is { Success: true } missing)
        {
            told = new Text(slip, $"Не указан обязательный параметр {missing.Groups[1].Value}.").In(language);
        }
        else if (Twice().Match(slip) is { Success: true } twice)
        {
            told = new Text($"{twice.Groups[1].Value}: given more than once.", $"{twice.Groups[1].Value}: указано больше одного раза.").In(language);
        }

        return told.EndsWith('.') ? told : told + ".";
    }

    [GeneratedRegex("^Cannot parse argument '(.*)' for option '(.*)' as expected type '(?:System\\.Nullable`1\\[)?System\\.(U?Int\\d+|Double|Single|Decimal|DateOnly)\\]?'")]
    private static partial Regex Unreadable();

    [GeneratedRegex("^Option '(.*)' is required")]
    private static partial Regex Missing();

    [GeneratedRegex("^Option '(.*)' expects a single argument but \\d+ were provided")]
    private static partial Regex Twice();
}
