using System.Collections.Immutable;

namespace Volna.Offers.Plans;

/// <summary>What is watched while a wave is live. Kept and sent, numbers are never reused.</summary>
public enum HealthFigure
{
    /// <summary>Share of the customers with offers for whom the best channel's message could be written.</summary>
    Delivery = 1,

    /// <summary>Offers redeemed on a day, of all of the wave.</summary>
    Redemption = 2,

    /// <summary>Rows of the newest imported files that were refused.</summary>
    Rejects = 3,

    /// <summary>What all customers paid on a day.</summary>
    Turnover = 4,

    /// <summary>What was paid on a day less the known cost of goods.</summary>
    Margin = 5,

    /// <summary>Personal discounts of a day as a share of its turnover.</summary>
    DiscountShare = 6,

    /// <summary>Discounts so far as a share of the budget, over the share of the validity that is past.</summary>
    BudgetPace = 7,

    /// <summary>Customers lost to all channels since the day before, of all customers.</summary>
    OptOuts = 8,

    /// <summary>Customers who were offered something in each of the last three waves and redeemed nothing of them, of all who were.</summary>
    Ignored = 9,

    /// <summary>Mean answer of a day's survey.</summary>
    Satisfaction = 10,

    /// <summary>Complaints of a day's survey.</summary>
    Complaints = 11,

    /// <summary>Of a day's redemptions of percentages, those where a price floor left the customer less than she was offered.</summary>
    FloorHits = 12,

    /// <summary>Of the customers with offers who bought on a day, those who bought something that they were offered.</summary>
    Match = 13,

    /// <summary>Milliseconds within which 99 of 100 calls of tills were answered, at the worst time of a day.</summary>
    Latency = 14,

    /// <summary>Customers with offers who may still be written to, of all who aren't held out.</summary>
    Coverage = 15,

    /// <summary>Offers of each of these customers, on average.</summary>
    OffersPerCustomer = 16,

    /// <summary>Of all redemptions of the wave so far, those of other goods than the ten most redeemed.</summary>
    Variety = 17,
}

/// <summary>The plan's word on watching a wave.</summary>
/// <param name="Bands">Set bands; figures without one have theirs learnt from history.</param>
/// <param name="Stop">Figures whose breach takes the wave back.</param>
public sealed record WatchRules(ImmutableDictionary<HealthFigure, Band> Bands, ImmutableArray<HealthFigure> Stop)
{
    public static WatchRules None { get; } = new(ImmutableDictionary<HealthFigure, Band>.Empty, []);
}
