using System.Collections.Immutable;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>The figures of a generated wave that corridors are set for.</summary>
static class LaunchFigures
{
    static readonly ImmutableArray<OfferRefusal> OfFloors = [OfferRefusal.DiscountNotAllowed, OfferRefusal.FloorTooNear, OfferRefusal.MarginTooLow];

    /// <summary>A figure, or null where there is nothing to reckon it from: no total budget, no wave before. Nothing of nothing is 0, which any lower bound finds too little.</summary>
    /// <param name="before">The wave before it with the same plan.</param>
    public static decimal? Of(LaunchMetric metric, WaveStatistics wave, WaveStatistics? before) => metric switch
    {
        LaunchMetric.Coverage => Share(wave.WithOffers, wave.Customers - wave.HeldOut - wave.LeftAlone),
        LaunchMetric.OffersPerCustomer => Share(wave.Offers, wave.WithOffers),
        LaunchMetric.DistinctProducts => Share(wave.DistinctProducts, wave.OfferableProducts),
        LaunchMetric.TopTenShare => Share(wave.TopTenOffers, wave.Offers),
        LaunchMetric.Relevance => wave.Offers == 0 ? 0 : (decimal)(wave.ChanceSum / wave.Offers),
        LaunchMetric.FloorHits => Share(OfFloors.Sum(refusal => wave.Refusals.GetValueOrDefault(refusal)), wave.Candidates),
        LaunchMetric.EmptySlots => Share(wave.Slots.Sum(slot => slot.Wanted - slot.Filled) - LeftEmpty(wave), wave.Slots.Sum(slot => slot.Wanted)),
        LaunchMetric.BudgetUse => wave.TotalBudgetMinor is { } budget ? (budget == 0 ? 0 : (decimal)(wave.ExpectedDiscountMinor / budget)) : null,
        LaunchMetric.Change => before is null ? null : Math.Max(Change(wave.Offers, before.Offers), Math.Max(Change(wave.WithOffers, before.WithOffers), Change(wave.ExpectedDiscountMinor, before.ExpectedDiscountMinor))),
        LaunchMetric.LeftAlone => Share(wave.LeftAlone, wave.Customers - wave.HeldOut),
        LaunchMetric.LeftEmpty => Share(LeftEmpty(wave), wave.Slots.Sum(slot => slot.Wanted)),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "No such figure."),
    };

    /// <summary>Slots that nothing would pay in.</summary>
    static long LeftEmpty(WaveStatistics wave) => wave.EmptySlots.Where(slot => slot.Reason.IsForMoney()).Sum(slot => slot.Count);

    static decimal Share(long part, long whole) => whole == 0 ? 0 : (decimal)part / whole;

    static decimal Change(double now, double before) => before == 0 ? (now == 0 ? 0 : 1) : (decimal)Math.Min(Math.Abs((now / before) - 1), 1e6);
}
