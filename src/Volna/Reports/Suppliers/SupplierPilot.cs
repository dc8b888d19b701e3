using System.Collections.Immutable;
using Volna.Reports.Statistics;

namespace Volna.Reports.Suppliers;

/// <summary>What is compared in a supplier's pilot.</summary>
public enum PilotMetric
{
    /// <summary>Spend on the supplier's goods per assigned customer: what the pilot is judged by.</summary>
    Goods = 0,

    /// <summary>Spend on all goods of the categories in which the supplier sells.</summary>
    Category = 1,

    /// <summary>Spend on other suppliers' goods in these categories: what falls here was taken from them.</summary>
    Others = 2,

    /// <summary>Share who bought the supplier's goods.</summary>
    Buyers = 3,

    /// <summary>Share who bought them and hadn't in the months before.</summary>
    NewBuyers = 4,

    /// <summary>Share who bought them on at least two receipts.</summary>
    RepeatBuyers = 5,
}

/// <summary>A figure of a pilot. Money is in minor units.</summary>
/// <param name="Treated">As counted, not adjusted.</param>
/// <param name="Difference">Per assigned customer, adjusted by purchases of these goods before; null where nothing can be said.</param>
/// <param name="Total">On all treated customers together.</param>
/// <param name="PValue">Of the supplier's goods as it is; of the other figures corrected by Holm.</param>
public sealed record PilotFigure(PilotMetric Metric, double Treated, double HeldOut, Effect? Difference, Effect? Relative, Effect? Total, double? PValue)
{
    public bool IsSure => Difference is { IsSure: true } && PValue < 0.05;
}

/// <summary>What a wave brought to one supplier. Money is in minor units.</summary>
/// <param name="BeforeDays">Days before the wave in which purchases are known; new buyers are those who bought nothing of the supplier in them.</param>
/// <param name="Verdict">Why nothing can be said, or <see cref="NoVerdict.None"/>.</param>
/// <param name="Redeemed">Offers on the supplier's goods that were redeemed.</param>
/// <param name="PaidBySupplierMinor">Discounts that the supplier pays, by the ledger.</param>
/// <param name="PaidByRetailerMinor">Discounts on the supplier's goods that the retailer pays.</param>
public sealed record SupplierPilot(
    string Wave, string Supplier, ImmutableArray<string> Categories, DateOnly Start, DateOnly End, DateOnly? ReceiptsUntil, int BeforeDays, long Treated, long HeldOut,
    NoVerdict Verdict, ImmutableArray<PilotFigure> Figures, long Redeemed, long PaidBySupplierMinor, long PaidByRetailerMinor, bool SampleRatioAlarm)
{
    public PilotFigure this[PilotMetric metric] => Figures[(int)metric];
}

/// <summary>Names of the pilot's figures.</summary>
public static class PilotMetrics
{
    public static bool IsMoney(this PilotMetric metric) => metric is PilotMetric.Goods or PilotMetric.Category or PilotMetric.Others;

    public static Text Name(this PilotMetric metric) => metric switch
    {
        PilotMetric.Goods => new("Spend on the supplier's goods", "Покупки товаров поставщика"),
        PilotMetric.Category => new("Spend on the whole category", "Покупки всей категории"),
        PilotMetric.Others => new("Spend on other goods of the category", "Покупки других товаров категории"),
        PilotMetric.Buyers => new("Share who bought the goods", "Доля купивших товары"),
        PilotMetric.NewBuyers => new("Share of new buyers", "Доля новых покупателей"),
        PilotMetric.RepeatBuyers => new("Share who bought again", "Доля купивших повторно"),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    public static Text Definition(this PilotMetric metric) => metric switch
    {
        PilotMetric.Goods => new(
            "Paid for the supplier's goods within the validity, returns taken off, per assigned customer, whether she was offered them or bought anything.",
            "Сколько заплачено за товары поставщика за период действия за вычетом возвратов, на участника волны, предлагали ему эти товары или нет, купил он или нет."),
        PilotMetric.Category => new(
            "The same for all goods of the categories in which the supplier sells: only what the category gains is gained for both.",
            "То же по всем товарам категорий, в которых есть поставщик: общая выгода — только рост всей категории."),
        PilotMetric.Others => new("The same for goods of other suppliers in these categories: a fall means that sales only moved.", "То же по товарам других поставщиков этих категорий: снижение значит, что покупки лишь перетекли."),
        PilotMetric.Buyers => new("Assigned customers who bought at least one of the goods.", "Доля участников, купивших хотя бы один из товаров."),
        PilotMetric.NewBuyers => new("Of all assigned customers, those who bought the goods now and not in the days known before.", "Доля участников, купивших товары сейчас и не покупавших их в известные дни до волны."),
        PilotMetric.RepeatBuyers => new("Assigned customers with the goods on at least two receipts.", "Доля участников, у которых товары есть не меньше чем в двух чеках."),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
