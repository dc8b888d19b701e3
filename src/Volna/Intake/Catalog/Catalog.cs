using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Volna.Intake.Catalog;

/// <summary>Everything about goods, stores and rules, as frozen for one piece of work. Small enough to be held in memory.</summary>
public sealed class Catalog
{
    readonly Lazy<FrozenDictionary<string, Product>> _productsByKey;
    readonly Lazy<FrozenDictionary<string, Store>> _storesByKey;
    readonly Lazy<FrozenDictionary<string, Category>> _categoriesByPath;

    public Catalog()
    {
        _productsByKey = new(() => Products.OfType<Product>().ToFrozenDictionary(product => product.Key));
        _storesByKey = new(() => Stores.OfType<Store>().ToFrozenDictionary(store => store.Key));
        _categoriesByPath = new(() => Categories.OfType<Category>().ToFrozenDictionary(category => category.Path));
    }

    /// <summary>By number; entry 0 and gaps are null.</summary>
    public required ImmutableArray<Product?> Products { get; init; }

    /// <summary>By number; entry 0 is null.</summary>
    public required ImmutableArray<Category?> Categories { get; init; }

    /// <summary>By number; entry 0 is null.</summary>
    public required ImmutableArray<Store?> Stores { get; init; }

    /// <summary>Those in force on the catalogue's day or later; look at their periods.</summary>
    public ImmutableArray<Exclusion> Exclusions { get; init; } = [];

    /// <summary>Those in force on the catalogue's day or later, because a wave looks ahead; look at their periods.</summary>
    public ImmutableArray<MassPromotion> MassPromotions { get; init; } = [];

    /// <summary>Vetoes by customer number.</summary>
    public IReadOnlyDictionary<int, ImmutableArray<Dislike>> Dislikes { get; init; } = ImmutableDictionary<int, ImmutableArray<Dislike>>.Empty;

    /// <summary>Pieces on stock by (store, product) number; a store that never sent stock isn't in <see cref="StoresWithStock"/>.</summary>
    public IReadOnlyDictionary<(int Store, int Product), Quantity> Stock { get; init; } = ImmutableDictionary<(int, int), Quantity>.Empty;

    /// <summary>Stores that sent a stock file.</summary>
    public IReadOnlySet<int> StoresWithStock { get; init; } = ImmutableHashSet<int>.Empty;

    /// <summary>Shelf prices that differ by store, by (store, product) number; others have <see cref="Product.Price"/>.</summary>
    public IReadOnlyDictionary<(int Store, int Product), Money> StorePrices { get; init; } = ImmutableDictionary<(int, int), Money>.Empty;

    /// <summary>Goods that no receipt holds yet and whose first price began lately, or is to begin: by product number. What merely never sold isn't among them.</summary>
    public IReadOnlyDictionary<int, Announcement> Announced { get; init; } = ImmutableDictionary<int, Announcement>.Empty;

    public Product Product(int number) =>
        (uint)number < (uint)Products.Length ? Products[number] ?? throw Unknown("product", number) : throw Unknown("product", number);

    /// <summary>A product by the retailer's key, as a till names it, or null.</summary>
    public Product? FindProduct(string key) => _productsByKey.Value.GetValueOrDefault(key);

    /// <summary>A store by the retailer's key, or null.</summary>
    public Store? FindStore(string key) => _storesByKey.Value.GetValueOrDefault(key);

    /// <summary>A category by its path, or null.</summary>
    public Category? FindCategory(string path) => _categoriesByPath.Value.GetValueOrDefault(path);

    /// <summary>The shelf price in a store, or null where none is known.</summary>
    public Money? Price(int product, int store) =>
        StorePrices.Count > 0 && StorePrices.TryGetValue((store, product), out var price) ? price : Product(product).Price;

    /// <summary>True if a category is another one or lies below it.</summary>
    public bool IsWithin(CategoryId category, CategoryId ancestor)
    {
        for (var at = category; at.Value != 0; at = Categories[at.Value]!.Parent)
            if (at == ancestor)
                return true;
        return false;
    }

    static InvalidOperationException Unknown(string what, int number) => new($"There is no {what} with number {number}.");
}
