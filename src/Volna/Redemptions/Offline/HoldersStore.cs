using System.IO;
using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Redemptions.Offline;

/// <summary>The holders of a wave's rights as a file beside its offer pack: copies, CRC-32C, then the stores. Written once, when the first store asks.</summary>
static class HoldersStore
{
    const int Head = 2 * sizeof(int);

    static string Path(DataFolder folder, string wave) => $"{folder.Wave(wave)}/holders";

    /// <returns>Null where no store has asked yet.</returns>
    /// <exception cref="BadInputException">The file is damaged.</exception>
    public static Holders? Find(DataFolder folder, string wave)
    {
        var path = Path(folder, wave);
        if (!File.Exists(path)) return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < Head || BitConverter.ToUInt32(bytes, sizeof(int)) != Crc32C.Of(bytes.AsSpan(Head)))
            throw new BadInputException("holders-damaged", new Text(
                $"{path}: is damaged, so which stores hold which offers isn't known; restore it from a backup.",
                $"{path}: файл повреждён, и неизвестно, у каких магазинов какие предложения; восстановите его из резервной копии."));
        return new Holders(BitConverter.ToInt32(bytes), MemoryMarshal.Cast<byte, int>(bytes.AsSpan(Head)).ToArray());
    }

    public static void Save(DataFolder folder, string wave, Holders holders)
    {
        var path = Path(folder, wave);
        var stores = MemoryMarshal.AsBytes(holders.Stores.AsSpan());
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(BitConverter.GetBytes(holders.Copies));
            file.Write(BitConverter.GetBytes(Crc32C.Of(stores)));
            file.Write(stores);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
