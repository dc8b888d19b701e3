namespace Volna.Offers.Filter;

/// <summary>
/// Why a candidate wasn't offered to a customer; stored, numbers are never reused. The order of the checks is that of <see cref="Eligibility"/>. Below 100: she may not get it
/// (post-filter). From 100: she might, but other offers were better.
/// </summary>
public enum OfferRefusal
{
    None = 0,

    /// <summary>She agreed to none of the plan's channels, or can't be reached by mail where she agreed to nothing else.</summary>
    NoConsent = 1,

    /// <summary>The law forbids offers on such goods, or asks for a minimum price that isn't known; see <see cref="LegalPack"/>.</summary>
    ForbiddenByLaw = 2,

    /// <summary>Age-limited goods, and she is too young or her age isn't known.</summary>
    TooYoung = 3,

    /// <summary>On the business's list of forbidden goods.</summary>
    Forbidden = 4,

    /// <summary>On the business's list of low-margin goods.</summary>
    LowMarginGoods = 5,

    /// <summary>Excluded by the business for another reason.</summary>
    Excluded = 6,

    /// <summary>She said she doesn't want it.</summary>
    Disliked = 7,

    /// <summary>Against her moral, religious or ethical preferences.</summary>
    AgainstEthics = 8,
    Allergy = 9,

    /// <summary>In a mass promotion of a store of hers within the wave's days.</summary>
    InMassPromotion = 10,

    /// <summary>Nobody bought it lately: taken for delisted.</summary>
    NotSoldLately = 11,

    /// <summary>Not on stock in any store she visits.</summary>
    NotInHerStores = 12,

    /// <summary>Offered to her in one of the last waves.</summary>
    OfferedRecently = 13,

    /// <summary>Offered to her twice, and she didn't want it.</summary>
    IgnoredTwice = 14,

    /// <summary>By her rhythm she doesn't need it yet.</summary>
    BoughtJustNow = 15,

    /// <summary>No shelf price is known.</summary>
    NoPrice = 16,

    /// <summary>Its floor policy allows no discount.</summary>
    DiscountNotAllowed = 17,

    /// <summary>The smallest discount of the ladder would go below its minimum price.</summary>
    FloorTooNear = 18,

    /// <summary>No cost is known and the plan assumes none.</summary>
    NoCost = 19,

    /// <summary>The smallest discount of the ladder would leave less than the least margin.</summary>
    MarginTooLow = 20,

    /// <summary>She is known to be younger than the plan's least age.</summary>
    UnderAge = 21,

    /// <summary>She was offered something in as many of the last days' waves as the plan allows, in all or through each channel that she agreed to.</summary>
    ContactLimit = 22,

    /// <summary>She comes anyway: her base conversion is so high that letters would be noise and discounts a gift.</summary>
    ComesAnyway = 23,

    /// <summary>For an offer on the whole basket: too few receipts of late tell what she usually spends at once.</summary>
    NoUsualReceipt = 24,

    /// <summary>The segment has no slot for its kind.</summary>
    NoSlotOfItsKind = 100,

    /// <summary>She gets enough offers of its category already.</summary>
    CategoryFull = 101,

    /// <summary>Better ones took the slots.</summary>
    Outranked = 102,

    /// <summary>At every allowed depth the discount would cost more than it is expected to bring.</summary>
    NoGain = 103,

    /// <summary>The wave's budgets and other limits bring more with other customers.</summary>
    LimitReached = 104,

    /// <summary>Likelier products of its brand are as many as a customer may be offered.</summary>
    BrandFull = 105,

    /// <summary>Likelier products as dear, for their categories, are as many as she may be offered.</summary>
    PriceLevelFull = 106,

    /// <summary>All that she would be offered together brings less than the message costs.</summary>
    NotWorthMessage = 107,
}

/// <summary>The refusals in words.</summary>
public static class OfferRefusalTexts
{
    /// <summary>Whether something could have been offered, but wouldn't have paid.</summary>
    public static bool IsForMoney(this OfferRefusal refusal) => refusal is OfferRefusal.NoGain or OfferRefusal.NotWorthMessage;

