using System.Collections.Concurrent;
using System.IO;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Volna.Redemptions.Journal;

/// <summary>The journal in a SQLite file of its own, so that neither an import nor a report ever keeps a till waiting.</summary>
sealed class SqliteJournalStore : IJournal
{
    readonly string _path, _connectionString;
    readonly SqliteConnection _writer;
    readonly SqliteCommand _append;
    readonly ConcurrentBag<SqliteConnection> _readers = [];
    FileStream? _lock;

    SqliteJournalStore(string path, string connectionString, SqliteConnection writer)
    {
        _path = path;
        _connectionString = connectionString;
        _writer = writer;
        _append = writer.CreateCommand();
        _append.CommandText = "insert into batch (number, body) values ($number, $body)";
        _append.Parameters.Add("$number", SqliteType.Integer);
        _append.Parameters.Add("$body", SqliteType.Blob);
    }

    public static bool Exists(DataFolder folder) => File.Exists(folder.TillJournal);

    public static SqliteJournalStore Open(DataFolder folder)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = folder.TillJournal, DefaultTimeout = 30 }.ToString();
        var connection = StateStore.Connect(connectionString);
        // Large pages: a batch is one blob of many kilobytes, and each page costs a checksum.
        connection.Execute("create table if not exists batch (number integer primary key, body blob not null); pragma wal_autocheckpoint = 4000");
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
        _append.Parameters[0].Value = sequence;
        _append.Parameters[1].Value = body.ToArray();
        _append.ExecuteNonQuery();
    }

    public byte[] Read(long sequence) => Read(connection => Batch.Check(
        sequence, connection.QuerySingleOrDefault<byte[]>("select body from batch where number = @sequence", new { sequence })
            ?? throw new InvalidOperationException($"{_path}: batch {sequence} of the tills' journal is missing.")));

    public IEnumerable<(long Sequence, byte[] Body)> After(long sequence)
    {
        using var connection = StateStore.Connect(_connectionString);
        using var command = connection.CreateCommand();
        command.CommandText = "select number, body from batch where number > $after order by number";
        command.Parameters.AddWithValue("$after", sequence);
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return (reader.GetInt64(0), Batch.Check(reader.GetInt64(0), (byte[])reader[1]));
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
}
