using System.IO;
using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Volna.Intake.History;

/// <summary>
/// Which receipts were imported already: their hashes, kept by business day, so that only the days are read which a file touches.
/// </summary>
sealed class KnownReceiptStore : IDisposable
{
    const int MostHeld = 16_000_000;

    readonly SqliteConnection? _connection;
    readonly int _batch;
    readonly int _nextSegment;
    readonly HashSet<int> _days;
    readonly Dictionary<int, ulong[]> _held = [];
    long _heldReceipts;
    ulong _lastReceipt;
    int _lastDay = -1;
    bool _lastAnswer;

    /// <param name="batch">The batch whose own receipts don't count as known.</param>
    /// <param name="nextSegment">From this one on, segments are uncommitted and their receipts aren't known.</param>
    public KnownReceiptStore(DataFolder folder, int batch, int nextSegment)
    {
        (_batch, _nextSegment) = (batch, nextSegment);
        _days = [];
        // Before the first import there is none, and a dry run makes none.
        if (!File.Exists(PathIn(folder))) return;
        _connection = Connect(folder);
        _days.UnionWith(_connection.Query<int>("select distinct day from receipt where batch <> @batch and segment < @nextSegment", new { batch, nextSegment }));
    }

    /// <summary>True if an earlier batch brought this receipt.</summary>
    /// <param name="day">Days since 2000-01-01.</param>
    public bool Contains(int day, ulong receipt)
    {
        if (_days.Count == 0 || !_days.Contains(day)) return false;
        if (day == _lastDay && receipt == _lastReceipt) return _lastAnswer;
        (_lastDay, _lastReceipt) = (day, receipt);
        return _lastAnswer = Array.BinarySearch(OfDay(day), receipt) >= 0;
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>Keeps a segment's receipts, durable; they count for later batches once the segment is committed.</summary>
    public static void Write<T>(DataFolder folder, int batch, int segment, IReadOnlyDictionary<int, T> receiptsByDay)
        where T : IReadOnlyCollection<ulong>
    {
        using var connection = Connect(folder);
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var (day, receipts) in receiptsByDay.OrderBy(entry => entry.Key))
        {
            var sorted = receipts.ToArray();
            Array.Sort(sorted);
            connection.Execute(
                "insert into receipt (day, segment, batch, hashes) values (@day, @segment, @batch, @hashes)",
                new { day, segment, batch, hashes = MemoryMarshal.AsBytes(sorted.AsSpan()).ToArray() }, transaction);
        }

        transaction.Commit();
    }

    /// <summary>Deletes the receipts of segments that a killed import left uncommitted.</summary>
    public static void CleanUp(DataFolder folder, int nextSegment)
    {
        using var connection = Connect(folder);
        connection.Execute("delete from receipt where segment >= @nextSegment", new { nextSegment });
    }

    ulong[] OfDay(int day)
    {
        if (_held.TryGetValue(day, out var receipts)) return receipts;
        if (_heldReceipts > MostHeld)
        {
            _held.Clear();
            _heldReceipts = 0;
        }

        receipts = [.. _connection!
            .Query<byte[]>("select hashes from receipt where day = @day and batch <> @_batch and segment < @_nextSegment", new { day, _batch, _nextSegment })
            .SelectMany(hashes => MemoryMarshal.Cast<byte, ulong>(hashes).ToArray())];
        Array.Sort(receipts);
        _held.Add(day, receipts);
        _heldReceipts += receipts.Length;
        return receipts;
    }

    static string PathIn(DataFolder folder) => $"{folder.History}/receipts.db";

    static SqliteConnection Connect(DataFolder folder)
    {
        Directory.CreateDirectory(folder.History);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = PathIn(folder), Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute("""
                pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 30000;
                create table if not exists receipt (
                  day integer not null, segment integer not null, batch integer not null, hashes blob not null,
                  primary key (day, segment));
                create index if not exists receipt_segment on receipt (segment);
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
