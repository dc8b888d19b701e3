using Volna.Learning.Demand;

namespace Volna.Learning;

/// <summary>Why a model became the one that waves are made with; stored, so numbers are never reused.</summary>
public enum PromotionReason
{
    /// <summary>There was none before.</summary>
    First = 0,

    /// <summary>Learnt in the same way as the present one, from newer data.</summary>
    NewerData = 1,

    /// <summary>Learnt in another way, which foretold the same days better.</summary>
    Better = 2,

    /// <summary>A person said so.</summary>
    ByPerson = 3,

    /// <summary>The one after it was taken back.</summary>
    RolledBack = 4,
}

/// <summary>A model was made the one that waves are made with.</summary>
public sealed record Promotion(string Version, PromotionReason Reason, string By, DateTimeOffset At);

/// <summary>What becomes of a model that was just learnt.</summary>
public enum PromotionVerdict
{
    /// <summary>It is used from now on.</summary>
    Promoted = 0,

    /// <summary>The present model's way of learning foretold the same days at least as well.</summary>
    NotBetter = 1,

    /// <summary>It foretells windows of another length, so nothing compares both.</summary>
    NotComparable = 2,

    /// <summary>It is the present one.</summary>
    IsPresent = 3,

    /// <summary>It is learnt in the same way, but a person chose the present model although such a newer one was there already, as by taking that back.</summary>
    HeldByPerson = 4,
}

/// <summary>Decides whether a new model is used without a person's word.</summary>
static class Promote
{
    /// <summary>
    /// Two models are compared by their ways of learning on the same days: a model that saw those days itself can't be judged on them. Newer data alone make
    /// a model no worse, so the same way of learning needs no comparison; but they don't overrule a person who went back to an older model.
    /// </summary>
    /// <param name="present">As asked for, like <paramref name="options"/>: a window is the same one though a short history shortened it. Null where there is none.</param>
    /// <param name="isHeld">See <see cref="ModelStore.IsPresentHeld"/>.</param>
    /// <param name="presentWay">The back-test of the present model's options on the new one's data; asked for only where the options differ.</param>
    public static (PromotionVerdict Verdict, PromotionReason Reason) Decide(DemandOptions? present, bool isHeld, DemandOptions options, BackTest test, Func<BackTest> presentWay)
    {
        if (present is null) return (PromotionVerdict.Promoted, PromotionReason.First);
        if (present == options) return isHeld ? (PromotionVerdict.HeldByPerson, default) : (PromotionVerdict.Promoted, PromotionReason.NewerData);
        if (present.WindowDays != options.WindowDays) return (PromotionVerdict.NotComparable, default);
        return Worth(test) > Worth(presentWay()) ? (PromotionVerdict.Promoted, PromotionReason.Better) : (PromotionVerdict.NotBetter, default);
    }

    static double Worth(BackTest test) => test.All.Single(row => row.Method == RankingMethod.Model).At5 is var top ? top.Recall + top.Ndcg : 0;
}
