namespace Volna.Reports;

/// <summary>Why nothing can be said yet, in words.</summary>
public static class NoVerdictTexts
{
    public static Text Explain(this NoVerdict verdict) => verdict switch
    {
        NoVerdict.NoHeldOut => new("nobody to compare with: one of the arms is empty", "не с кем сравнивать: в одной из групп нет покупателей"),
        NoVerdict.WaveNotOver => new("the receipts of the whole validity aren't in yet", "ещё нет чеков за весь период действия волны"),
        NoVerdict.TooFewCustomers => new(
            $"fewer than {Compare.LeastCustomers} customers in an arm", $"в одной из групп меньше {Compare.LeastCustomers} покупателей"),
        NoVerdict.NoPurchases => new("nobody bought anything within the validity", "за период действия никто ничего не купил"),
        NoVerdict.TooFewBuyers => new($"fewer than {Compare.LeastBuyers} buyers in an arm", $"в одной из групп меньше {Compare.LeastBuyers} купивших"),
        NoVerdict.NoCosts => new("the cost of none of the goods bought is known", "ни у одного купленного товара не известна себестоимость"),
        NoVerdict.NothingVaries => new("all customers are alike in this", "все покупатели в этом одинаковы"),
        NoVerdict.AfterNotOver => new("as many days after the wave as it had aren't over yet", "после волны ещё не прошло столько же дней, сколько она действовала"),
        NoVerdict.NotAlike => new(
            "those offered it and those held out aren't alike (their numbers or earlier purchases don't fit): limits may have given it to some only",
            "получившие предложение и контроль не сопоставимы (не сходятся их число или прежние покупки): лимиты могли отдать его лишь части"),
        NoVerdict.StoppedTooSoon => new(
            "the wave was stopped before its offers had held for a day, so nearly all purchases of its days were made without them",
            "волну остановили раньше, чем её предложения действовали сутки, поэтому почти все покупки её дней сделаны без них"),
        NoVerdict.NothingBefore => new("no purchases are known from before the wave", "нет данных о покупках до волны"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "A verdict that needs no explanation."),
    };
}
