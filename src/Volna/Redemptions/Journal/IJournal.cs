namespace Volna.Redemptions.Journal;

/// <summary>
/// The tills' journal: what happened, in order, in durable batches; the truth from which everything else about receipts is derived. One process writes.
/// </summary>
interface IJournal : IDisposable
{
    /// <summary>Tells one journal from another; empty for the one in the data folder.</summary>
    string Id { get; }

    /// <summary>Takes the right to write, for as long as this is open; does nothing where it is held already.</summary>
    /// <exception cref="GuardException">Code <c>till-taken</c>: another process has it.</exception>
    void TakeWriter();

    /// <summary>Number of the last batch, 0 where there is none.</summary>
    long Last();

    /// <summary>Adds the batch after the last. Durable when this returns; not there at all if it throws, or there whole.</summary>
    void Append(long sequence, ReadOnlySpan<byte> body);

    /// <summary>A batch; there at once where it lies on this machine's disk. Safe for any number of readers.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is damaged.</exception>
    Task<byte[]> ReadAsync(long sequence);

    /// <summary>The batches after one, in order.</summary>
    IEnumerable<(long Sequence, byte[] Body)> After(long sequence);
}
