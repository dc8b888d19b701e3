using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Tests.Offers;

public sealed class PriceFloorTests
{
    [Theory]
    [InlineData("None", null, 0)]
    [InlineData("None", 80, 0)]
    [InlineData("MinimumPrice", 80, 80)]
    [InlineData("MinimumPrice", null, 100)]
    [InlineData("NoDiscount", 80, 100)]
    public void The_policy_bounds_the_price(string policy, int? floorPriceMinor, long floorMinor)
    {
        var product = new Product(new ProductId(1), "p", "P") { Floor = Enum.Parse<FloorPolicy>(policy), FloorPrice = floorPriceMinor is { } minor ? new Money(minor) : null };
        Assert.Equal(floorMinor, PriceFloor.ByPolicy(product, new Money(100)).Minor);
    }

    [Theory]
    [InlineData(9_000, 1_000, 10_000)]
    [InlineData(9_001, 1_000, 10_002)]
    [InlineData(100, 0, 100)]
    [InlineData(1, 9_900, 100)]
    [InlineData(0, 500, 0)]
    [InlineData(4_000_000_000_000_000_000, 5_000, 8_000_000_000_000_000_000)]
    public void The_margin_bounds_the_price(long costMinor, int marginBasisPoints, long floorMinor) =>
        Assert.Equal(floorMinor, PriceFloor.ByMargin(new Money(costMinor), new Percent(marginBasisPoints)).Minor);

    [Theory]
    [InlineData(0, 10, 0)]
    [InlineData(1, 10, 10)]
    [InlineData(10, 10, 10)]
    [InlineData(11, 10, 20)]
    [InlineData(11, 1, 11)]
    public void Floors_are_rounded_up(long floorMinor, long stepMinor, long roundedMinor) =>
        Assert.Equal(roundedMinor, PriceFloor.RoundedUp(new Money(floorMinor), new Money(stepMinor)).Minor);

    [Fact]
    public void A_discount_is_rounded_down() => Assert.Equal(90, PriceFloor.After(new Money(99), new Percent(1_000)).Minor);
}
