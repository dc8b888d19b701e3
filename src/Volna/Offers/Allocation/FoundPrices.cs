namespace Volna.Offers.Allocation;

/// <summary>Prices of the limits, and what customers do at them.</summary>
/// <param name="BoundMilli">No allocation is worth more, in thousandths of a minor unit.</param>
/// <param name="Used">By the customers looked at.</param>
/// <param name="Share">The curvature is of so large a share of all customers.</param>
/// <param name="MeanValue">Of an offer.</param>
sealed record FoundPrices(double[] Prices, long BoundMilli, long[] Used, Curvature Curvature, double Share, double MeanValue)
{
    /// <summary>Nothing is limited.</summary>
    public static FoundPrices None { get; } = new([], 0, [], new Curvature([]), 1, 1);

    /// <summary>Looks at the customers until then, at a sample of them or all.</summary>
    public int Rounds { get; init; }
}
