using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>
/// The step of alternating least squares for implicit feedback (Hu, Koren, Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008): the factors of
/// one customer, given those of all products. She is to score 1 for what she has, with a confidence above 1 that the caller chooses, and 0 for all else, with
/// confidence 1. The system isn't formed but solved by a few conjugate gradients from her present factors (Takács, Pilászy, Tikk, "Applications of the Conjugate
/// Gradient Method for Implicit Feedback Collaborative Filtering", 2011): with 64 factors and 20 products about a fifth of the arithmetic of an exact solution, and the rounds of
/// the alternation make up for what a step leaves.
/// </summary>
public static class LeastSquaresStep
{
    /// <summary>Factors for which all of a vector stays in registers: four of sixteen numbers.</summary>
    const int InRegisters = 64;

    /// <summary>Products whose factors are fetched before they are needed.</summary>
    const int Ahead = 12;

    /// <summary>The sum of all products' outer products, with the regularisation on its diagonal: what a step needs of the products she doesn't have.</summary>
    /// <param name="factors">Product by product.</param>
    /// <param name="gram">A row for each factor.</param>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    public static void Gram(ReadOnlySpan<float> factors, int width, float regularization, Span<float> gram, bool isWide = true)
    {
        if (gram.Length != width * width || factors.Length % width != 0) throw new ArgumentException($"{factors.Length} factors of width {width} don't fit {gram.Length} sums.");
        gram.Clear();
        if (isWide && Avx512F.IsSupported && width == InRegisters) AddGram512(factors, gram);
        else
        {
            for (var first = 0; first < factors.Length; first += width)
            {
                var product = factors.Slice(first, width);
                for (var row = 0; row < width; row++) Add(product, product[row], gram.Slice(row * width, width));
            }
        }

        for (var row = 0; row < width; row++) gram[(row * width) + row] += regularization;
    }

    /// <summary>Her factors by the system written out and Cholesky's decomposition, in double precision: the definition of what steps lead to.</summary>
    /// <inheritdoc cref="Improve"/>
    public static void SolvePlain(ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, Span<float> own)
    {
        var width = own.Length;
        var matrix = new double[width, width];
        var right = new double[width];
        for (var row = 0; row < width; row++)
        {
            for (var column = 0; column < width; column++) matrix[row, column] = gram[(row * width) + column];
            for (var i = 0; i < products.Length; i++)
            {
                var product = factors.Slice(products[i] * width, width);
                right[row] += confidences[i] * product[row];
                for (var column = 0; column < width; column++) matrix[row, column] += (confidences[i] - 1.0) * product[row] * product[column];
            }
        }

        for (var row = 0; row < width; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = matrix[row, column];
                for (var k = 0; k < column; k++) sum -= matrix[row, k] * matrix[column, k];
                matrix[row, column] = row == column ? Math.Sqrt(sum) : sum / matrix[column, column];
            }
        }

        for (var row = 0; row < width; row++)
        {
            for (var k = 0; k < row; k++) right[row] -= matrix[row, k] * right[k];
            right[row] /= matrix[row, row];
        }

