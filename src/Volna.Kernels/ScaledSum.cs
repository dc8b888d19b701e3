using System.Numerics;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>Sums of scaled vectors: the inner loop of a linear score over many goods at once.</summary>
public static class ScaledSum
{
    /// <summary><c>sums[i] += factor * values[i]</c>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> sums, float factor, ReadOnlySpan<float> values)
    {
        if (sums.Length != values.Length) throw new ArgumentException($"{values.Length} values for {sums.Length} sums.");
        var wide = sums.Length - (sums.Length % Vector<float>.Count);
        var scale = new Vector<float>(factor);
        var from = MemoryMarshal.Cast<float, Vector<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (var i = 0; i < to.Length; i++) to[i] += scale * from[i];
        for (var i = wide; i < sums.Length; i++) sums[i] += factor * values[i];
    }
}
