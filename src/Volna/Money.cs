using System.Globalization;

namespace Volna;

/// <summary>An amount of money in whole minor units (kopecks, pence), in the one currency of the installation.</summary>
/// <param name="Minor">Minor units; 1/100 of the currency. Negative for returns and costs.</param>
public readonly record struct Money(long Minor) : IComparable<Money>
{
    public static Money Zero => default;

    /// <summary>Converts from major units, rounding halves away from zero, as tills and tax offices do.</summary>
    /// <exception cref="OverflowException">The amount doesn't fit into 64 bits of minor units.</exception>
    public static Money FromMajor(decimal major) =>
        new(decimal.ToInt64(decimal.Round(major * 100m, 0, MidpointRounding.AwayFromZero)));

    public decimal Major => Minor / 100m;

    public static Money operator +(Money a, Money b) => new(a.Minor + b.Minor);
    public static Money operator -(Money a, Money b) => new(a.Minor - b.Minor);
    public static Money operator -(Money a) => new(-a.Minor);
    public static Money operator *(Money a, long times) => new(a.Minor * times);
    public static bool operator <(Money a, Money b) => a.Minor < b.Minor;
    public static bool operator >(Money a, Money b) => a.Minor > b.Minor;
    public static bool operator <=(Money a, Money b) => a.Minor <= b.Minor;
    public static bool operator >=(Money a, Money b) => a.Minor >= b.Minor;

    public static Money Min(Money a, Money b) => a <= b ? a : b;
    public static Money Max(Money a, Money b) => a >= b ? a : b;

    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);

    /// <summary>Plain text with two decimals and a point, as in files: <c>-12.05</c>.</summary>
    public override string ToString() => Major.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Text for people: <c>1,234.50</c> in English, <c>1 234,50</c> in Russian (with a no-break space).</summary>
    public string ToString(Language language) => Major.ToString("N2", language.Culture());
}
