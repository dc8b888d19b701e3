using Volna.Intake.Catalog;

namespace Volna.Offers;

/// <summary>
/// How low a unit price may go with a personal offer. One place, because the floor honoured when an offer is decided and the one honoured at the till
/// must be the same.
/// </summary>
public static class PriceFloor
{
    /// <summary>What the product's own policy (МРЦ) allows: the shelf price itself where no discount is allowed, zero where nothing limits it.</summary>
    public static Money ByPolicy(Product product, Money shelfPrice) => product.Floor switch
    {
        FloorPolicy.None => Money.Zero,
        // A minimum price that nobody gave can't be kept, so the shelf price is not touched.
        FloorPolicy.MinimumPrice => product.FloorPrice ?? shelfPrice,
        FloorPolicy.NoDiscount => shelfPrice,
        _ => throw new ArgumentOutOfRangeException(nameof(product), product.Floor, "No such floor policy."),
    };

    /// <summary>The lowest price that leaves a margin: cost / (1 - margin), rounded up to the minor unit.</summary>
    /// <param name="leastMargin">Share of the price, below 100 %.</param>
    public static Money ByMargin(Money cost, Percent leastMargin)
    {
        var kept = 10_000 - leastMargin.BasisPoints;
        return new Money(
            cost.Minor < (long.MaxValue / 10_000) - 10_000 ? ((cost.Minor * 10_000) + kept - 1) / kept : (long)((((Int128)cost.Minor * 10_000) + kept - 1) / kept));
    }

    /// <summary>Rounded up to a multiple of the price step: half a kopeck below a floor is below it.</summary>
    public static Money RoundedUp(Money floor, Money step) => new((floor.Minor + step.Minor - 1) / step.Minor * step.Minor);

    /// <summary>A price with a percentage off; the discount is rounded down.</summary>
    public static Money After(Money price, Percent depth) => price - depth.OfRoundedDown(price);
}
