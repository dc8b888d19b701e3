using System.Collections.Immutable;
using Volna.Offers.Plans;

namespace Volna.Offers.Response;

/// <summary>How customers answer offers of a kind of slot, learnt from what they and the held-out did; see <see cref="AnswerModel"/>.</summary>
/// <param name="OddsPerTenPercent">Factor of the odds of buying for each 10 % off, at the mean of the posterior of its logarithm.</param>
/// <param name="Deviation">Standard deviation of the logarithm.</param>
/// <param name="Offers">Offers made that it was learnt from.</param>
/// <param name="Drawn">The factor that the wave reckons with: drawn from the posterior, so that what is little known is tried (Thompson sampling); at least 1.</param>
public sealed record LearntOdds(SlotKind Slot, double OddsPerTenPercent, double Deviation, long Offers, double Drawn)
{
    /// <summary>Offers that held-out customers would have got.</summary>
    public long Ghosts { get; init; }

    /// <summary>What the model's chance without an offer was off by for such offers: their log odds of buying without one are this and <see cref="ChanceSlope"/> times those of the chance.</summary>
    public double ChanceShift { get; init; }

    /// <inheritdoc cref="ChanceShift"/>
    public double ChanceSlope { get; init; } = 1;

    /// <summary>Logarithm of the factor of the odds of buying by being offered at all, whatever the depth.</summary>
    public LearntNumber Offered { get; init; }

    /// <summary>What a unit of the product's additional turnover brings beside its own margin: what the plan assumes less what other goods of its category lose. Null: as the plan says.</summary>
    public LearntNumber? Worth { get; init; }

    /// <summary>By which share of her usual visits, beyond what the plan assumes, an offer makes her come more often for each 10 % off.</summary>
    public LearntNumber Pull { get; init; }

    /// <summary>Ends of the 95 % interval.</summary>
    public double Lower => OddsPerTenPercent * Math.Exp(-1.96 * Deviation);

    /// <inheritdoc cref="Lower"/>
    public double Upper => OddsPerTenPercent * Math.Exp(1.96 * Deviation);

    /// <summary>The plan with what was learnt in place of what it assumes.</summary>
    internal static Plan Apply(ImmutableArray<LearntOdds> learnt, Plan plan) =>
        learnt.Aggregate(plan, (changed, odds) => changed with
        {
            SlotKinds = changed.SlotKinds.SetItem(odds.Slot, changed.SlotKinds[odds.Slot] with
            {
                OddsPerTenPercent = odds.Drawn,
                OfferedLogOdds = odds.Offered.Used,
                Pull = odds.Pull.Used,
                ChanceShift = odds.ChanceShift,
                ChanceSlope = odds.ChanceSlope,
                TurnoverWorth = odds.Worth?.Used ?? changed.SlotKinds[odds.Slot].TurnoverWorth,
            }),
        });
}

/// <summary>A number learnt.</summary>
/// <param name="Mean">Of the posterior, as <paramref name="Deviation"/>.</param>
/// <param name="Used">What the wave reckons with: drawn from the posterior where an offer tells about it, else the mean.</param>
public readonly record struct LearntNumber(double Mean, double Deviation, double Used);
