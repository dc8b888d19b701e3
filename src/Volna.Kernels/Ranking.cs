namespace Volna.Kernels;

/// <summary>How good the top of a ranked list is for one customer. The means over customers are the usual hit rate, recall and NDCG at K.</summary>
/// <param name="Hit">1 if anything in the top is relevant, else 0.</param>
/// <param name="Recall">Of all that is relevant, the share in the top.</param>
/// <param name="Ndcg">Normalised discounted cumulative gain with relevance 0 or 1: a hit at place i, from 1, gains 1 / log2(i + 1), divided by the gain of
/// the best possible list (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002).</param>
public readonly record struct Ranking(double Hit, double Recall, double Ndcg)
{
    /// <param name="hits">For each place, best first, whether what stands there is relevant; may be longer or shorter than <paramref name="top"/>.</param>
    /// <param name="relevant">How many are relevant in all, listed or not.</param>
    /// <param name="top">K.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing is relevant, so that nothing can be said; or the top is empty.</exception>
    public static Ranking At(ReadOnlySpan<bool> hits, int relevant, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relevant);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        var found = 0;
        double gain = 0, best = 0;
        for (var place = 0; place < top; place++)
        {
            var worth = 1 / Math.Log2(place + 2);
            if (place < relevant) best += worth;
            if (place >= hits.Length || !hits[place]) continue;
            found++;
            gain += worth;
        }

        return new Ranking(found > 0 ? 1 : 0, (double)found / relevant, gain / best);
    }

    public static Ranking operator +(Ranking a, Ranking b) => new(a.Hit + b.Hit, a.Recall + b.Recall, a.Ndcg + b.Ndcg);

    public static Ranking operator /(Ranking a, double divisor) => new(a.Hit / divisor, a.Recall / divisor, a.Ndcg / divisor);
}
