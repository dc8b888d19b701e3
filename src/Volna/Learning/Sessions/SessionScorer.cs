using Volna.Kernels;
using Volna.Learning.Networks;

namespace Volna.Learning.Sessions;

/// <summary>Ranks products for one visit after the other for one thread; its memory is used again and again.</summary>
public sealed class SessionScorer(SessionModel model)
{
    /// <summary>Of a longer visit the last products count.</summary>
    const int MostSeen = 30;

    readonly float[] _likeness = new float[model.Sessions];

    /// <summary>By session, the product last seen in the visit that it shares.</summary>
    readonly int[] _shared = new int[model.Sessions];
    readonly int[] _neighbours = new int[model.Options.Neighbours];
    readonly float[] _scores = new float[model.Products];
    readonly float[] _chances = new float[model.Network is null ? 0 : model.Products];
    readonly float[] _together = new float[model.Network is null ? 0 : model.Products];
    readonly List<int> _scored = [];
    int[] _touched = new int[1024];
    float[] _values = new float[1024];

    /// <summary>The likeliest next products, likeliest first; where too few are found, filled up with the most popular.</summary>
    /// <param name="visit">Products seen so far, oldest first; one unknown to the model is left out.</param>
    /// <param name="products">Filled from the front.</param>
    /// <returns>How many were found.</returns>
    public int Top(ReadOnlySpan<int> visit, Span<int> products)
    {
        Score(visit);
        var found = model.Network is null ? Best(products) : BestTogether(visit, products);
        foreach (var product in model.Popular)
        {
            if (found == products.Length) break;
            if (!products[..found].Contains(product)) products[found++] = product;
        }

        return found;
    }

    /// <summary>Of those that the neighbours speak for.</summary>
    int Best(Span<int> products)
    {
        _scored.Sort();
        if (_values.Length < Math.Max(_scored.Count, products.Length)) _values = new float[2 * Math.Max(_scored.Count, products.Length)];
        for (var i = 0; i < _scored.Count; i++) _values[i] = _scores[_scored[i]];
        var found = TopK.Ordered(_values.AsSpan(0, _scored.Count), 0, products, new float[products.Length]);
        for (var i = 0; i < found; i++) products[i] = _scored[products[i]];
        return found;
    }

    int BestTogether(ReadOnlySpan<int> visit, Span<int> products)
    {
        model.Network!.Score(visit, _chances);
        _scores.CopyTo(_together, 0);
        NetworkModel.Mix(_together, _chances, model.Options.Network);
        return TopK.Ordered(_together, 0, products, new float[products.Length]);
    }

    /// <summary>By product how loud the sessions most like the visit speak for it.</summary>
    void Score(ReadOnlySpan<int> visit)
    {
        foreach (var product in _scored) _scores[product] = 0;
        _scored.Clear();
        if (visit.Length > MostSeen) visit = visit[^MostSeen..];
        var touched = AddLikeness(visit);
        for (var i = 0; i < touched; i++) _values[i] = _likeness[_touched[i]] * model.Weight[_touched[i]];
        var neighbours = TopK.Unordered(_values.AsSpan(0, touched), _neighbours);
        for (var i = 0; i < neighbours; i++) Speak(_touched[_neighbours[i]], _values[_neighbours[i]]);
        for (var i = 0; i < touched; i++) _likeness[_touched[i]] = 0;
        foreach (var product in visit)
            if (IsKnown(product)) _scores[product] *= model.Options.Repeat;
        foreach (var product in _scored) _scores[product] *= model.ProductWeight[product];
    }

    /// <summary>Adds up how like the visit each session is that shares a product with it; the last seen comes first.</summary>
    /// <returns>How many sessions.</returns>
    int AddLikeness(ReadOnlySpan<int> visit)
    {
        var touched = 0;
        for (var at = visit.Length - 1; at >= 0; at--)
        {
            var product = visit[at];
            if (!IsKnown(product) || visit[(at + 1)..].Contains(product)) continue;
            var weight = MathF.Exp((at + 1 - visit.Length) / model.Options.Memory);
            var sessions = model.SessionsOf.PlacesOf(product);
            if (_touched.Length < touched + sessions.Length)
            {
                Array.Resize(ref _touched, 2 * (touched + sessions.Length));
                _values = new float[_touched.Length];
            }

            foreach (var session in sessions)
            {
                if (_likeness[session] == 0)
                {
                    _touched[touched++] = session;
                    _shared[session] = product;
                }

                _likeness[session] += weight;
            }
        }

        if (_values.Length < touched) _values = new float[_touched.Length];
        return touched;
    }

    /// <summary>A neighbour speaks for the products around the one it shares.</summary>
    void Speak(int session, float likeness)
    {
        var seen = model.Seen.AsSpan(model.Start[session]..model.Start[session + 1]);
        var shared = seen.LastIndexOf(_shared[session]);
        for (var at = 0; at < seen.Length; at++)
        {
            if (at == shared) continue;
            var part = likeness * MathF.Exp(-Math.Abs(at - shared) / model.Options.Reach) * (at < shared ? model.Options.Backward : 1);
            ref var score = ref _scores[seen[at]];
            if (score == 0 && part > 0) _scored.Add(seen[at]);
            score += part;
        }
    }

    bool IsKnown(int product) => product >= 0 && product < model.Products;
}
