using Volna.Kernels;

namespace Volna.Learning.Factors;

/// <summary>
/// Tastes as numbers: each product has some factors, each customer too, and she wants a product as far as they agree (implicit ALS, see <see cref="LeastSquaresStep"/>).
/// Only the products' factors are kept: a customer's are found from what she has at once (folding in), so one who wasn't there when it was learnt is no exception.
/// </summary>
public sealed class FactorModel
{
    const int Format = 1;
    const string Kind = "factors";

    /// <summary>Conjugate gradients a step: the next round goes on where this one stopped.</summary>
    const int Steps = 3;

    /// <summary>And for a customer folded in, who starts from nothing.</summary>
    const int StepsFromNothing = 8;

    const int ChunkRows = 256;

    readonly float[] _factors, _gram;
    readonly DenseTopK _ranking;

    FactorModel(FactorOptions options, float[] factors)
    {
        Options = options;
        _factors = factors;
        _gram = new float[options.Factors * options.Factors];
        LeastSquaresStep.Gram(factors, options.Factors, options.Regularization, _gram);
        _ranking = new DenseTopK(factors, options.Factors);
    }

    public FactorOptions Options { get; }

    /// <summary>Products known, numbered from 0.</summary>
    public int Products => _ranking.Products;

    /// <param name="customers">What each has, each product once; numbers from 0.</param>
    public static FactorModel Fit(IReadOnlyList<int[]> customers, int products, FactorOptions options, ParallelOptions parallel)
    {
        var byCustomer = SparseRows.OfUnits(customers);
        var byProduct = byCustomer.Transpose(products);
        var own = new float[customers.Count * options.Factors];
        var factors = new float[products * options.Factors];
        for (var product = 0; product < products; product++)
        {
            // Small chance numbers; the same whatever the order.
            var draw = new Draw(options.Seed, "factors", (ulong)product);
            for (var k = 0; k < options.Factors; k++) factors[(product * options.Factors) + k] = (float)(draw.NextNormal() * 0.1 / Math.Sqrt(options.Factors));
        }

        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            Improve(byCustomer, factors, own, options, parallel);
            Improve(byProduct, own, factors, options, parallel);
        }

        return new FactorModel(options, factors);
    }

    static void Improve(SparseRows rows, float[] others, float[] factors, FactorOptions options, ParallelOptions parallel)
    {
        var width = options.Factors;
        var gram = new float[width * width];
        LeastSquaresStep.Gram(others, width, options.Regularization, gram);
        Chunks.Map(rows.Count, ChunkRows, parallel, (start, end) =>
        {
            var memory = new float[3 * width];
            var confidences = new float[256];
            for (var row = start; row < end; row++)
            {
                var has = rows.PlacesOf(row);
                if (confidences.Length < has.Length) confidences = new float[has.Length * 2];
                var sure = confidences.AsSpan(0, has.Length);
                sure.Fill(options.Confidence);
                LeastSquaresStep.Improve(gram, others, has, sure, factors.AsSpan(row * width, width), Steps, memory);
            }

            return end - start;
        });
    }

    /// <summary>The factors of a customer who has some products; unknown ones are left out, and without any all are 0.</summary>
    public float[] FoldIn(ReadOnlySpan<int> has)
    {
        var known = new List<int>(has.Length);
        foreach (var product in has)
            if (product >= 0 && product < Products && !known.Contains(product)) known.Add(product);
        var own = new float[Options.Factors];
        var confidences = new float[known.Count];
        confidences.AsSpan().Fill(Options.Confidence);
        LeastSquaresStep.Improve(_gram, _factors, known.ToArray(), confidences, own, StepsFromNothing, new float[3 * Options.Factors]);
        return own;
    }

    /// <summary>For each of several customers the products that agree best with her factors, best first.</summary>
    /// <param name="factors">Of <see cref="FoldIn"/>, one after the other; six at a time are quickest.</param>
    public void Top(ReadOnlySpan<float> factors, int top, Span<int> products, Span<float> scores) => _ranking.Find(factors, top, products, scores);

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<int>([Options.Factors, Options.Epochs]).Add<ulong>([Options.Seed]).Add<float>([Options.Confidence, Options.Regularization]).Add<float>(_factors).Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static FactorModel Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var counts = reader.Take<int>();
        var seed = reader.Take<ulong>()[0];
        var weights = reader.Take<float>();
        var options = new FactorOptions { Factors = counts[0], Epochs = counts[1], Seed = seed, Confidence = weights[0], Regularization = weights[1] };
        return new FactorModel(options, reader.Take<float>());
    }
}
