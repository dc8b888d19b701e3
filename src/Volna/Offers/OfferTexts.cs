using Volna.Intake.Catalog;
using Volna.Learning.Demand;

namespace Volna.Offers;

/// <summary>Why a customer gets an offer, in words for her and for the retailer's people.</summary>
public static class OfferTexts
{
    /// <summary>Such as "you buy it every 9 days; it's time".</summary>
    public static Text Reason(Offer offer, Catalog catalog) => Reason(offer.Reason, offer.Because, catalog);

    /// <param name="because">See <see cref="Candidate.Because"/>.</param>
    public static Text Reason(CandidateReason reason, int because, Catalog catalog) => reason switch
    {
        CandidateReason.BoughtOften => new("you buy it often", "вы часто это покупаете"),
        CandidateReason.CycleDue when because == 1 => new("you buy it every day; it's time", "вы покупаете это каждый день — самое время"),
        CandidateReason.CycleDue when because > 1 => new(
            $"you buy it every {because} days; it's time",
            $"вы покупаете это раз в {because} {Languages.Plural(because, "день", "дня", "дней")} — самое время"),
        CandidateReason.CycleDue => new("it's time to buy it again", "самое время купить это снова"),
        CandidateReason.BoughtLately => new("you bought it lately", "вы недавно это покупали"),
        CandidateReason.GoesWith when because > 0 => new($"goes with {catalog.Product(because).Name}", $"подходит к покупке {Languages.InQuotes(catalog.Product(because).Name)}"),
        CandidateReason.GoesWith => new("goes with what you buy", "подходит к тому, что вы покупаете"),
        CandidateReason.Popular => new("many customers choose it", "это выбирают многие покупатели"),
        CandidateReason.PopularInStore => new("many customers of your store choose it", "это выбирают многие покупатели вашего магазина"),
        CandidateReason.PopularInCity => new("many customers in your city choose it", "это выбирают многие покупатели в вашем городе"),
        CandidateReason.New when because > 0 => new($"new; goes with {catalog.Product(because).Name}", $"новинка; подходит к покупке {Languages.InQuotes(catalog.Product(because).Name)}"),
        CandidateReason.New => new("new in the shops", "новинка в магазинах"),
        CandidateReason.NotBoughtYet when because > 0 => new(
            $"just arrived, nobody has tried it yet; goes with {catalog.Product(because).Name}", $"только что в продаже, ещё никто не пробовал; подходит к покупке {Languages.InQuotes(catalog.Product(because).Name)}"),
        CandidateReason.NotBoughtYet => new("just arrived, nobody has tried it yet", "только что в продаже, ещё никто не пробовал"),
        CandidateReason.TimeIsRight => new("bought more in days like those to come", "в такие дни это берут чаще"),
        CandidateReason.BoughtBefore => new("you bought it before", "вы это уже покупали"),
        CandidateReason.PriceFits => new("it costs about what you usually pay", "цена — как у ваших обычных покупок"),
        CandidateReason.LargerBasket => new(
            "a little more than you usually spend at once; goods without discounts (tobacco, alcohol, medicines, infant formula) don't count",
            "чуть больше вашей обычной покупки; товары, на которые скидок не бывает (табак, алкоголь, лекарства, детские смеси), не учитываются"),
        CandidateReason.BoughtAgain => new("those who try it buy it again", "кто попробовал, тот берёт снова"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No words for this reason."),
    };

    /// <summary>What an offer on the whole basket is about, such as "Your whole purchase, from 1,500".</summary>
    /// <param name="least">What it has to come to.</param>
    public static Text Basket(Money least) => new($"Your whole purchase, from {Short(least, Language.English)}", $"Вся покупка от\u00A0{Short(least, Language.Russian)}");

    static string Short(Money amount, Language language) => amount.Minor % 100 == 0 ? (amount.Minor / 100).ToString("N0", language.Culture()) : amount.ToString(language);

    /// <summary>What she gets off, or in points, such as "−15%".</summary>
    public static Text Deal(Offer offer) => offer.Mechanic switch
    {
        Mechanic.PercentOff => Both(language => "−" + Share(offer, language)),
        Mechanic.AmountOff => Both(language => "−" + offer.Amount.ToString(language)),
        Mechanic.FixedPrice => new($"for {offer.Amount.ToString(Language.English)}", $"за {offer.Amount.ToString(Language.Russian)}"),
        Mechanic.Points when offer.Amount > Money.Zero => Points(offer.Amount),
        Mechanic.Points => new($"{Share(offer, Language.English)} in points", $"{Share(offer, Language.Russian)} баллами"),
        Mechanic.NPlusM => new($"{offer.Buy}\u00A0+\u00A0{offer.Free} free", $"{offer.Buy}\u00A0+\u00A0{offer.Free} в\u00A0подарок"),
        _ => throw new ArgumentOutOfRangeException(nameof(offer), offer.Mechanic, "No words for this mechanic."),
    };

    static Text Points(Money points) => points.Minor % 100 != 0
        ? new($"{points.ToString(Language.English)} points", $"{points.ToString(Language.Russian)} балла")
        : new(
            $"{(points.Minor / 100).ToString("N0", Language.English.Culture())} {(points.Minor == 100 ? "point" : "points")}",
            $"{(points.Minor / 100).ToString("N0", Language.Russian.Culture())} {Languages.Plural(points.Minor / 100, "балл", "балла", "баллов")}");

    static Text Both(Func<Language, string> words) => new(words(Language.English), words(Language.Russian));

    static string Share(Offer offer, Language language) => (offer.Depth.BasisPoints / 100m).ToString("0.##", language.Culture()) + (language == Language.Russian ? "\u00A0%" : "%");

    /// <summary>A kind of slot, as the retailer's people call it.</summary>
    public static Text Name(this SlotKind slot) => slot switch
    {
        SlotKind.Habit => new("habit", "часто покупаемое"),
        SlotKind.Discovery => new("discovery", "новый товар"),
        SlotKind.Margin => new("margin", "маржинальный товар"),
        SlotKind.Winback => new("winback", "возврат"),
        SlotKind.Supplier => new("supplier", "акция поставщика"),
        SlotKind.Complement => new("complement", "дополнение"),
        SlotKind.Points => new("points", "баллы"),
        SlotKind.Basket => new("basket", "вся покупка"),
        _ => throw new ArgumentOutOfRangeException(nameof(slot), slot, "No name for this slot."),
    };

    /// <summary>The goal of a slot, as a heading.</summary>
    public static Text Slot(SlotKind slot) => slot switch
    {
        SlotKind.Habit => new("Your favourites", "Любимое"),
        SlotKind.Discovery => new("New for you", "Новое для вас"),
        SlotKind.Margin => new("A step up", "На шаг лучше"),
        SlotKind.Winback => new("Welcome back", "Давно не брали"),
        SlotKind.Supplier => new("From the maker", "От производителя"),
        SlotKind.Complement => new("Goes well with it", "К вашей покупке"),
        SlotKind.Points => new("Extra points", "Больше баллов"),
        SlotKind.Basket => new("For a bigger basket", "За большую покупку"),
        _ => throw new ArgumentOutOfRangeException(nameof(slot), slot, "No words for this slot."),
    };
}
