using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Volna.Kernels;

/// <summary>
/// The places of the largest of many scores. Equal scores go by the lower place, so the answer depends on nothing but the scores. Scores that aren't
/// above the floor (and no numbers) are never taken.
/// </summary>
public static class TopK
{
    /// <summary>The largest first: the definition, sorting everything.</summary>
    /// <returns>How many there are, at most as many as <paramref name="places"/> holds.</returns>
    public static int OrderedPlain(ReadOnlySpan<float> scores, float floor, Span<int> places, Span<float> values)
    {
        var above = new List<int>();
        for (var i = 0; i < scores.Length; i++)
            if (scores[i] > floor) above.Add(i);
        var all = scores.ToArray();
        above.Sort((a, b) => all[a] != all[b] ? all[b].CompareTo(all[a]) : a.CompareTo(b));
        var count = Math.Min(above.Count, places.Length);
        for (var i = 0; i < count; i++) (places[i], values[i]) = (above[i], all[above[i]]);
        return count;
    }

    /// <summary>The largest first; made for a few dozen of them: eight scores at a time are held against the least that is still in.</summary>
    /// <inheritdoc cref="OrderedPlain"/>
    public static int Ordered(ReadOnlySpan<float> scores, float floor, Span<int> places, Span<float> values)
    {
        if (values.Length < places.Length) throw new ArgumentException($"{places.Length} places have room for {values.Length} values.");
        if (places.IsEmpty) return 0;
        var count = 0;
        ref var first = ref MemoryMarshal.GetReference(scores);
        var i = 0;
        for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
        {
            var above = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), Vector256.Create(floor)).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1)
            {
                var place = i + BitOperations.TrailingZeroCount(above);
                if (scores[place] > floor) floor = Insert(scores[place], place, floor, ref count, places, values);
            }
        }

        for (; i < scores.Length; i++)
            if (scores[i] > floor) floor = Insert(scores[i], i, floor, ref count, places, values);
        return count;
    }

    /// <summary>
    /// The same set by ascending place, made for hundreds. The bits of a positive number are ordered as it is, so the least that is still in is found by
    /// halving the range of bits some thirty times, counting each time how many scores are in: no branch, eight scores an instruction.
    /// </summary>
    /// <param name="scores">None below 0, and numbers all.</param>
    /// <returns>How many there are: those above 0, at most as many as <paramref name="places"/> holds.</returns>
    public static int Unordered(ReadOnlySpan<float> scores, Span<int> places)
    {
        if (places.IsEmpty) return 0;
        var bits = MemoryMarshal.Cast<float, int>(scores);
        int least = 1, tooMany = int.MaxValue, above = CountFrom(bits, least);
        if (above > places.Length)
        {
            // At least so many are from `least` on, but fewer from `tooMany` on.
            tooMany = Max(bits) + 1;
            while (tooMany - least > 1 && above != places.Length)
            {
                var middle = least + ((tooMany - least) / 2);
                var count = CountFrom(bits, middle);
                if (count >= places.Length) (least, above) = (middle, count);
                else tooMany = middle;
            }
        }

        // Of those that equal the least, the first are taken.
        var equal = above <= places.Length ? int.MaxValue : places.Length - CountFrom(bits, least + 1);
        return Collect(bits, least, equal, places);
    }

    static int Collect(ReadOnlySpan<int> bits, int least, int equal, Span<int> places)
    {
        ref var first = ref MemoryMarshal.GetReference(bits);
        var below = Vector256.Create(least - 1);
        var found = 0;
        var i = 0;
        for (; i + Vector256<int>.Count <= bits.Length; i += Vector256<int>.Count)
        {
            var inside = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), below).ExtractMostSignificantBits();
            for (; inside != 0; inside &= inside - 1)
            {
                var place = i + BitOperations.TrailingZeroCount(inside);
                if (bits[place] > least || equal-- > 0) places[found++] = place;
            }
        }

        for (; i < bits.Length; i++)
            if (bits[i] > least || (bits[i] == least && equal-- > 0)) places[found++] = i;
        return found;
    }

    static int CountFrom(ReadOnlySpan<int> bits, int least)
    {
        ref var first = ref MemoryMarshal.GetReference(bits);
        var below = Vector256.Create(least - 1);
        var even = Vector256<int>.Zero;
        var odd = Vector256<int>.Zero;
        var i = 0;
        for (; i + (2 * Vector256<int>.Count) <= bits.Length; i += 2 * Vector256<int>.Count)
        {
            even -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), below);
            odd -= Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)(i + Vector256<int>.Count)), below);
        }

        var count = Vector256.Sum(even + odd);
        for (; i < bits.Length; i++)
            if (bits[i] >= least) count++;
        return count;
    }

    static int Max(ReadOnlySpan<int> bits)
    {
        var max = 0;
        foreach (var number in bits) max = Math.Max(max, number);
        return max;
    }

    static float Insert(float score, int place, float floor, ref int count, Span<int> places, Span<float> values)
    {
        var at = count < places.Length ? count++ : count - 1;
        for (; at > 0 && values[at - 1] < score; at--) (values[at], places[at]) = (values[at - 1], places[at - 1]);
        (values[at], places[at]) = (score, place);
        return count == places.Length ? values[count - 1] : floor;
    }
}
