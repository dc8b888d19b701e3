using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Volna.Intake.Files;

namespace Volna.Intake.Import;

/// <summary>The life of an imported file.</summary>
enum BatchState
{
    Running = 0,
    Done = 1,
    TooManyErrors = 2,
}

/// <summary>How far a file was imported: everything before is stored or rejected, nothing behind is.</summary>
/// <param name="Line">Last line.</param>
/// <param name="Offset">Where the next row begins, in unpacked bytes.</param>
/// <param name="RejectsBytes">Length of the rejects file.</param>
sealed record Checkpoint(long RowsRead, long RowsStored, long Line, long Offset, long RejectsBytes, ImmutableSortedDictionary<RejectReason, long> Rejected)
{
    public static Checkpoint Start { get; } = new(0, 0, 0, 0, 0, ImmutableSortedDictionary<RejectReason, long>.Empty);
}

/// <summary>An imported file.</summary>
sealed record Batch(int Number, BatchState State, Checkpoint Checkpoint);

/// <summary>Keeps which files were imported, and how far.</summary>
sealed class BatchStore(StateStore state)
{
    /// <summary>The batch of a digest, or null.</summary>
    public Batch? Find(string digest)
    {
        using var connection = state.Connect();
        if (connection.QuerySingleOrDefault<(int Number, BatchState State, long Read, long Stored, long Line, long Offset, long RejectsBytes)?>(
            "select number, state, rows_read, rows_stored, line, byte_offset, rejects_bytes from batch where digest = @digest", new { digest }) is not { } row)
            return null;
        var rejected = connection.Query<(RejectReason Reason, long Count)>("select reason, row_count from batch_reject where batch = @Number", new { row.Number });
        return new Batch(row.Number, row.State, new Checkpoint(
            row.Read, row.Stored, row.Line, row.Offset, row.RejectsBytes, rejected.ToImmutableSortedDictionary(entry => entry.Reason, entry => entry.Count)));
    }

    /// <summary>True where nothing can have changed what a finished file said: it is the last of its kind, and all of its rows were stored.</summary>
    public bool StillHolds(Batch batch, string kind)
    {
        using var connection = state.Connect();
        return batch.Checkpoint.Rejected.Count == 0
            && connection.ExecuteScalar<int>("select count(*) from batch where kind = @kind and number > @Number", new { kind, batch.Number }) == 0;
    }

    /// <summary>Rows of the newest files that were imported, and how many of them were refused.</summary>
    public (long Read, long Rejected) NewestRows(int files)
    {
        using var connection = state.Connect();
        var numbers = connection.Query<int>("select number from batch where rows_read > 0 order by number desc limit @files", new { files }).ToList();
        return (
            connection.ExecuteScalar<long>("select coalesce(sum(rows_read), 0) from batch where number in @numbers", new { numbers }),
            connection.ExecuteScalar<long>("select coalesce(sum(row_count), 0) from batch_reject where batch in @numbers", new { numbers }));
    }

    /// <summary>Drops a batch, so that its file comes in as a new one; what it stored stays.</summary>
    public void Forget(int batch)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction();
        connection.Execute("delete from batch_reject where batch = @batch", new { batch }, transaction);
        connection.Execute("delete from batch where number = @batch", new { batch }, transaction);
        transaction.Commit();
    }

    /// <summary>Begins the batch of a file, or goes on with it.</summary>
    public int Begin(string digest, string kind, string file)
    {
        using var connection = state.Connect();
        connection.Execute(
            """
            insert into batch (number, digest, kind, file, state)
            select coalesce(max(number), 0) + 1, @digest, @kind, @file, 0 from batch where true
            on conflict (digest) do update set state = 0
            """,
            new { digest, kind, file });
        return connection.ExecuteScalar<int>("select number from batch where digest = @digest", new { digest });
    }

    /// <summary>Moves a batch's checkpoint, in the transaction that makes the chunk before it visible.</summary>
    public static void Move(int batch, Checkpoint to, BatchState batchState, DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        connection.Execute(
            """
            update batch set state = @batchState, rows_read = @RowsRead, rows_stored = @RowsStored, line = @Line, byte_offset = @Offset, rejects_bytes = @RejectsBytes
            where number = @batch
            """,
            new { batch, batchState, to.RowsRead, to.RowsStored, to.Line, to.Offset, to.RejectsBytes }, transaction);
        connection.Execute("delete from batch_reject where batch = @batch", new { batch }, transaction);
        connection.Execute(
            "insert into batch_reject (batch, reason, row_count) values (@batch, @Key, @Value)",
            to.Rejected.Select(entry => new { batch, entry.Key, entry.Value }), transaction);
    }

    /// <summary>Notes that a file stopped at its checkpoint because of too many wrong rows.</summary>
    public void Stop(int batch)
    {
        using var connection = state.Connect();
        connection.Execute("update batch set state = @state where number = @batch", new { batch, state = BatchState.TooManyErrors });
    }
}
