namespace Volna.Reports.Statistics;

/// <summary>Why a comparison isn't adjusted, in words.</summary>
public static class AdjustmentTexts
{
    public static Text Explain(this AdjustmentVerdict verdict) => verdict switch
    {
        AdjustmentVerdict.NoCovariate => new("nothing was measured before", "до начала ничего не измерено"),
        AdjustmentVerdict.TooFewCustomers => new("too few customers in an arm", "в одной из групп слишком мало покупателей"),
        AdjustmentVerdict.NothingVaries => new("what was measured before is alike in all customers", "измеренное до начала у всех покупателей одинаково"),
        AdjustmentVerdict.NotBalanced => new(
            "the arms differed before already, by more than chance: either something chose among the customers, or it was measured after the beginning",
            "группы различались ещё до начала сильнее, чем бывает случайно: либо покупателей кто-то отбирал, либо измерение сделано после начала"),
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "A verdict that needs no explanation."),
    };
}
