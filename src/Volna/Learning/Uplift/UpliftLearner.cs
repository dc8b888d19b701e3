namespace Volna.Learning.Uplift;

/// <summary>
/// Ways to learn for whom a treatment changes the outcome how much, all of them made of ridge regressions. Künzel, Sekhon, Bickel, Yu, "Metalearners for
/// estimating heterogeneous treatment effects using machine learning", PNAS 2019 (two models, X); Athey, Imbens, "Machine learning methods for estimating
/// heterogeneous causal effects", 2015 (the transformed outcome); Nie, Wager, "Quasi-oracle estimation of heterogeneous treatment effects", 2021 (R).
/// </summary>
public enum UpliftLearner
{
    /// <summary>One regression of the outcome for the treated, one for the others; their difference.</summary>
    TwoModel = 0,

    /// <summary>The treated less what the others' regression says of them, the others likewise, regressed each; weighted by the shares of the arms.</summary>
    X = 1,

    /// <summary>One regression of an outcome transformed so that its mean is the effect.</summary>
    ClassTransformation = 2,

    /// <summary>The outcome less its expectation, regressed on the treatment less its chance, with an effect that differs between customers.</summary>
    R = 3,
}
