using System.Collections.Concurrent;
using System.Collections.Immutable;
using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>
/// What each customer will want within the next days. Immutable; made by <see cref="Fit"/> or loaded by <see cref="ModelStore"/>.
/// Two logistic regressions give the chances, one for the products a customer knows and one for the likeliest she doesn't: neighbours, by
/// item-to-item, of what she bought, filled up with the most popular. The weights are fitted on the last window before the model's day, with features of
/// the morning it began; what is known of the products is as of the model's day.
/// </summary>
public sealed class DemandModel
{
    readonly ConcurrentBag<Scorer> _scorers = [];

    internal DemandModel(Market market, DemandWeights weights, int windowDays, int discoveries)
    {
        Market = market;
        Weights = weights;
        WindowDays = windowDays;
        Discoveries = discoveries;
    }

    /// <summary>The days after the scoring day for which <see cref="Candidate.Chance"/> holds.</summary>
    public int WindowDays { get; }

    /// <summary>The morning up to which the model saw purchases.</summary>
    public DateOnly Day => Days.Date(Market.Day);

    internal Market Market { get; }

    /// <summary>Day of the latest sale of each product before <see cref="Day"/>, by its number; default for none.</summary>
    public DateOnly[] LatestSales() => Array.ConvertAll(Market.Products[..^1], product => product.LatestSale(Market.Day) is { } day ? Days.Date(day) : default);

    internal DemandWeights Weights { get; }

    /// <summary>Products a customer doesn't know that are scored for her.</summary>
    internal int Discoveries { get; }

    /// <summary>
    /// Candidates for a customer on the morning of a day, likeliest first: all that she bought before, and the likeliest she didn't.
    /// Purchases on that day or later aren't looked at. A customer without history gets what is most popular in her store, city, or everywhere, named as such.
    /// May be called by many threads at once.
    /// </summary>
    /// <param name="candidates">Cleared and filled.</param>
    /// <param name="homeStore">Number of the store that she named as hers, where purchases tell none; 0 without one.</param>
    public void Score(CustomerHistory history, DateOnly day, List<Candidate> candidates, int homeStore = 0)
    {
        if (!_scorers.TryTake(out var scorer)) scorer = new Scorer(Market, WindowDays, Discoveries);
        scorer.Score(history, Days.Of(day), homeStore, Weights, candidates);
        _scorers.Add(scorer);
    }

    /// <summary>The strongest reasons for a candidate's chance, at most three, the strongest first: by how much the chance owes to each, and only those that are true of her.</summary>
    /// <returns>Empty for a product that is no candidate of hers.</returns>
    public ImmutableArray<Explanation> Explain(CustomerHistory history, DateOnly day, int product, int homeStore = 0)
    {
        if (!_scorers.TryTake(out var scorer)) scorer = new Scorer(Market, WindowDays, Discoveries);
        var reasons = scorer.Explain(history, Days.Of(day), homeStore, Weights, product);
        _scorers.Add(scorer);
        return reasons;
    }

    /// <param name="before">As known on the morning when the last window before <paramref name="now"/> began.</param>
    /// <param name="now">As known on the model's day.</param>
    internal static DemandModel Fit(Panel panel, Market before, Market now, DemandOptions options, ParallelOptions parallel) =>
        new(now, DemandWeights.Fit(panel, before, now.Day, options, parallel), options.WindowDays, options.Discoveries);
}
