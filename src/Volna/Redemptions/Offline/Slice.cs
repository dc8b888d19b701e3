using Volna.Redemptions.Life;

namespace Volna.Redemptions.Offline;

/// <summary>How much of a wave's limits and budgets a store may spend off-line. Null, or a payer who isn't named, isn't limited.</summary>
sealed record Slice
{
    public long? Uses { get; init; }

    public long? Points { get; init; }

    /// <summary>Discounts by who pays: a supplier, or empty for the retailer.</summary>
    public IReadOnlyDictionary<string, long> Discounts { get; init; } = new Dictionary<string, long>();

    public bool HasRoomFor(Spending spending)
    {
        if (spending.Uses > Uses || spending.Points > Points) return false;
        foreach (var (payer, discount) in spending.Discounts)
            if (Discounts.TryGetValue(payer, out var most) && discount > most)
                return false;
        return true;
    }

    /// <summary>What is left.</summary>
    public Slice Less(Spending spending) => new()
    {
        Uses = Uses - spending.Uses,
        Points = Points - spending.Points,
        Discounts = Discounts.ToDictionary(one => one.Key, one => one.Value - spending.Discounts.GetValueOrDefault(one.Key)),
    };
}

/// <summary>What uses of offers come to.</summary>
sealed record Spending(long Uses, long Points, IReadOnlyDictionary<string, long> Discounts)
{
    public static Spending None { get; } = new(0, 0, new Dictionary<string, long>());

    public Spending Plus(string payer, long discount, long points)
    {
        var discounts = new Dictionary<string, long>(Discounts);
        discounts[payer] = discounts.GetValueOrDefault(payer) + discount;
        return new Spending(Uses + 1, Points + points, discounts);
    }

    public Spending Plus(ReadOnlySpan<Use> uses)
    {
        var sum = this;
        foreach (var use in uses) sum = sum.Plus(use.Payer, use.Value.Discount, use.Value.Points);
        return sum;
    }
}
