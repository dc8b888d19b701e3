namespace Volna.Intake.Catalog;

/// <summary>What a person should know of the goods and rules: nothing is wrong in itself, but it may not be meant so.</summary>
public static class CatalogRemarks
{
    public static IEnumerable<Text> Of(Catalog catalog)
    {
        var products = catalog.Products.OfType<Product>().ToList();

        foreach (var exclusion in catalog.Exclusions.Where(exclusion => !Matches(exclusion, catalog, products)))
            yield return new Text(
                $"The exclusion of {exclusion.Kind.ToString().ToLowerInvariant()} \"{exclusion.Value}\" matches no product; is it spelt as in the product file?",
                $"Исключение «{exclusion.Value}» ({KindInRussian(exclusion.Kind)}) не подходит ни к одному товару; так ли оно записано в файле товаров?");

        var belowCost = products.Count(product => product.Price < product.Cost);
        if (belowCost > 0)
            yield return new Text(
                $"Products that cost more than their price: {belowCost}; they get no discounts.",
                $"Товаров, у которых себестоимость выше цены: {belowCost}; скидок на них не будет.");

        var belowFloor = products.Count(product => product.Floor == FloorPolicy.MinimumPrice && product.Price < product.FloorPrice);
        if (belowFloor > 0)
            yield return new Text(
                $"Products whose price lies below their floor price: {belowFloor}; they get no discounts.",
                $"Товаров с ценой ниже минимальной розничной: {belowFloor}; скидок на них не будет.");

        var unpriced = products.Count(product => product.Price is null);
        if (unpriced > 0)
            yield return new Text(
                $"Products without any price: {unpriced}; they can't be offered.",
                $"Товаров без цены: {unpriced}; их нельзя предложить.");
    }

    static bool Matches(Exclusion exclusion, Catalog catalog, List<Product> products) => exclusion.Kind switch
    {
        TargetKind.Product => catalog.FindProduct(exclusion.Value) is not null,
        TargetKind.Category => catalog.FindCategory(exclusion.Value) is not null,
        TargetKind.Brand => products.Exists(product => Same(product.Brand, exclusion.Value)),
        TargetKind.Tag => products.Exists(product => product.Tags.Contains(exclusion.Value, StringComparer.OrdinalIgnoreCase)),
        TargetKind.Supplier => products.Exists(product => Same(product.Supplier, exclusion.Value)),
        TargetKind.Basket => true,
        _ => throw new InvalidOperationException($"An exclusion speaks of {exclusion.Kind}."),
    };

    /// <summary>Without regard to case, as offers are filtered.</summary>
    static bool Same(string name, string value) => string.Equals(name, value, StringComparison.OrdinalIgnoreCase);

    static string KindInRussian(TargetKind kind) => kind switch
    {
        TargetKind.Product => "товар",
        TargetKind.Category => "категория",
        TargetKind.Brand => "бренд",
        TargetKind.Tag => "метка",
        TargetKind.Supplier => "поставщик",
        _ => "корзина",
    };
}
