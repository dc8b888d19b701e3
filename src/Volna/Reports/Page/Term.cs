namespace Volna.Reports.Page;

/// <summary>What a column of figures means; its heading leads to the definition at the end of the page.</summary>
/// <param name="Anchor">Where the definition stands on the page.</param>
sealed record Term(string Anchor, Text Name, Text Definition)
{
    public static readonly Term
        Treated = new(
            "treated", new("treated", "целевая группа"),
            new("Customers who could get offers of the wave: how many, or a figure of theirs, whether they got or redeemed any or not.", "Покупатели, которым волна могла сделать предложения: их число или их показатель, получили и погасили они что-нибудь или нет.")),
        HeldOut = new(
            "held-out", new("held out", "контроль"),
            new("Customers drawn by chance before the wave who got no offers: how many, or a figure of theirs.", "Покупатели, отобранные случайно до волны и не получившие предложений: их число или их показатель.")),
        TreatedSpend = new(
            "treated-spend", new("spend of treated", "покупки целевой группы"),
            new("What the group's treated customers paid, each of them, who bought nothing as zero.", "Сколько заплатил в среднем покупатель целевой части группы; не купившие — как ноль.")),
        HeldOutSpend = new(
            "held-out-spend", new("spend of held-out", "покупки контроля"),
            new("The same of the group's held-out customers.", "То же по контрольной части группы.")),
        Difference = new(
            "difference", new("difference", "разница"),
            new("Treated less held out, for one customer, and below it as a share of the held-out customers' figure. Where purchases before the wave tell something, it is adjusted by them.", "Целевая группа минус контроль на одного покупателя, под ней — доля от показателя контроля. Если покупки до волны что-то говорят, разница поправлена на них.")),
        Interval = new(
            "interval", new("95 % interval", "95 %-й интервал"),
            new("Where the true difference lies as far as is known: of 100 such intervals 95 hold it.", "Где, насколько известно, лежит истинная разница: из 100 таких интервалов её содержат 95.")),
        PValue = new(
            "p-value", new("p", "p"),
            new("How often chance alone would make a difference at least as large; corrected where several figures or groups are looked at together.", "Как часто одна случайность дала бы разницу не меньше; с поправкой, если показателей или групп несколько.")),
        Offers = new(
            "offers", new("offers", "предложений"),
            new("Offers that the wave published.", "Сколько предложений опубликовала волна.")),
        Redeemed = new(
            "redeemed", new("redeemed", "погашено"),
            new("Offers used on a receipt that was closed at a till and not brought back whole.", "Сколько из них использовано в закрытых и не возвращённых целиком чеках.")),
        RedeemedShare = new(
            "redeemed-share", new("share redeemed", "доля погашенных"),
            new("Redeemed offers divided by offers. It isn't the effect.", "Погашенные предложения, делённые на все. Это не эффект.")),
        Discount = new(
            "discount", new("discount", "скидка"),
            new("What the personal offers took off at the tills.", "Сколько персональные предложения сняли на кассах.")),
        Forecast = new(
            "forecast", new("foretold", "прогноз"),
            new("How many would buy something within the validity without offers, as foretold from earlier purchases.", "Доля тех, кто и без предложений что-нибудь купит за период действия, по прогнозу из прежних покупок.")),
        HeldOutBought = new(
            "held-out-bought", new("held-out who bought", "купили в контроле"),
            new("How many of the held-out did.", "Доля купивших в контроле на деле.")),
        SpendEffect = new(
            "spend-effect", new("effect on spend", "эффект на покупки"),
            new("Difference of the spend per customer with its 95 % interval.", "Разница покупок на покупателя и её 95 %-й интервал.")),
        MarginEffect = new(
            "margin-effect", new("effect on margin", "эффект на маржу"),
            new("Difference of the margin per customer, discounts taken off, with its 95 % interval.", "Разница маржи на покупателя за вычетом скидок и её 95 %-й интервал.")),
        OfferMargin = new(
            "offer-margin", new("margin an offer", "маржа на предложение"),
            new("What an offer would have left as margin after its discount, valued by the chances with which the wave chose depths (self-normalised importance sampling).", "Сколько маржи после скидки принесло бы предложение; оценено по вероятностям, с которыми волна выбирала глубину (самонормированная выборка по значимости).")),
        MoreThanOwn = new(
            "more-than-own", new("more than the wave's own", "больше, чем у волны"),
            new("That less what the wave's own choice left, with a 95 % interval.", "То же минус результат собственного выбора волны, с 95 %-м интервалом.")),
        OtherEstimators = new(
            "other-estimators", new("other estimators", "другие оценки"),
            new("The same by plain importance sampling (IPS) and doubly robust: where they disagree, trust none.", "То же обычной выборкой по значимости (IPS) и дважды устойчивой оценкой: если они расходятся, не верьте ни одной.")),
        WorthOffers = new(
            "worth-offers", new("worth offers of its own", "равно собственным предложениям"),
            new("Effective sample size: with how many offers of the other policy itself as much would be known.", "Эффективный размер выборки: сколько собственных предложений такого выбора дали бы столько же знания.")),
        SpendChange = new(
            "spend-change", new("change of spend", "изменение покупок"),
            new("Difference of the spend per customer as a share of that of the held-out, with its 95 % interval.", "Разница покупок на покупателя в долях от контроля и её 95 %-й интервал.")),
        WaveTotal = new(
            "wave-total", new("all its customers", "на всех её покупателях"),
            new("That difference for all treated customers of the wave together.", "Эта разница на всех покупателях целевой группы волны вместе.")),
        TotalSoFar = new(
            "total-so-far", new("waves so far", "волны с начала"),
            new("The sum of the waves up to this one.", "Сумма по волнам до этой включительно.")),
        OfferedInAll = new(
            "offered-in-all", new("offered, all waves", "получили предложения, все волны"),
            new("Customers who got offers after so many messages, counted in each wave anew.", "Покупатели, получившие предложения после стольких сообщений; в каждой волне считаются заново.")),
        HeldOutWaveSpend = new(
            "held-out-wave-spend", new("spend of held-out in a wave", "покупки контроля за волну"),
            new("What a held-out customer with as many messages before paid within a wave's validity.", "Сколько за время действия волны заплатил покупатель контроля, получивший до неё столько же сообщений."));
}
