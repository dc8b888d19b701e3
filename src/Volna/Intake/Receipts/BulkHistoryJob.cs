using System.Collections.Immutable;
using Dapper;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Import;

namespace Volna.Intake.Receipts;

/// <summary>
/// Stores purchases straight into an empty history, as if they had come in a file. They become one segment, which is written block by block and counts
/// only when all of it is there.
/// </summary>
public static class BulkHistoryJob
{
    /// <param name="digest">Tells these purchases from all others; part of the snapshot's id.</param>
    /// <param name="name">What stands in the list of batches.</param>
    /// <param name="groups">Customers by ascending number over all groups and within them. A group is stored before the next is asked for.</param>
    /// <returns>How many lines.</returns>
    /// <exception cref="BadInputException">The history holds something already, or an import is running.</exception>
    public static long Run(
        DataFolder folder, StateStore state, string digest, string name, IEnumerable<IReadOnlyList<BulkLines>> groups, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var onlyOne = ImportJob.Lock(folder);
        using var history = HistoryStore.Open(folder, state);
        if (history.Snapshot().Segments.Count > 0)
            throw new BadInputException("history-not-empty", new Text($"{folder.Root}: holds purchases already; name a new folder.", $"{folder.Root}: здесь уже есть покупки; укажите новую папку."));

        var batch = new BatchStore(state).Begin(digest, "receipts", name);
        var segment = history.NextSegment();
        var prices = new SeenPriceStore();
        var receipts = new Dictionary<int, List<ulong>>();
        var (lines, first, last) = (0L, int.MaxValue, int.MinValue);
        foreach (var group in groups)
        {
            stop.ThrowIfCancellationRequested();
            Parallel.For(0, HistoryStore.Shards, shard => history.WriteShard(segment, shard, writer => Pack(group, shard, writer)));
            foreach (var some in group)
            {
                prices.See(some.Prices);
                lines += some.Count;
                Note(some.Lines);
            }

            progress?.Report(new StepProgress(new("Purchases", "Покупки"), lines, null, new("lines", "строк")));
        }

        KnownReceiptStore.Write(folder, batch, segment, receipts);
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        if (lines > 0)
            connection.Execute(
                "insert into segment (number, batch, line_count, first_minute, last_minute) values (@segment, @batch, @lines, @first, @last)", new { segment, batch, lines, first, last }, transaction);
        prices.Save(transaction);
        BatchStore.Move(batch, new Checkpoint(lines, lines, lines, 0, 0, ImmutableSortedDictionary<RejectReason, long>.Empty), BatchState.Done, transaction);
        transaction.Commit();
        return lines;

        void Note(ReadOnlySpan<PurchaseLine> some)
        {
            ulong noted = 0;
            foreach (ref readonly var line in some)
            {
                first = Math.Min(first, line.Minute);
                last = Math.Max(last, line.Minute);
                if (line.Receipt == noted) continue;
                noted = line.Receipt;
                var day = line.Minute / 1440;
                if (!receipts.TryGetValue(day, out var ofDay)) receipts.Add(day, ofDay = []);
                ofDay.Add(noted);
            }
        }
    }

    static void Pack(IReadOnlyList<BulkLines> group, int shard, BlockWriter writer)
    {
        var history = new CustomerHistory();
        foreach (var some in group)
        {
            foreach (ref readonly var customer in some.Customers)
            {
                if (HistoryStore.ShardOf(customer.KeyHash) != shard) continue;
                history.Start(new CustomerId(customer.Number));
                foreach (ref readonly var line in some.Lines.Slice(customer.Start, customer.Count)) history.Add(line);
                history.Sort();
                writer.Add(customer.Number, history.Lines);
            }
        }
    }
}
