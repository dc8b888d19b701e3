using System.Text.Json.Serialization;
using Volna.Intake.Letters;
using Volna.Reports.Statistics;

namespace Volna.Simulation.Loop;

/// <summary>What the policies brought in one world, truth beside estimate. Money is in minor units.</summary>
/// <param name="Customers">At the start.</param>
/// <param name="Newcomers">Customers who joined in the weeks.</param>
/// <param name="Start">The first day after the history, on which the first waves begin.</param>
/// <param name="End">The day after the last one.</param>
/// <param name="Compared">Customers outside the universal hold-out; all figures are theirs.</param>
/// <param name="HeldOut">Customers who get no personal offers under any policy.</param>
/// <param name="Frequent">Compared customers with at least twelve receipts in the 90 days before the start.</param>
/// <param name="Remarks">What the reader must know beside the figures.</param>
public sealed record LoopResult(
    ulong Seed, int Weeks, int Customers, int Newcomers, DateOnly Start, DateOnly End, int Compared, int HeldOut, int Frequent,
    IReadOnlyList<Text> Remarks, IReadOnlyList<PolicyResult> Policies)
{
    public PolicyResult? this[LoopPolicy policy] => Policies.FirstOrDefault(one => one.Policy == policy.Code());
}

/// <summary>What one policy brought.</summary>
/// <param name="OutsideCorridors">Waves that the rule didn't approve, so that nothing was published.</param>
/// <param name="Surprises">Lines that cost something else at the till than the customer had reckoned; 0 unless something is wrong.</param>
/// <param name="TillsMinor">What the tills took.</param>
/// <param name="ImportedMinor">What came in as receipts afterwards, returns left out: the same.</param>
/// <param name="HeldOutDifferenceMinor">Spend of the universal hold-out less its spend without offers: zero but for shelf prices.</param>
/// <param name="Frequency">Receipts of a customer in a week.</param>
/// <param name="FrequencyOfFrequent">The same of customers who came often before.</param>
/// <param name="DiscountCost">What the policy's discounts took off.</param>
/// <param name="Complaints">Letters called spam; without offers there are none.</param>
/// <param name="OptedOut">Customers who left a channel, by unsubscribing or by the spam button.</param>
/// <param name="Waves">Null for a policy without waves.</param>
public sealed record PolicyResult(
    string Policy, int PublishedWaves, IReadOnlyList<StoppedWave> OutsideCorridors, long Offers, long Redeemed, long Surprises, long TillsMinor, long ImportedMinor, long HeldOutDifferenceMinor,
    PolicyFigure Turnover, PolicyFigure Margin, PolicyFigure Frequency, PolicyFigure AverageCheck, PolicyFigure FrequencyOfFrequent, long DiscountCost, long Complaints, long OptedOut,
    WavesResult? Waves, IReadOnlyList<WeekPoint> Weeks)
{
    /// <summary>Null where no letters were reported on.</summary>
    public LettersResult? Letters { get; init; }

    /// <summary>Seconds that each step took in all, on the wall and of the processor; no part of the result, which is the same on every machine.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, (double Wall, double Processor)> Seconds { get; init; } = new Dictionary<string, (double, double)>();
}

/// <summary>The letters of all waves.</summary>
/// <param name="Counted">By Volna, from the mailing service's reports.</param>
/// <param name="TrulyOpened">By people, as only the world knows.</param>
public sealed record LettersResult(LetterFigures Counted, long TrulyOpened);

/// <param name="Week">From 1.</param>
/// <param name="Breaches">A sentence for each corridor that it was outside of.</param>
public sealed record StoppedWave(int Week, IReadOnlyList<Text> Breaches);

/// <summary>A figure of the policy's life and of the life without offers.</summary>
/// <param name="Increment">The true difference.</param>
/// <param name="Share">The true difference as a share of the figure without offers.</param>
/// <param name="Estimated">Volna's own estimate from the universal hold-out, with its 95 % interval; null where there is nobody to compare with.</param>
public sealed record PolicyFigure(double Value, double Without, double Increment, double Share, Effect? Estimated)
{
    public static PolicyFigure Of(double value, double without, Effect? estimated) => new(value, without, value - without, without == 0 ? 0 : (value / without) - 1, estimated);
}

/// <summary>What the reports of single waves said, each against its own hold-out: the effect of a week's offers within that week.</summary>
/// <param name="Judged">Waves whose report gave a verdict.</param>
/// <param name="SpendContained">Of them, those whose 95 % interval contains the true effect on spend.</param>
/// <param name="Turnover">True increments within the weeks, added up, and the sum of the estimates.</param>
public sealed record WavesResult(int Judged, int SpendContained, int MarginContained, SumOfWaves Turnover, SumOfWaves Margin);

/// <param name="Increment">The truth.</param>
public sealed record SumOfWaves(double Increment, Effect? Estimated);

/// <summary>Where a policy stands at the end of a week, added up from the first.</summary>
/// <param name="Week">From 1.</param>
/// <param name="EstimatedTurnover">Every fourth week and at the end; null at the others.</param>
public sealed record WeekPoint(int Week, double Turnover, double Margin, double Receipts, long DiscountCost, Effect? EstimatedTurnover, Effect? EstimatedMargin);
