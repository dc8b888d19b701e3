using System.Globalization;

namespace Volna;

/// <summary>A share between 0 and 100 %, in whole basis points, so that equal shares are equal.</summary>
public readonly record struct Percent
{
    /// <param name="basisPoints">Hundredths of a percent, 0 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 10,000.</exception>
    public Percent(int basisPoints)
    {
        if (basisPoints is < 0 or > 10_000)
            throw new ArgumentOutOfRangeException(nameof(basisPoints), basisPoints, "A percentage lies between 0 and 10,000 basis points.");
        BasisPoints = basisPoints;
    }

    public int BasisPoints { get; }

    public static Percent Zero => default;

    public static Percent Of(decimal percent) => new(decimal.ToInt32(decimal.Round(percent * 100m)));

    public double Share => BasisPoints / 10_000.0;

    /// <summary>This share of an amount, rounded down towards zero: a discount never exceeds what was promised by a fraction of a kopeck.</summary>
    // The division of 128 bits is for amounts that hardly occur; it is ten times slower.
    public Money OfRoundedDown(Money amount) => new(
        amount.Minor is > long.MinValue / 10_000 and < long.MaxValue / 10_000 ? amount.Minor * BasisPoints / 10_000 : (long)((Int128)amount.Minor * BasisPoints / 10_000));

    /// <summary>Such as <c>12.5%</c>.</summary>
    public override string ToString() => (BasisPoints / 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
