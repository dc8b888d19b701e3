using System.Buffers;
using System.Buffers.Binary;
using Volna.Kernels;
using Volna.Redemptions.Life;

namespace Volna.Redemptions.Journal;

/// <summary>Where a receipt's record stands: number of the batch, place of its first byte in it.</summary>
readonly record struct RecordPlace(long Batch, int At);

/// <summary>
/// Records that become durable together: CRC-32C of the rest, then each record with its length in four bytes before it.
/// </summary>
/// <param name="likelyBytes">Room from the start; more is taken as needed.</param>
sealed class Batch(long sequence, int likelyBytes = 4_096)
{
    const int Head = sizeof(uint);

    readonly ArrayBufferWriter<byte> _records = new(likelyBytes);

    public long Sequence => sequence;

    public int Records { get; private set; }

    public int Bytes => _records.WrittenCount;

    // Continuations elsewhere: the writer has others to serve.
    public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RecordPlace Add(Receipt receipt)
    {
        if (Records++ == 0) _records.Write(stackalloc byte[Head]);
        var at = _records.WrittenCount;
        _records.Write(stackalloc byte[sizeof(int)]);
        ReceiptRecord.Write(_records, receipt);
        // The buffer may have moved; what is written stays writable until it is sent.
        var all = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_records.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(all[at..], all.Length - at - sizeof(int));
        return new RecordPlace(sequence, at);
    }

    /// <summary>The bytes to store.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        var all = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_records.WrittenMemory).Span;
        BinaryPrimitives.WriteUInt32LittleEndian(all, Crc32C.Of(all[Head..]));
        return all;
    }

    /// <summary>A record that was added.</summary>
    public Receipt Read(int at) => Read(_records.WrittenSpan, at);

    /// <inheritdoc cref="ReceiptRecord.Read"/>
    public static Receipt Read(ReadOnlySpan<byte> body, int at, bool withAnswers = true) =>
        ReceiptRecord.Read(body.Slice(at + sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(body[at..])), withAnswers);

    /// <summary>All records of a stored batch, in order.</summary>
    /// <inheritdoc cref="ReceiptRecord.Read"/>
    public static IEnumerable<(RecordPlace Place, Receipt Receipt)> ReadAll(long sequence, byte[] body, bool withAnswers = true)
    {
        for (var at = Head; at < body.Length; at += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at)))
            yield return (new RecordPlace(sequence, at), Read(body, at, withAnswers));
    }

    /// <exception cref="InvalidOperationException">The batch isn't what was written.</exception>
    public static byte[] Check(long sequence, byte[] body)
    {
        if (body.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(body) != Crc32C.Of(body.AsSpan(Head)))
            throw new InvalidOperationException($"Batch {sequence} of the tills' journal is damaged: its checksum doesn't fit its {body.Length} bytes.");
        return body;
    }
}
