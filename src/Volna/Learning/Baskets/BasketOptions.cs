namespace Volna.Learning.Baskets;

/// <summary>How the next basket is foretold. The defaults suit a shop of daily goods; <see cref="BasketTuning"/> fits them to one.</summary>
public sealed record BasketOptions
{
    /// <summary>A basket counts by this power of its age in baskets, both for her own habits and for likeness.</summary>
    public float Decay { get; init; } = 0.95f;

    /// <summary>In likeness, a product counts by this power of the log of how rare it is: 0 for not at all.</summary>
    public float RarityPower { get; init; } = 0.25f;

    /// <summary>Customers most like her whose next baskets count.</summary>
    public int Neighbours { get; init; } = 900;

    /// <summary>A neighbour counts by this power of her likeness, the cosine.</summary>
    public float LikenessPower { get; init; } = 1;

    /// <summary>Her own purchases are divided by this power of her number of baskets: 1 for a rate, 0 for a count.</summary>
    public float OwnPower { get; init; } = 1;

    /// <summary>Weight of her own purchases against the neighbours' 1.</summary>
    public float Own { get; init; } = 0.1f;

    /// <summary>Weight of what all customers bought in their last baskets against the neighbours' 1.</summary>
    public float Popular { get; init; } = 0.3f;

    /// <summary>True if a model learnt with the other options differs in how it ranks alone.</summary>
    internal bool LearnAs(BasketOptions other) => (Decay, RarityPower) == (other.Decay, other.RarityPower);
}
