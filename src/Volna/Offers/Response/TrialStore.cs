using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Offers.Response;

/// <summary>The file of a wave's trial: a header, the offers as they stand in memory, and a checksum. It never leaves the data folder.</summary>
static class TrialStore
{
    const ulong Magic = 0x314C414952544C56; // "VLTRIAL1"

    /// <param name="Wave">Hash of its id.</param>
    readonly record struct Header(ulong Magic, ulong Wave, int RowBytes, int Rows);

    public static void Write(string path, string waveId, ReadOnlySpan<TrialOffer> offers)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var header = new Header(Magic, Hash64.Of(waveId), Unsafe.SizeOf<TrialOffer>(), offers.Length);
            var rows = MemoryMarshal.AsBytes(offers);
            file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header)));
            file.Write(rows);
            file.Write(BitConverter.GetBytes(Sum(header, rows)));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>A wave's trial; null where it has none, as waves made by hand or by an earlier version.</summary>
    /// <exception cref="BadInputException">The file is damaged.</exception>
    public static TrialOffer[]? Find(DataFolder folder, string waveId) => File.Exists(folder.Trial(waveId)) ? Read(folder.Trial(waveId), waveId) : null;

    /// <inheritdoc cref="Find"/>
    public static TrialOffer[] Read(string path, string waveId)
    {
        var bytes = File.ReadAllBytes(path);
        var size = Unsafe.SizeOf<Header>();
        if (bytes.Length < size) throw Damaged(path);
        var header = MemoryMarshal.Read<Header>(bytes);
        if (header.Magic != Magic || header.Wave != Hash64.Of(waveId) || header.RowBytes != Unsafe.SizeOf<TrialOffer>() || bytes.Length != size + ((long)header.Rows * header.RowBytes) + sizeof(uint))
            throw Damaged(path);
        var rows = bytes.AsSpan(size, header.Rows * header.RowBytes);
        return Sum(header, rows) == BitConverter.ToUInt32(bytes, bytes.Length - sizeof(uint)) ? MemoryMarshal.Cast<byte, TrialOffer>(rows).ToArray() : throw Damaged(path);
    }

    static uint Sum(in Header header, ReadOnlySpan<byte> rows) =>
        Crc32C.Finish(Crc32C.Add(Crc32C.Add(Crc32C.Start, MemoryMarshal.AsBytes(new ReadOnlySpan<Header>(in header))), rows));

    static BadInputException Damaged(string path) => new("trial-damaged", new Text(
        $"{path}: the record of the wave's hold-out experiment is damaged, of another wave or of another version; restore the file, or delete it, and nothing is learnt from this wave.",
        $"{path}: запись опыта с контрольной группой повреждена, от другой волны или другой версии; восстановите файл или удалите его: тогда по этой волне ничему учиться не будем."));
}
