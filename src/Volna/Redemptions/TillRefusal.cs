namespace Volna.Redemptions;

/// <summary>Why no offer is used on a line, in the order of the checks; stored and sent, numbers and codes are never reused.</summary>
public enum TillRefusal
{
    None = 0,
    CustomerUnknown = 1,
    NoOfferForProduct = 2,
    OfferUsed = 3,
    FloorReached = 4,
    NoBenefit = 5,

    /// <summary>Another receipt that isn't closed yet holds it.</summary>
    OfferReserved = 6,
    CustomerLimit = 7,
    TargetLimit = 8,
    WaveLimit = 9,
    StoreLimit = 10,
    DayLimit = 11,
    BudgetSpent = 12,

    /// <summary>Her home store keeps the customer's offers, because it may be off-line.</summary>
    OfferLeased = 13,

    /// <summary>What the retailer's discounts may cost on one day is spent; tomorrow they go on.</summary>
    DayBudgetSpent = 14,
}

/// <summary>What a till says of a refusal.</summary>
public static class TillRefusals
{
    /// <summary>Stable, for programs, such as <c>offer-used</c>.</summary>
    public static string Code(this TillRefusal refusal) => refusal switch
    {
        TillRefusal.None => "none",
        TillRefusal.CustomerUnknown => "customer-unknown",
        TillRefusal.NoOfferForProduct => "no-offer-for-product",
        TillRefusal.OfferUsed => "offer-used",
        TillRefusal.FloorReached => "floor-reached",
        TillRefusal.NoBenefit => "no-benefit",
        TillRefusal.OfferReserved => "offer-reserved",
        TillRefusal.CustomerLimit => "customer-limit",
        TillRefusal.TargetLimit => "target-limit",
        TillRefusal.WaveLimit => "wave-limit",
        TillRefusal.StoreLimit => "store-limit",
        TillRefusal.DayLimit => "day-limit",
        TillRefusal.BudgetSpent => "budget-spent",
        TillRefusal.OfferLeased => "offer-leased",
        TillRefusal.DayBudgetSpent => "day-budget-spent",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No code for this refusal."),
    };

    /// <summary>The refusal of a code.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TillRefusal OfCode(string code) => Enum.GetValues<TillRefusal>().First(refusal => refusal.Code() == code);

    /// <summary>For the cashier and the customer.</summary>
    public static Text Sentence(this TillRefusal refusal) => refusal switch
    {
        TillRefusal.None => new("The offer is used.", "Предложение применено."),
        TillRefusal.CustomerUnknown => new("This customer isn't known, so there are no personal offers.", "Покупатель неизвестен, персональных предложений нет."),
        TillRefusal.NoOfferForProduct => new("The customer has no offer for this product today.", "На этот товар у покупателя сегодня нет предложения."),
        TillRefusal.OfferUsed => new("The offer for this product has been used already.", "Предложение на этот товар уже использовано."),
        TillRefusal.FloorReached => new("The price can't go lower: the product has a minimum price.", "Цена не может быть ниже: для товара действует минимальная цена."),
        TillRefusal.NoBenefit => new("The shelf price is already as low or lower.", "Цена на полке уже не выше цены по предложению."),
        TillRefusal.OfferReserved => new("Another open receipt holds the offer for this product.", "Предложение на этот товар занято другим незакрытым чеком."),
        TillRefusal.CustomerLimit => new("The customer has used as many offers as the campaign allows.", "Покупатель уже использовал столько предложений, сколько разрешает кампания."),
        TillRefusal.TargetLimit => new("This offer has run out: the campaign's limit for it is reached.", "Предложение закончилось: лимит кампании на него исчерпан."),
        TillRefusal.WaveLimit => new("The campaign's limit of redemptions is reached.", "Лимит погашений кампании исчерпан."),
        TillRefusal.StoreLimit => new("The campaign's limit for this store is reached.", "Лимит кампании на этот магазин исчерпан."),
        TillRefusal.DayLimit => new("The campaign's limit for today is reached.", "Лимит кампании на сегодня исчерпан."),
        TillRefusal.BudgetSpent => new("The campaign's budget is spent.", "Бюджет кампании израсходован."),
        TillRefusal.DayBudgetSpent => new("The campaign's budget for today is spent.", "Бюджет кампании на сегодня израсходован."),
        TillRefusal.OfferLeased => new("The offer can be used in the customer's own store.", "Предложение действует в «домашнем» магазине покупателя."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No words for this refusal."),
    };
}
