namespace Volna.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("1.005", 101)]
    [InlineData("-1.005", -101)]
    [InlineData("0.004", 0)]
    [InlineData("92233720368547758.07", long.MaxValue)]
    public void Half_a_kopeck_is_rounded_away_from_zero(string major, long minor) =>
        Assert.Equal(minor, Money.FromMajor(decimal.Parse(major, System.Globalization.CultureInfo.InvariantCulture)).Minor);

    [Fact]
    public void A_sum_that_does_not_fit_is_an_error_and_never_wraps() =>
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));

    [Theory]
    [InlineData(123450, "1,234.50", "1\u00A0234,50")]
    [InlineData(-5, "-0.05", "-0,05")]
    public void People_read_it_in_their_language(long minor, string english, string russian)
    {
        Assert.Equal(english, new Money(minor).ToString(Language.English));
        Assert.Equal(russian, new Money(minor).ToString(Language.Russian));
    }

    [Theory]
    [InlineData(1000, 999, 99)] // 9.99 % of 10.00 is 0.999
    [InlineData(1, 5000, 0)]
    [InlineData(long.MaxValue, 10000, long.MaxValue)]
    [InlineData(-199, 5000, -99)]
    public void A_share_is_rounded_down_towards_zero(long minor, int basisPoints, long expected) =>
        Assert.Equal(expected, new Percent(basisPoints).OfRoundedDown(new Money(minor)).Minor);

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_percentage_lies_between_0_and_100(int basisPoints) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Percent(basisPoints));

    [Theory]
    [InlineData(1_000, 9_999, 9_999)]
    [InlineData(333, 100, 33)]
    [InlineData(335, 100, 34)] // 33.5 kopecks
    [InlineData(-335, 100, -34)]
    public void A_weight_times_a_price_is_rounded_half_away_from_zero(long thousandths, long priceMinor, long expected) =>
        Assert.Equal(expected, new Quantity(thousandths).Times(new Money(priceMinor)).Minor);
}