    public static Text Words(this OfferRefusal refusal) => refusal switch
    {
        OfferRefusal.None => new("offered", "предложено"),
        OfferRefusal.NoConsent => new("none of the plan's channels reaches her: no consent, or letters come back", "ни один канал плана не подходит: нет согласия или письма возвращаются"),
        OfferRefusal.ForbiddenByLaw => new("the law forbids personal discounts on such goods", "закон запрещает персональные скидки на такие товары"),
        OfferRefusal.TooYoung => new("age-limited goods, and she isn't known to be of age", "товар с возрастным ограничением, а совершеннолетие покупателя не подтверждено"),
        OfferRefusal.Forbidden => new("on the list of forbidden goods", "в списке запрещённых товаров"),
        OfferRefusal.LowMarginGoods => new("on the list of low-margin goods", "в списке низкомаржинальных товаров"),
        OfferRefusal.Excluded => new("excluded by the business", "исключён бизнесом"),
        OfferRefusal.Disliked => new("she said she doesn't want it", "покупатель просил не предлагать"),
        OfferRefusal.AgainstEthics => new("against her moral or ethical preferences", "противоречит моральным или этическим предпочтениям"),
        OfferRefusal.Allergy => new("she is allergic to it", "аллергия"),
        OfferRefusal.InMassPromotion => new("in a mass promotion of her store", "участвует в массовой акции в магазине покупателя"),
        OfferRefusal.NotSoldLately => new("nobody bought it lately", "давно никем не покупался"),
        OfferRefusal.NotInHerStores => new("not on stock in the stores she visits", "нет в наличии в магазинах покупателя"),
        OfferRefusal.OfferedRecently => new("offered to her in one of the last waves", "уже предлагался в последних волнах"),
        OfferRefusal.IgnoredTwice => new("offered to her twice without success", "дважды предлагался без успеха"),
        OfferRefusal.BoughtJustNow => new("she bought it just now", "куплен совсем недавно"),
        OfferRefusal.NoPrice => new("no price is known", "цена неизвестна"),
        OfferRefusal.DiscountNotAllowed => new("its price policy allows no discount", "ценовая политика не допускает скидок"),
        OfferRefusal.FloorTooNear => new("its minimum price leaves no room for a discount", "минимальная цена не оставляет места для скидки"),
        OfferRefusal.NoCost => new("its cost isn't known and the plan assumes none", "себестоимость неизвестна, и план её не предполагает"),
        OfferRefusal.MarginTooLow => new("a discount would leave too little margin", "скидка оставила бы слишком малую маржу"),
        OfferRefusal.UnderAge => new("she is younger than the plan's least age", "покупатель младше наименьшего возраста по плану"),
        OfferRefusal.ContactLimit => new("she was written to often enough lately", "в последние дни покупателю уже писали достаточно"),
        OfferRefusal.ComesAnyway => new("she comes anyway, so she isn't disturbed", "покупатель и так приходит — не беспокоим"),
        OfferRefusal.NoUsualReceipt => new("too few receipts tell what she usually spends at once", "слишком мало чеков, чтобы знать обычную сумму покупки"),
        OfferRefusal.NoSlotOfItsKind => new("her segment has no slot for it", "в сегменте покупателя нет подходящего слота"),
        OfferRefusal.CategoryFull => new("she gets enough offers of this category", "предложений этой категории уже достаточно"),
        OfferRefusal.Outranked => new("better offers took the slots", "слоты заняли более выгодные предложения"),
        OfferRefusal.NoGain => new("the discount would cost more than it is expected to bring", "скидка обошлась бы дороже ожидаемой выгоды"),
        OfferRefusal.LimitReached => new("the wave's limits bring more with other customers", "ограничения волны выгоднее использовать для других покупателей"),
        OfferRefusal.BrandFull => new("likelier products of this brand are enough", "более подходящих товаров этой марки уже достаточно"),
        OfferRefusal.NotWorthMessage => new("all her offers together bring less than a message costs", "все предложения вместе принесут меньше, чем стоит сообщение"),
        OfferRefusal.PriceLevelFull => new("likelier products of this price level are enough", "более подходящих товаров этого ценового уровня уже достаточно"),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No words for this refusal."),
    };
}
