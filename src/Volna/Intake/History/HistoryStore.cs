using System.IO;
using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Kernels;

namespace Volna.Intake.History;

/// <summary>
/// The packed purchase history on disk: a SQLite file for each shard. A chunk of an import becomes one segment, which lies in all shards as a few
/// large blocks. A segment counts once the state database lists it, so a commit there makes it visible in all shards at once; what a killed import
/// left in the shards is cleared away by the next one. Reading merges the segments by customer.
/// </summary>
public sealed class HistoryStore : IDisposable
{
    /// <summary>Shards by hash of the customer's key; a shard is the unit of parallel work.</summary>
    public const int Shards = 16;

    /// <summary>More segments than this are merged, so that imports every day for years stay quick to read.</summary>
    public const int MostSegments = 24;

    /// <summary>How long a merged segment can still be read through a snapshot taken before: longer than making a wave takes.</summary>
    public const int RetiredDays = 14;

    readonly DataFolder _folder;
    readonly StateStore _state;

    HistoryStore(DataFolder folder, StateStore state) => (_folder, _state) = (folder, state);

    public static HistoryStore Open(DataFolder folder, StateStore state)
    {
        Directory.CreateDirectory(folder.History);
        return new HistoryStore(folder, state);
    }

    /// <summary>The shard of a customer.</summary>
    /// <param name="keyHash">XXH64 of her key.</param>
    public static int ShardOf(ulong keyHash) => (int)(keyHash % Shards);

    /// <summary>What is committed now.</summary>
    public Snapshot Snapshot()
    {
        using var connection = _state.Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        var batches = connection.Query<(string Digest, long Rows)>("select digest, rows_read from batch where rows_read > 0 order by number", transaction: transaction);
        var segments = connection.Query<(int Number, long Lines, int First, int Last)>(
            "select number, line_count, first_minute, last_minute from segment where retired_minute is null order by number", transaction: transaction).AsList();

        var contents = string.Join('\n', batches.Select(batch => $"{batch.Digest} {batch.Rows}"));
        return new Snapshot(
            contents.Length == 0 ? "empty" : Hash64.Of(contents).ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            segments.ConvertAll(segment => segment.Number),
            segments.Count == 0 ? null : Clock.Day(segments.Min(segment => segment.First)),
            segments.Count == 0 ? null : Clock.Day(segments.Max(segment => segment.Last)),
            segments.Sum(segment => segment.Lines));
    }

    /// <summary>All customers of a shard who bought something, by ascending number; the same instance each time.</summary>
    /// <param name="wanted">By number; the others' purchases aren't unpacked, which takes most of the time. Null for all.</param>
    public IEnumerable<CustomerHistory> ReadShard(Snapshot snapshot, int shard, Func<int, bool>? wanted = null)
    {
        if (snapshot.Segments.Count == 0) yield break;
        CheckReadable(snapshot);
        using var connection = Connect(ShardPath(shard));
        foreach (var history in Merge(connection, shard, snapshot.Segments, wanted)) yield return history;
    }

    /// <summary>The part of a snapshot that may hold purchases of a day or later: older segments are left out.</summary>
    public Snapshot Since(Snapshot snapshot, DateOnly day)
    {
        using var connection = _state.Connect();
        var late = connection.Query<int>("select number from segment where last_minute >= @minute", new { minute = Clock.Minute(day) }).ToHashSet();
        return snapshot with { Segments = [.. snapshot.Segments.Where(late.Contains)] };
    }

