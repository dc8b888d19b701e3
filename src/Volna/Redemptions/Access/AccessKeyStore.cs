using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Volna.Redemptions.Access;

/// <summary>The keys in the state database; each call to the server asks here, without reading the database each time.</summary>
public sealed class AccessKeyStore(StateStore state, TimeProvider time)
{
    // A revoked key is refused within this time.
    static readonly TimeSpan LongestMemory = TimeSpan.FromMilliseconds(500);

    readonly Lock _reading = new();
    volatile Remembered? _remembered;

    sealed record Remembered(AccessKeys Keys, long ReadAt);

    /// <summary>All keys ever made, oldest first.</summary>
    public IReadOnlyList<AccessKey> List()
    {
        using var connection = state.Connect();
        return Read(connection, null);
    }

    /// <exception cref="BadInputException">There is no such key.</exception>
    public AccessKey Get(string id)
    {
        using var connection = state.Connect();
        return Get(connection, null, id);
    }

    /// <summary>Adds a new key.</summary>
    public void Add(AccessKey key)
    {
        using var connection = state.Connect();
        Insert(connection, null, key);
    }

    /// <summary>Lets a key count no longer than until a moment, earlier if it was to expire earlier, and returns what it is now.</summary>
    /// <exception cref="BadInputException">There is no such key.</exception>
    public AccessKey Expire(string id, DateTimeOffset at)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var key = Expire(connection, transaction, id, at);
        transaction.Commit();
        return key;
    }

    /// <summary>Adds a key in place of another, which counts until a moment still.</summary>
    /// <inheritdoc cref="Expire(string, DateTimeOffset)"/>
    public AccessKey Rotate(string id, AccessKey successor, DateTimeOffset until)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var key = Expire(connection, transaction, id, until);
        Insert(connection, transaction, successor);
        transaction.Commit();
        return key;
    }

    /// <summary>The keys as they were at most half a second ago.</summary>
    internal AccessKeys Now()
    {
        var known = _remembered;
        if (known is not null && time.GetElapsedTime(known.ReadAt) < LongestMemory) return known.Keys;
        lock (_reading)
        {
            known = _remembered;
            if (known is not null && time.GetElapsedTime(known.ReadAt) < LongestMemory) return known.Keys;
            var readAt = time.GetTimestamp();
            var keys = new AccessKeys(List(), known?.Keys);
            _remembered = new Remembered(keys, readAt);
            return keys;
        }
    }

    static AccessKey Expire(SqliteConnection connection, SqliteTransaction transaction, string id, DateTimeOffset at)
    {
        var key = Get(connection, transaction, id);
        if (key.ExpiresAt <= at) return key;
        connection.Execute("update access_key set expires_at = @at where id = @id", new { id, at = Instant(at) }, transaction);
        return key with { ExpiresAt = at };
    }

    static AccessKey Get(SqliteConnection connection, SqliteTransaction? transaction, string id) =>
        Read(connection, transaction).FirstOrDefault(key => key.Id == id) ?? throw new BadInputException("key-unknown", new Text(
            $"{id}: there is no key with this id; `volna key list` shows those there are.",
            $"{id}: ключа с таким идентификатором нет; список ключей показывает `volna key list`."));

    static void Insert(SqliteConnection connection, SqliteTransaction? transaction, AccessKey key) => connection.Execute(
        "insert into access_key (id, hash, name, uses, stores, calls_per_second, created_at, expires_at) values (@Id, @Hash, @Name, @uses, @stores, @CallsPerSecond, @created, @expires)",
        new
        {
            key.Id,
            key.Hash,
            key.Name,
            uses = (int)key.Uses,
            stores = JsonSerializer.Serialize(key.Stores),
            key.CallsPerSecond,
            created = Instant(key.CreatedAt),
            expires = key.ExpiresAt is { } at ? Instant(at) : null,
        },
        transaction);

    static List<AccessKey> Read(SqliteConnection connection, SqliteTransaction? transaction) =>
        [.. connection
            .Query<(string Id, string Hash, string Name, long Uses, string Stores, long CallsPerSecond, string CreatedAt, string? ExpiresAt)>(
                "select id, hash, name, uses, stores, calls_per_second, created_at, expires_at from access_key order by created_at, id", transaction: transaction)
            .Select(row => new AccessKey(
                row.Id, row.Hash, row.Name, (AccessUses)row.Uses, JsonSerializer.Deserialize<ImmutableArray<string>>(row.Stores), (int)row.CallsPerSecond, Instant(row.CreatedAt),
                row.ExpiresAt is null ? null : Instant(row.ExpiresAt)))];

    static string Instant(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

    static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
