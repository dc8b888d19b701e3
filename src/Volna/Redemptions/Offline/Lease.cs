using System.Text.Json;
using Volna.Redemptions.Life;

namespace Volna.Redemptions.Offline;

/// <summary>
/// What one store holds of a wave for off-line times: a slice of its limits and budgets and, in mode <c>leased</c>, the rights of its own customers.
/// It runs until the store settles it: after it sold nothing more from the pack and sent all receipts. So what it may have spent is never given to
/// others before it is known, whatever any clock says.
/// </summary>
/// <param name="Number">Counts the leases of the store in the wave, from 1.</param>
/// <param name="FromDay">The business day on which it began; receipts of a clock that is behind count on that day.</param>
sealed record Lease(string Wave, string Store, int Number, int FromDay, Slice Slice)
{
    /// <summary>Targets whose limit is so near that the store gets no offers on them.</summary>
    public IReadOnlyList<long> WithoutTargets { get; init; } = [];

    /// <summary>By the receipts that came so far.</summary>
    public Spending Spent { get; init; } = Spending.None;

    public int Receipts { get; init; }

    public bool IsSettled { get; init; }

    /// <summary>Receipts that the store sold but the centre refused, as it named them when it settled.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public string Id => IdOf(Wave, Store, Number);

    public static string IdOf(string wave, string store, int number) => $"{wave}/{number}/{store}";

    /// <summary>In the journal it has the form of a receipt, so that it becomes durable together with the receipts that change it. No till can give a receipt such an id.</summary>
    public static string RecordId(string id) => "\t" + id;

    public Receipt ToRecord() => new()
    {
        Id = RecordId(Id),
        State = IsSettled ? ReceiptState.Closed : ReceiptState.Open,
        Store = Store,
        Answers = [new Answered(TillCall.Lease, "", "", 0, JsonSerializer.SerializeToUtf8Bytes(this))],
    };

    public static bool IsRecord(Receipt record) => record.Id[0] == '\t';

    public static Lease OfRecord(Receipt record) => JsonSerializer.Deserialize<Lease>(record.Answers[0].Body)!;
}
