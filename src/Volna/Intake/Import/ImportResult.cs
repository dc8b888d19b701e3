using System.Collections.Immutable;
using Volna.Intake.Files;

namespace Volna.Intake.Import;

/// <summary>What is to be imported, and how.</summary>
/// <param name="Files">Paths of files.</param>
public sealed record ImportRequest(ImmutableArray<string> Files)
{
    public Mapping Mapping { get; init; } = Mapping.None;

    /// <summary>The kind of native files whose name doesn't tell it.</summary>
    public string? Kind { get; init; }

    /// <summary>Wrong rows at which a file's import stops; null for 1,000 or 1 % of the rows read, whichever is more.</summary>
    public long? MaxErrors { get; init; }

    /// <summary>Check everything, store nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Of the sentences in the rejects files.</summary>
    public Language Language { get; init; }

    /// <summary>Rows of a chunk, which is stored as a whole; what a killed import has to read again at most.</summary>
    public int ChunkRows { get; init; } = DefaultChunkRows;

    public const int DefaultChunkRows = 1 << 21;
}

/// <summary>How the import of a file ended.</summary>
public enum FileOutcome
{
    Done = 0,

    /// <summary>The same file was imported before; nothing was changed.</summary>
    KnownAlready = 1,

    /// <summary>Too many wrong rows; what was stored before the last unfinished chunk stays, the same command goes on there.</summary>
    TooManyErrors = 2,

    /// <summary>The file couldn't be read.</summary>
    Failed = 3,
}

/// <summary>What an import did with one file. Every row read is stored or rejected: <c>RowsRead = Stored + sum of Rejected</c>.</summary>
/// <param name="Rejected">By reason; those that a chunk not kept had rejected are left out.</param>
/// <param name="RejectsFile">Where the rejected rows are listed, or null without any.</param>
/// <param name="Failure">Why it failed or stopped.</param>
public sealed record FileResult(
    string File, string Kind, FileOutcome Outcome, long RowsRead, long Stored, ImmutableSortedDictionary<RejectReason, long> Rejected,
    TimeSpan Taken, string? RejectsFile, Text? Failure);

/// <summary>What an import did.</summary>
public sealed record ImportResult(ImmutableArray<FileResult> Files, TimeSpan Taken)
{
    public long RowsRead => Files.Sum(file => file.RowsRead);

    public long Stored => Files.Sum(file => file.Stored);

    public ImmutableSortedDictionary<RejectReason, long> Rejected => Files
        .SelectMany(file => file.Rejected).GroupBy(reason => reason.Key, reason => reason.Value)
        .ToImmutableSortedDictionary(reason => reason.Key, reason => reason.Sum());
}
