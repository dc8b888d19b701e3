namespace Volna.Learning.Baskets;

/// <summary>
/// Chooses <see cref="BasketOptions"/>: one after the other takes the value of a short list with which customers kept aside are foretold best (recall + NDCG
/// + hit rate at 10), round after round until none changes.
/// </summary>
static class BasketTuning
{
    const int MostRounds = 4;

    static readonly Func<BasketOptions, IEnumerable<BasketOptions>>[] Choices =
    [
        options => ((float[])[0.6f, 0.7f, 0.8f, 0.85f, 0.9f, 0.95f, 1]).Select(value => options with { Decay = value }),
        options => ((float[])[0, 0.25f, 0.5f, 0.75f, 1, 1.5f]).Select(value => options with { RarityPower = value }),
        options => ((int[])[100, 200, 300, 500, 900, 1500, 2500]).Select(value => options with { Neighbours = value }),
        options => ((float[])[0, 0.25f, 0.5f, 0.75f, 1, 1.5f, 2]).Select(value => options with { LikenessPower = value }),
        options => ((float[])[0, 0.25f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1]).Select(value => options with { OwnPower = value }),
        options => ((float[])[0.02f, 0.03f, 0.05f, 0.07f, 0.1f, 0.14f, 0.2f, 0.28f, 0.4f]).Select(value => options with { Own = value }),
        options => ((float[])[0.01f, 0.1f, 0.2f, 0.3f, 0.5f, 0.8f]).Select(value => options with { Popular = value }),
    ];

    /// <param name="judges">Customers whose last basket is foretold from those before.</param>
    public static BasketOptions Choose(IReadOnlyList<int[][]> customers, IReadOnlyList<int[][]> judges, int products, ParallelOptions parallel)
    {
        var best = new BasketOptions();
        BasketModel? fitted = null;
        var bestWorth = Worth(best);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = best;
            foreach (var choice in Choices)
            {
                foreach (var options in choice(best))
                {
                    if (options == best) continue;
                    var worth = Worth(options);
                    if (worth > bestWorth) (best, bestWorth) = (options, worth);
                }
            }

            if (best == before) break;
        }

        return best;

        double Worth(BasketOptions options)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            fitted = fitted is not null && fitted.Options.LearnAs(options) ? fitted.With(options) : BasketModel.Fit(customers, products, options);
            var quality = BasketTest.Judge(fitted, judges, 10, parallel);
            return quality.Recall + quality.Ndcg + quality.Hit;
        }
    }
}
