using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Volna.Kernels;

/// <summary>
/// Adding up sparse rows in a dense array: what neighbour models and item-to-item do all day. The places of a row differ from each other, so four
/// of them may be read before the first is written.
/// </summary>
public static class SparseSums
{
    /// <summary>Adds <paramref name="factor"/> times the weight at each place; the definition.</summary>
    public static void AddPlain(ReadOnlySpan<int> places, ReadOnlySpan<float> weights, float factor, Span<float> sums)
    {
        Check(places, weights);
        for (var i = 0; i < places.Length; i++) sums[places[i]] += factor * weights[i];
    }

    /// <summary>The same, four at a time and without looking at bounds again.</summary>
    /// <param name="places">Different from each other, and each below the length of the sums.</param>
    public static void Add(ReadOnlySpan<int> places, ReadOnlySpan<float> weights, float factor, Span<float> sums)
    {
        Check(places, weights);
        ref var place = ref MemoryMarshal.GetReference(places);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var i = 0;
        for (; i + 4 <= places.Length; i += 4)
        {
            int a = Unsafe.Add(ref place, i), b = Unsafe.Add(ref place, i + 1), c = Unsafe.Add(ref place, i + 2), d = Unsafe.Add(ref place, i + 3);
            if ((uint)a >= (uint)sums.Length || (uint)b >= (uint)sums.Length || (uint)c >= (uint)sums.Length || (uint)d >= (uint)sums.Length)
                throw new ArgumentOutOfRangeException(nameof(places), $"A place of {a}, {b}, {c}, {d} is outside of {sums.Length} sums.");
            float x = Unsafe.Add(ref sum, a), y = Unsafe.Add(ref sum, b), z = Unsafe.Add(ref sum, c), w = Unsafe.Add(ref sum, d);
            Unsafe.Add(ref sum, a) = x + (factor * Unsafe.Add(ref weight, i));
            Unsafe.Add(ref sum, b) = y + (factor * Unsafe.Add(ref weight, i + 1));
            Unsafe.Add(ref sum, c) = z + (factor * Unsafe.Add(ref weight, i + 2));
            Unsafe.Add(ref sum, d) = w + (factor * Unsafe.Add(ref weight, i + 3));
        }

        for (; i < places.Length; i++) sums[places[i]] += factor * weights[i];
    }

    /// <summary>Sets each target to <paramref name="factor"/> times its value.</summary>
    public static void Scale(ReadOnlySpan<float> values, float factor, Span<float> targets)
    {
        if (values.Length != targets.Length) throw new ArgumentException($"{values.Length} values have {targets.Length} targets.");
        var from = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(targets);
        for (var block = 0; block < from.Length; block++) to[block] = from[block] * factor;
        for (var i = from.Length * Vector256<float>.Count; i < values.Length; i++) targets[i] = values[i] * factor;
    }

    static void Check(ReadOnlySpan<int> places, ReadOnlySpan<float> weights)
    {
        if (places.Length != weights.Length) throw new ArgumentException($"{places.Length} places have {weights.Length} weights.");
    }
}
