using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>A wave's customers, or a sample of them, filtered and valued in memory, for whoever wants to look at a wave and keep nothing.</summary>
/// <param name="Each">How many customers each one stands for; 1 where all are there.</param>
/// <param name="Counts">Of candidates and early refusals, by block.</param>
sealed record ValuedWave(WaveInputs Inputs, Goods Goods, SharedLimits Limits, double Each, IReadOnlyList<ValuedBlock> Blocks, IReadOnlyList<WaveStatistics> Counts)
{
    public Plan Plan => Inputs.Plan;

    /// <summary>To be shared out; of each limit the sample's part, see <see cref="OfSample"/>.</summary>
    public AllocationProblem Problem { get; } = Limits.Problem(Inputs.Plan, [.. Blocks.Select(block => block.ToShare())]) with
    {
        Limits = OfSample(Limits.Limits, Each, Inputs.Wave.Seed),
        Each = Each,
        Expected = Inputs.ExpectedPrices(Limits),
    };

    /// <summary>True if limits allow fewer offers than a customer of the sample stands for: which of them allow her one is drawn.</summary>
    public bool LimitsAreDrawn => Limits.Limits.Any(limit => limit.Counts == LimitUnit.Offers && limit.Most > 0 && limit.Most < Each);

    /// <summary>Filters and values.</summary>
    /// <param name="each">How many customers each one of the inputs stands for.</param>
    public static ValuedWave Of(WaveInputs inputs, Goods goods, double each, ParallelOptions parallel) => Of(inputs, goods, new SharedLimits(inputs.Plan, inputs.Catalog), each, parallel);

    /// <param name="limits">The plan's.</param>
    /// <param name="prices">Options that are needed at none of these are left out; null to keep all.</param>
    /// <inheritdoc cref="Of(WaveInputs, Goods, double, ParallelOptions)"/>
    public static ValuedWave Of(WaveInputs inputs, Goods goods, SharedLimits limits, double each, ParallelOptions parallel, PriceRange? prices = null)
    {
        var bought = new bool[inputs.Profiles.Length];
        var (blocks, counts) = (new ValuedBlock[inputs.Shards + 1], new WaveStatistics[inputs.Shards + 1]);
        Parallel.For(0, inputs.Shards, parallel, () => inputs.Valuation(goods, limits, prices), (shard, _, valuation) =>
        {
            Part(shard, valuation, inputs.Buyers(shard));
            return valuation;
        }, _ => { });
        Part(inputs.Shards, inputs.Valuation(goods, limits, prices), inputs.NonBuyers(bought));
        return new ValuedWave(inputs, goods, limits, each, blocks, counts);

        void Part(int part, OfferValuation valuation, IEnumerable<(CustomerProfile Profile, CustomerHistory History)> customers)
        {
            var block = new ValuedBlockBuilder();
            counts[part] = PartOfWave.Value(inputs, valuation, customers, bought, block, null, _ => { }, parallel.CancellationToken);
            blocks[part] = block.Build();
        }
    }

    /// <summary>The offers of each customer, in the order of blocks, at an allocation.</summary>
    /// <param name="tally">Counts them.</param>
    public IEnumerable<Assignment> Assemble(Allocated allocated, WaveTally tally)
    {
        var assembly = Inputs.Assembly(Goods, Limits, new GoodPrices(Problem, [.. allocated.Limits.Select(limit => limit.Price)]));
        for (var number = 0; number < Blocks.Count; number++)
            for (var customer = 0; customer < Blocks[number].Customers.Length; customer++)
                yield return assembly.Assemble(Blocks[number], customer, allocated.Of(number, customer), tally);
    }

    /// <summary>What became of the limits, for all customers. Of one that allows less than an offer of the sample only its price tells whether it is used up.</summary>
    public ImmutableArray<LimitOutcome> Outcomes(Allocated allocated) => [.. Limits.Outcomes(allocated.Limits, Each)
        .Select(limit => limit.Money ? limit : limit with { Used = limit.Most < Each && limit.Price > 0 ? limit.Most : Math.Min(limit.Used, limit.Most) })];

    /// <summary>
    /// Caps of 3 offers for a customer of each 200 are parts of an offer: rounded down, all of them together, as caps by stock are, would allow nothing. So what is cut off one
    /// is carried to the next, from a drawn start, and together they allow as many as they should (systematic sampling). A promise is rounded down: it never exceeds its limit.
    /// </summary>
    static ImmutableArray<Limit> OfSample(ImmutableArray<Limit> limits, double each, ulong seed)
    {
        var carried = new Draw(seed, "limits", 0).NextUnit();
        var own = ImmutableArray.CreateBuilder<Limit>(limits.Length);
        foreach (var limit in limits)
        {
            var most = limit.Most / each;
            carried += limit.Counts == LimitUnit.Offers ? most - Math.Floor(most) : 0;
            own.Add(limit with { Most = (long)most + (carried >= 1 ? 1 : 0), Least = (long)(limit.Least / each) });
            carried -= carried >= 1 ? 1 : 0;
        }

        return own.ToImmutable();
    }
}
