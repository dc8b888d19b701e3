using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>
/// The products with the largest dot products for each of many customers, exact. The products are packed by falling length of their factors in tiles of 32,
/// factor by factor, so that a row of a tile fills the widest vectors; six customers share each row that is fetched, and some hundreds of customers each tile. Since a dot
/// product is at most the product of both lengths (Cauchy and Schwarz), customers are done with as soon as the tiles to come can't reach what they have.
/// Scores of equal size go by the lower place, as in <see cref="TopK"/>. Sums are taken in single precision in the order of the factors, with fused
/// multiplication where the processor has it: scores may differ from a plain loop's in the last digits.
/// </summary>
public sealed class DenseTopK
{
    const int Tile = 32, Together = 6;

    /// <summary>Blocks of customers that a tile is fetched for.</summary>
    const int Blocks = 64;

    readonly float[] _tiles, _longest;

    /// <summary>The product at each place of the tiles.</summary>
    readonly int[] _products;

    /// <summary>Above 1 by more than what rounding can add to a sum.</summary>
    readonly double _slack;

    /// <param name="factors">Product by product.</param>
    /// <param name="width">Factors of a product.</param>
    public DenseTopK(ReadOnlySpan<float> factors, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (factors.Length % width != 0) throw new ArgumentException($"{factors.Length} numbers aren't products of {width} factors.");
        Width = width;
        Products = factors.Length / width;
        _slack = 1 + (1e-6 * (width + 1));
        var lengths = new float[Products];
        for (var product = 0; product < Products; product++) lengths[product] = Length(factors.Slice(product * width, width));
        _products = [.. Enumerable.Range(0, Products)];
        Array.Sort(_products, (a, b) => lengths[a] != lengths[b] ? lengths[b].CompareTo(lengths[a]) : a.CompareTo(b));
        var tiles = (Products + Tile - 1) / Tile;
        _longest = new float[tiles];
        _tiles = new float[tiles * Tile * width];
        for (var place = 0; place < Products; place++)
        {
            if (place % Tile == 0) _longest[place / Tile] = lengths[_products[place]];
            for (var factor = 0; factor < width; factor++)
                _tiles[(((place / Tile * width) + factor) * Tile) + (place % Tile)] = factors[(_products[place] * width) + factor];
        }
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
        for (var first = 0; first < count; first += Blocks * Together)
        {
            var own = Math.Min(Blocks * Together, count - first);
            FindChunk(customers.Slice(first * Width, own * Width), top, places.Slice(first * top, own * top), values.Slice(first * top, own * top));
        }
    }

    void FindChunk(ReadOnlySpan<float> customers, int top, Span<int> places, Span<float> values)
    {
        // The last block is filled up with nobody, who is content at once.
        var count = customers.Length / Width;
        var blocks = (count + Together - 1) / Together;
        Span<float> block = new float[blocks * Together * Width];
        customers.CopyTo(block);
        double[] lengths = new double[blocks * Together];
        float[] least = new float[blocks * Together];
        least.AsSpan().Fill(float.PositiveInfinity);
        for (var customer = 0; customer < count; customer++)
        {
            lengths[customer] = Length(customers.Slice(customer * Width, Width)) * _slack;
            least[customer] = float.NegativeInfinity;
        }

        Span<float> scores = new float[Together * Tile];
        int[] open = [.. Enumerable.Range(0, blocks)];
        for (int tile = 0, left = blocks; tile < _longest.Length && left > 0; tile++)
        {
            var rows = _tiles.AsSpan(tile * Tile * Width, Tile * Width);
            var inTile = Math.Min(Tile, Products - (tile * Tile));
            for (var i = left - 1; i >= 0; i--)
            {
                var first = open[i] * Together;
                if (IsDone(lengths.AsSpan(first, Together), least.AsSpan(first, Together), _longest[tile]))
                {
                    open[i] = open[--left];
                    continue;
                }

                var own = block.Slice(first * Width, Together * Width);
                var reached = (1 << Together) - 1;
                if (IsWide && Avx512F.IsSupported) reached = Score512(rows, own, least.AsSpan(first, Together), scores);
                else Score256(rows, own, scores);
                for (; reached != 0; reached &= reached - 1)
                {
                    var one = BitOperations.TrailingZeroCount(reached);
                    var customer = first + one;
                    if (customer < count)
                        least[customer] = Keep(scores.Slice(one * Tile, inTile), _products.AsSpan(tile * Tile, inTile), places.Slice(customer * top, top), values.Slice(customer * top, top));
                }
            }
        }
    }

