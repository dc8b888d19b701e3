using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>Where learning reads purchases: shards of customers, each of which may be read at the same time as the others.</summary>
/// <param name="Shards">How many shards there are.</param>
/// <param name="ReadShard">The customers of a shard by ascending number; one instance may be handed out again and again.</param>
/// <param name="Lines">Purchase lines in all.</param>
/// <param name="FirstDay">Day of the oldest purchase, or null without purchases.</param>
/// <param name="LastDay">Day of the newest.</param>
public sealed record PurchaseSource(int Shards, Func<int, IEnumerable<CustomerHistory>> ReadShard, long Lines, DateOnly? FirstDay, DateOnly? LastDay)
{
    /// <summary>What is known of the goods and stores; nothing by default.</summary>
    public Content Content { get; init; } = Content.None;

    public static PurchaseSource Of(HistoryStore store, Snapshot snapshot) =>
        new(HistoryStore.Shards, shard => store.ReadShard(snapshot, shard), snapshot.Lines, snapshot.FirstDay, snapshot.LastDay);

    /// <summary>Customers in memory, as one shard.</summary>
    public static PurchaseSource Of(IReadOnlyList<CustomerHistory> customers)
    {
        var days = customers.Where(customer => customer.Lines.Length > 0).SelectMany(customer => (DateOnly?[])[customer.Lines[0].Day, customer.Lines[^1].Day]).ToList();
        return new(1, _ => customers, customers.Sum(customer => (long)customer.Lines.Length), days.Min(), days.Max());
    }
}
