namespace Volna.Offers.Response;

/// <summary>An offer of a trial with what came of it.</summary>
/// <param name="As">How it was made, or would have been.</param>
/// <param name="Bought">Whether she bought the product within the wave's validity.</param>
/// <param name="MarginMinor">Margin that the product left then.</param>
/// <param name="AlikeMarginMinor">Margin of what else she bought of its category then.</param>
/// <param name="UsualAlikeMarginMinor">The same for as many days, on the average of the weeks before.</param>
readonly record struct TriedOffer(TrialOffer As, bool Bought, float MarginMinor, float AlikeMarginMinor, float UsualAlikeMarginMinor)
{
    /// <summary>Margin of the whole category in the weeks after the validity, the product's too: what was bought for store isn't bought then.</summary>
    public float LaterMarginMinor { get; init; }

    /// <summary>The same for as many days, on the average of the weeks before the wave.</summary>
    public float UsualLaterMarginMinor { get; init; }
}

/// <summary>A customer of a trial with what came of it.</summary>
/// <param name="IsHeldOut">True if her offers are ghosts.</param>
/// <param name="Receipts">Within the wave's validity.</param>
/// <param name="UsualReceipts">For as many days, on the average of the weeks before; as the next.</param>
sealed record TriedCustomer(bool IsHeldOut, int Receipts, double UsualReceipts, double UsualMarginMinor, TriedOffer[] Offers);
