using System.Runtime.InteropServices;
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
    /// <param name="weights">How much each of that says, 1 as a rule and never below 0; null where all say as much.</param>
    /// <param name="steps">Conjugate gradients a step; as many as there are factors solve each step exactly, but for rounding.</param>
    public static FactorModel Fit(
        IReadOnlyList<int[]> customers, int products, FactorOptions options, ParallelOptions parallel, IReadOnlyList<float[]>? weights = null, int steps = Steps)
    {
        var byCustomer = Confidences(customers, weights, options);
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
            Improve(byCustomer, factors, own, options, parallel, steps);
            Improve(byProduct, own, factors, options, parallel, steps);
        }

        return new FactorModel(options, factors);
    }

    static SparseRows Confidences(IReadOnlyList<int[]> customers, IReadOnlyList<float[]>? weights, FactorOptions options)
    {
        var rows = SparseRows.OfUnits(customers);
        if (weights is null) rows.Weights.AsSpan().Fill(options.Confidence);
        else
            for (var customer = 0; customer < customers.Count; customer++) Confidences(weights[customer], options, rows.Weights.AsSpan(rows.Start[customer]..rows.Start[customer + 1]));
        return rows;
    }

    /// <summary>Without weight a product counts as one she hasn't, but stays wished for.</summary>
    static void Confidences(ReadOnlySpan<float> weights, FactorOptions options, Span<float> confidences)
    {
        if (weights.Length != confidences.Length) throw new ArgumentException($"{confidences.Length} products have {weights.Length} weights.");
        for (var i = 0; i < weights.Length; i++) confidences[i] = 1 + ((options.Confidence - 1) * weights[i]);
    }

    static void Improve(SparseRows rows, float[] others, float[] factors, FactorOptions options, ParallelOptions parallel, int steps)
    {
        var width = options.Factors;
        var gram = new float[width * width];
        LeastSquaresStep.Gram(others, width, options.Regularization, gram);
        Chunks.Map(rows.Count, ChunkRows, parallel, (start, end) =>
        {
            var memory = new float[3 * width];
            for (var row = start; row < end; row++)
                LeastSquaresStep.Improve(gram, others, rows.PlacesOf(row), rows.WeightsOf(row), factors.AsSpan(row * width, width), steps, memory);
            return end - start;
        });
    }

    /// <summary>The factors of a customer who has some products; unknown ones are left out, and without any all are 0.</summary>
    /// <param name="weights">How much each product says, 1 as a rule and never below 0; empty where all say as much.</param>
    public float[] FoldIn(ReadOnlySpan<int> has, ReadOnlySpan<float> weights = default)
    {
        if (!weights.IsEmpty && weights.Length != has.Length) throw new ArgumentException($"{has.Length} products have {weights.Length} weights.");
        var known = new List<int>(has.Length);
        var confidences = new List<float>(has.Length);
        for (var i = 0; i < has.Length; i++)
        {
            if (has[i] < 0 || has[i] >= Products || known.Contains(has[i])) continue;
            known.Add(has[i]);
            confidences.Add(weights.IsEmpty ? Options.Confidence : 1 + ((Options.Confidence - 1) * weights[i]));
        }

        var own = new float[Options.Factors];
        LeastSquaresStep.Improve(_gram, _factors, CollectionsMarshal.AsSpan(known), CollectionsMarshal.AsSpan(confidences), own, StepsFromNothing, new float[3 * Options.Factors]);
        return own;
    }

    /// <summary>What ALS makes small, each customer having the factors that are best for her: squared errors by their confidence, and squared factors.</summary>
    public double Loss(IReadOnlyList<int[]> customers)
    {
        var width = Options.Factors;
        var own = new float[width];
        double loss = 0;
        foreach (var factor in _factors) loss += Options.Regularization * (double)factor * factor;
        foreach (var has in customers)
        {
            var confidences = new float[has.Length];
            confidences.AsSpan().Fill(Options.Confidence);
            LeastSquaresStep.SolvePlain(_gram, _factors, has, confidences, own);

            // The regularisation is on the Gram matrix's diagonal.
            for (var row = 0; row < width; row++)
                for (var column = 0; column < width; column++) loss += (double)own[row] * own[column] * _gram[(row * width) + column];
            foreach (var product in has)
            {
                double score = 0;
                for (var k = 0; k < width; k++) score += (double)own[k] * _factors[(product * width) + k];
                loss += (Options.Confidence * (1 - score) * (1 - score)) - (score * score);
            }
        }

        return loss;
    }

    /// <summary>For each of several customers the products that agree best with her factors, best first.</summary>
    /// <param name="factors">Of <see cref="FoldIn"/>, one after the other; hundreds at a time are quickest.</param>
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
