using System.Numerics;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>Sums of scaled vectors: the inner loop of a linear score over many goods at once, and of sums of products.</summary>
public static class ScaledSum
{
    /// <summary><c>sums[i] += factor * values[i]</c>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> sums, float factor, ReadOnlySpan<float> values) => Add<float>(sums, factor, values);

    /// <inheritdoc cref="Add(Span{float}, float, ReadOnlySpan{float})"/>
    public static void Add(Span<double> sums, double factor, ReadOnlySpan<double> values) => Add<double>(sums, factor, values);

    static void Add<T>(Span<T> sums, T factor, ReadOnlySpan<T> values)
        where T : struct, INumber<T>
    {
        if (sums.Length != values.Length) throw new ArgumentException($"{values.Length} values for {sums.Length} sums.");
        var wide = sums.Length - (sums.Length % Vector<T>.Count);
        var scale = new Vector<T>(factor);
        var from = MemoryMarshal.Cast<T, Vector<T>>(values);
        var to = MemoryMarshal.Cast<T, Vector<T>>(sums);
        for (var i = 0; i < to.Length; i++) to[i] += scale * from[i];
        for (var i = wide; i < sums.Length; i++) sums[i] += factor * values[i];
    }
}
