using System.Collections.Immutable;

namespace Volna.Offers.Plans;

/// <summary>A figure of a generated wave that tells whether it is healthy; stored, numbers are never reused.</summary>
public enum LaunchMetric
{
    /// <summary>Share of the customers not held out who get at least one offer; those left alone because no offer would pay aren't counted.</summary>
    Coverage = 0,

    /// <summary>Mean over those who get any.</summary>
    OffersPerCustomer = 1,

    /// <summary>Share of the offerable products that somebody gets.</summary>
    DistinctProducts = 2,

    /// <summary>Share of slots that nothing could fill; those where something could, but wouldn't pay, aren't counted.</summary>
    EmptySlots = 3,

    /// <summary>Share of the offers that are on the ten products most offered.</summary>
    TopTenShare = 4,

    /// <summary>Mean chance that what is offered would be bought without an offer.</summary>
    Relevance = 5,

    /// <summary>Share of the candidates refused because of a price floor or the least margin.</summary>
    FloorHits = 6,

    /// <summary>Expected cost of discounts as a share of the total budget.</summary>
    BudgetUse = 7,

    /// <summary>The largest change of offers, customers with offers or cost of discounts against the wave before with the same plan, as a share.</summary>
    Change = 8,

    /// <summary>Share of the customers not held out who are left alone because no offer would pay.</summary>
    LeftAlone = 9,

    /// <summary>Share of slots left empty because no offer would pay.</summary>
    LeftEmpty = 10,
}

/// <summary>Names of the figures.</summary>
public static class LaunchMetrics
{
    /// <summary>As in a plan.</summary>
    public static ImmutableArray<(string Name, LaunchMetric Value)> Names { get; } =
    [
        ("coverage", LaunchMetric.Coverage), ("offersPerCustomer", LaunchMetric.OffersPerCustomer), ("distinctProducts", LaunchMetric.DistinctProducts), ("emptySlots", LaunchMetric.EmptySlots),
        ("topTenShare", LaunchMetric.TopTenShare), ("relevance", LaunchMetric.Relevance), ("floorHits", LaunchMetric.FloorHits), ("budgetUse", LaunchMetric.BudgetUse), ("change", LaunchMetric.Change),
        ("leftAlone", LaunchMetric.LeftAlone), ("leftEmpty", LaunchMetric.LeftEmpty),
    ];

    public static Text Name(this LaunchMetric metric) => metric switch
    {
        LaunchMetric.Coverage => new("coverage", "охват"),
        LaunchMetric.OffersPerCustomer => new("offers per customer", "предложений на покупателя"),
        LaunchMetric.DistinctProducts => new("share of distinct products", "доля разных товаров"),
        LaunchMetric.EmptySlots => new("share of empty slots", "доля пустых слотов"),
        LaunchMetric.TopTenShare => new("share of the ten most offered products", "доля десяти самых частых товаров"),
        LaunchMetric.Relevance => new("relevance", "соответствие интересам"),
        LaunchMetric.FloorHits => new("share of candidates refused by price floors", "доля кандидатов, отклонённых из-за минимальных цен"),
        LaunchMetric.BudgetUse => new("use of the total budget", "использование общего бюджета"),
        LaunchMetric.Change => new("change against the wave before", "изменение к прошлой волне"),
        LaunchMetric.LeftAlone => new("share of customers left alone because no offer would pay", "доля покупателей, которых не беспокоим: ни одно предложение не окупится"),
        LaunchMetric.LeftEmpty => new("share of slots left empty because no offer would pay", "доля слотов, пустых потому, что ни одно предложение не окупится"),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "No such figure."),
    };
}

/// <summary>Health of a wave before launch: outside one of these bands it needs an express approval.</summary>
/// <param name="Bands">Set by hand.</param>
/// <param name="Learnt">How the other figures' bands are learnt from earlier waves, or null for none.</param>
public sealed record Corridors(ImmutableDictionary<LaunchMetric, Band> Bands, LearntCorridors? Learnt = null)
{
    public static Corridors None { get; } = new(ImmutableDictionary<LaunchMetric, Band>.Empty);
}

/// <summary>Bands from history: the mean of the latest waves with the same plan, and so many standard deviations to both sides.</summary>
/// <param name="Waves">Looked back on at most; below <see cref="FewestWaves"/> nothing is learnt.</param>
public sealed record LearntCorridors(int Waves, double Deviations)
{
    public const int FewestWaves = 4;
}
