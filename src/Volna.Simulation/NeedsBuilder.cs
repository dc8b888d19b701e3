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

    [ThreadStatic]
    static NeedsBuilder? t_free;

    readonly float[] _scores = new float[Shopper.ConsideredMost];
    readonly int[] _places = new int[Shopper.ConsideredMost];
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

    public static NeedsBuilder Start(WorldOptions options, Assortment assortment)
    {
        var builder = t_free ??= new NeedsBuilder();
        builder._tables = assortment.Tables;
        builder._values = new float[assortment.Tables.Max(table => table.Popularity.Length)];
        builder._liking = (float)options.Liking;
        foreach (var list in (System.Collections.IList[])[builder.Categories, builder.Logits, builder.IsNew, builder.From, builder.PackDays, builder.Starts, builder.Considered, builder.Weights, builder.LogValues])
            list.Clear();
        builder.Starts.Add(0);
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

        float[] scores = _scores, gumbel = Gumbel;
        var places = _places;
        var (count, luck) = (0, 0UL);
        for (var k = 0; k < values.Length; k++)
        {
            // What she likes for no reason we know, Gumbel: the set she considers is drawn by weight without replacement, and what got in by much is
            // taken more often. Four draws come from each random number.
            luck = (k & 3) == 0 ? draw.Next() : luck >> 16;
            var score = values[k] + gumbel[luck & ((1 << GumbelBits) - 1)];
            if (count == scores.Length && score <= scores[^1]) continue;
            var place = count < scores.Length ? count++ : count - 1;
            for (; place > 0 && scores[place - 1] < score; place--)
            {
                scores[place] = scores[place - 1];
                places[place] = places[place - 1];
            }

            (scores[place], places[place]) = (score, k);
        }

        var sum = 0f;
        for (var place = 0; place < count; place++)
        {
            var utility = values[places[place]];
            var weight = MathF.Exp(utility + (_liking * (scores[place] - utility)));
            Considered.Add(table.FirstProduct + places[place]);
            Weights.Add(weight);
            sum += weight;
        }

        Categories.Add(category);
        Logits.Add((float)logit);
        IsNew.Add(isNew);
        From.Add(from);
        PackDays.Add((float)packDays);
        Starts.Add(Considered.Count);
        LogValues.Add(MathF.Log(sum));
    }
}
