using Volna.Kernels;

namespace Volna.Learning.Networks;

/// <summary>
/// Some sequences go through a network, forwards to foretell each next product and backwards to see how each weight should change (back-propagation through time).
/// The longest sequence comes first, so those that are still going on at a step are always the first ones, and their numbers lie together. The memory is used again and again.
/// </summary>
sealed class NetworkPass(int factors)
{
    readonly GruStep _gru = new(factors, factors);
    int[] _active = [], _start = [];
    float[] _inputs = [], _kept = [], _states = [], _outputs = [], _memory = [], _scores = [], _ofOutputs = [], _ofStates = [], _ofInputs = [], _ofTargets = [];
    readonly float[] _rivals = new float[Rivals.Count * factors], _rivalScores = new float[Rivals.Count];

    /// <summary>Products foretold: one after each but the last of a sequence.</summary>
    public int Places { get; private set; }

    /// <summary>Sum over all places of minus the logarithm of the chance of what really came next.</summary>
    public double Loss { get; private set; }

    /// <summary>By place, the product seen and the one that came next.</summary>
    public int[] Seen { get; private set; } = [];

    public int[] Next { get; private set; } = [];

    /// <summary>By place, gradients of the numbers of the product seen.</summary>
    public ReadOnlySpan<float> OfSeen => _ofInputs.AsSpan(0, Places * factors);

    /// <summary>By place, gradients of the numbers of the product that came next, and of its popularity.</summary>
    public ReadOnlySpan<float> OfNext => _ofTargets.AsSpan(0, Places * factors);

    public float[] OfNextPopularity { get; private set; } = [];

    /// <summary>By rival, the same.</summary>
    public float[] OfRivals { get; } = new float[Rivals.Count * factors];

    public float[] OfRivalsPopularity { get; } = new float[Rivals.Count];

    public float[] OfStep { get; } = new float[new GruStep(factors, factors).Weights];

    /// <param name="sequences">Longest first, each of two products or more.</param>
    /// <param name="draw">What is left out.</param>
    public void Run(NetworkWeights weights, ReadOnlySpan<int[]> sequences, Rivals rivals, float dropout, Draw draw)
    {
        LayOut(sequences);
        Keep(dropout, draw);
        Forward(weights);
        Compare(weights, rivals);
        Backward(weights);
    }

    void LayOut(ReadOnlySpan<int[]> sequences)
    {
        var steps = sequences[0].Length - 1;
        (_active, _start) = (new int[steps], new int[steps + 1]);
        foreach (var sequence in sequences)
            for (var step = 0; step < sequence.Length - 1; step++) _active[step]++;
        for (var step = 0; step < steps; step++) _start[step + 1] = _start[step] + _active[step];
        Places = _start[^1];
        (Seen, Next) = (new int[Places], new int[Places]);
        for (var step = 0; step < steps; step++)
            for (var i = 0; i < _active[step]; i++) (Seen[_start[step] + i], Next[_start[step] + i]) = (sequences[i][step], sequences[i][step + 1]);
        if (_states.Length >= Places * factors) return;
        var numbers = 2 * Places * factors;
        (_inputs, _states, _outputs, _ofOutputs, _ofStates, _ofInputs, _ofTargets) = (new float[numbers], new float[numbers], new float[numbers], new float[numbers], new float[numbers], new float[numbers], new float[numbers]);
        (_kept, _memory, _scores, OfNextPopularity) = (new float[2 * numbers], new float[6 * numbers], new float[2 * Places * Rivals.Count], new float[2 * Places]);
    }

