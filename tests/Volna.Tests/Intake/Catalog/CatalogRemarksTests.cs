using Volna.Intake.Catalog;

namespace Volna.Tests.Intake.Catalog;

public sealed class CatalogRemarksTests
{
    static readonly Product Milk = new(new ProductId(1), "P1", "Milk")
    {
        Brand = "Meadow",
        Supplier = "Dairy Ltd",
        Tags = ["vegetarian"],
        Price = new Money(100),
        Cost = new Money(100),
        Floor = FloorPolicy.MinimumPrice,
        FloorPrice = new Money(100),
    };

    static string[] Remarks(Product product, params Exclusion[] exclusions) =>
        [.. CatalogRemarks.Of(new() { Products = [null, product], Categories = [null], Stores = [null], Exclusions = [.. exclusions] }).Select(remark => remark.English)];

    [Theory]
    [InlineData(TargetKind.Product, "P1", true)]
    [InlineData(TargetKind.Product, "P2", false)]
    [InlineData(TargetKind.Category, "Food", false)]
    [InlineData(TargetKind.Brand, "Meadow", true)]
    [InlineData(TargetKind.Brand, "meadow", true)]
    [InlineData(TargetKind.Brand, "Forest", false)]
    [InlineData(TargetKind.Tag, "vegetarian", true)]
    [InlineData(TargetKind.Tag, "Vegetarian", true)]
    [InlineData(TargetKind.Tag, "vegan", false)]
    [InlineData(TargetKind.Supplier, "Dairy Ltd", true)]
    [InlineData(TargetKind.Supplier, "dairy ltd", true)]
    [InlineData(TargetKind.Supplier, "Dairy", false)]
    public void An_exclusion_that_matches_nothing_is_told(TargetKind kind, string value, bool matches)
    {
        var remarks = Remarks(Milk, new Exclusion(kind, value, ExclusionReason.Other, new Period(DateOnly.MinValue, DateOnly.MaxValue)));

        if (matches) Assert.Empty(remarks);
        else Assert.Contains($"\"{value}\"", Assert.Single(remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_that_allow_no_offer_are_told()
    {
        Assert.Contains("cost more", Assert.Single(Remarks(Milk with { Cost = new Money(101) })), StringComparison.Ordinal);
        Assert.Contains("floor price", Assert.Single(Remarks(Milk with { FloorPrice = new Money(101) })), StringComparison.Ordinal);
        Assert.Contains("without any price", Assert.Single(Remarks(Milk with { Price = null })), StringComparison.Ordinal);
    }
}
