using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>
/// Adds the product of two small matrices to a third, all row by row: what networks are trained with. Four rows of two vectors each stay in registers while
/// the inner dimension runs.
/// </summary>
public static class MatrixProduct
{
    const int RowsTogether = 4;

    /// <summary>sums += left x right, the definition.</summary>
    /// <param name="left">The number of row i and column k is at i * <paramref name="rowStep"/> + k * <paramref name="columnStep"/>, so it may be read transposed.</param>
    /// <param name="right">As many rows as the left has columns.</param>
    /// <param name="columns">Of the right and the sums.</param>
    public static void AddPlain(ReadOnlySpan<float> left, int rowStep, int columnStep, ReadOnlySpan<float> right, Span<float> sums, int columns)
    {
        var (rows, inner) = Check(left, rowStep, columnStep, right, sums, columns);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                for (var k = 0; k < inner; k++) sums[(row * columns) + column] += left[(row * rowStep) + (k * columnStep)] * right[(k * columns) + column];
    }

    /// <summary>The same by vectors; the last digits may differ.</summary>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    /// <inheritdoc cref="AddPlain"/>
    public static void Add(ReadOnlySpan<float> left, int rowStep, int columnStep, ReadOnlySpan<float> right, Span<float> sums, int columns, bool isWide = true)
    {
        var (rows, inner) = Check(left, rowStep, columnStep, right, sums, columns);
        var row = 0;
        for (; row + RowsTogether <= rows; row += RowsTogether)
        {
            var own = left[(row * rowStep)..];
            var to = sums.Slice(row * columns, RowsTogether * columns);
            var column = 0;
            if (isWide && Avx512F.IsSupported)
                for (; column + 32 <= columns; column += 32) Add512(own, rowStep, columnStep, right, to, columns, column, inner);
            for (; column + 16 <= columns; column += 16) Add256(own, rowStep, columnStep, right, to, columns, column, inner);
            for (; column < columns; column++)
                for (var i = 0; i < RowsTogether; i++)
                    for (var k = 0; k < inner; k++) to[(i * columns) + column] += own[(i * rowStep) + (k * columnStep)] * right[(k * columns) + column];
        }

        for (; row < rows; row++)
            for (var k = 0; k < inner; k++) ScaledSum.Add(sums.Slice(row * columns, columns), left[(row * rowStep) + (k * columnStep)], right.Slice(k * columns, columns));
    }

    /// <summary>sums += left x right transposed; worth it for some dozens of rows, as the right one is turned around first.</summary>
    /// <param name="right">A row for each column of the sums.</param>
    /// <param name="inner">Columns of both.</param>
    public static void AddTransposed(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> sums, int inner)
    {
        var columns = right.Length / inner;
        var turned = ArrayPool<float>.Shared.Rent(right.Length);
        for (var column = 0; column < columns; column++)
            for (var k = 0; k < inner; k++) turned[(k * columns) + column] = right[(column * inner) + k];
        Add(left, inner, 1, turned.AsSpan(0, right.Length), sums, columns);
        ArrayPool<float>.Shared.Return(turned);
    }

    static void Add512(ReadOnlySpan<float> left, int rowStep, int columnStep, ReadOnlySpan<float> right, Span<float> sums, int columns, int column, int inner)
    {
        ref var to = ref sums[column];
        ref var from = ref MemoryMarshal.GetReference(right);
        var width = (nuint)columns;
        Vector512<float> a0 = Vector512.LoadUnsafe(ref to), a1 = Vector512.LoadUnsafe(ref to, 16), b0 = Vector512.LoadUnsafe(ref to, width), b1 = Vector512.LoadUnsafe(ref to, width + 16);
        Vector512<float> c0 = Vector512.LoadUnsafe(ref to, 2 * width), c1 = Vector512.LoadUnsafe(ref to, (2 * width) + 16), d0 = Vector512.LoadUnsafe(ref to, 3 * width), d1 = Vector512.LoadUnsafe(ref to, (3 * width) + 16);
        for (var k = 0; k < inner; k++)
        {
            var at = ((nuint)k * width) + (nuint)column;
            Vector512<float> x = Vector512.LoadUnsafe(ref from, at), y = Vector512.LoadUnsafe(ref from, at + 16);
            var factor = Vector512.Create(left[k * columnStep]);
            (a0, a1) = (Vector512.MultiplyAddEstimate(x, factor, a0), Vector512.MultiplyAddEstimate(y, factor, a1));
            factor = Vector512.Create(left[rowStep + (k * columnStep)]);
            (b0, b1) = (Vector512.MultiplyAddEstimate(x, factor, b0), Vector512.MultiplyAddEstimate(y, factor, b1));
            factor = Vector512.Create(left[(2 * rowStep) + (k * columnStep)]);
            (c0, c1) = (Vector512.MultiplyAddEstimate(x, factor, c0), Vector512.MultiplyAddEstimate(y, factor, c1));
            factor = Vector512.Create(left[(3 * rowStep) + (k * columnStep)]);
            (d0, d1) = (Vector512.MultiplyAddEstimate(x, factor, d0), Vector512.MultiplyAddEstimate(y, factor, d1));
        }

        a0.StoreUnsafe(ref to);
        a1.StoreUnsafe(ref to, 16);
        b0.StoreUnsafe(ref to, width);
        b1.StoreUnsafe(ref to, width + 16);
        c0.StoreUnsafe(ref to, 2 * width);
        c1.StoreUnsafe(ref to, (2 * width) + 16);
        d0.StoreUnsafe(ref to, 3 * width);
        d1.StoreUnsafe(ref to, (3 * width) + 16);
    }

