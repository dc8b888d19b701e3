namespace Volna.Intake.History;

/// <summary>The packed purchase history on disk.</summary>
public sealed class HistoryStore : IDisposable
{
    /// <summary>Shards by hash of the customer's key; a shard is the unit of parallel work.</summary>
    public const int Shards = 16;

    public static HistoryStore Open(DataFolder folder, StateStore state) => throw new NotImplementedException();

    /// <summary>What is committed now.</summary>
    public Snapshot Snapshot() => throw new NotImplementedException();

    /// <summary>All customers of a shard who bought something, by ascending number; the same instance each time.</summary>
    public IEnumerable<CustomerHistory> ReadShard(Snapshot snapshot, int shard) => throw new NotImplementedException();

    /// <summary>One customer's purchases; empty where there are none.</summary>
    public CustomerHistory Read(Snapshot snapshot, CustomerId customer) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
