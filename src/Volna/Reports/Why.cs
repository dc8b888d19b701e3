namespace Volna.Reports;

/// <summary>
/// Where a change of the spend came from. Spend per customer = share who bought × receipts of a buyer × average check, so the three changes
/// multiply to that of the spend. Each of them may be chance, as the spend may.
/// </summary>
/// <param name="Bought">Relative change of the share who bought: reach.</param>
/// <param name="Receipts">Relative change of the receipts of a buyer: frequency.</param>
/// <param name="Check">Relative change of the average check: upsell.</param>
public sealed record Why(double Bought, double Receipts, double Check)
{
    /// <summary>Null where the change of one of them isn't known.</summary>
    public static Why? Of(Population everyone) =>
        everyone[Metric.BuyerShare].Relative is { Difference: > -1 and var bought }
        && everyone[Metric.ReceiptsPerCustomer].Relative is { Difference: > -1 and var receipts }
        && everyone[Metric.AverageCheck].Relative is { Difference: > -1 and var check }
            ? new Why(bought, ((1 + receipts) / (1 + bought)) - 1, check)
            : null;

    /// <summary>Each part with its relative change.</summary>
    public IReadOnlyList<(Text Name, double Change)> Parts =>
    [
        (new("Reach: share who bought", "Охват: доля купивших"), Bought),
        (new("Frequency: receipts of a buyer", "Частота: чеков на купившего"), Receipts),
        (new("Upsell: average check", "Допродажа: средний чек"), Check),
    ];

    /// <summary>The largest part, in a sentence.</summary>
    /// <param name="isSure">False where the change of the spend may be chance.</param>
    public Text Sentence(bool isSure)
    {
        var (name, change) = Parts.MaxBy(part => Math.Abs(part.Change));
        return isSure
            ? new(
                $"The largest part of the change is {Small(name.English)} ({FigureText.SignedPercent(change, Language.English)}).",
                $"Главная составляющая изменения — {Small(name.Russian)} ({FigureText.SignedPercent(change, Language.Russian)}).")
            : new(
                $"The change may be chance, and then its parts are too; the largest of them is {Small(name.English)} ({FigureText.SignedPercent(change, Language.English)}).",
                $"Изменение может быть случайностью, а тогда случайны и его части; самая большая — {Small(name.Russian)} ({FigureText.SignedPercent(change, Language.Russian)}).");

        static string Small(string text) => char.ToLowerInvariant(text[0]) + text[1..];
    }
}
