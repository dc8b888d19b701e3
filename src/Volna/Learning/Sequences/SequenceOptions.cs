namespace Volna.Learning.Sequences;

/// <summary>How the next product of a sequence is foretold. Powers of a distance or a number n make it count n to the minus power.</summary>
public sealed record SequenceOptions
{
    /// <summary>A product counts for those that came later in a sequence by this power of the distance.</summary>
    public float ForwardPower { get; init; } = 0.5f;

    /// <summary>Weight of the products that came earlier, against 1 for the later ones: what goes with what, whatever the order.</summary>
    public float Backward { get; init; } = 0.2f;

    /// <summary>The same power for those that came earlier.</summary>
    public float BackwardPower { get; init; } = 1.5f;

    /// <summary>A sequence counts by this power of its length.</summary>
    public float LengthPower { get; init; } = 0.2f;

    /// <summary>
    /// Weighs products and sequences as BM25 does words and documents in place of the powers (Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
    /// 2009): a rare product tells more by the logarithm of how rare it is, and a long sequence less, but never nothing.
    /// </summary>
    public bool Bm25 { get; init; }

    /// <summary>Of the products that she bought, each counts by this power of how long ago it was, in products.</summary>
    public float RecencyPower { get; init; } = 1;

    /// <summary>And by this power of how often it occurs: a rare one tells more.</summary>
    public float SourcePower { get; init; } = 0.3f;

    /// <summary>A foretold product counts by this power of how often it occurs: 0 favours the popular, 1 the rare.</summary>
    public float TargetPower { get; init; } = 0.1f;

    /// <summary>Weight of the attributes shared with the products she bought, where attributes are known.</summary>
    public float Attributes { get; init; } = 0.01f;

    /// <summary>Part of the say that a network has beside all that; 0 for none.</summary>
    public float Network { get; init; }

    /// <summary>Followers kept of a product.</summary>
    public int Followers { get; init; } = 1000;

    /// <summary>True if a model learnt with the other options differs in how it ranks alone.</summary>
    internal bool LearnAs(SequenceOptions other) => this with { RecencyPower = other.RecencyPower, Attributes = other.Attributes, Network = other.Network } == other;
}
