using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Volna.Redemptions.Journal;

/// <summary>
/// The journal in a PostgreSQL database. One connection writes, and the right to write is a lock that lives as long as its session: so nothing is
/// ever written by one who lost it. That connection isn't renewed: once it broke, this journal has ended.
/// </summary>
sealed class PostgresJournalStore : IJournal
{
    // First key of the advisory lock ("Voln"); the second one is the table's.
    const int LockClass = 0x566f6c6e;
    const int OldestVersion = 13, PageBatches = 256;

    // Many receipts may be asked for again at once; a server often has no more than a hundred sessions.
    const int MostReaders = 16;

    // A till that was killed leaves its session for a moment.
    static readonly TimeSpan LongestTakeOver = TimeSpan.FromSeconds(2);

    readonly string _place;
    readonly NpgsqlConnection _writer;
    readonly NpgsqlDataSource _readers;
    readonly NpgsqlCommand _append;
    bool _isWriter;
    volatile JournalLostException? _lost;

    PostgresJournalStore(string place, NpgsqlConnection writer, NpgsqlDataSource readers)
    {
        _place = place;
        _writer = writer;
        _readers = readers;
        Id = writer.ExecuteScalar<string>("select id from volna_journal")!;
        _append = new NpgsqlCommand("insert into volna_batch (number, body) values ($1, $2)", writer);
        _append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
        _append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea });
        _append.Prepare();
    }

    public string Id { get; }

    /// <exception cref="BadInputException">The connection string can't be read, or nothing usable answers there.</exception>
    public static PostgresJournalStore Open(string connectionString)
    {
        var asked = Parse(connectionString);
        var place = Place(asked);
        NpgsqlConnection? writer = null;
        NpgsqlDataSource? readers = null;
        try
        {
            readers = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(asked.ConnectionString) { MaxPoolSize = Math.Max(asked.MinPoolSize, Math.Min(asked.MaxPoolSize, MostReaders)) });
            writer = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(asked.ConnectionString) { Pooling = false, Multiplexing = false, KeepAlive = 10 }.ConnectionString);
            writer.Open();
            if (writer.PostgreSqlVersion.Major < OldestVersion)
                throw new BadInputException("postgres-version", new Text(
                    $"--postgres {place}: is PostgreSQL {writer.PostgreSqlVersion}; expected {OldestVersion} or newer.",
                    $"--postgres {place}: это PostgreSQL {writer.PostgreSqlVersion}; нужна версия {OldestVersion} или новее."));
            // An acknowledged batch is durable whatever the server's default is; and a machine that vanished frees its lock soon.
            writer.Execute(
                """
                select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') <> 'remote_apply';
                set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;
                """);
            MakeTables(writer);
            return new PostgresJournalStore(place, writer, readers);
        }
        catch (Exception failure)
        {
            writer?.Dispose();
            readers?.Dispose();
            if (failure is not (NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)) throw;
            var why = failure is PostgresException told ? $"{told.MessageText} ({told.SqlState})" : failure.Message;
            throw new BadInputException("postgres-unusable", new Text(
                $"--postgres {place}: can't be used as the tills' journal: {why}.",
                $"--postgres {place}: нельзя использовать для журнала касс: {why}."));
        }
    }

    public void TakeWriter()
    {
        Guard();
        if (_isWriter) return;
        try
        {
            _writer.Execute("select set_config('lock_timeout', @longest, false)", new { longest = $"{LongestTakeOver.TotalMilliseconds:0}" });
            _writer.Execute("select pg_advisory_lock(@LockClass, 'volna_batch'::regclass::oid::int)", new { LockClass });
            _writer.Execute("select set_config('lock_timeout', '0', false)");
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new GuardException("till-taken", new Text(
                $"{_place}: another process serves the tills of this database; ask it over HTTP, or stop it first.",
                $"{_place}: кассы этой базы уже обслуживает другой процесс; обращайтесь к нему по HTTP или сначала остановите его."));
        }

        _isWriter = true;
    }

    public long Last() => Read(connection => connection.ExecuteScalar<long>("select coalesce(max(number), 0) from volna_batch"));

    public void Append(long sequence, ReadOnlySpan<byte> body)
    {
        Guard();
        if (!_isWriter) throw new InvalidOperationException($"Batch {sequence} was to be written without the right to write.");
        _append.Parameters[0].Value = sequence;
        _append.Parameters[1].Value = body.ToArray();
        try
        {
            _append.ExecuteNonQuery();
        }
        catch (Exception failure) when (failure is not PostgresException || _writer.FullState != System.Data.ConnectionState.Open)
        {
            // It may be written or not, now or a moment later: nothing may be decided on either.
            throw Lost(failure);
        }
    }

    public async Task<byte[]> ReadAsync(long sequence)
    {
        Guard();
        try
        {
            await using var connection = await _readers.OpenConnectionAsync().ConfigureAwait(false);
            var body = await connection.QuerySingleOrDefaultAsync<byte[]>("select body from volna_batch where number = @sequence", new { sequence }).ConfigureAwait(false);
            return Batch.Check(sequence, body ?? throw new InvalidOperationException($"{_place}: batch {sequence} of the tills' journal is missing."));
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw Lost(failure);
        }
    }

    public IEnumerable<(long Sequence, byte[] Body)> After(long sequence)
    {
        // By pages: whoever stops early doesn't wait for the rest.
        while (true)
        {
            var page = Read(connection => connection.Query<(long Number, byte[] Body)>(
                "select number, body from volna_batch where number > @sequence order by number limit @PageBatches", new { sequence, PageBatches }).AsList());
            foreach (var (number, body) in page) yield return (sequence = number, Batch.Check(number, body));
            if (page.Count < PageBatches) yield break;
        }
    }

    public void Dispose()
    {
        // Told to the server, because it learns of a closed connection a moment later.
        if (_isWriter && _lost is null)
        {
            try
            {
                _writer.Execute("select pg_advisory_unlock_all()");
            }
            catch (NpgsqlException)
            {
                // The lock ended with its session.
            }
        }

        _append.Dispose();
        _writer.Dispose();
        _readers.Dispose();
    }

    static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            var asked = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrEmpty(asked.Host)) throw new ArgumentException("Host is missing.");
            asked.ApplicationName ??= "volna";
            return asked;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // Neither the string nor the complaint about it is shown: both may hold the password.
            throw new BadInputException("postgres-connection", new Text(
                "--postgres: isn't a connection string such as Host=db;Database=volna;Username=volna;Password=... (it isn't shown here, as it may hold a password).",
                "--postgres: это не строка подключения вида Host=db;Database=volna;Username=volna;Password=... (здесь она не показана: в ней может быть пароль)."));
        }
    }

    static string Place(NpgsqlConnectionStringBuilder asked) => $"{asked.Host}:{asked.Port}/{asked.Database ?? asked.Username}";

    static void MakeTables(NpgsqlConnection connection)
    {
        // Looked for first, because who may only read and write needn't have the right to make tables.
        if (connection.ExecuteScalar<bool>("select to_regclass('volna_journal') is not null")) return;
        using var transaction = connection.BeginTransaction();
        connection.Execute("select pg_advisory_xact_lock(@LockClass, 0)", new { LockClass }, transaction);
        // Not by to_regclass again: within a transaction it remembers what it didn't find.
        if (!connection.ExecuteScalar<bool>("select exists (select from pg_tables where schemaname = current_schema() and tablename = 'volna_journal')", transaction: transaction))
            connection.Execute(
                """
                create table volna_batch (number bigint primary key, body bytea not null);
                alter table volna_batch alter column body set storage external;
                create table volna_journal as select gen_random_uuid()::text as id
                """,
                transaction: transaction);
        transaction.Commit();
    }

    void Guard()
    {
        if (_lost is { } lost) throw lost;
        if (!_writer.FullState.HasFlag(System.Data.ConnectionState.Open)) throw Lost(new NpgsqlException("the session ended"));
    }

    JournalLostException Lost(Exception cause) => _lost = new JournalLostException(
        new Text(
            $"{_place}: the connection to the tills' journal broke ({cause.Message}); the till has stopped, start it again when PostgreSQL answers.",
            $"{_place}: связь с журналом касс прервалась ({cause.Message}); касса остановлена, запустите её снова, когда PostgreSQL ответит."),
        cause);

    T Read<T>(Func<NpgsqlConnection, T> read)
    {
        Guard();
        try
        {
            using var connection = _readers.OpenConnection();
            return read(connection);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw Lost(failure);
        }
    }
}
