namespace Volna.Learning.Factors;

/// <summary>How tastes are learnt by implicit ALS.</summary>
public sealed record FactorOptions
{
    /// <summary>Numbers that describe a customer or product.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Rounds, each of all customers and then all products.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>What a customer has counts this much against 1 for each product she hasn't.</summary>
    public float Confidence { get; init; } = 10;

    /// <summary>Weight of the squared factors.</summary>
    public float Regularization { get; init; } = 1;

    public ulong Seed { get; init; } = 1;
}