    /// <summary>One customer's purchases; empty where there are none.</summary>
    public CustomerHistory Read(Snapshot snapshot, CustomerId customer)
    {
        var history = new CustomerHistory();
        history.Start(customer);
        if (snapshot.Segments.Count == 0) return history;
        CheckReadable(snapshot);

        using var state = _state.Connect();
        if (state.QuerySingleOrDefault<long?>("select key_hash from customer where number = @Value", customer) is not { } hash) return history;
        var shard = ShardOf(unchecked((ulong)hash));
        using var connection = Connect(ShardPath(shard));
        using var command = connection.CreateCommand();
        command.CommandText = "select data from block where segment = @segment and first_customer <= @customer order by first_customer desc limit 1";
        var segmentParameter = command.Parameters.Add("@segment", SqliteType.Integer);
        command.Parameters.AddWithValue("@customer", customer.Value);
        foreach (var segment in snapshot.Segments)
        {
            segmentParameter.Value = segment;
            if (command.ExecuteScalar() is not byte[] block) continue;
            var reader = new BlockReader(block, BlockName(shard, segment));
            while (reader.Next())
                if (reader.Customer == customer.Value)
                    reader.Unpack(history);
        }

        history.Sort();
        return history;
    }

    public void Dispose()
    {
        for (var shard = 0; shard < Shards; shard++)
        {
            using var connection = new SqliteConnection(ConnectionString(ShardPath(shard)));
            SqliteConnection.ClearPool(connection);
        }
    }

    /// <summary>Deletes what no committed segment needs: the remains of a killed import, and segments merged long ago. Only the one running import may.</summary>
    internal void CleanUp(DateTime now)
    {
        using var state = _state.Connect();
        state.Execute("delete from segment where retired_minute <= @minute", new { minute = Clock.Minute(now) - (RetiredDays * 1440) });
        var kept = state.Query<int>("select number from segment").ToHashSet();
        for (var shard = 0; shard < Shards; shard++)
        {
            if (!File.Exists(ShardPath(shard))) continue;
            using var connection = Connect(ShardPath(shard));
            foreach (var segment in connection.Query<int>("select distinct segment from block").Where(segment => !kept.Contains(segment)).ToList())
                connection.Execute("delete from block where segment = @segment", new { segment });
        }
    }

    /// <summary>The number that the next segment gets. The highest is never retired, so none is given twice.</summary>
    internal int NextSegment()
    {
        using var state = _state.Connect();
        return state.ExecuteScalar<int>("select coalesce(max(number), 0) + 1 from segment");
    }

    /// <summary>Writes a segment's blocks of one shard, durable but not yet visible.</summary>
    /// <param name="pack">Adds the customers to the writer it is given.</param>
    internal void WriteShard(int segment, int shard, Action<BlockWriter> pack)
    {
        using var connection = Connect(ShardPath(shard));
        using var transaction = connection.BeginTransaction(deferred: false);
        using var insert = connection.CreateCommand();
        insert.CommandText = "insert into block (segment, first_customer, last_customer, data) values (@segment, @first, @last, @data)";
        insert.Transaction = transaction;
        insert.Parameters.AddWithValue("@segment", segment);
        var first = insert.Parameters.Add("@first", SqliteType.Integer);
        var last = insert.Parameters.Add("@last", SqliteType.Integer);
        var data = insert.Parameters.Add("@data", SqliteType.Blob);
        var writer = new BlockWriter((firstCustomer, lastCustomer, bytes) =>
        {
            first.Value = firstCustomer;
            last.Value = lastCustomer;
            data.Value = bytes.ToArray();
            insert.ExecuteNonQuery();
        });
        pack(writer);
        writer.Finish();
        transaction.Commit();
    }

