using System.Buffers.Binary;
using System.IO;
using Volna.Kernels;
using Volna.Offers.Pack;

namespace Volna.Redemptions.Offline;

/// <summary>
/// A till's own disk: for each wave a folder with the pack in hand and the journal of its lease. A record of the journal is its length, its CRC-32C and its bytes; it is on the
/// disk when <see cref="Append"/> returns. Of a record that a power loss tore nothing was told to anybody, so it is cut off when the journal is opened.
/// </summary>
sealed class TillDiskStore(string folder) : IDisposable
{
    const int Head = 2 * sizeof(int);

    FileStream? _journal;

    /// <summary>The folders of the waves that packs were taken of.</summary>
    public static IReadOnlyList<string> Waves(string folder) => Directory.Exists(folder) ? [.. Directory.GetDirectories(folder).Where(wave => File.Exists($"{wave}/store.pack")).Order(StringComparer.Ordinal)] : [];

    public static string OfWave(string folder, string wave) => $"{folder}/{Hash64.Of(wave):x16}";

    string Pack => $"{folder}/store.pack";

    public byte[] LoadPack() => File.ReadAllBytes(Pack);

    public void SavePack(byte[] pack)
    {
        Directory.CreateDirectory(folder);
        Replace(Pack, pack);
    }

    /// <summary>Opens the offers of the pack in hand.</summary>
    public OfferPackStore OpenOffers(ReadOnlySpan<byte> offers, byte[] key, string wave)
    {
        var path = $"{folder}/offers.pack";
        Replace(path, offers);
        return OfferPackStore.Open(key, path, wave);
    }

    /// <summary>
    /// Opens the journal of a lease and reads what it holds. Those of settled leases stay until the wave's folder goes: a power loss may bring back their pack, which mustn't sell
    /// anything then, and receipts that the centre refused stand in them.
    /// </summary>
    /// <exception cref="BadInputException">Code <c>till-journal-damaged</c>: a record that isn't the last doesn't fit its checksum.</exception>
    public List<byte[]> OpenJournal(string lease)
    {
        var path = $"{folder}/{Hash64.Of(lease):x16}.journal";
        _journal?.Dispose();
        var records = new List<byte[]>();
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var at = 0;
        while (Read(bytes.AsSpan(at)) is { } record)
        {
            records.Add(record);
            at += Head + record.Length;
        }

        // Records are made durable one by one, so only the last can be torn; a whole one after it means that the disk lost something else.
        for (var later = at + 1; later < bytes.Length; later++)
            if (Read(bytes.AsSpan(later)) is { Length: > 0 })
                throw new BadInputException("till-journal-damaged", new Text(
                    $"{path}: the record at byte {at} is damaged, and there are whole ones after it; keep the file and call for help, receipts may be missing.",
                    $"{path}: запись с байта {at} повреждена, а после неё есть целые; сохраните файл и обратитесь за помощью: чеки могли пропасть."));
        _journal = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        _journal.SetLength(at);
        _journal.Position = at;
        _journal.Flush(flushToDisk: true);
        return records;
    }

    /// <summary>Durable when it returns.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        var bytes = new byte[Head + record.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(int)), Crc32C.Of(record));
        record.CopyTo(bytes.AsSpan(Head));
        _journal!.Write(bytes);
        _journal.Flush(flushToDisk: true);
    }

    // The pack first: without it nothing of the folder counts.
    public void Delete()
    {
        File.Delete(Pack);
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _journal?.Dispose();

    static byte[]? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Head) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        // No record is empty; zeros are what a file system leaves of one that was torn.
        if (length <= 0 || length > bytes.Length - Head) return null;
        var record = bytes.Slice(Head, length);
        return Crc32C.Of(record) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(int)..]) ? record.ToArray() : null;
    }

    static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
