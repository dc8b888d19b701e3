using System.Collections.Immutable;

namespace Volna.Intake.Catalog;

/// <summary>
/// How low a product's price may go (МРЦ). The law speaks of minimum prices for some goods and forbids any discount on others, so it is a
/// policy and not just a number. The same policy holds when an offer is decided and when it is redeemed.
/// </summary>
public enum FloorPolicy
{
    /// <summary>Only the cost and the plan's margin limit a discount.</summary>
    None = 0,

    /// <summary>Never below the product's floor price.</summary>
    MinimumPrice = 1,

    /// <summary>No discount at all.</summary>
    NoDiscount = 2,
}

/// <summary>A product as the retailer sells it. Whatever isn't known is null or empty, never made up.</summary>
public sealed record Product(ProductId Id, string Key, string Name)
{
    public CategoryId Category { get; init; }
    public string Brand { get; init; } = "";
    public string Supplier { get; init; } = "";

    /// <summary>Regular shelf price; where no price file gives one, the latest unit price seen on receipts.</summary>
    public Money? Price { get; init; }

    /// <summary>What one piece costs the retailer.</summary>
    public Money? Cost { get; init; }

    public FloorPolicy Floor { get; init; }

    /// <summary>The floor, with <see cref="FloorPolicy.MinimumPrice"/>.</summary>
    public Money? FloorPrice { get; init; }

    /// <summary>Lower-case marks such as <c>alcohol</c>, <c>tobacco</c>, <c>pork</c>, <c>fur</c>: law and ethics speak of them.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
}

/// <summary>A node of the category tree.</summary>
/// <param name="Path">Names from the root, separated by <c>/</c>.</param>
/// <param name="Parent">0 at the root.</param>
public sealed record Category(CategoryId Id, string Path, CategoryId Parent)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>A shop, or the web shop.</summary>
/// <param name="TimeZone">IANA name, such as <c>Asia/Yekaterinburg</c>; empty where not given.</param>
public sealed record Store(StoreId Id, string Key, string Name, string City, string TimeZone);
