using Volna.Offers.Plans;

namespace Volna.Reports.Health;

/// <summary>On which side a figure is unwell.</summary>
enum Unwell
{
    Low = 0,
    High = 1,
    Both = 2,
}

/// <summary>Names of the figures of health, and how they are judged.</summary>
public static class HealthFigures
{
    internal static Unwell Side(this HealthFigure figure) => figure switch
    {
        HealthFigure.Delivery or HealthFigure.Coverage or HealthFigure.Variety or HealthFigure.Match or HealthFigure.Turnover or HealthFigure.Margin or HealthFigure.Satisfaction => Unwell.Low,
        HealthFigure.Redemption or HealthFigure.DiscountShare or HealthFigure.OffersPerCustomer => Unwell.Both,
        _ => Unwell.High,
    };

    /// <summary>True where days of the week differ.</summary>
    internal static bool IsSeasonal(this HealthFigure figure) => figure is HealthFigure.Turnover or HealthFigure.Margin or HealthFigure.Redemption or HealthFigure.DiscountShare or HealthFigure.Match;

    public static Text Name(this HealthFigure figure) => figure switch
    {
        HealthFigure.Delivery => new("delivery", "доставка"),
        HealthFigure.Redemption => new("redemption of the day", "погашение за день"),
        HealthFigure.Rejects => new("refused rows", "отклонённые строки"),
        HealthFigure.Turnover => new("turnover of the day", "оборот за день"),
        HealthFigure.Margin => new("margin of the day", "маржа за день"),
        HealthFigure.DiscountShare => new("discounts as a share of turnover", "доля скидок в обороте"),
        HealthFigure.BudgetPace => new("pace of the budget", "темп расхода бюджета"),
        HealthFigure.OptOuts => new("customers lost to all channels since the day before", "потеряны для всех каналов с прошлого дня"),
        HealthFigure.Ignored => new("ignored three waves in a row", "не откликаются три волны подряд"),
        HealthFigure.Satisfaction => new("satisfaction (survey)", "удовлетворённость (опрос)"),
        HealthFigure.FloorHits => new("redemptions cut by a price floor", "погашения, урезанные минимальной ценой"),
        HealthFigure.Match => new("match of offers and purchases", "совпадение предложений с покупками"),
        HealthFigure.Latency => new("answers to tills, 99 of 100 within, ms", "ответы кассам, 99 из 100 не дольше, мс"),
        HealthFigure.Complaints => new("complaints of the day", "жалобы за день"),
        HealthFigure.Coverage => new("customers with offers whom a channel reaches", "покупатели с предложениями, до которых доходит канал"),
        HealthFigure.OffersPerCustomer => new("offers of a customer", "предложений на покупателя"),
        HealthFigure.Variety => new("redemptions of other goods than the ten most redeemed", "погашения не из десятки самых погашаемых товаров"),
        _ => throw new ArgumentOutOfRangeException(nameof(figure), figure, null),
    };

    public static string Write(this HealthFigure figure, double value, Language language) => figure switch
    {
        HealthFigure.Turnover or HealthFigure.Margin => FigureText.Total(value, language),
        HealthFigure.Satisfaction or HealthFigure.BudgetPace or HealthFigure.OffersPerCustomer => value.ToString("0.00", language.Culture()),
        HealthFigure.Complaints or HealthFigure.Latency => value.ToString("0", language.Culture()),
        _ => (value * 100).ToString("0.00", language.Culture()) + " %",
    };
}