    static bool IsDone(ReadOnlySpan<double> lengths, ReadOnlySpan<float> least, float longest)
    {
        for (var i = 0; i < least.Length; i++)
            if (!(lengths[i] * longest < least[i])) return false;
        return true;
    }

    static float Length(ReadOnlySpan<float> factors)
    {
        double squares = 0;
        foreach (var factor in factors) squares += (double)factor * factor;
        return MathF.BitIncrement((float)Math.Sqrt(squares));
    }

    static float Keep(ReadOnlySpan<float> scores, ReadOnlySpan<int> products, Span<int> places, Span<float> values)
    {
        ref var score = ref MemoryMarshal.GetReference(scores);
        var least = values[^1];
        var i = 0;
        for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
        {
            var above = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref score, (nuint)i), Vector256.Create(least)).ExtractMostSignificantBits();
            for (; above != 0; above &= above - 1)
            {
                var at = i + BitOperations.TrailingZeroCount(above);
                if (scores[at] >= least) least = Insert(scores[at], products[at], places, values);
            }
        }

        for (; i < scores.Length; i++)
            if (scores[i] >= least) least = Insert(scores[i], products[i], places, values);
        return least;
    }

    static float Insert(float score, int place, Span<int> places, Span<float> values)
    {
        var at = values.Length;
        while (at > 0 && (values[at - 1] < score || (values[at - 1] == score && places[at - 1] > place))) at--;
        if (at == values.Length) return values[^1];
        for (var i = values.Length - 1; i > at; i--) (values[i], places[i]) = (values[i - 1], places[i - 1]);
        (values[at], places[at]) = (score, place);
        return values[^1];
    }

    /// <returns>A bit for each customer with a score that reaches her least.</returns>
    unsafe int Score512(ReadOnlySpan<float> rows, ReadOnlySpan<float> block, ReadOnlySpan<float> least, Span<float> scores)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        fixed (float* row = rows, first = block, score = scores)
        {
            float* second = first + Width, third = second + Width, fourth = third + Width, fifth = fourth + Width, sixth = fifth + Width;
            for (nint factor = 0; factor < Width; factor++)
            {
                var a = Vector512.Load(row + (factor * Tile));
                var b = Vector512.Load(row + (factor * Tile) + 16);
                var x = Vector512.Create(first[factor]);
                (a0, b0) = (Avx512F.FusedMultiplyAdd(a, x, a0), Avx512F.FusedMultiplyAdd(b, x, b0));
                x = Vector512.Create(second[factor]);
                (a1, b1) = (Avx512F.FusedMultiplyAdd(a, x, a1), Avx512F.FusedMultiplyAdd(b, x, b1));
                x = Vector512.Create(third[factor]);
                (a2, b2) = (Avx512F.FusedMultiplyAdd(a, x, a2), Avx512F.FusedMultiplyAdd(b, x, b2));
                x = Vector512.Create(fourth[factor]);
                (a3, b3) = (Avx512F.FusedMultiplyAdd(a, x, a3), Avx512F.FusedMultiplyAdd(b, x, b3));
                x = Vector512.Create(fifth[factor]);
                (a4, b4) = (Avx512F.FusedMultiplyAdd(a, x, a4), Avx512F.FusedMultiplyAdd(b, x, b4));
                x = Vector512.Create(sixth[factor]);
                (a5, b5) = (Avx512F.FusedMultiplyAdd(a, x, a5), Avx512F.FusedMultiplyAdd(b, x, b5));
            }

            return Reached(a0, b0, least[0], score) | (Reached(a1, b1, least[1], score + Tile) << 1) | (Reached(a2, b2, least[2], score + (2 * Tile)) << 2)
                | (Reached(a3, b3, least[3], score + (3 * Tile)) << 3) | (Reached(a4, b4, least[4], score + (4 * Tile)) << 4) | (Reached(a5, b5, least[5], score + (5 * Tile)) << 5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe int Reached(Vector512<float> a, Vector512<float> b, float least, float* score)
    {
        a.Store(score);
        b.Store(score + 16);
        var floor = Vector512.Create(least);
        return (Vector512.GreaterThanOrEqual(a, floor).ExtractMostSignificantBits() | Vector512.GreaterThanOrEqual(b, floor).ExtractMostSignificantBits()) == 0 ? 0 : 1;
    }

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
