using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Offers.Response;

namespace Volna.Offers;

/// <summary>Waves in the state database. Every change of status is conditional on the status it starts from, and is recorded with who and when.</summary>
public sealed class WaveStore(StateStore state)
{
    const string Day = "yyyy-MM-dd";

    const string Columns =
        "id, status, valid_from, valid_until, seed, plan, snapshot_id, model_version, earlier, digest, statistics, created_by, approved_by, created_at, response";

    const string All = $"select {Columns} from wave order by valid_from desc, id desc";

    /// <summary>All waves, the latest validity first.</summary>
    public IReadOnlyList<Wave> List()
    {
        using var connection = state.Connect();
        return Read(connection, All);
    }

    public Wave? Find(string id)
    {
        using var connection = state.Connect();
        return Read(connection, $"select {Columns} from wave where id = @id", new { id }).SingleOrDefault();
    }

    /// <exception cref="BadInputException">There is no such wave.</exception>
    public Wave Get(string id) => Find(id) ?? throw new BadInputException("wave-unknown", new Text(
        $"{id}: there is no such wave; `volna wave list` shows those there are.",
        $"{id}: такой волны нет; список волн показывает `volna wave list`."));

    /// <summary>Published waves whose validity includes a day, by id; also those closed since, because a till may send a day's receipts late.</summary>
    public IReadOnlyList<Wave> PublishedOn(DateOnly day)
    {
        using var connection = state.Connect();
        return Read(connection, $"select {Columns} from wave where status in (@published, @closed, @reported) and valid_from <= @day and @day < valid_until order by id",
            new { published = (int)WaveStatus.Published, closed = (int)WaveStatus.Closed, reported = (int)WaveStatus.Reported, day = day.ToString(Day, CultureInfo.InvariantCulture) });
    }

