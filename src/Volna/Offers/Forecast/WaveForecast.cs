using Volna.Intake.Catalog;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Generation;

namespace Volna.Offers.Forecast;

/// <summary>What a wave would be, reckoned from a sample of its customers.</summary>
/// <param name="Customers">In the data.</param>
/// <param name="Sampled">Of them looked at, those held out of all waves included.</param>
/// <param name="Wave">For all customers; distinct products are those of the sample.</param>
/// <param name="Margin">Expected against no offers, by the plan's assumptions.</param>
public sealed record WaveForecast(long Customers, long Sampled, WaveStatistics Wave, Range95 Margin, Range95 Turnover)
{
    /// <summary>True if limits allow fewer offers than a customer of the sample stands for: right together, they are rough one by one.</summary>
    public bool LimitsAreDrawn { get; init; }

    internal static WaveForecast Of(ValuedWave valued, long customers, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var allocated = Allocate.Run(valued.Problem, null, threads, progress, stop);
        var tally = new WaveTally(valued.Plan.Segments.Length);
        var products = new HashSet<int>();
        double margins = 0, marginsSquared = 0, turnovers = 0, turnoversSquared = 0, marginBefore = 0, turnoverBefore = 0;
        foreach (var assignment in valued.Assemble(allocated, tally))
        {
            foreach (var offer in assignment.Offers)
                if (offer.TargetKind == TargetKind.Product)
                    products.Add(offer.Target);
            var (margin, turnover) = (tally.MarginMinor - marginBefore, tally.TurnoverMinor - turnoverBefore);
            (marginBefore, turnoverBefore) = (tally.MarginMinor, tally.TurnoverMinor);
            margins += margin;
            marginsSquared += margin * margin;
            turnovers += turnover;
            turnoversSquared += turnover * turnover;
        }

        var profiles = valued.Inputs.Profiles;
        var sampled = profiles.LongCount(profile => profile.Id.Value != 0);
        var statistics = valued.Counts.Aggregate(tally.Sum(), (sum, counts) => sum + counts) with
        {
            ValueMinor = allocated.ValueMilli / 1_000.0,
            BoundMinor = allocated.BoundMilli / 1_000.0,
            DistinctProducts = products.Count,
            OfferableProducts = valued.Goods.Offerable,
            UniversallyHeldOut = profiles.LongCount(profile => profile.Id.Value != 0 && valued.Inputs.IsUniversallyHeldOut(profile)),
        };
        return new WaveForecast(
            customers, sampled, statistics.Times(valued.Each) with { Limits = [.. valued.Outcomes(allocated).Select(limit => limit.Told())] },
            Range95.OfTotal(margins, marginsSquared, sampled, customers), Range95.OfTotal(turnovers, turnoversSquared, sampled, customers))
        {
            LimitsAreDrawn = valued.LimitsAreDrawn,
        };
    }
}

/// <summary>A total of all customers, estimated from a sample of them, with its 95 % interval, in minor units. What the interval tells of is the sample, not the assumptions.</summary>
public readonly record struct Range95(double Minor, double LowerMinor, double UpperMinor)
{
    const double Normal975 = 1.959964;

    /// <summary>The ratio estimator of a total, with the correction for a sample that is a large part of the whole (Cochran, "Sampling Techniques", 1977, 2.26).</summary>
    internal static Range95 OfTotal(double sum, double sumOfSquares, long sampled, long all)
    {
        var mean = sum / sampled;
        var variance = sampled < 2 ? 0 : Math.Max(0, (sumOfSquares - (sampled * mean * mean)) / (sampled - 1));
        var error = Normal975 * all * Math.Sqrt(variance / sampled * Math.Max(0, 1 - ((double)sampled / all)));
        return new Range95(mean * all, (mean * all) - error, (mean * all) + error);
    }
}