    /// <summary>Without AVX2 the vectors are emulated.</summary>
    static void Add256(ReadOnlySpan<float> left, int rowStep, int columnStep, ReadOnlySpan<float> right, Span<float> sums, int columns, int column, int inner)
    {
        ref var to = ref sums[column];
        ref var from = ref MemoryMarshal.GetReference(right);
        var width = (nuint)columns;
        Vector256<float> a0 = Vector256.LoadUnsafe(ref to), a1 = Vector256.LoadUnsafe(ref to, 8), b0 = Vector256.LoadUnsafe(ref to, width), b1 = Vector256.LoadUnsafe(ref to, width + 8);
        Vector256<float> c0 = Vector256.LoadUnsafe(ref to, 2 * width), c1 = Vector256.LoadUnsafe(ref to, (2 * width) + 8), d0 = Vector256.LoadUnsafe(ref to, 3 * width), d1 = Vector256.LoadUnsafe(ref to, (3 * width) + 8);
        for (var k = 0; k < inner; k++)
        {
            var at = ((nuint)k * width) + (nuint)column;
            Vector256<float> x = Vector256.LoadUnsafe(ref from, at), y = Vector256.LoadUnsafe(ref from, at + 8);
            var factor = Vector256.Create(left[k * columnStep]);
            (a0, a1) = (Vector256.MultiplyAddEstimate(x, factor, a0), Vector256.MultiplyAddEstimate(y, factor, a1));
            factor = Vector256.Create(left[rowStep + (k * columnStep)]);
            (b0, b1) = (Vector256.MultiplyAddEstimate(x, factor, b0), Vector256.MultiplyAddEstimate(y, factor, b1));
            factor = Vector256.Create(left[(2 * rowStep) + (k * columnStep)]);
            (c0, c1) = (Vector256.MultiplyAddEstimate(x, factor, c0), Vector256.MultiplyAddEstimate(y, factor, c1));
            factor = Vector256.Create(left[(3 * rowStep) + (k * columnStep)]);
            (d0, d1) = (Vector256.MultiplyAddEstimate(x, factor, d0), Vector256.MultiplyAddEstimate(y, factor, d1));
        }

        a0.StoreUnsafe(ref to);
        a1.StoreUnsafe(ref to, 8);
        b0.StoreUnsafe(ref to, width);
        b1.StoreUnsafe(ref to, width + 8);
        c0.StoreUnsafe(ref to, 2 * width);
        c1.StoreUnsafe(ref to, (2 * width) + 8);
        d0.StoreUnsafe(ref to, 3 * width);
        d1.StoreUnsafe(ref to, (3 * width) + 8);
    }

    static (int Rows, int Inner) Check(ReadOnlySpan<float> left, int rowStep, int columnStep, ReadOnlySpan<float> right, Span<float> sums, int columns)
    {
        var (rows, inner) = (sums.Length / columns, right.Length / columns);
        if (rows * columns != sums.Length || inner * columns != right.Length || (rows > 0 && inner > 0 && ((rows - 1) * rowStep) + ((inner - 1) * columnStep) >= left.Length))
            throw new ArgumentException($"{left.Length} numbers with steps {rowStep} and {columnStep}, {right.Length} and {sums.Length} numbers of {columns} columns don't fit.");
        return (rows, inner);
    }
}
