using System.Collections.Immutable;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Generation;

namespace Volna.Offers.Compare;

/// <summary>What a method shares out, for all customers of the wave, by the plan's own reckoning.</summary>
/// <param name="CostMinor">Expected cost of the discounts.</param>
/// <param name="Gap">How far at most from the best possible, as a share of it.</param>
/// <param name="DepthPercent">The one discount, where there is one.</param>
public sealed record MethodResult(WaveMethod Method, long Offers, long WithOffers, double ValueMinor, double CostMinor, double Gap, decimal? DepthPercent);

/// <summary>One wave, shared out by several methods under the same limits.</summary>
public sealed class ComparedWave
{
    readonly ValuedWave _wave;
    readonly Dictionary<WaveMethod, (Allocated Allocated, Percent? Depth)> _methods = [];

    internal ComparedWave(ValuedWave wave, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        _wave = wave;
        var best = Allocate.Run(wave.Problem, null, threads, progress, stop);
        BoundMilli = best.BoundMilli;
        var greedy = new GreedyHandOut(wave.Problem, wave.Limits, wave.Blocks);
        _methods.Add(WaveMethod.Volna, (best, null));
        _methods.Add(WaveMethod.GreedyByScore, (greedy.Run(ByScore, stop), null));
        _methods.Add(WaveMethod.RelevanceOnly, (greedy.Run((in candidate, options) => (candidate.Chance, ByScore(candidate, options).Place), stop), null));
        var depths = wave.Plan.SlotKinds.Keys.SelectMany(kind => wave.Plan.StepsOf(kind)).Distinct();
        _methods.Add(WaveMethod.FixedDiscount, depths.Select(depth => (Allocated: greedy.Run(At(depth), stop), Depth: (Percent?)depth)).MaxBy(one => one.Allocated.ValueMilli));
    }

    /// <summary>Customers looked at; each stands for <see cref="Each"/>.</summary>
    public long Sampled => _wave.Problem.Customers;

    /// <inheritdoc cref="Sampled"/>
    public double Each => _wave.Each;

    /// <summary>No way of sharing out among the customers looked at is worth more, in thousandths of a minor unit.</summary>
    internal long BoundMilli { get; }

    internal ValuedWave Wave => _wave;

    /// <summary>In the order of <see cref="WaveMethod"/>.</summary>
    public ImmutableArray<MethodResult> Results => [.. _methods.OrderBy(one => one.Key).Select(one => Result(one.Key))];

    internal Allocated Of(WaveMethod method) => _methods[method].Allocated;

    /// <summary>Each customer's offers under a method.</summary>
    public IEnumerable<(CustomerId Customer, IReadOnlyList<Offer> Offers)> Offers(WaveMethod method) =>
        _wave.Assemble(Of(method), new WaveTally(_wave.Plan.Segments.Length)).Select(assignment => (assignment.Customer, (IReadOnlyList<Offer>)assignment.Offers));

    /// <summary>Ranks by what it brings at its best depth.</summary>
    static (double Rank, int Place) ByScore(in ValuedCandidate candidate, ReadOnlySpan<Option> options)
    {
        var best = 0;
        for (var place = 1; place < options.Length; place++)
            if (options[place].ValueMilli > options[best].ValueMilli)
                best = place;
        return (options[best].ValueMilli, best);
    }

    /// <summary>Ranks by what it brings at one depth; where that isn't allowed or brings less than a smaller one, at the next smaller one, to the method's advantage.</summary>
    Greed At(Percent depth) => (in candidate, options) =>
    {
        var steps = _wave.Plan.StepsOf(candidate.Kind);
        var at = 0;
        for (var place = 1; place < options.Length && steps[options[place].Step].BasisPoints <= depth.BasisPoints; place++) at = place;
        return (options[at].ValueMilli, at);
    };

    MethodResult Result(WaveMethod method)
    {
        var (allocated, depth) = _methods[method];
        long offers = 0, with = 0, cost = 0;
        for (var number = 0; number < _wave.Problem.Blocks.Count; number++)
            for (var customer = 0; customer < _wave.Problem.Blocks[number].Customers; customer++)
            {
                var chosen = allocated.Of(number, customer);
                offers += chosen.Length;
                if (chosen.Length > 0) with++;
                foreach (var place in chosen) cost += _wave.Problem.Blocks[number].Of(customer)[place].CostMilli;
            }

        long All(long count) => (long)Math.Round(count * Each);
        return new MethodResult(
            method, All(offers), All(with), allocated.ValueMilli * Each / 1_000, cost * Each / 1_000, BoundMilli <= 0 ? 0 : 1 - ((double)allocated.ValueMilli / BoundMilli),
            depth is { } percent ? percent.BasisPoints / 100m : null);
    }
}
