using System.Collections.Immutable;
using Volna.Offers.Plans;

namespace Volna.Offers.Response;

/// <summary>How the odds of buying grow with the discount, learnt from what customers did with offers whose depth was left to chance.</summary>
/// <param name="OddsPerTenPercent">Factor for each 10 % off, at the mean of the posterior of its logarithm.</param>
/// <param name="Deviation">Standard deviation of the logarithm.</param>
/// <param name="Offers">Offers that it was learnt from.</param>
/// <param name="Drawn">The factor that the wave reckons with: drawn from the posterior, so that what is little known is tried (Thompson sampling); at least 1.</param>
public sealed record LearntOdds(SlotKind Slot, double OddsPerTenPercent, double Deviation, long Offers, double Drawn)
{
    /// <summary>Ends of the 95 % interval.</summary>
    public double Lower => OddsPerTenPercent * Math.Exp(-1.96 * Deviation);

    /// <inheritdoc cref="Lower"/>
    public double Upper => OddsPerTenPercent * Math.Exp(1.96 * Deviation);

    /// <summary>The plan with what was learnt in place of what it assumes.</summary>
    internal static Plan Apply(ImmutableArray<LearntOdds> learnt, Plan plan) =>
        learnt.Aggregate(plan, (changed, odds) => changed with
        {
            SlotKinds = changed.SlotKinds.SetItem(odds.Slot, changed.SlotKinds[odds.Slot] with { OddsPerTenPercent = odds.Drawn }),
        });
}
