using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>
/// Histograms of gradients: the loop in which boosted trees spend their time. A row's first and second derivative are whole numbers in one word, the first in its
/// upper half, so that one addition counts both, and sums don't depend on the order of adding; of eight columns the bins are one word too, and the histograms of
/// these eight (16 KiB) stay in the nearest cache.
/// </summary>
public static class GradientSums
{
    /// <summary>Columns whose bins share a word, and bins of a column.</summary>
    public const int Columns = 8, Bins = 256;

    /// <summary>Rows before a row is needed, that it is fetched.</summary>
    const int Ahead = 24;

    /// <summary>A row's two derivatives as one number.</summary>
    /// <param name="second">Not below 0; all of them together stay below 2^32, and the first ones between -2^31 and 2^31.</param>
    public static long Pack(int first, uint second) => ((long)first << 32) + second;

    public static (int First, uint Second) Unpack(long sum)
    {
        var second = (uint)sum;
        return ((int)((sum - second) >> 32), second);
    }

    /// <summary>Adds rows to the histograms of eight columns, one bin after the other; the definition.</summary>
    /// <param name="bins">By row, a byte for each column, the first the lowest.</param>
    /// <param name="rows">Which to add.</param>
    /// <param name="gradients">Of each of these.</param>
    /// <param name="sums">A number for each bin of the first column, then of the second, and so on.</param>
    public static void AddPlain(ReadOnlySpan<ulong> bins, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> sums)
    {
        Check(rows, gradients, sums);
        for (var i = 0; i < rows.Length; i++)
            for (var column = 0; column < Columns; column++)
                sums[(column * Bins) + (byte)(bins[rows[i]] >> (8 * column))] += gradients[i];
    }

    /// <summary>The same without looking at bounds again: a byte is always a bin.</summary>
    /// <inheritdoc cref="AddPlain"/>
    public static unsafe void Add(ReadOnlySpan<ulong> bins, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> sums)
    {
        Check(rows, gradients, sums);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref readonly var first = ref MemoryMarshal.GetReference(bins);
        for (var i = 0; i < rows.Length; i++)
        {
            // A small leaf's rows are far apart: the processor doesn't guess the next one, but can be told of it.
            if (Sse.IsSupported && i + Ahead < rows.Length) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in first), rows[i + Ahead])));
            var bin = bins[rows[i]];
            var gradient = gradients[i];
            Unsafe.Add(ref sum, (nint)(bin & 255)) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 8) & 255) + Bins) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 16) & 255) + (2 * Bins)) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 24) & 255) + (3 * Bins)) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 32) & 255) + (4 * Bins)) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 40) & 255) + (5 * Bins)) += gradient;
            Unsafe.Add(ref sum, (nint)((bin >> 48) & 255) + (6 * Bins)) += gradient;
            Unsafe.Add(ref sum, (nint)(bin >> 56) + (7 * Bins)) += gradient;
        }
    }

    /// <summary>Derivatives, multiplied and rounded, as whole numbers.</summary>
    public static void Pack(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float toFirst, float toSecond, Span<long> gradients)
    {
        if (first.Length != gradients.Length || second.Length != gradients.Length)
            throw new ArgumentException($"{first.Length} and {second.Length} derivatives don't make {gradients.Length} gradients.");
        ref var one = ref MemoryMarshal.GetReference(first);
        ref var two = ref MemoryMarshal.GetReference(second);
        ref var to = ref MemoryMarshal.GetReference(gradients);
        var row = 0;
        for (; row + Vector256<float>.Count <= gradients.Length; row += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.ConvertToInt32(Vector256.Round(Vector256.LoadUnsafe(ref one, (nuint)row) * toFirst)));
            var (lowSecond, highSecond) = Vector256.Widen(Vector256.ConvertToInt32(Vector256.Round(Vector256.LoadUnsafe(ref two, (nuint)row) * toSecond)));
            ((low << 32) + lowSecond).StoreUnsafe(ref to, (nuint)row);
            ((high << 32) + highSecond).StoreUnsafe(ref to, (nuint)row + 4);
        }

        for (; row < gradients.Length; row++) gradients[row] = Pack((int)MathF.Round(first[row] * toFirst), (uint)(int)MathF.Round(second[row] * toSecond));
    }

    public static void Gather(ReadOnlySpan<long> gradients, ReadOnlySpan<int> rows, Span<long> gathered)
    {
        if (gathered.Length != rows.Length) throw new ArgumentException($"{rows.Length} rows have room for {gathered.Length} gradients.");
        for (var i = 0; i < rows.Length; i++) gathered[i] = gradients[rows[i]];
    }

    /// <summary>What is left of a histogram without a part of its rows.</summary>
    public static void Subtract(Span<long> sums, ReadOnlySpan<long> part)
    {
        if (part.Length != sums.Length) throw new ArgumentException($"{part.Length} sums can't be taken from {sums.Length}.");
        for (var i = 0; i < sums.Length; i++) sums[i] -= part[i];
    }

    static void Check(ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> sums)
    {
        if (rows.Length != gradients.Length || sums.Length != Columns * Bins)
            throw new ArgumentException($"{rows.Length} rows, {gradients.Length} gradients and {sums.Length} sums don't fit; {Columns * Bins} sums are expected.");
    }
}
