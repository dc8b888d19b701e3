using System.Runtime.Intrinsics;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>
/// Gathers what a customer buys. By far the most of what making her takes: each good of each of her categories is looked at once. So the Gumbel
/// draws come from a table, and one instance a thread is used again and again.
/// </summary>
sealed class NeedsBuilder
{
    /// <summary>Quantiles of the standard Gumbel distribution, in the middle of 8,192 equal steps.</summary>
    static readonly float[] Gumbel = [.. Enumerable.Range(0, 1 << GumbelBits).Select(step => (float)-Math.Log(-Math.Log((step + 0.5) / (1 << GumbelBits))))];

    const int GumbelBits = 13;

    /// <summary>Goods of a category from which on the lowest of the best is asked first.</summary>
    const int BranchFrom = 32;

    [ThreadStatic]
    static NeedsBuilder? t_free;

    CategoryTable[] _tables = [];
    float[] _values = [];
    float _liking;

    public List<int> Categories { get; } = [];
    public List<float> Logits { get; } = [];
    public List<bool> IsNew { get; } = [];
    public List<int> From { get; } = [];
    public List<float> PackDays { get; } = [];
    public List<int> Starts { get; } = [0];
    public List<int> Considered { get; } = [];
    public List<float> Weights { get; } = [];
    public List<float> LogValues { get; } = [];
    public List<int> LaterStarts { get; } = [];

    /// <summary>By how much later goods raise the logarithm of a need's summed weights at most.</summary>
    public float LaterGain { get; private set; }

    /// <summary>By need: the lowest score among the goods she considers; what is above it would have been among them.</summary>
    readonly List<float> _leasts = [];

    public static NeedsBuilder Start(WorldOptions options, Assortment assortment)
    {
        var builder = t_free ??= new NeedsBuilder();
        if (builder._tables != assortment.Tables)
        {
            builder._tables = assortment.Tables;
            builder._values = new float[assortment.Tables.Max(table => table.Popularity.Length)];
        }

        builder._liking = (float)options.Liking;
        foreach (var list in (System.Collections.IList[])[builder.Categories, builder.Logits, builder.IsNew, builder.From, builder.PackDays, builder.Starts, builder.Considered, builder.Weights, builder.LogValues, builder.LaterStarts, builder._leasts])
            list.Clear();
        builder.Starts.Add(0);
        builder.LaterGain = 0;
        return builder;
    }

    /// <param name="from">The day from which she has the need.</param>
    /// <param name="taste">Weights of the dimensions of taste.</param>
    /// <param name="bulk">How much she likes large packs.</param>
    public void Add(int category, double logit, bool isNew, int from, double packDays, ReadOnlySpan<float> taste, float sensitivity, float bulk, ref Draw draw)
    {
        var table = _tables[category];
        var values = _values.AsSpan(0, table.Popularity.Length);
        table.Popularity.CopyTo(values);
        ScaledSum.Add(values, -0.5f * sensitivity, table.RelativeLogPrice);
        ScaledSum.Add(values, bulk, table.LogPacks);
        for (var t = 0; t < taste.Length; t++) ScaledSum.Add(values, taste[t], table.Tastes[t]);

        var gumbel = Gumbel;
        var best = Best.None;
        var (luck, least) = (0UL, float.NegativeInfinity);
        for (var k = 0; k < values.Length; k++)
        {
            // What she likes for no reason we know, Gumbel: the set she considers is drawn by weight without replacement, and what got in by much is
            // taken more often. Four draws come from each random number.
            luck = (k & 3) == 0 ? draw.Next() : luck >> 16;
            var score = values[k] + gumbel[luck & ((1 << GumbelBits) - 1)];

            // In a long category hardly any good gets in any more, so a branch is cheaper than Offer; in a short one it is not.
            if (k >= BranchFrom && score <= least) continue;
            best.Offer(score, k);
            if (k >= BranchFrom - 1) least = best.Least;
        }

        Span<(float Score, int Place)> taken = stackalloc (float, int)[Shopper.ConsideredMost];
        taken = taken[..Math.Min(values.Length, Shopper.ConsideredMost)];
        best.CopyTo(taken);
        var sum = 0f;
        foreach (var (score, place) in taken)
        {
            var utility = values[place];
            var weight = MathF.Exp(utility + (_liking * (score - utility)));
            Considered.Add(table.FirstProduct + place);
            Weights.Add(weight);
            sum += weight;
        }

        _leasts.Add(values.Length < Shopper.ConsideredMost ? float.NegativeInfinity : best.Least);
        Categories.Add(category);
        Logits.Add((float)logit);
        IsNew.Add(isNew);
        From.Add(from);
        PackDays.Add((float)packDays);
        Starts.Add(Considered.Count);
        LogValues.Add(MathF.Log(sum));
    }

    /// <summary>After all needs: what she would take of the goods launched after the history, by the same scores.</summary>
    public void AddLater(Assortment assortment, ReadOnlySpan<float> taste, float sensitivity, float bulk, Chance luck)
    {
        for (var need = 0; need < Categories.Count; need++)
        {
            LaterStarts.Add(Considered.Count);
            foreach (var number in assortment.LaterByCategory[Categories[need]])
            {
                var good = assortment.Goods[number];
                var utility = good.Popularity - (0.5 * sensitivity * good.RelativeLogPrice) + (bulk * Math.Log(good.Packs));
                for (var t = 0; t < taste.Length; t++) utility += taste[t] * good.Taste[t];
                var liking = -Math.Log(-Math.Log(luck.Unit(Purpose.Considers, 0, number)));
                if (utility + liking <= _leasts[need]) continue;
                Considered.Add(number);
                Weights.Add((float)Math.Exp(utility + (_liking * liking)));
                if (Considered.Count - LaterStarts[need] == Shopper.LaterMost) break;
            }

            LaterGain = Math.Max(LaterGain, MathF.Log(1 + (Weights.Skip(LaterStarts[need]).Sum() / MathF.Exp(LogValues[need]))));
        }

        LaterStarts.Add(Considered.Count);
    }

    /// <summary>The eight highest scores with their places, highest first. A new one sinks in without branches: each element becomes <c>max(own, min(new, next higher))</c>.</summary>
    struct Best
    {
        // Score before place in each element; the four highest, the next four.
        Vector256<long> _first, _second;

        public static Best None => new() { _first = Vector256.Create(long.MinValue), _second = Vector256.Create(long.MinValue) };

        public void Offer(float score, int place)
        {
            // The bits of a float as an integer of the same order; of equal scores the earlier is higher.
            var bits = BitConverter.SingleToInt32Bits(score);
            var offered = Vector256.Create(((long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | unchecked((uint)~place));
            var higher = Vector256.Shuffle(_second, Vector256.Create(0L, 0, 1, 2)).WithElement(0, _first[3]);
            _second = Vector256.Max(_second, Vector256.Min(offered, higher));
            _first = Vector256.Max(_first, Vector256.Min(offered, Vector256.Shuffle(_first, Vector256.Create(0L, 0, 1, 2)).WithElement(0, long.MaxValue)));
        }

        /// <summary>The lowest of the eight; what isn't above it needn't be offered.</summary>
        public readonly float Least => ScoreOf(_second[3]);

        static float ScoreOf(long element)
        {
            var bits = (int)(element >> 32);
            return BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue));
        }

        public readonly void CopyTo(Span<(float Score, int Place)> to)
        {
            for (var i = 0; i < to.Length; i++)
            {
                var element = i < 4 ? _first[i] : _second[i - 4];
                to[i] = (ScoreOf(element), ~unchecked((int)element));
            }
        }
    }
}
