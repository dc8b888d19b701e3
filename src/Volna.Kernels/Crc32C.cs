using System.Numerics;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>CRC-32C (Castagnoli), the polynomial of RFC 3720, by the processor's own instruction: at once, or in pieces of any length.</summary>
public static class Crc32C
{
    public const uint Start = 0xFFFF_FFFF;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Add(Start, bytes));

    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes)) crc = BitOperations.Crc32C(crc, eight);
        foreach (var single in bytes[(bytes.Length & ~7)..]) crc = BitOperations.Crc32C(crc, single);
        return crc;
    }

    public static uint Finish(uint crc) => ~crc;
}
