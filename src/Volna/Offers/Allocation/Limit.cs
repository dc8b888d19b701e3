namespace Volna.Offers.Allocation;

/// <summary>Something that all customers of a wave share: money, or pieces.</summary>
/// <param name="Name">As the plan and the reports call it.</param>
/// <param name="Counts">What an offer takes of it.</param>
/// <param name="Most">At most so much; thousandths of a minor unit where money is counted.</param>
/// <param name="Least">At least so much is promised; offers only, 0 for no promise.</param>
sealed record Limit(string Name, LimitUnit Counts, long Most, long Least = 0)
{
    /// <summary>One of many that a plan doesn't name one by one: offers of a product, because of its stock.</summary>
    public bool IsStock { get; init; }

    /// <summary>
    /// Where a supplier pays this share of discounts on its goods, its budget is counted as the whole discounts that it suffices for: both are the same limit, and sharing
    /// out knows one cost of an offer only.
    /// </summary>
    public double OwnShare { get; init; } = 1;

    /// <summary>Below 0, customers are paid for using it; only where offers are promised can that be worth anything.</summary>
    public double AllowedPrice(double price) => Least == 0 ? Math.Max(0, price) : price;
}

/// <summary>What an offer takes of a limit.</summary>
enum LimitUnit
{
    /// <summary>The discount it is expected to cost, in thousandths of a minor unit.</summary>
    Money = 1,

    /// <summary>One.</summary>
    Offers = 2,
}
