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
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No words for this refusal."),
    };
}
