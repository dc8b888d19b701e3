using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    /// <summary>The sum of all products' outer products, with the regularisation on its diagonal: what a step needs of the products she doesn't have.</summary>
    /// <param name="factors">Product by product.</param>
    /// <param name="gram">A row for each factor.</param>
    public static void Gram(ReadOnlySpan<float> factors, int width, float regularization, Span<float> gram)
    {
        if (gram.Length != width * width || factors.Length % width != 0) throw new ArgumentException($"{factors.Length} factors of width {width} don't fit {gram.Length} sums.");
        gram.Clear();
        for (var first = 0; first < factors.Length; first += width)
        {
            var product = factors.Slice(first, width);
            for (var row = 0; row < width; row++) Add(product, product[row], gram.Slice(row * width, width));
        }

        for (var row = 0; row < width; row++) gram[(row * width) + row] += regularization;
    }

    /// <summary>Moves her factors towards the solution.</summary>
    /// <param name="gram">Of <see cref="Gram"/>.</param>
    /// <param name="factors">Product by product.</param>
    /// <param name="products">What she has.</param>
    /// <param name="confidences">Of each, above 1.</param>
    /// <param name="own">Her factors; zeros for a start.</param>
    /// <param name="steps">Conjugate gradients; as many as there are factors solve exactly, but for rounding.</param>
    /// <param name="memory">Three times as many numbers as there are factors.</param>
    public static void Improve(
        ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, Span<float> own, int steps, Span<float> memory)
    {
        var width = own.Length;
        if (gram.Length != width * width || products.Length != confidences.Length || memory.Length < 3 * width)
            throw new ArgumentException($"{width} factors, {gram.Length} sums, {products.Length} products with {confidences.Length} confidences and memory for {memory.Length} don't fit.");
        var residual = memory[..width];
        var direction = memory.Slice(width, width);
        var image = memory.Slice(2 * width, width);
        Apply(gram, factors, products, confidences, own, image);
        residual.Clear();
        for (var i = 0; i < products.Length; i++) Add(factors.Slice(products[i] * width, width), confidences[i], residual);
        Add(image, -1, residual);
        residual.CopyTo(direction);
        var squares = Dot(residual, residual);
        for (var step = 0; step < steps && squares > 1e-12f; step++)
        {
            Apply(gram, factors, products, confidences, direction, image);
            var length = squares / Dot(direction, image);
            Add(direction, length, own);
            Add(image, -length, residual);
            var next = Dot(residual, residual);
            var keep = next / squares;
            for (var k = 0; k < width; k++) direction[k] = residual[k] + (keep * direction[k]);
            squares = next;
        }
    }

    /// <summary>The system's matrix times a vector.</summary>
    static void Apply(ReadOnlySpan<float> gram, ReadOnlySpan<float> factors, ReadOnlySpan<int> products, ReadOnlySpan<float> confidences, ReadOnlySpan<float> vector, Span<float> image)
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
            Add(product, (confidences[i] - 1) * Dot(product, vector), image);
        }
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
