using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Reports.Suppliers;

/// <summary>The goods of a supplier and of the categories in which it sells.</summary>
sealed record SupplierGoods(bool[] IsOfSupplier, bool[] IsOfCategory, IReadOnlyList<string> Categories)
{
    public bool IsAbout(TargetKind kind, int target) => kind == TargetKind.Product && (uint)target < (uint)IsOfSupplier.Length && IsOfSupplier[target];

    public static SupplierGoods Of(Catalog catalog, string supplier)
    {
        bool[] isOfSupplier = [.. catalog.Products.Select(product => product?.Supplier == supplier)];
        if (!isOfSupplier.Contains(true))
        {
            var examples = string.Join(", ", catalog.Products.Select(product => product?.Supplier ?? "").Where(name => name.Length > 0).Distinct().Order(StringComparer.Ordinal).Take(5));
            throw new BadInputException("supplier-unknown", new Text(
                $"{supplier}: no product of the catalogue is of this supplier; there are, for example: {examples}.", $"{supplier}: в каталоге нет товаров этого поставщика; есть, например: {examples}."));
        }

        var categories = catalog.Products.Where((_, i) => isOfSupplier[i]).Select(product => CountJob.TopCategory(catalog, product!.Category)).Where(name => name.Length > 0).ToHashSet();
        bool[] isOfCategory = [.. catalog.Products.Select((product, i) => isOfSupplier[i] || (product is not null && categories.Contains(CountJob.TopCategory(catalog, product.Category))))];
        return new SupplierGoods(isOfSupplier, isOfCategory, [.. categories.Order(StringComparer.Ordinal)]);
    }

    /// <summary>What a customer bought of the supplier.</summary>
    public CustomerHistory Of(CustomerHistory history)
    {
        var lines = new List<PurchaseLine>();
        foreach (ref readonly var line in history.Lines)
            if ((uint)line.Product < (uint)IsOfSupplier.Length && IsOfSupplier[line.Product])
                lines.Add(line);
        return new CustomerHistory(history.Customer, lines);
    }
}