        for (var row = width - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < width; k++) right[row] -= matrix[k, row] * right[k];
            right[row] /= matrix[row, row];
            own[row] = (float)right[row];
        }
    }

    /// <summary>Moves her factors towards the solution.</summary>
    /// <param name="gram">Of <see cref="Gram"/>.</param>
    /// <param name="factors">Product by product.</param>
    /// <param name="products">What she has.</param>
    /// <param name="confidences">Of each, not below 1.</param>
    /// <param name="own">Her factors; zeros for a start.</param>
    /// <param name="steps">Conjugate gradients; as many as there are factors solve exactly, but for rounding.</param>
    /// <param name="memory">Three times as many numbers as there are factors.</param>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    public static void Improve(
        ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, Span<float> own, int steps, Span<float> memory,
        bool isWide = true)
    {
        var width = own.Length;
        if (gram.Length != width * width || products.Length != confidences.Length || memory.Length < 3 * width)
            throw new ArgumentException($"{width} factors, {gram.Length} sums, {products.Length} products with {confidences.Length} confidences and memory for {memory.Length} don't fit.");
        var residual = memory[..width];
        var direction = memory.Slice(width, width);
        var image = memory.Slice(2 * width, width);
        if (factors.Length % width != 0) throw new ArgumentException($"{factors.Length} numbers aren't products of {width} factors.");
        foreach (var product in products) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)product, (uint)(factors.Length / width), nameof(products));
        isWide &= Avx512F.IsSupported && width == InRegisters;

        // What is left: the sum of confidence x factors, less the matrix times her present factors, in one go over the products.
        if (isWide) Apply512(gram, factors, products, confidences, own, residual, true);
        else Apply(gram, factors, products, confidences, own, residual, true);
        residual.CopyTo(direction);
        var squares = Dot(residual, residual);
        for (var step = 0; step < steps && squares > 1e-12f; step++)
        {
            if (isWide) Apply512(gram, factors, products, confidences, direction, image, false);
            else Apply(gram, factors, products, confidences, direction, image, false);
            var length = squares / Dot(direction, image);
            Add(direction, length, own);
            Add(image, -length, residual);
            var next = Dot(residual, residual);
            var keep = next / squares;
            for (var k = 0; k < width; k++) direction[k] = residual[k] + (keep * direction[k]);
            squares = next;
        }
    }

    /// <summary>The system's matrix times a vector; or, for the residual, its right side less that.</summary>
    static void Apply(
        ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, ReadOnlySpan<float> vector, Span<float> image, bool isResidual)
    {
        var width = vector.Length;
        image.Clear();
        var row = 0;
        for (; row + 4 <= width; row += 4)
            Add(gram.Slice(row * width, 4 * width), vector.Slice(row, 4), image);
        for (; row < width; row++) Add(gram.Slice(row * width, width), vector[row], image);
        for (var i = 0; i < products.Length; i++)
        {
            var product = factors.Slice(products[i] * width, width);
            Add(product, ((confidences[i] - 1) * Dot(product, vector)) - (isResidual ? confidences[i] : 0), image);
        }

        if (!isResidual) return;
        for (var k = 0; k < width; k++) image[k] = -image[k];
    }

    /// <summary>The same for 64 factors: the vector and its image stay in registers, and four products are summed up across at once.</summary>
    static unsafe void Apply512(
        ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, ReadOnlySpan<float> vector, Span<float> image, bool isResidual)
    {
        fixed (float* matrix = gram, from = factors, x = vector, to = image)
        {
            Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            for (var row = 0; row < InRegisters; row += 2)
            {
                var own = matrix + (row * InRegisters);
                var factor = Vector512.Create(x[row]);
                a0 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own), a0);
                a1 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 16), a1);
                a2 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 32), a2);
                a3 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 48), a3);
                factor = Vector512.Create(x[row + 1]);
                b0 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 64), b0);
                b1 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 80), b1);
                b2 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 96), b2);
                b3 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(own + 112), b3);
            }

            (a0, a1, a2, a3) = (a0 + b0, a1 + b1, a2 + b2, a3 + b3);
            Vector512<float> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 16), x2 = Vector512.Load(x + 32), x3 = Vector512.Load(x + 48);
            var whole = products.Length & ~3;
            for (var i = 0; i < products.Length; i += 4)
            {
                // The last few are filled up with the last one, without weight.
                var isWhole = i < whole;
                var last = products.Length - 1;
                float* p = from + ((nint)products[i] * InRegisters), q = from + ((nint)products[isWhole ? i + 1 : Math.Min(i + 1, last)] * InRegisters);
                float* r = from + ((nint)products[isWhole ? i + 2 : Math.Min(i + 2, last)] * InRegisters), s = from + ((nint)products[isWhole ? i + 3 : last] * InRegisters);
                if (isResidual && i + Ahead + 4 <= products.Length)
                    for (var next = i + Ahead; next < i + Ahead + 4; next++) Fetch(from + ((nint)products[next] * InRegisters));
                var one = Product(p, x0, x1, x2, x3);
                var two = Product(q, x0, x1, x2, x3);
                var three = Product(r, x0, x1, x2, x3);
                var four = Product(s, x0, x1, x2, x3);
                var left = Avx512F.UnpackLow(one, two) + Avx512F.UnpackHigh(one, two);
                var right = Avx512F.UnpackLow(three, four) + Avx512F.UnpackHigh(three, four);
                var sums = Avx512F.Shuffle(left, right, 0b01_00_01_00) + Avx512F.Shuffle(left, right, 0b11_10_11_10);
                var half = sums.GetLower() + sums.GetUpper();
                var confidence = isWhole ? Vector128.LoadUnsafe(in confidences[i]) : Rest(confidences[i..]);
                var weights = (confidence - Vector128<float>.One) * (half.GetLower() + half.GetUpper());
                if (isResidual) weights -= confidence;
                if (!isWhole) weights = Vector128.ConditionalSelect(Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(products.Length - i)).AsSingle(), weights, default);
                AddTo(ref a0, ref a1, ref a2, ref a3, p, weights.GetElement(0));
                AddTo(ref a0, ref a1, ref a2, ref a3, q, weights.GetElement(1));
                AddTo(ref a0, ref a1, ref a2, ref a3, r, weights.GetElement(2));
                AddTo(ref a0, ref a1, ref a2, ref a3, s, weights.GetElement(3));
            }

            if (isResidual) (a0, a1, a2, a3) = (-a0, -a1, -a2, -a3);
            Store(to, a0, a1, a2, a3);
        }
    }

    static Vector128<float> Rest(ReadOnlySpan<float> few) => Vector128.Create(few[0], few.Length > 1 ? few[1] : 0, few.Length > 2 ? few[2] : 0, 0);

    static unsafe void Fetch(float* product)
    {
        Sse.Prefetch0(product);
        Sse.Prefetch0(product + 16);
        Sse.Prefetch0(product + 32);
        Sse.Prefetch0(product + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe Vector512<float> Product(float* p, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3) =>
        Avx512F.FusedMultiplyAdd(Vector512.Load(p + 48), x3, Avx512F.FusedMultiplyAdd(Vector512.Load(p + 32), x2, Avx512F.FusedMultiplyAdd(Vector512.Load(p + 16), x1, Vector512.Load(p) * x0)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static unsafe void AddTo(ref Vector512<float> a0, ref Vector512<float> a1, ref Vector512<float> a2, ref Vector512<float> a3, float* p, float weight)
    {
        var factor = Vector512.Create(weight);
        a0 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(p), a0);
        a1 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(p + 16), a1);
        a2 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(p + 32), a2);
        a3 = Avx512F.FusedMultiplyAdd(factor, Vector512.Load(p + 48), a3);
    }

    /// <summary>Four rows of sums at once in registers, for some products that stay in the nearest cache; then the next four rows.</summary>
    static unsafe void AddGram512(ReadOnlySpan<float> factors, Span<float> gram)
    {
        const int Together = 64;
        fixed (float* from = factors, to = gram)
        {
            for (var start = 0; start < factors.Length; start += Together * InRegisters)
            {
                var end = Math.Min(factors.Length, start + (Together * InRegisters));
                for (var row = 0; row < InRegisters; row += 4)
                {
                    var own = to + (row * InRegisters);
                    Vector512<float> a0 = Vector512.Load(own), a1 = Vector512.Load(own + 16), a2 = Vector512.Load(own + 32), a3 = Vector512.Load(own + 48);
                    Vector512<float> b0 = Vector512.Load(own + 64), b1 = Vector512.Load(own + 80), b2 = Vector512.Load(own + 96), b3 = Vector512.Load(own + 112);
                    Vector512<float> c0 = Vector512.Load(own + 128), c1 = Vector512.Load(own + 144), c2 = Vector512.Load(own + 160), c3 = Vector512.Load(own + 176);
                    Vector512<float> d0 = Vector512.Load(own + 192), d1 = Vector512.Load(own + 208), d2 = Vector512.Load(own + 224), d3 = Vector512.Load(own + 240);
                    for (var at = start; at < end; at += InRegisters)
                    {
                        var product = from + at;
                        AddTo(ref a0, ref a1, ref a2, ref a3, product, product[row]);
                        AddTo(ref b0, ref b1, ref b2, ref b3, product, product[row + 1]);
                        AddTo(ref c0, ref c1, ref c2, ref c3, product, product[row + 2]);
                        AddTo(ref d0, ref d1, ref d2, ref d3, product, product[row + 3]);
                    }

                    Store(own, a0, a1, a2, a3);
                    Store(own + 64, b0, b1, b2, b3);
                    Store(own + 128, c0, c1, c2, c3);
                    Store(own + 192, d0, d1, d2, d3);
                }
            }
        }
    }

    static unsafe void Store(float* to, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
    }

    /// <summary>Adds four rows at once, so that the sums are fetched and stored a quarter as often.</summary>
    static void Add(ReadOnlySpan<float> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        ref var first = ref MemoryMarshal.GetReference(rows);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var width = (nuint)sums.Length;
        Vector256<float> a = Vector256.Create(weights[0]), b = Vector256.Create(weights[1]), c = Vector256.Create(weights[2]), d = Vector256.Create(weights[3]);
        nuint k = 0;
        for (; k + 8 <= width; k += 8)
        {
            var total = Vector256.MultiplyAddEstimate(a, Vector256.LoadUnsafe(ref first, k), Vector256.LoadUnsafe(ref sum, k));
            total = Vector256.MultiplyAddEstimate(b, Vector256.LoadUnsafe(ref first, width + k), total);
            total = Vector256.MultiplyAddEstimate(c, Vector256.LoadUnsafe(ref first, (2 * width) + k), total);
            total = Vector256.MultiplyAddEstimate(d, Vector256.LoadUnsafe(ref first, (3 * width) + k), total);
            total.StoreUnsafe(ref sum, k);
        }

        for (var rest = (int)k; rest < sums.Length; rest++)
            sums[rest] += (weights[0] * rows[rest]) + (weights[1] * rows[sums.Length + rest]) + (weights[2] * rows[(2 * sums.Length) + rest]) + (weights[3] * rows[(3 * sums.Length) + rest]);
    }

    static void Add(ReadOnlySpan<float> row, float weight, Span<float> sums)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var factor = Vector256.Create(weight);
        var k = 0;
        for (; k + 8 <= sums.Length; k += 8)
            Vector256.MultiplyAddEstimate(factor, Vector256.LoadUnsafe(ref first, (nuint)k), Vector256.LoadUnsafe(ref sum, (nuint)k)).StoreUnsafe(ref sum, (nuint)k);
        for (; k < sums.Length; k++) sums[k] += weight * row[k];
    }

    static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        var total = Vector256<float>.Zero;
        var k = 0;
        for (; k + 8 <= b.Length; k += 8)
            total = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, (nuint)k), Vector256.LoadUnsafe(ref second, (nuint)k), total);
        var sum = Vector256.Sum(total);
        for (; k < b.Length; k++) sum += a[k] * b[k];
        return sum;
    }
}
