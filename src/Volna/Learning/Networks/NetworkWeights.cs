using Volna.Kernels;

namespace Volna.Learning.Networks;

/// <summary>What a network has learnt: the same numbers describe a product when it is seen and when it is foretold.</summary>
/// <param name="Products">Product by product its factors.</param>
/// <param name="Popularity">By product, what is added to its score whatever came before.</param>
/// <param name="Step">Of <see cref="GruStep"/>.</param>
sealed record NetworkWeights(float[] Products, float[] Popularity, float[] Step)
{
    public int Factors => Popularity.Length == 0 ? 0 : Products.Length / Popularity.Length;

    public ReadOnlySpan<float> Of(int product) => Products.AsSpan(product * Factors, Factors);

    /// <summary>Small numbers by chance.</summary>
    public static NetworkWeights Start(int products, NetworkOptions options)
    {
        var gru = new GruStep(options.Factors, options.Factors);
        var weights = new NetworkWeights(new float[products * options.Factors], new float[products], new float[gru.Weights]);
        var (draw, scale) = (new Draw(options.Seed, "network", 0), 1 / Math.Sqrt(options.Factors));
        foreach (ref var weight in weights.Step.AsSpan(0, 6 * options.Factors * options.Factors)) weight = (float)(scale * ((2 * draw.NextUnit()) - 1));
        foreach (ref var weight in weights.Products.AsSpan()) weight = (float)(scale * ((2 * draw.NextUnit()) - 1));
        return weights;
    }
}
