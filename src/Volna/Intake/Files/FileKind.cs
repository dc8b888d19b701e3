using System.Collections.Immutable;
using System.Data.Common;
using Volna.Intake.History;
using Volna.Intake.Keys;
using Volna.Intake.Letters;
using Volna.Intake.PastCampaigns;
using Volna.Intake.Receipts;
using Volna.Intake.Reference;

namespace Volna.Intake.Files;

/// <summary>What the rows of a file may need while they are read.</summary>
/// <param name="Keys">Our numbers of customers, products and stores; new ones are saved with the chunk that brought them, before <see cref="IChunk.Save"/>.</param>
/// <param name="Batch">Number of the file's batch.</param>
/// <param name="Now">Wall clock; a purchase can't lie behind it by more than a day.</param>
/// <param name="State">For links to rows of earlier files.</param>
sealed record FileContext(DataFolder Folder, StateStore State, KeyTables Keys, HistoryStore History, int Batch, DateTime Now);

/// <summary>Takes the rows of one file and hands them over in chunks, each of which is stored as a whole or not at all.</summary>
interface IRowTaker : IDisposable
{
    /// <summary>Gathers a row, or rejects it (<see cref="Row.Reject(RejectReason, Column)"/>). Called by the reading thread only.</summary>
    void Take(Row row);

    /// <summary>Hands over what was gathered since the last call. Called by the reading thread; another thread stores the chunk while reading goes on.</summary>
    IChunk TakeChunk();
}

/// <summary>Some thousands or millions of rows of a file that become visible together.</summary>
interface IChunk
{
    /// <summary>Writes what doesn't lie in the state database, durable but not yet visible.</summary>
    void Prepare();

    /// <summary>Writes to the state database, in the transaction that also moves the file's checkpoint.</summary>
    void Save(DbTransaction transaction);
}

/// <summary>A kind of file: its format, and who takes its rows.</summary>
/// <param name="Open">Makes the taker of one file.</param>
sealed record FileKind(FileFormat Format, Func<Layout, FileContext, IRowTaker> Open)
{
    /// <summary>
    /// True where rows only add. Of other kinds a later file undoes what an earlier one said, and rows may wait for what they link to, so there the
    /// earlier file counts again when it is imported again.
    /// </summary>
    public bool OnlyAdds { get; init; }

    /// <summary>Rows stored at once, at most. Rows held as records with texts take some hundred bytes each, packed ones a tenth of that.</summary>
    public int MostChunkRows { get; init; } = 1 << 17;
}

/// <summary>All kinds of files, in the order in which an import of several reads them: what others refer to comes first.</summary>
static class FileKinds
{
    public static readonly ImmutableArray<FileKind> All =
    [
        StoresFeed.Kind,
        ProductsFeed.Kind,
        PricesFeed.Kind,
        StockFeed.Kind,
        CustomersFeed.Kind,
        ReceiptsFeed.Kind,
        MassPromotionsFeed.Kind,
        ExclusionsFeed.Kind,
        DislikesFeed.Kind,
        SeriesFeed.Kind,
        MailEventsFeed.Kind,
        CampaignsFeed.Kind,
        CampaignCustomersFeed.Kind,
        CouponsFeed.Kind,
        RedemptionsFeed.Kind,
    ];

    public static FileKind? Find(string kind) => All.FirstOrDefault(known => known.Format.Kind == kind);

    /// <summary>The kind of a native file by its name: <c>receipts-2026-11.csv.gz</c> holds receipts.</summary>
    public static FileKind? OfFileName(string fileName) =>
        fileName.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase)
            ? All.Where(known => fileName.StartsWith(known.Format.Kind, StringComparison.OrdinalIgnoreCase)).MaxBy(known => known.Format.Kind.Length)
            : null;
}

/// <summary>Takes rows of a kind that is small enough for records in memory and one SQL statement each.</summary>
/// <param name="read">Makes a record of a row, or rejects the row; what it answers for a rejected row is dropped.</param>
/// <param name="save">Stores the records of a chunk.</param>
sealed class RowTaker<T>(Func<Row, T?> read, Action<IReadOnlyList<T>, DbTransaction> save) : IRowTaker
{
    List<T> _taken = [];

    public void Take(Row row)
    {
        var record = read(row);
        if (!row.IsRejected) _taken.Add(record!);
    }

    public IChunk TakeChunk()
    {
        var chunk = new Chunk(_taken, save);
        _taken = [];
        return chunk;
    }

    public void Dispose()
    {
    }

    sealed class Chunk(List<T> taken, Action<IReadOnlyList<T>, DbTransaction> save) : IChunk
    {
        public void Prepare()
        {
        }

        public void Save(DbTransaction transaction) => save(taken, transaction);
    }
}
