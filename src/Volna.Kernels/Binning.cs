using System.Runtime.InteropServices;
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

    /// <summary>Eight rows at a time, halving the table for all of them at once.</summary>
    /// <inheritdoc cref="FindPlain"/>
    public static void Find(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins)
    {
        Check(values, first, step, ends, bins);
        var widest = TableLength / 2;
        while (widest > 1 && float.IsPositiveInfinity(ends[widest - 1])) widest /= 2;
        var row = 0;
        if (Avx2.IsSupported && bins.Length >= Vector256<int>.Count) row = Find256(values, first, step, ends, bins, widest);
        for (; row < bins.Length; row++)
        {
            var value = values[first + (row * step)];
            var place = 0;
            for (var half = widest; half > 0; half /= 2)
                if (ends[place + half - 1] < value) place += half;
            bins[row] = float.IsNaN(value) ? (byte)0 : (byte)(place + 1);
        }
    }

    static unsafe int Find256(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins, int widest)
    {
        var steps = Vector256<int>.Indices * step;
        var row = 0;
        Span<float> each = stackalloc float[Sixteenth];
        for (var i = 0; i < Sixteenth; i++) each[i] = ends[(i * Sixteenth) + Sixteenth - 1];
        var (low, high) = (Vector256.Create<float>(each), Vector256.Create<float>(each[Vector256<float>.Count..]));
        fixed (float* from = values)
        fixed (float* table = ends)
        {
            for (; row + Vector256<int>.Count <= bins.Length; row += Vector256<int>.Count)
            {
                var value = Avx2.GatherVector256(from + first + (row * step), steps, sizeof(float));
                var place = Vector256<int>.Zero;
                var rest = widest;
                if (Avx512F.VL.IsSupported && widest == TableLength / 2)
                {
                    // The first four halvings look only at each sixteenth end, and these are in two registers: a shuffle instead of eight reads.
                    for (var half = Sixteenth / 2; half > 0; half /= 2)
                        place += Vector256.LessThan(Avx512F.VL.PermuteVar8x32x2(low, place + Vector256.Create(half - 1), high), value).AsInt32() & Vector256.Create(half);
                    place *= Sixteenth;
                    rest = Sixteenth / 2;
                }

                for (var half = rest; half > 0; half /= 2)
                {
                    var end = Avx2.GatherVector256(table + half - 1, place, sizeof(float));
                    place += Vector256.LessThan(end, value).AsInt32() & Vector256.Create(half);
                }

                place = Vector256.Equals(value, value).AsInt32() & (place + Vector256<int>.One);
                var narrow = Vector256.Narrow(place, place).AsByte();
                var bytes = Vector128.Narrow(narrow.AsUInt16().GetLower(), narrow.AsUInt16().GetLower());
                MemoryMarshal.Write(bins[row..], bytes.AsUInt64().ToScalar());
            }
        }

        return row;
    }

    static void Check(ReadOnlySpan<float> values, int first, int step, ReadOnlySpan<float> ends, Span<byte> bins)
    {
        if (ends.Length != TableLength) throw new ArgumentException($"{ends.Length} ends; {TableLength} are expected.");
        if (first < 0 || step < 1 || (bins.Length > 0 && first + ((long)(bins.Length - 1) * step) >= values.Length))
            throw new ArgumentException($"{bins.Length} rows from {first} in steps of {step} aren't in {values.Length} numbers.");
    }
}
