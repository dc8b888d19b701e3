using Volna.Kernels;

namespace Volna.Learning.Baskets;

/// <summary>Ranks products for one customer after the other for one thread; its memory is used again and again.</summary>
public sealed class BasketScorer(BasketModel model)
{
    readonly BasketVector _vector = new(model.Products);
    readonly float[] _likeness = new float[model.Customers];
    readonly float[] _scores = new float[model.Products];
    readonly int[] _neighbours = new int[Math.Min(model.Options.Neighbours, model.Customers)];
    float[] _values = [];

    /// <summary>The likeliest products of her next basket, likeliest first; those that stand for nothing are never named.</summary>
    /// <param name="baskets">Hers, oldest first; none, or none of known products, gives the most popular.</param>
    /// <param name="products">Filled from the front.</param>
    /// <returns>How many were found.</returns>
    public int Top(ReadOnlySpan<int[]> baskets, Span<int> products)
    {
        Score(baskets);
        if (_values.Length < products.Length) _values = new float[products.Length];
        return TopK.Ordered(_scores, 0, products, _values);
    }

    /// <summary>By product, how likely it is against the others; until the next call.</summary>
    public ReadOnlySpan<float> Score(ReadOnlySpan<int[]> baskets)
    {
        var options = model.Options;
        _vector.Read(baskets, options.Decay);
        SparseSums.Scale(model.Popular, options.Popular, _scores);
        if (_vector.Products.Length == 0) return _scores;
        AddNeighbours();
        var own = options.Own / MathF.Pow(baskets.Length, options.OwnPower);
        foreach (var product in _vector.Products) _scores[product] += own * _vector[product];
        return _scores;
    }

    void AddNeighbours()
    {
        Array.Clear(_likeness);
        var perLength = 1 / _vector.Length(model.Rarity);
        foreach (var product in _vector.Products)
        {
            var buyers = model.BuyersStart[product]..model.BuyersStart[product + 1];
            SparseSums.Add(model.Buyers.AsSpan(buyers), model.BuyersWeight.AsSpan(buyers), _vector[product] * model.Rarity[product] * perLength, _likeness);
        }

        var found = TopK.Unordered(_likeness, _neighbours);
        float total = 0;
        for (var i = 0; i < found; i++)
        {
            ref var likeness = ref _likeness[_neighbours[i]];
            likeness = model.Options.LikenessPower switch
            {
                // As exact, and a dozen times faster than any power.
                0.25f => MathF.Sqrt(MathF.Sqrt(likeness)),
                0.5f => MathF.Sqrt(likeness),
                1 => likeness,
                var power => MathF.Pow(likeness, power),
            };
            total += likeness;
        }

        for (var i = 0; i < found; i++)
        {
            var neighbour = _neighbours[i];
            var last = model.Last.AsSpan(model.LastStart[neighbour]..model.LastStart[neighbour + 1]);
            var part = _likeness[neighbour] / (total * last.Length);
            foreach (var product in last) _scores[product] += part;
        }
    }
}
