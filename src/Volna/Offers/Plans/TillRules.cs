using System.Collections.Immutable;

namespace Volna.Offers.Plans;

/// <summary>What a plan says to the tills: limits and budgets that no race may overspend. Null doesn't limit.</summary>
public sealed record TillRules
{
    /// <summary>Redemptions of one customer in the wave.</summary>
    public int? MostPerCustomer { get; init; }

    /// <summary>Redemptions of all offers with the same target, such as one product, of all customers.</summary>
    public int? MostPerTarget { get; init; }

    /// <summary>Redemptions in the wave.</summary>
    public int? MostPerWave { get; init; }

    /// <summary>Redemptions in one store.</summary>
    public int? MostPerStore { get; init; }

    /// <summary>Redemptions on one business day.</summary>
    public int? MostPerDay { get; init; }

    /// <summary>Discounts that the retailer pays.</summary>
    public Money? Budget { get; init; }

    /// <summary>Discounts that the retailer pays on one business day.</summary>
    public Money? BudgetPerDay { get; init; }

    /// <summary>Discounts that a supplier pays, by the supplier's name in the catalogue: on its goods these count instead of the retailer's budget.</summary>
    public ImmutableDictionary<string, Money> SupplierBudgets { get; init; } = ImmutableDictionary<string, Money>.Empty;

    /// <summary>Points given, in minor units.</summary>
    public Money? PointsBudget { get; init; }

    /// <summary>An offer discounts at most so much of a line; zero for the whole line.</summary>
    public Quantity MostPieces { get; init; }

    /// <summary>An offer on the whole basket may come on top of those on lines; otherwise whichever brings the customer more.</summary>
    public bool BasketOnTop { get; init; } = true;

    /// <summary>How stores may redeem while off-line; null: not at all.</summary>
    public OfflineRules? Offline { get; init; }

    public static TillRules None { get; } = new();

    public bool Any => MostPerCustomer is not null || MostPerTarget is not null || MostPerWave is not null || MostPerStore is not null || MostPerDay is not null
        || Budget is not null || BudgetPerDay is not null || PointsBudget is not null || !SupplierBudgets.IsEmpty;
}

/// <summary>Who holds the rights of a wave for off-line times.</summary>
/// <param name="IsLeased">
/// True: while its lease runs, a customer's rights can be used in her home store alone, so no right is used twice. False: the rights can be used
/// on-line everywhere, too, and each copy may lead to one extra use.
/// </param>
/// <param name="Copies">Stores that hold a copy of a customer's rights, her home store among them; so at most so many extra uses of a right.</param>
public sealed record OfflineRules(bool IsLeased, int Copies);
