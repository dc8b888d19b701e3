using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>
/// The products with the largest dot products for each of many customers, exact. The products are packed in tiles of 32, factor by factor, so that a row of a
/// tile fills the widest vectors; six customers share each row that is fetched, and a tile stays in the cache until all six are done with it.
/// Scores of equal size go by the lower place, as in <see cref="TopK"/>. Sums are taken in single precision in the order of the factors, with fused
/// multiplication where the processor has it: scores may differ from a plain loop's in the last digits.
/// </summary>
public sealed class DenseTopK
{
    const int Tile = 32, Together = 6;

    readonly float[] _tiles;

    /// <param name="factors">Product by product.</param>
    /// <param name="width">Factors of a product.</param>
    public DenseTopK(ReadOnlySpan<float> factors, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (factors.Length % width != 0) throw new ArgumentException($"{factors.Length} numbers aren't products of {width} factors.");
        Width = width;
        Products = factors.Length / width;
        var tiles = (Products + Tile - 1) / Tile;
        _tiles = new float[tiles * Tile * width];
        for (var product = 0; product < Products; product++)
            for (var factor = 0; factor < width; factor++)
                _tiles[(((product / Tile * width) + factor) * Tile) + (product % Tile)] = factors[(product * width) + factor];
    }

    public int Width { get; }

    public int Products { get; }

    /// <summary>False to do without the widest vectors where the processor has them, to compare.</summary>
    public bool IsWide { get; init; } = true;

    /// <summary>One customer after the other, one product after the other: the definition.</summary>
    public static void FindPlain(ReadOnlySpan<float> factors, int width, ReadOnlySpan<float> customers, int top, Span<int> places, Span<float> values)
    {
        var scores = new float[factors.Length / width];
        for (var customer = 0; customer < customers.Length / width; customer++)
        {
            for (var product = 0; product < scores.Length; product++)
            {
                float sum = 0;
                for (var factor = 0; factor < width; factor++) sum += customers[(customer * width) + factor] * factors[(product * width) + factor];
                scores[product] = sum;
            }

            TopK.OrderedPlain(scores, float.NegativeInfinity, places.Slice(customer * top, top), values.Slice(customer * top, top));
        }
    }

    /// <summary>For each customer the places of her best products, best first, and their scores; where there are fewer products than asked for, the rest is -1.</summary>
    /// <param name="customers">Factors, customer by customer.</param>
    /// <param name="places">As many as <paramref name="top"/> for each customer.</param>
    public void Find(ReadOnlySpan<float> customers, int top, Span<int> places, Span<float> values)
    {
        var count = customers.Length / Width;
        if (count * Width != customers.Length || places.Length != count * top || values.Length != count * top)
            throw new ArgumentException($"{customers.Length} numbers of customers with {Width} factors and {places.Length} places of {top} don't fit.");
        if (top == 0) return;
        places.Fill(-1);
        values.Fill(float.NegativeInfinity);

        // The last block repeats customers, so that it is full; their results are thrown away.
        Span<float> block = new float[Together * Width];
        Span<float> scores = new float[Together * Tile];
        for (var first = 0; first < count; first += Together)
        {
            for (var i = 0; i < Together; i++) customers.Slice(Math.Min(first + i, count - 1) * Width, Width).CopyTo(block[(i * Width)..]);
            var own = Math.Min(Together, count - first);
            for (var tile = 0; tile * Tile < Products; tile++)
            {
                var rows = _tiles.AsSpan(tile * Tile * Width, Tile * Width);
                if (IsWide && Avx512F.IsSupported) Score512(rows, block, scores);
                else Score256(rows, block, scores);
                var inTile = Math.Min(Tile, Products - (tile * Tile));
                for (var i = 0; i < own; i++)
                    Keep(scores.Slice(i * Tile, inTile), tile * Tile, places.Slice((first + i) * top, top), values.Slice((first + i) * top, top));
            }
        }
    }

