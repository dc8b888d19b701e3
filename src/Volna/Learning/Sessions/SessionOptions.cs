namespace Volna.Learning.Sessions;

/// <summary>How the next product of a visit is foretold.</summary>
public sealed record SessionOptions
{
    /// <summary>Of the visit's products, one seen this many products before the last counts 1/e as much in likeness.</summary>
    public float Memory { get; init; } = 2;

    /// <summary>A session counts by this power of its length, so that long ones aren't like everything: 0.5 is the cosine.</summary>
    public float LengthPower { get; init; } = 0.5f;

    /// <summary>The oldest session counts this much against 1 for the newest.</summary>
    public float Oldest { get; init; } = 0.3f;

    /// <summary>Sessions most like the visit that speak.</summary>
    public int Neighbours { get; init; } = 500;

    /// <summary>In a neighbour, a product this many places from the one last seen in both speaks 1/e as loud.</summary>
    public float Reach { get; init; } = 2;

    /// <summary>Weight of the products that come before that one, against 1 for those after it.</summary>
    public float Backward { get; init; } = 0.7f;

    /// <summary>What was seen in the visit already counts this much, to be seen again.</summary>
    public float Repeat { get; init; } = 0.3f;

    /// <summary>Part of the say that a network has beside the neighbours; 0 for none.</summary>
    public float Network { get; init; }

    /// <summary>A product counts by its number of sessions to minus this power.</summary>
    public float PopularityPower { get; init; } = 0.1f;
}
