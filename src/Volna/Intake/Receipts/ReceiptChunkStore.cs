using System.Data.Common;
using Dapper;
using Volna.Intake.Files;
using Volna.Intake.History;

namespace Volna.Intake.Receipts;

/// <summary>Lines of receipts that become one segment of the history.</summary>
/// <param name="done">Told once the chunk was saved and its memory can be used again.</param>
sealed class ReceiptChunkStore(DataFolder folder, HistoryStore history, int batch, Action<ReceiptChunkStore> done) : IChunk
{
    const int IndexBits = 32;
    const int CustomerBits = 28;
    const int MostCustomers = (1 << CustomerBits) - 1;

    PurchaseLine[] _lines = new PurchaseLine[1 << 12];
    ulong[] _order = new ulong[1 << 12];
    int _segment;

    public int Count { get; private set; }

    public Dictionary<int, string> NewNames { get; } = [];

    public SeenPriceStore Prices { get; } = new();

    public void Add(int customer, ulong keyHash, in PurchaseLine line)
    {
        if (customer > MostCustomers) throw new InvalidOperationException($"Customer {customer}: at most {MostCustomers} can be told apart.");
        if (Count == _lines.Length)
        {
            Array.Resize(ref _lines, Count * 2);
            Array.Resize(ref _order, Count * 2);
        }

        // Sorting these numbers sorts by shard, then customer, then place in the file.
        _order[Count] = ((ulong)HistoryStore.ShardOf(keyHash) << (IndexBits + CustomerBits)) | ((ulong)customer << IndexBits) | (uint)Count;
        _lines[Count++] = line;
    }

    public void Clear()
    {
        Count = 0;
        NewNames.Clear();
        Prices.Clear();
    }

    public void Prepare()
    {
        if (Count == 0) return;
        _segment = history.NextSegment();
        var order = _order.AsSpan(0, Count);
        order.Sort();
        var at = 0;
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
        {
            var end = at;
            while (end < Count && (int)(_order[end] >> (IndexBits + CustomerBits)) == shard) end++;
            var start = at;
            if (end > start) history.WriteShard(_segment, shard, writer => Pack(start, end, writer));
            at = end;
        }

        KnownReceiptStore.Write(folder, batch, _segment, ReceiptsByDay());
    }

    public void Save(DbTransaction transaction)
    {
        if (Count > 0) SaveSegment(transaction);
        done(this);
    }

    void SaveSegment(DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        int first = int.MaxValue, last = int.MinValue;
        foreach (ref readonly var line in _lines.AsSpan(0, Count))
        {
            first = Math.Min(first, line.Minute);
            last = Math.Max(last, line.Minute);
        }

        connection.Execute(
            "insert into segment (number, batch, line_count, first_minute, last_minute) values (@_segment, @batch, @Count, @first, @last)",
            new { _segment, batch, Count, first, last }, transaction);
        foreach (var (number, name) in NewNames)
            connection.Execute("update product set name = @name where number = @number", new { number, name }, transaction);
        Prices.Save(transaction);
    }

    void Pack(int start, int end, BlockWriter writer)
    {
        var ofCustomer = new CustomerHistory();
        for (var i = start; i < end;)
        {
            var customer = CustomerOf(_order[i]);
            ofCustomer.Start(new CustomerId(customer));
            for (; i < end && CustomerOf(_order[i]) == customer; i++) ofCustomer.Add(_lines[(int)(uint)(_order[i] & uint.MaxValue)]);
            ofCustomer.Sort();
            writer.Add(customer, ofCustomer.Lines);
        }
    }

    static int CustomerOf(ulong order) => (int)((order >> IndexBits) & MostCustomers);

    Dictionary<int, HashSet<ulong>> ReceiptsByDay()
    {
        var receipts = new Dictionary<int, HashSet<ulong>>();
        HashSet<ulong>? ofDay = null;
        int lastDay = int.MinValue;
        ulong lastReceipt = 0;
        foreach (ref readonly var line in _lines.AsSpan(0, Count))
        {
            var day = line.Minute / 1440;
            if (day == lastDay && line.Receipt == lastReceipt) continue;
            if (day != lastDay && !receipts.TryGetValue(day, out ofDay)) receipts.Add(day, ofDay = []);
            ofDay!.Add(line.Receipt);
            (lastDay, lastReceipt) = (day, line.Receipt);
        }

        return receipts;
    }
}