    static void Keep(ReadOnlySpan<float> scores, int firstPlace, Span<int> places, Span<float> values)
    {
        ref var score = ref MemoryMarshal.GetReference(scores);
        var least = values[^1];
        var i = 0;
        for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
        {
            if (!Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref score, (nuint)i), Vector256.Create(least))) continue;
            for (var j = i; j < i + Vector256<float>.Count; j++)
                if (scores[j] > least) least = Insert(scores[j], firstPlace + j, places, values);
        }

        for (; i < scores.Length; i++)
            if (scores[i] > least) least = Insert(scores[i], firstPlace + i, places, values);
    }

    static float Insert(float score, int place, Span<int> places, Span<float> values)
    {
        var at = values.Length - 1;
        for (; at > 0 && values[at - 1] < score; at--) (values[at], places[at]) = (values[at - 1], places[at - 1]);
        (values[at], places[at]) = (score, place);
        return values[^1];
    }

    void Score512(ReadOnlySpan<float> rows, ReadOnlySpan<float> block, Span<float> scores)
    {
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var customer = ref MemoryMarshal.GetReference(block);
        ref var score = ref MemoryMarshal.GetReference(scores);
        nuint width = (nuint)Width;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        for (nuint factor = 0; factor < width; factor++)
        {
            var a = Vector512.LoadUnsafe(ref row, factor * Tile);
            var b = Vector512.LoadUnsafe(ref row, (factor * Tile) + 16);
            var x = Broadcast(ref customer, factor);
            (a0, b0) = (Avx512F.FusedMultiplyAdd(a, x, a0), Avx512F.FusedMultiplyAdd(b, x, b0));
            x = Broadcast(ref customer, factor + width);
            (a1, b1) = (Avx512F.FusedMultiplyAdd(a, x, a1), Avx512F.FusedMultiplyAdd(b, x, b1));
            x = Broadcast(ref customer, factor + (2 * width));
            (a2, b2) = (Avx512F.FusedMultiplyAdd(a, x, a2), Avx512F.FusedMultiplyAdd(b, x, b2));
            x = Broadcast(ref customer, factor + (3 * width));
            (a3, b3) = (Avx512F.FusedMultiplyAdd(a, x, a3), Avx512F.FusedMultiplyAdd(b, x, b3));
            x = Broadcast(ref customer, factor + (4 * width));
            (a4, b4) = (Avx512F.FusedMultiplyAdd(a, x, a4), Avx512F.FusedMultiplyAdd(b, x, b4));
            x = Broadcast(ref customer, factor + (5 * width));
            (a5, b5) = (Avx512F.FusedMultiplyAdd(a, x, a5), Avx512F.FusedMultiplyAdd(b, x, b5));
        }

        a0.StoreUnsafe(ref score, 0);
        b0.StoreUnsafe(ref score, 16);
        a1.StoreUnsafe(ref score, 32);
        b1.StoreUnsafe(ref score, 48);
        a2.StoreUnsafe(ref score, 64);
        b2.StoreUnsafe(ref score, 80);
        a3.StoreUnsafe(ref score, 96);
        b3.StoreUnsafe(ref score, 112);
        a4.StoreUnsafe(ref score, 128);
        b4.StoreUnsafe(ref score, 144);
        a5.StoreUnsafe(ref score, 160);
        b5.StoreUnsafe(ref score, 176);
    }

    static Vector512<float> Broadcast(ref float first, nuint at) => Vector512.Create(System.Runtime.CompilerServices.Unsafe.Add(ref first, at));

    /// <summary>Eight products at a time, two rows of a tile for each of the six customers; without AVX2 the vectors are emulated.</summary>
    void Score256(ReadOnlySpan<float> rows, ReadOnlySpan<float> block, Span<float> scores)
    {
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (nuint half = 0; half < Tile; half += 16)
        {
            for (var customer = 0; customer < Together; customer += 3)
            {
                var x = block.Slice(customer * Width, Width);
                var y = block.Slice((customer + 1) * Width, Width);
                var z = block.Slice((customer + 2) * Width, Width);
                Vector256<float> x0 = default, x1 = default, y0 = default, y1 = default, z0 = default, z1 = default;
                for (var factor = 0; factor < x.Length; factor++)
                {
                    var a = Vector256.LoadUnsafe(ref row, ((nuint)factor * Tile) + half);
                    var b = Vector256.LoadUnsafe(ref row, ((nuint)factor * Tile) + half + 8);
                    var own = Vector256.Create(x[factor]);
                    (x0, x1) = (Vector256.MultiplyAddEstimate(a, own, x0), Vector256.MultiplyAddEstimate(b, own, x1));
                    own = Vector256.Create(y[factor]);
                    (y0, y1) = (Vector256.MultiplyAddEstimate(a, own, y0), Vector256.MultiplyAddEstimate(b, own, y1));
                    own = Vector256.Create(z[factor]);
                    (z0, z1) = (Vector256.MultiplyAddEstimate(a, own, z0), Vector256.MultiplyAddEstimate(b, own, z1));
                }

                var to = ((nuint)customer * Tile) + half;
                x0.StoreUnsafe(ref score, to);
                x1.StoreUnsafe(ref score, to + 8);
                y0.StoreUnsafe(ref score, to + Tile);
                y1.StoreUnsafe(ref score, to + Tile + 8);
                z0.StoreUnsafe(ref score, to + (2 * Tile));
                z1.StoreUnsafe(ref score, to + (2 * Tile) + 8);
            }
        }
    }
}
