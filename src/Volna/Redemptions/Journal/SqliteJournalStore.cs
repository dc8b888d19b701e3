using System.Collections.Concurrent;
using System.IO;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Volna.Redemptions.Journal;

/// <summary>The journal in a SQLite file of its own, so that neither an import nor a report ever keeps a till waiting.</summary>
sealed class SqliteJournalStore : IJournal
{
    readonly string _path, _connectionString;
    readonly SqliteConnection _writer;
    readonly sqlite3_stmt _append;
    readonly ConcurrentBag<SqliteConnection> _readers = [];
    FileStream? _lock;

    SqliteJournalStore(string path, string connectionString, SqliteConnection writer)
    {
        _path = path;
        _connectionString = connectionString;
        _writer = writer;
        // SQLite's own call: it takes the bytes where they are.
        Expect(raw.sqlite3_prepare_v2(writer.Handle, "insert into batch (number, body) values (?, ?)", out _append), raw.SQLITE_OK);
    }

    public static bool Exists(DataFolder folder) => File.Exists(folder.TillJournal);

    public static SqliteJournalStore Open(DataFolder folder)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = folder.TillJournal, DefaultTimeout = 30 }.ToString();
        var connection = StateStore.Connect(connectionString);
        // Checkpoints come often, because each keeps the tills waiting for as long as it writes.
        connection.Execute("create table if not exists batch (number integer primary key, body blob not null); pragma wal_autocheckpoint = 500");
        return new SqliteJournalStore(folder.TillJournal, connectionString, connection);
    }

    public string Id => "";

    public void TakeWriter()
    {
        if (_lock is not null) return;
        try
        {
            _lock = new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new GuardException("till-taken", new Text(
                $"{_path}: another process serves the tills of this data folder; ask it over HTTP, or stop it first.",
                $"{_path}: кассы этой папки данных уже обслуживает другой процесс; обращайтесь к нему по HTTP или сначала остановите его."));
        }
    }

    public long Last() => Read(connection => connection.ExecuteScalar<long>("select coalesce(max(number), 0) from batch"));

    public void Append(long sequence, ReadOnlySpan<byte> body)
    {
        Expect(raw.sqlite3_bind_int64(_append, 1, sequence), raw.SQLITE_OK);
        Expect(raw.sqlite3_bind_blob(_append, 2, body), raw.SQLITE_OK);
        var result = raw.sqlite3_step(_append);
        raw.sqlite3_reset(_append);
        Expect(result, raw.SQLITE_DONE);
    }

    public Task<byte[]> ReadAsync(long sequence) => Task.FromResult(Read(connection => Batch.Check(
        sequence, connection.QuerySingleOrDefault<byte[]>("select body from batch where number = @sequence", new { sequence })
            ?? throw new InvalidOperationException($"{_path}: batch {sequence} of the tills' journal is missing."))));

    public IEnumerable<(long Sequence, byte[] Body)> After(long sequence)
    {
        using var connection = StateStore.Connect(_connectionString);
        using var command = connection.CreateCommand();
        command.CommandText = "select number, body from batch where number > $after order by number limit 1";
        var after = command.Parameters.AddWithValue("$after", sequence);
        // One by one: as long as somebody reads, no checkpoint comes to its end.
        while (Next() is var (number, body))
        {
            yield return (number, Batch.Check(number, body));
            after.Value = number;
        }

        (long, byte[])? Next()
        {
            using var reader = command.ExecuteReader();
            return reader.Read() ? (reader.GetInt64(0), (byte[])reader[1]) : null;
        }
    }

    public void Dispose()
    {
        _append.Dispose();
        _writer.Dispose();
        while (_readers.TryTake(out var reader)) reader.Dispose();
        _lock?.Dispose();
    }

    T Read<T>(Func<SqliteConnection, T> read)
    {
        if (!_readers.TryTake(out var connection)) connection = StateStore.Connect(_connectionString);
        try
        {
            return read(connection);
        }
        finally
        {
            _readers.Add(connection);
        }
    }

    void Expect(int result, int expected)
    {
        if (result != expected) throw new SqliteException($"{_path}: {raw.sqlite3_errmsg(_writer.Handle).utf8_to_string()}", result);
    }
}