    /// <summary>
    /// Merges the newest segments once there are too many. An older, larger segment joins only while it isn't more than twice as large as what
    /// is merged already, so each line is rewritten a few times in its life and not with every import.
    /// </summary>
    internal void Compact(DateTime now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        List<(int Number, long Lines, int First, int Last)> segments;
        using (var state = _state.Connect())
            segments = state.Query<(int, long, int, int)>(
                "select number, line_count, first_minute, last_minute from segment where retired_minute is null order by number desc").AsList();
        if (segments.Count <= MostSegments) return;

        var take = 0;
        long lines = 0;
        while (take < segments.Count && (take < MostSegments / 2 || segments[take].Lines <= 2 * lines)) lines += segments[take++].Lines;
        var merged = segments[..take];
        var numbers = merged.Select(segment => segment.Number).Order().ToList();
        var number = NextSegment();
        var done = 0;
        Parallel.For(0, Shards, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, 4) }, shard =>
        {
            using var connection = Connect(ShardPath(shard));
            WriteShard(number, shard, writer =>
            {
                foreach (var history in Merge(connection, shard, numbers)) writer.Add(history.Customer.Value, history.Lines);
            });
            progress?.Report(new StepProgress(
                new("Merging the history", "Слияние истории"), Interlocked.Increment(ref done), Shards, new("shards", "частей")));
        });

        using var connection = _state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(
            "insert into segment (number, batch, line_count, first_minute, last_minute) values (@number, 0, @lines, @first, @last)",
            new { number, lines, first = merged.Min(segment => segment.First), last = merged.Max(segment => segment.Last) }, transaction);
        connection.Execute("update segment set retired_minute = @minute where number in @numbers", new { minute = Clock.Minute(now), numbers }, transaction);
        transaction.Commit();
    }

    string ShardPath(int shard) => $"{_folder.History}/shard-{shard:00}.db";

    string BlockName(int shard, int segment) => $"{ShardPath(shard)}: a block of segment {segment}";

    void CheckReadable(Snapshot snapshot)
    {
        using var state = _state.Connect();
        var known = state.Query<int>("select number from segment").ToHashSet();
        if (snapshot.Segments.FirstOrDefault(segment => !known.Contains(segment)) is var unknown and not 0)
            throw new InvalidOperationException($"{_folder.History}: segment {unknown} of snapshot {snapshot.Id} was merged and deleted; take a new snapshot.");
    }

    static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();

    static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(ConnectionString(path));
        try
        {
            connection.Open();
            connection.Execute("""
                pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 30000;
                create table if not exists block (
                  segment integer not null, first_customer integer not null, last_customer integer not null, data blob not null,
                  primary key (segment, first_customer));
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    IEnumerable<CustomerHistory> Merge(SqliteConnection connection, int shard, IReadOnlyList<int> segments, Func<int, bool>? wanted = null)
    {
        var cursors = new List<Cursor>();
        try
        {
            foreach (var segment in segments)
            {
                var cursor = new Cursor(connection, segment, BlockName(shard, segment));
                if (cursor.Next()) cursors.Add(cursor);
                else cursor.Dispose();
            }

            var history = new CustomerHistory();
            while (cursors.Count > 0)
            {
                var customer = int.MaxValue;
                foreach (var cursor in cursors) customer = Math.Min(customer, cursor.Customer);
                history.Start(new CustomerId(customer));
                var isWanted = wanted?.Invoke(customer) ?? true;
                for (var i = 0; i < cursors.Count; i++)
                {
                    var cursor = cursors[i];
                    if (cursor.Customer != customer) continue;
                    if (isWanted) cursor.Unpack(history);
                    if (cursor.Next()) continue;
                    cursor.Dispose();
                    cursors.RemoveAt(i--);
                }

                if (!isWanted) continue;
                history.Sort();
                yield return history;
            }
        }
        finally
        {
            foreach (var cursor in cursors) cursor.Dispose();
        }
    }

    /// <summary>Walks through a segment's customers.</summary>
    sealed class Cursor : IDisposable
    {
        readonly SqliteCommand _command;
        readonly SqliteDataReader _blocks;
        readonly string _name;
        BlockReader _block;
        bool _inBlock;

        public Cursor(SqliteConnection connection, int segment, string name)
        {
            _name = name;
            _command = connection.CreateCommand();
            _command.CommandText = "select data from block where segment = @segment order by first_customer";
            _command.Parameters.AddWithValue("@segment", segment);
            _blocks = _command.ExecuteReader();
        }

        public int Customer => _block.Customer;

        public bool Next()
        {
            if (_inBlock && _block.Next()) return true;
            if (!_blocks.Read()) return false;
            _block = new BlockReader((byte[])_blocks.GetValue(0), _name);
            return _inBlock = _block.Next();
        }

        public void Unpack(CustomerHistory into) => _block.Unpack(into);

        public void Dispose()
        {
            _blocks.Dispose();
            _command.Dispose();
        }
    }
}
