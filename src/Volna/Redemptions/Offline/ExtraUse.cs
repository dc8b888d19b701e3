namespace Volna.Redemptions.Offline;

/// <summary>
/// A use of an offer whose right was used elsewhere already, while the store that gave it was off-line. The customer has her discount, so the use is
/// booked, beside the right and not from it: it has the offer's place plus a multiple of 64.
/// </summary>
static class ExtraUse
{
    const int Step = 64;

    public static bool Is(int index) => index >= Step;

    /// <summary>The place of the offer among the customer's offers.</summary>
    public static int Offer(int index) => index % Step;

    /// <summary>Its number as a bit among the offer's extra uses.</summary>
    public static ulong Bit(int index) => 1UL << ((index / Step) - 1);

    /// <param name="number">Of the extra use, from 1.</param>
    public static int Of(int offer, int number) => offer + (number * Step);
}
