namespace Volna.Learning.Baskets;

/// <summary>The sum of a customer's baskets, the older the lighter; made to be used again and again by one thread.</summary>
sealed class BasketVector(int products)
{
    readonly float[] _weight = new float[products];
    int[] _products = new int[64];
    int _count;

    /// <summary>The products with a weight, each once.</summary>
    public ReadOnlySpan<int> Products => _products.AsSpan(0, _count);

    public float this[int product] => _weight[product];

    /// <summary>Sums up baskets, oldest first; a product outside of those known is left out.</summary>
    public void Read(ReadOnlySpan<int[]> baskets, float decay)
    {
        foreach (var product in Products) _weight[product] = 0;
        _count = 0;
        var weight = 1f;
        for (var i = baskets.Length - 1; i >= 0; i--, weight *= decay)
        {
            foreach (var product in baskets[i])
            {
                if (product < 0 || product >= _weight.Length) continue;
                if (_weight[product] == 0)
                {
                    if (_count == _products.Length) Array.Resize(ref _products, _count * 2);
                    _products[_count++] = product;
                }

                _weight[product] += weight;
            }
        }
    }

    /// <summary>Euclidean length with each product counting by its rarity; never 0.</summary>
    public float Length(float[] rarity)
    {
        double squares = 1e-12;
        foreach (var product in Products)
        {
            double part = _weight[product] * rarity[product];
            squares += part * part;
        }

        return (float)Math.Sqrt(squares);
    }
}
