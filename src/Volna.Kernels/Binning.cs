using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>Numbers to bins: 0 for what is no number, else 1 and one more for each end below it.</summary>
public static class Binning
{
    /// <summary>Ends a column may have; the table of them is always this long, ascending, and filled up with infinity.</summary>
    public const int MostEnds = 254, TableLength = 256;

    const int Sixteenth = TableLength / 16;

    /// <summary>The definition.</summary>
    /// <param name="values">Row after row.</param>
    /// <param name="first">Place of the first row's number.</param>
    /// <param name="step">Places from a row's number to the next one's.</param>
    /// <param name="ends">Of <see cref="TableLength"/>.</param>
    /// <param name="bins">One for each row.</param>
    public static void FindPlain(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins)
    {
        Check(values, first, step, ends, bins);
        for (var row = 0; row < bins.Length; row++)
        {
            var value = values[first + (row * step)];
            var below = 0;
            foreach (var end in ends)
                if (end < value) below++;
            bins[row] = float.IsNaN(value) ? (byte)0 : (byte)(below + 1);
        }
    }

    /// <summary>
    /// One row after the other without a branch: how many of each sixteenth end are below tells which sixteen to look at. Faster than halving for many
    /// rows at once, which would have to gather its ends from all over the table.
    /// </summary>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    /// <inheritdoc cref="FindPlain"/>
    public static unsafe void Find(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins, bool isWide = true)
    {
        Check(values, first, step, ends, bins);
        if (bins.IsEmpty) return;
        Span<float> each = stackalloc float[Sixteenth];
        for (var i = 0; i < Sixteenth; i++) each[i] = ends[(i * Sixteenth) + Sixteenth - 1];
        fixed (float* value = &values[first], end = ends)
        fixed (byte* bin = bins)
        {
            if (isWide && Avx512F.IsSupported) Find512(value, step, end, Vector512.Create<float>(each), bin, bins.Length);
            else Find256(value, step, end, Vector256.Create<float>(each), Vector256.Create<float>(each[Vector256<float>.Count..]), bin, bins.Length);
        }
    }

    static unsafe void Find512(float* value, nint step, float* end, Vector512<float> sixteenths, byte* bin, int rows)
    {
        for (nint row = 0; row < rows; row++, value += step)
        {
            var all = Vector512.Create(*value);
            var place = Sixteenth * Count(sixteenths, all);
            bin[row] = (byte)(place + Count(Vector512.Load(end + place), all) + OneForNumber(all.GetLower().GetLower()));
        }
    }

    static unsafe void Find256(float* value, nint step, float* end, Vector256<float> low, Vector256<float> high, byte* bin, int rows)
    {
        for (nint row = 0; row < rows; row++, value += step)
        {
            var all = Vector256.Create(*value);
            var place = Sixteenth * (Count(low, all) + Count(high, all));
            bin[row] = (byte)(place + Count(Vector256.Load(end + place), all) + Count(Vector256.Load(end + place + 8), all) + OneForNumber(all.GetLower()));
        }
    }

    /// <summary>A number equals itself: all bits are set, which is -1.</summary>
    static int OneForNumber(Vector128<float> value) => -Vector128.Equals(value, value).AsInt32().ToScalar();

    static int Count(Vector512<float> ends, Vector512<float> value) => BitOperations.PopCount(Vector512.LessThan(ends, value).ExtractMostSignificantBits());

    static int Count(Vector256<float> ends, Vector256<float> value) => BitOperations.PopCount(Vector256.LessThan(ends, value).ExtractMostSignificantBits());

    static void Check(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins)
    {
        if (ends.Length != TableLength || !float.IsPositiveInfinity(ends[^1])) throw new ArgumentException($"{ends.Length} ends; {TableLength} are expected, the last one infinite.");
        if (first < 0 || step < 1 || (bins.Length > 0 && first + ((long)(bins.Length - 1) * step) >= values.Length))
            throw new ArgumentException($"{bins.Length} rows from {first} in steps of {step} aren't in {values.Length} numbers.");
    }
}
