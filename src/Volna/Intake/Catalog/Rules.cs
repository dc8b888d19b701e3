namespace Volna.Intake.Catalog;

/// <summary>What a rule or an offer speaks of.</summary>
public enum TargetKind
{
    Product = 0,
    Category = 1,
    Brand = 2,

    /// <summary>All products that carry a tag, such as <c>alcohol</c>.</summary>
    Tag = 3,

    Supplier = 4,

    /// <summary>The whole basket.</summary>
    Basket = 5,
}

/// <summary>Why the business doesn't want an offer on goods.</summary>
public enum ExclusionReason
{
    /// <summary>Not to be promoted, by law or by the retailer's decision.</summary>
    Forbidden = 0,
    LowMargin = 1,
    Other = 2,
}

/// <summary>Goods that get no personal offers for a while.</summary>
/// <param name="Value">The key or name of the target.</param>
public sealed record Exclusion(TargetKind Kind, string Value, ExclusionReason Reason, Period Period);

/// <summary>A shelf promotion open to all (УМП); personal offers don't repeat it.</summary>
/// <param name="Store">Where it runs; 0 for all stores.</param>
public sealed record MassPromotion(string Key, ProductId Product, StoreId Store, Percent Discount, Period Period);

/// <summary>Why a customer doesn't want an offer.</summary>
public enum DislikeReason
{
    /// <summary>Her feedback: not this, please.</summary>
    Feedback = 0,

    /// <summary>Moral, religious or ethical preference.</summary>
    Ethics = 1,
    Allergy = 2,
}

/// <summary>A customer's veto.</summary>
public sealed record Dislike(CustomerId Customer, TargetKind Kind, string Value, DislikeReason Reason);
