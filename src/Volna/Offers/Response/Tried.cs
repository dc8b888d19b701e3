namespace Volna.Offers.Response;

/// <summary>An offer of a trial with what came of it.</summary>
/// <param name="Bought">Whether she bought the product within the wave's validity.</param>
/// <param name="AlikeMarginMinor">Margin of what else she bought of its category then.</param>
/// <param name="UsualAlikeMarginMinor">The same for as many days, on the average of the weeks before.</param>
readonly record struct TriedOffer(SlotKind Slot, double Depth, double Chance, double PriceMinor, bool Bought, float AlikeMarginMinor, float UsualAlikeMarginMinor);

/// <summary>A customer of a trial with what came of it.</summary>
/// <param name="IsHeldOut">True if her offers are ghosts.</param>
/// <param name="RestMarginMinor">Margin of what she bought within the wave's validity beside the categories of her offers.</param>
/// <param name="UsualRestMarginMinor">The same for as many days, on the average of the weeks before.</param>
sealed record TriedCustomer(bool IsHeldOut, double RestMarginMinor, double UsualRestMarginMinor, TriedOffer[] Offers);