    /// <summary>Adds a new wave.</summary>
    /// <exception cref="BadInputException">A wave of that id exists.</exception>
    public void Add(Wave wave)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var added = connection.Execute(
            """
            insert into wave (id, status, valid_from, valid_until, seed, plan, snapshot_id, model_version, earlier, digest, statistics, created_by, approved_by, created_at, response)
            values (@Id, @Status, @from, @until, @seed, @Plan, @SnapshotId, @ModelVersion, @earlier, @Digest, @Statistics, @CreatedBy, @ApprovedBy, @at, @response)
            on conflict (id) do nothing
            """,
            new
            {
                wave.Id,
                Status = (int)wave.Status,
                from = wave.Validity.Start.ToString(Day, CultureInfo.InvariantCulture),
                until = wave.Validity.End.ToString(Day, CultureInfo.InvariantCulture),
                seed = unchecked((long)wave.Seed),
                wave.Plan,
                wave.SnapshotId,
                wave.ModelVersion,
                earlier = JsonSerializer.Serialize(wave.Earlier),
                wave.Digest,
                wave.Statistics,
                wave.CreatedBy,
                wave.ApprovedBy,
                at = Instant(wave.CreatedAt),
                response = JsonSerializer.Serialize(wave.Response),
            },
            transaction);
        if (added == 0)
            throw new BadInputException("wave-exists", new Text(
                $"{wave.Id}: a wave of this id exists already; give another with --id.",
                $"{wave.Id}: волна с таким идентификатором уже есть; задайте другой через --id."));
        Record(connection, transaction, wave.Id, null, wave.Status, wave.CreatedBy, wave.CreatedAt, "");
        transaction.Commit();
    }

    /// <summary>Changes a wave's status.</summary>
    /// <param name="note">Why, for the record.</param>
    /// <exception cref="GuardException">The wave isn't in the status <paramref name="from"/> any more.</exception>
    public void Move(string id, WaveStatus from, WaveStatus to, string by, DateTimeOffset at, string note = "") =>
        Change(id, from, to, by, at, note, "", null);

    /// <summary>Keeps what a generation made.</summary>
    /// <inheritdoc cref="Move"/>
    public void MoveGenerated(string id, string digest, string statistics, string by, DateTimeOffset at) =>
        Change(id, WaveStatus.Generating, WaveStatus.Generated, by, at, "", ", digest = @digest, statistics = @statistics", new { digest, statistics });

    /// <summary>Approves a wave.</summary>
    /// <inheritdoc cref="Move"/>
    public void MoveApproved(string id, string by, DateTimeOffset at, string note) =>
        Change(id, WaveStatus.AwaitingApproval, WaveStatus.Approved, by, at, note, ", approved_by = @by", new { by });

    /// <summary>Publishes an approved wave.</summary>
    /// <param name="check">Throws if it mustn't be beside the other waves; none of them changes until this is done.</param>
    /// <inheritdoc cref="Move"/>
    public void MovePublished(string id, string by, DateTimeOffset at, Action<IReadOnlyList<Wave>> check) =>
        Change(id, WaveStatus.Approved, WaveStatus.Published, by, at, "", "", null, check);

    /// <summary>Ends the life of a published wave whose validity is over and whose report was made; any other stays as it is.</summary>
    public void Finish(string id, string by, DateTimeOffset at)
    {
        if (Get(id).Status == WaveStatus.Published) Move(id, WaveStatus.Published, WaveStatus.Closed, by, at);
        if (Get(id).Status == WaveStatus.Closed) Move(id, WaveStatus.Closed, WaveStatus.Reported, by, at);
    }

    /// <summary>What happened to a wave, oldest first.</summary>
    public IReadOnlyList<WaveEvent> Events(string id)
    {
        using var connection = state.Connect();
        return [.. connection
            .Query<(long? From, long To, string By, string At, string Note)>("select from_status, to_status, by_name, at, note from wave_event where wave_id = @id order by number", new { id })
            .Select(row => new WaveEvent((WaveStatus?)row.From, (WaveStatus)row.To, row.By, Instant(row.At), row.Note))];
    }

    void Change(string id, WaveStatus from, WaveStatus to, string by, DateTimeOffset at, string note, string alsoSet, object? values, Action<IReadOnlyList<Wave>>? check = null)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        check?.Invoke(Read(connection, All, transaction: transaction));
        var parameters = new DynamicParameters(values);
        parameters.Add("id", id);
        parameters.Add("from", (int)from);
        parameters.Add("to", (int)to);
        if (connection.Execute($"update wave set status = @to{alsoSet} where id = @id and status = @from", parameters, transaction) == 0)
        {
            var now = connection.ExecuteScalar<long?>("select status from wave where id = @id", new { id }, transaction);
            throw now is null
                ? new BadInputException("wave-unknown", new Text($"{id}: there is no such wave.", $"{id}: такой волны нет."))
                : new GuardException("wave-status", new Text(
                    $"wave {id}: is {((WaveStatus)now).Name().English}; this needs one that is {from.Name().English}.",
                    $"волна {id}: состояние «{((WaveStatus)now).Name().Russian}», а для этого действия нужно «{from.Name().Russian}»."));
        }

        Record(connection, transaction, id, from, to, by, at, note);
        transaction.Commit();
    }

    static void Record(SqliteConnection connection, SqliteTransaction transaction, string id, WaveStatus? from, WaveStatus to, string by, DateTimeOffset at, string note) =>
        connection.Execute(
            "insert into wave_event (wave_id, from_status, to_status, by_name, at, note) values (@id, @from, @to, @by, @at, @note)",
            new { id, from = (int?)from, to = (int)to, by, at = Instant(at), note },
            transaction);

    static List<Wave> Read(SqliteConnection connection, string sql, object? values = null, SqliteTransaction? transaction = null)
    {
        var waves = new List<Wave>();
        using var reader = connection.ExecuteReader(sql, values, transaction);
        while (reader.Read())
        {
            string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            DateOnly DayAt(int column) => DateOnly.ParseExact(reader.GetString(column), Day, CultureInfo.InvariantCulture);
            waves.Add(new Wave(
                reader.GetString(0), (WaveStatus)reader.GetInt32(1), new Period(DayAt(2), DayAt(3)), unchecked((ulong)reader.GetInt64(4)), reader.GetString(5),
                TextOrNull(6), TextOrNull(7), TextOrNull(9), reader.GetString(11), TextOrNull(12), Instant(reader.GetString(13)))
            {
                Earlier = JsonSerializer.Deserialize<ImmutableArray<string>>(reader.GetString(8)),
                Statistics = TextOrNull(10),
                Response = JsonSerializer.Deserialize<ImmutableArray<LearntOdds>>(reader.GetString(14)),
            });
        }

        return waves;
    }

    static string Instant(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);

    static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
