namespace Volna.Reports;

/// <summary>What is compared between treated and held-out customers.</summary>
public enum Metric
{
    SpendPerCustomer = 0,
    MarginPerCustomer = 1,
    ReceiptsPerCustomer = 2,
    AverageCheck = 3,
    BuyerShare = 4,
    ItemsPerCustomer = 5,
    RepeatShare = 6,
    KeptShare = 7,
    SpendAfter = 8,
}

/// <summary>In what a metric is counted.</summary>
public enum MetricUnit
{
    /// <summary>Minor units of the currency.</summary>
    Money = 0,
    Receipts = 1,

    /// <summary>0 to 1.</summary>
    Share = 2,

    /// <summary>Pieces or kilograms.</summary>
    Items = 3,
}

/// <summary>Names and definitions of the metrics, as they stand beside every figure.</summary>
public static class Metrics
{
    public static MetricUnit Unit(this Metric metric) => metric switch
    {
        Metric.ReceiptsPerCustomer => MetricUnit.Receipts,
        Metric.BuyerShare or Metric.RepeatShare or Metric.KeptShare => MetricUnit.Share,
        Metric.ItemsPerCustomer => MetricUnit.Items,
        _ => MetricUnit.Money,
    };

    /// <summary>True where the effects on single customers add up to one on all of them.</summary>
    public static bool AddsUp(this Metric metric) => metric is Metric.SpendPerCustomer or Metric.SpendAfter or Metric.MarginPerCustomer or Metric.ReceiptsPerCustomer or Metric.ItemsPerCustomer;

    /// <summary>What it counts by the customer: a mean, or a ratio of two of them.</summary>
    internal static (Measure Of, Measure? Per) Counts(this Metric metric) => metric switch
    {
        Metric.SpendPerCustomer => (Measure.Spend, null),
        Metric.MarginPerCustomer => (Measure.Margin, null),
        Metric.ReceiptsPerCustomer => (Measure.Receipts, null),
        Metric.AverageCheck => (Measure.Spend, Measure.Receipts),
        Metric.BuyerShare => (Measure.Bought, null),
        Metric.ItemsPerCustomer => (Measure.Items, null),
        Metric.RepeatShare => (Measure.BoughtAgain, null),
        Metric.KeptShare => (Measure.Kept, Measure.BoughtBefore),
        Metric.SpendAfter => (Measure.SpendAfter, null),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    /// <summary>The part of <c>docs/report.md</c> that defines it.</summary>
    public static string Anchor(this Metric metric) => metric switch
    {
        Metric.SpendPerCustomer => "spend-per-customer",
        Metric.MarginPerCustomer => "margin-per-customer",
        Metric.ReceiptsPerCustomer => "receipts-per-customer",
        Metric.AverageCheck => "average-check",
        Metric.BuyerShare => "share-who-bought",
        Metric.ItemsPerCustomer => "items-per-customer",
        Metric.RepeatShare => "share-who-bought-again",
        Metric.KeptShare => "share-kept",
        Metric.SpendAfter => "spend-after",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    public static Text Name(this Metric metric) => metric switch
    {
        Metric.SpendPerCustomer => new("Spend per customer", "Покупки на покупателя"),
        Metric.MarginPerCustomer => new("Margin per customer", "Маржа на покупателя"),
        Metric.ReceiptsPerCustomer => new("Receipts per customer", "Чеков на покупателя"),
        Metric.AverageCheck => new("Average check", "Средний чек"),
        Metric.BuyerShare => new("Share who bought", "Доля купивших"),
        Metric.ItemsPerCustomer => new("Items per customer", "Товаров на покупателя"),
        Metric.RepeatShare => new("Share who bought again", "Доля купивших повторно"),
        Metric.KeptShare => new("Share of earlier buyers kept", "Доля удержанных"),
        Metric.SpendAfter => new("Spend after the wave", "Покупки после волны"),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    public static Text Definition(this Metric metric) => metric switch
    {
        Metric.SpendPerCustomer => new(
            "What all assigned customers paid within the validity, after every discount, returns taken off, divided by their number. Who bought nothing counts as zero.",
            "Сколько все включённые в волну покупатели заплатили за период её действия после всех скидок и за вычетом возвратов, делённое на число этих покупателей. Кто ничего не купил, считается с нулём."),
        Metric.MarginPerCustomer => new(
            "What was paid less the cost of goods, per assigned customer. Discounts have lowered what was paid, so this is after their cost. Goods without a known cost are left out.",
            "Оплаченная сумма минус себестоимость товаров на одного участника волны. Скидки уже уменьшили оплату, поэтому их стоимость учтена. Товары без известной себестоимости не входят."),
        Metric.ReceiptsPerCustomer => new(
            "Receipts with at least one purchase within the validity, per assigned customer; frequency.",
            "Чеки хотя бы с одной покупкой за период действия на одного участника волны; частота покупок."),
        Metric.AverageCheck => new(
            "Total spend divided by the number of receipts. Describes buyers only: read it together with the spend per customer.",
            "Сумма покупок, делённая на число чеков. Описывает только купивших: смотрите вместе с покупками на покупателя."),
        Metric.BuyerShare => new(
            "Assigned customers with at least one purchase within the validity; conversion.",
            "Доля включённых в волну покупателей, у которых за период действия была хотя бы одна покупка; конверсия."),
        Metric.ItemsPerCustomer => new(
            "Pieces or kilograms bought within the validity, returns taken off, per assigned customer.",
            "Штуки или килограммы, купленные за период действия, за вычетом возвратов, на одного участника волны."),
        Metric.RepeatShare => new(
            "Assigned customers with at least two receipts within the validity; repeat sales.",
            "Доля включённых в волну покупателей, у которых за период действия было не меньше двух чеков; повторные покупки."),
        Metric.KeptShare => new(
            "Of those who bought in the weeks before the wave, the share who bought within the validity too; retention.",
            "Из тех, кто покупал в недели до волны, доля купивших и за период её действия; удержание."),
        Metric.SpendAfter => new(
            "What assigned customers paid in as many days after the validity as it has, per customer. What they only bought in advance is missing there; a habit that stayed adds to it.",
            "Сколько участники волны заплатили за столько же дней после её окончания, сколько она действовала, на покупателя. Купленное лишь впрок здесь вычитается, закрепившаяся привычка — прибавляется."),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