    /// <summary>What is left out is multiplied by 0, the others by as much more.</summary>
    void Keep(float dropout, Draw draw)
    {
        var kept = _kept.AsSpan(0, 2 * Places * factors);
        var (least, scale) = ((ulong)(256 * dropout), 1 / (1 - ((int)(256 * dropout) / 256f)));
        ulong bits = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (i % 8 == 0) bits = draw.Next();
            kept[i] = (bits & 255) >= least ? scale : 0;
            bits >>= 8;
        }
    }

    void Forward(NetworkWeights weights)
    {
        for (var place = 0; place < Places; place++) Multiply(weights.Of(Seen[place]), KeptOf(0, place), Row(_inputs, place));
        var none = new float[_active[0] * factors];
        for (var step = 0; step < _active.Length; step++)
            _gru.Forward(weights.Step, Rows(_inputs, step), BeforeOf(step, none), Rows(_states, step), MemoryOf(step));
        for (var place = 0; place < Places; place++) Multiply(Row(_states, place), KeptOf(1, place), Row(_outputs, place));
    }

    /// <summary>Scores of the rivals and of what came next; the gradients of the outputs and of the products foretold.</summary>
    void Compare(NetworkWeights weights, Rivals rivals)
    {
        for (var rival = 0; rival < Rivals.Count; rival++)
        {
            var product = rivals.Products[rival];
            weights.Of(product).CopyTo(_rivals.AsSpan(rival * factors));
            _rivalScores[rival] = weights.Popularity[product] - rivals.Expected[product];
        }

        var scores = _scores.AsSpan(0, Places * Rivals.Count);
        for (var place = 0; place < Places; place++) _rivalScores.CopyTo(scores.Slice(place * Rivals.Count, Rivals.Count));
        var outputs = _outputs.AsSpan(0, Places * factors);
        MatrixProduct.AddTransposed(outputs, _rivals, scores, factors);
        Loss = 0;
        Array.Clear(OfRivalsPopularity);
        for (var place = 0; place < Places; place++)
        {
            var next = Next[place];
            var row = scores.Slice(place * Rivals.Count, Rivals.Count);
            // What came next is no rival of itself.
            for (var rival = Array.BinarySearch(rivals.Products, next); rival >= 0 && rival < Rivals.Count && rivals.Products[rival] == next; rival++) row[rival] = float.NegativeInfinity;
            for (var rival = Array.BinarySearch(rivals.Products, next); rival >= 0 && rivals.Products[rival] == next; rival--) row[rival] = float.NegativeInfinity;
            var own = Dot(Row(_outputs, place), weights.Of(next)) + weights.Popularity[next] - rivals.Expected[next];
            var (greatest, sum) = SoftMax.Exponentiate(row);
            var top = Math.Max(greatest, own);
            var (others, chance) = (Math.Exp(greatest - top), Math.Exp(own - top));
            var total = (sum * others) + chance;
            Loss += Math.Log(total) - (own - top);
            SparseSums.Scale(row, (float)(others / total), row);
            ScaledSum.Add(OfRivalsPopularity, 1, row);
            OfNextPopularity[place] = (float)((chance / total) - 1);
        }

        var ofOutputs = _ofOutputs.AsSpan(0, Places * factors);
        ofOutputs.Clear();
        MatrixProduct.Add(scores, Rivals.Count, 1, _rivals, ofOutputs, factors);
        Array.Clear(OfRivals);
        MatrixProduct.Add(scores, 1, Rivals.Count, outputs, OfRivals, factors);
        for (var place = 0; place < Places; place++)
        {
            ScaledSum.Add(Row(_ofOutputs, place), OfNextPopularity[place], weights.Of(Next[place]));
            SparseSums.Scale(Row(_outputs, place), OfNextPopularity[place], Row(_ofTargets, place));
        }
    }

    void Backward(NetworkWeights weights)
    {
        for (var place = 0; place < Places; place++) Multiply(Row(_ofOutputs, place), KeptOf(1, place), Row(_ofStates, place));
        Array.Clear(OfStep);
        var none = new float[_active[0] * factors];
        var ofBefore = new float[_active[0] * factors];
        for (var step = _active.Length - 1; step >= 0; step--)
        {
            var own = ofBefore.AsSpan(0, _active[step] * factors);
            _gru.Backward(weights.Step, Rows(_inputs, step), BeforeOf(step, none), MemoryOf(step), Rows(_ofStates, step), Rows(_ofInputs, step), own, OfStep);
            if (step > 0) ScaledSum.Add(_ofStates.AsSpan(_start[step - 1] * factors, own.Length), 1, own);
        }

        for (var place = 0; place < Places; place++) Multiply(Row(_ofInputs, place), KeptOf(0, place), Row(_ofInputs, place));
    }

    ReadOnlySpan<float> BeforeOf(int step, float[] none) => step == 0 ? none : _states.AsSpan(_start[step - 1] * factors, _active[step] * factors);

    Span<float> MemoryOf(int step) => _memory.AsSpan(_start[step] * _gru.Memory, _active[step] * _gru.Memory);

    Span<float> Rows(float[] of, int step) => of.AsSpan(_start[step] * factors, _active[step] * factors);

    Span<float> Row(float[] of, int place) => of.AsSpan(place * factors, factors);

    ReadOnlySpan<float> KeptOf(int side, int place) => _kept.AsSpan(((side * Places) + place) * factors, factors);

    static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = a[i] * b[i];
    }

    static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
