using System.Globalization;

namespace Volna;

/// <summary>The languages in which Volna speaks.</summary>
public enum Language
{
    English = 0,
    Russian = 1,
}

/// <summary>
/// A sentence in both languages, kept side by side, so that a missing translation doesn't compile and a translator sees the code it belongs to.
/// </summary>
public sealed record Text(string English, string Russian)
{
    public string In(Language language) => language == Language.Russian ? Russian : English;

    public override string ToString() => English;
}

/// <summary>How numbers and dates are written for people.</summary>
public static class Languages
{
    // Made by hand, because the program runs without the operating system's culture data.
    static readonly CultureInfo English = Make(decimals: ".", groups: ",");
    static readonly CultureInfo Russian = Make(decimals: ",", groups: "\u00A0");

    public static CultureInfo Culture(this Language language) => language == Language.Russian ? Russian : English;

    /// <summary>The two-letter code of ISO 639-1: <c>en</c> or <c>ru</c>.</summary>
    public static string Code(this Language language) => language == Language.Russian ? "ru" : "en";

    /// <summary>The language of a code such as <c>ru</c>, <c>ru_RU.UTF-8</c> or <c>en</c>; English for any other.</summary>
    public static Language OfCode(string? code) =>
        code is not null && code.StartsWith("ru", StringComparison.OrdinalIgnoreCase) ? Language.Russian : Language.English;

    /// <summary>The plural form for a count: Russian has three (1 предложение, 2 предложения, 5 предложений), CLDR plural rules.</summary>
    public static string Plural(long count, string one, string few, string many)
    {
        var lastTwo = Math.Abs(count) % 100;
        var last = lastTwo % 10;
        if (lastTwo is >= 11 and <= 14) return many;
        return last switch { 1 => one, >= 2 and <= 4 => few, _ => many };
    }

    /// <summary>A name within Russian quotation marks; its own become the inner ones, „“.</summary>
    public static string InQuotes(string name) => $"«{name.Replace('«', '„').Replace('»', '“')}»";

    static CultureInfo Make(string decimals, string groups)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = decimals;
        culture.NumberFormat.NumberGroupSeparator = groups;
        culture.NumberFormat.PercentDecimalSeparator = decimals;
        culture.NumberFormat.PercentGroupSeparator = groups;
        return CultureInfo.ReadOnly(culture);
    }
}
