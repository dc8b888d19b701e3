namespace Volna.Learning.Networks;

/// <summary>How a network learns what follows.</summary>
public sealed record NetworkOptions
{
    /// <summary>Numbers that describe a product, and as many a state.</summary>
    public int Factors { get; init; } = 64;

    /// <summary>Times that all sequences are gone through.</summary>
    public int Epochs { get; init; } = 10;

    public float LearningRate { get; init; } = 0.08f;

    /// <summary>Share of the numbers left out by chance while learning, so that none is relied on alone; in 256ths.</summary>
    public float Dropout { get; init; } = 0.3f;

    /// <summary>Products of a sequence that are looked back at.</summary>
    public int Steps { get; init; } = 40;

    public ulong Seed { get; init; } = 1;
}
