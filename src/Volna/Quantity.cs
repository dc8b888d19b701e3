using System.Globalization;

namespace Volna;

/// <summary>How much of a product: pieces, or kilograms of goods by weight, in whole thousandths. Negative on a return.</summary>
/// <param name="Thousandths">1,000 is one piece or one kilogram.</param>
public readonly record struct Quantity(long Thousandths)
{
    public static Quantity One => new(1_000);

    public static Quantity Of(decimal amount) => new(decimal.ToInt64(decimal.Round(amount * 1_000m, 0, MidpointRounding.AwayFromZero)));

    public decimal Amount => Thousandths / 1_000m;

    /// <summary>Price times quantity, rounded half away from zero to the minor unit: the till's line total.</summary>
    public Money Times(Money unitPrice)
    {
        // Whole pieces are by far the commonest, and need no wide arithmetic.
        if (Thousandths % 1_000 == 0) return new Money(unitPrice.Minor * (Thousandths / 1_000));
        var product = (Int128)unitPrice.Minor * Thousandths;
        var half = product >= 0 ? 500 : -500;
        return new Money((long)((product + half) / 1_000));
    }

    public override string ToString() => Amount.ToString("0.###", CultureInfo.InvariantCulture);
}
