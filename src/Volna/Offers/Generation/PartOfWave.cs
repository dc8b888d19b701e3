using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers.Choice;
using Volna.Offers.Filter;

namespace Volna.Offers.Generation;

/// <summary>A part of a wave's customers: filtered and valued one after the other.</summary>
static class PartOfWave
{
    const int ReportedAtOnce = 500;

    /// <param name="valuation">See <see cref="WaveInputs.Valuation"/>; of the thread that does the part.</param>
    /// <param name="bought">Set for each customer, by number.</param>
    /// <param name="block">Gets the customers with what they may be offered.</param>
    /// <param name="ghosts">Gets what held-out customers would be offered, for the trial; null to leave that out.</param>
    /// <param name="report">Gets how many more customers are done.</param>
    public static WaveStatistics Value(
        WaveInputs inputs, OfferValuation valuation, IEnumerable<(CustomerProfile Profile, CustomerHistory History)> customers, bool[] bought, ValuedBlockBuilder block, ValuedBlockBuilder? ghosts, Action<int> report, CancellationToken stop)
    {
        var past = new PastOffers();
        var tally = new WaveTally(inputs.Plan.Segments.Length);
        var unreported = 0;
        foreach (var (profile, history) in customers)
        {
            stop.ThrowIfCancellationRequested();
            if (profile.Id != history.Customer) throw new InvalidOperationException($"Customer {history.Customer.Value} has purchases but no profile.");
            bought[profile.Id.Value] = true;
            if (inputs.IsUniversallyHeldOut(profile)) continue;
            inputs.LookBack(profile.KeyHash, history, past);
            valuation.Value(profile, history, past, tally, block, ghosts);
            if (++unreported < ReportedAtOnce) continue;
            report(unreported);
            unreported = 0;
        }

        report(unreported);
        return tally.Sum();
    }
}
