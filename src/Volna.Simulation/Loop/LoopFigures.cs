using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Simulation.Loop;

/// <summary>The figures of a loop as rows of names and texts, alike in the terminal and on the page.</summary>
public static class LoopFigures
{
    /// <summary>The figures compared, each with its unit.</summary>
    public static IReadOnlyList<(Text Name, MetricUnit Unit, Func<PolicyResult, PolicyFigure> Of)> All { get; } =
    [
        (new("Turnover", "Оборот"), MetricUnit.Money, policy => policy.Turnover),
        (new("Margin after discounts", "Маржа после скидок"), MetricUnit.Money, policy => policy.Margin),
        (new("Receipts a week", "Чеков в неделю"), MetricUnit.Receipts, policy => policy.Frequency),
        (new("Receipts a week, frequent customers", "Чеков в неделю, частые покупатели"), MetricUnit.Receipts, policy => policy.FrequencyOfFrequent),
        (new("Average check", "Средний чек"), MetricUnit.Money, policy => policy.AverageCheck),
    ];

    /// <summary>A difference with its sign, and what share of the figure without offers it is.</summary>
    public static string Increment(MetricUnit unit, PolicyFigure figure, Language language) => $"{WithSign(unit, figure.Increment, language)} ({Share(figure.Share, language)})";

    /// <summary>With two decimals: over a year, and of all customers, policies differ by tenths of a per cent.</summary>
    public static string Share(double share, Language language) => FigureText.SignedPercent(share, language, decimals: 2);

    /// <summary>The estimate and its interval; a dash where there is none.</summary>
    public static string Estimate(MetricUnit unit, Effect? effect, Language language) =>
        effect is null ? "—" : $"{WithSign(unit, effect.Difference, language)} ({WithSign(unit, effect.Lower, language)} … {WithSign(unit, effect.Upper, language)})";

    /// <summary>Sums of money in whole units of the currency, small figures with their decimals.</summary>
    public static string WithSign(MetricUnit unit, double value, Language language) =>
        unit == MetricUnit.Money && Math.Abs(value) >= 1_000_00 ? FigureText.SignedTotal(value, language) : FigureText.WithSign(unit, value, language);
}
