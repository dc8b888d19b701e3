using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Figures as people read them; the same in the table, on the page and in the console.</summary>
public static class FigureText
{
    /// <summary>A figure, or a dash where there is none.</summary>
    public static string Of(MetricUnit unit, double? value, Language language) => value is not { } number ? "—" : unit switch
    {
        MetricUnit.Money => Number(number / 100, "N2", language),
        MetricUnit.Receipts or MetricUnit.Items => Number(number, "N3", language),
        MetricUnit.Share => Percent(number, language),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    /// <summary>A difference, with its sign; shares differ by points.</summary>
    public static string WithSign(MetricUnit unit, double value, Language language) => unit switch
    {
        MetricUnit.Money => Bare(value / 100, "N2", language),
        MetricUnit.Receipts or MetricUnit.Items => Bare(value, "N3", language),
        MetricUnit.Share => Bare(value * 100, "N2", language) + Points(language),
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    /// <summary>Both ends of an interval.</summary>
    public static string Interval(MetricUnit unit, Effect effect, Language language) => unit switch
    {
        MetricUnit.Share => $"{Bare(effect.Lower * 100, "N2", language)} … {Bare(effect.Upper * 100, "N2", language)}{Points(language)}",
        MetricUnit.Money => $"{Bare(effect.Lower / 100, "N2", language)} … {Bare(effect.Upper / 100, "N2", language)}",
        _ => $"{Bare(effect.Lower, "N3", language)} … {Bare(effect.Upper, "N3", language)}",
    };

    /// <summary>A difference with its interval.</summary>
    public static string WithInterval(MetricUnit unit, Effect effect, Language language) => $"{WithSign(unit, effect.Difference, language)} (95 %: {Interval(unit, effect, language)})";

    /// <summary>A sum of money over many customers, in whole units of the currency: the rest is noise.</summary>
    public static string Total(double minor, Language language) => Number(minor / 100, "N0", language);

    public static string SignedTotal(double minor, Language language) => Bare(minor / 100, "N0", language);

    public static string Count(long count, Language language) => count.ToString("N0", language.Culture());

    public static string Percent(double share, Language language) => Number(share * 100, "N1", language) + " %";

    public static string SignedPercent(double share, Language language, int decimals = 1) => Bare(share * 100, $"N{decimals}", language) + " %";

    public static string PercentInterval(Effect effect, Language language) =>
        $"{Bare(effect.Lower * 100, "N1", language)} … {Bare(effect.Upper * 100, "N1", language)} %";

    /// <summary>Nobody needs more digits of a p-value than say how sure it is.</summary>
    public static string PValue(double p, Language language) => p < 0.0001 ? "< " + Number(0.0001, "0.0000", language) : Number(p, p < 0.01 ? "0.0000" : "0.000", language);

    public static string Day(DateOnly day, Language language) =>
        day.ToString(language == Language.Russian ? "dd.MM.yyyy" : "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    static string Points(Language language) => language == Language.Russian ? " п. п." : " pp";

    static string Bare(double value, string format, Language language) => (value > 0 && !IsZero(value, format) ? "+" : "") + Number(value, format, language);

    // A true minus: as wide as the plus, and never a line break before the number. What is shown as zero has no sign.
    static string Number(double value, string format, Language language) => (value < 0 && !IsZero(value, format) ? "−" : "") + Math.Abs(value).ToString(format, language.Culture());

    static bool IsZero(double value, string format) => !Math.Abs(value).ToString(format, System.Globalization.CultureInfo.InvariantCulture).AsSpan().ContainsAnyInRange('1', '9');
}
