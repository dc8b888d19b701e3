using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>Where a product stands in one of many sequences.</summary>
/// <param name="At">Among the products of all sequences.</param>
public readonly record struct Occurrence(int Sequence, int At);

/// <summary>What stands near one product in many sequences, added up by distance: the loop in which item-to-item models are learnt.</summary>
public static class FollowerSums
{
    /// <summary>Occurrences before one is needed, that its sequence is fetched.</summary>
    const int Ahead = 8;

    /// <summary>Adds, for each product near an occurrence, the sequence's weight times that of the distance; the definition.</summary>
    /// <param name="start">By sequence, where its products start; one more at the end.</param>
    /// <param name="all">Products of all sequences, one after the other.</param>
    /// <param name="weights">Of each sequence.</param>
    /// <param name="forward">By distance, of what comes after; what is further away doesn't count.</param>
    /// <param name="backward">The same of what came before.</param>
    /// <param name="sums">Of each product.</param>
    public static void AddPlain(
        ReadOnlySpan<int> start, ReadOnlySpan<int> all, ReadOnlySpan<float> weights, ReadOnlySpan<Occurrence> occurrences, ReadOnlySpan<float> forward, ReadOnlySpan<float> backward, Span<float> sums)
    {
        foreach (var (sequence, at) in occurrences)
        {
            for (var i = start[sequence]; i < start[sequence + 1]; i++)
            {
                if (i < at && at - i < backward.Length) sums[all[i]] += weights[sequence] * backward[at - i];
                if (i > at && i - at < forward.Length) sums[all[i]] += weights[sequence] * forward[i - at];
            }
        }
    }

    /// <summary>The same, the sequences to come being fetched meanwhile.</summary>
    /// <inheritdoc cref="AddPlain"/>
    public static unsafe void Add(
        ReadOnlySpan<int> start, ReadOnlySpan<int> all, ReadOnlySpan<float> weights, ReadOnlySpan<Occurrence> occurrences, ReadOnlySpan<float> forward, ReadOnlySpan<float> backward, Span<float> sums)
    {
        ref readonly var first = ref MemoryMarshal.GetReference(all);
        for (var next = 0; next < occurrences.Length; next++)
        {
            if (Sse.IsSupported && next + Ahead < occurrences.Length)
            {
                var near = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref Unsafe.AsRef(in first), occurrences[next + Ahead].At));
                Sse.Prefetch0(near - 64);
                Sse.Prefetch0(near);
                Sse.Prefetch0(near + 64);
            }

            var (sequence, at) = occurrences[next];
            var weight = weights[sequence];
            var from = Math.Max(start[sequence], at + 1 - backward.Length);
            var to = Math.Min(start[sequence + 1], at + forward.Length);
            var before = all[from..at];
            for (var i = 0; i < before.Length; i++) sums[before[i]] += weight * backward[before.Length - i];
            var after = all[(at + 1)..to];
            for (var i = 0; i < after.Length; i++) sums[after[i]] += weight * forward[i + 1];
        }
    }

    /// <summary>Takes out all sums that aren't 0, each times the factor and its place's own, and leaves zeros.</summary>
    /// <param name="places">Their places, ascending; room for all.</param>
    /// <param name="values">Room for all.</param>
    /// <returns>How many there were.</returns>
    public static int TakeOut(Span<float> sums, float factor, ReadOnlySpan<float> factors, Span<int> places, Span<float> values)
    {
        if (factors.Length != sums.Length || places.Length < sums.Length || values.Length < sums.Length)
            throw new ArgumentException($"{sums.Length} sums, {factors.Length} factors and room for {places.Length} places and {values.Length} values don't fit.");
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var place = ref MemoryMarshal.GetReference(places);
        ref var value = ref MemoryMarshal.GetReference(values);
        var found = 0;
        var at = 0;
        for (; at + Vector256<float>.Count <= sums.Length; at += Vector256<float>.Count)
        {
            var some = ~Vector256.Equals(Vector256.LoadUnsafe(ref sum, (nuint)at), Vector256<float>.Zero).ExtractMostSignificantBits() & 255;
            if (some == 0) continue;
            for (; some != 0; some &= some - 1)
            {
                var i = at + BitOperations.TrailingZeroCount(some);
                Unsafe.Add(ref place, found) = i;
                Unsafe.Add(ref value, found++) = Unsafe.Add(ref sum, i) * factor * factors[i];
            }

            Vector256<float>.Zero.StoreUnsafe(ref sum, (nuint)at);
        }

        for (; at < sums.Length; at++)
        {
            if (sums[at] == 0) continue;
            (places[found], values[found++]) = (at, sums[at] * factor * factors[at]);
            sums[at] = 0;
        }

        return found;
    }
}
