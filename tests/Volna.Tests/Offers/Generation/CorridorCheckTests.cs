using System.Collections.Immutable;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Generation;

public sealed class CorridorCheckTests
{
    static readonly WaveStatistics Wave = new()
    {
        Customers = 110,
        HeldOut = 10,
        WithOffers = 80,
        Offers = 320,
        Slots = [new SlotCount(SlotKind.Habit, 400, 320)],
        DistinctProducts = 30,
        OfferableProducts = 100,
        TopTenOffers = 160,
        ChanceSum = 32,
        Candidates = 1_000,
        Refusals = ImmutableSortedDictionary<OfferRefusal, long>.Empty.Add(OfferRefusal.FloorTooNear, 150).Add(OfferRefusal.MarginTooLow, 100).Add(OfferRefusal.Outranked, 430),
        ExpectedDiscountMinor = 6_000,
        TotalBudgetMinor = 10_000,
    };

    static Corridors Bands(params (LaunchMetric Metric, Band Band)[] bands) => new(bands.ToImmutableDictionary(one => one.Metric, one => one.Band));

    [Fact]
    public void The_edges_of_a_corridor_belong_to_it() => Assert.Empty(CorridorCheck.Breaches(
        Bands(
            (LaunchMetric.Coverage, new Band(0.8m, 0.8m)), (LaunchMetric.OffersPerCustomer, new Band(4, 4)), (LaunchMetric.DistinctProducts, new Band(0.3m, 0.3m)), (LaunchMetric.EmptySlots, new Band(0.2m, 0.2m)),
            (LaunchMetric.TopTenShare, new Band(0.5m, 0.5m)), (LaunchMetric.Relevance, new Band(0.1m, 0.1m)), (LaunchMetric.FloorHits, new Band(0.25m, 0.25m)), (LaunchMetric.BudgetUse, new Band(0.6m, 0.6m))),
        Wave, []));

    [Fact]
    public void Each_breach_is_told_in_both_languages()
    {
        var breaches = CorridorCheck.Breaches(
            Bands((LaunchMetric.Coverage, new Band(0.81m, null)), (LaunchMetric.OffersPerCustomer, new Band(5, 10)), (LaunchMetric.DistinctProducts, new Band(null, 0.29m)), (LaunchMetric.EmptySlots, new Band(null, 0.19m))), Wave, []);
        Assert.Equal(
            ["coverage: 0.8, expected at least 0.81", "offers per customer: 4, expected 5 to 10", "share of distinct products: 0.3, expected at most 0.29", "share of empty slots: 0.2, expected at most 0.19"],
            breaches.Select(breach => breach.English));
        Assert.Equal("охват: 0,8, ожидалось не меньше 0,81", breaches[0].Russian);
        Assert.Equal("предложений на покупателя: 4, ожидалось от 5 до 10", breaches[1].Russian);
    }

    [Fact]
    public void Slots_that_would_not_pay_are_left_empty_and_not_counted_as_lacking_offers() => Assert.Empty(CorridorCheck.Breaches(
        Bands((LaunchMetric.EmptySlots, new Band(0, 0)), (LaunchMetric.LeftEmpty, new Band(0.2m, 0.2m))),
        Wave with { EmptySlots = [new EmptySlotCount(SlotKind.Habit, OfferRefusal.NoGain, 30), new EmptySlotCount(SlotKind.Habit, OfferRefusal.NotWorthMessage, 50)] }, []));

    [Fact]
    public void An_empty_wave_is_outside_lower_bounds() => Assert.Single(CorridorCheck.Breaches(Bands((LaunchMetric.Coverage, new Band(0.1m, null))), new WaveStatistics(), []));

    [Fact]
    public void What_nothing_is_known_of_has_no_corridor() => Assert.Empty(CorridorCheck.Breaches(
        Bands((LaunchMetric.Change, new Band(0, 0)), (LaunchMetric.BudgetUse, new Band(5, null))), Wave with { TotalBudgetMinor = null }, []));

    [Fact]
    public void The_change_is_the_largest_against_the_wave_before()
    {
        var corridors = Bands((LaunchMetric.Change, new Band(null, 0.3m)));
        Assert.Empty(CorridorCheck.Breaches(corridors, Wave, [Wave with { Offers = 250 }]));
        Assert.Equal("change against the wave before: 0.6, expected at most 0.3", Assert.Single(CorridorCheck.Breaches(corridors, Wave, [Wave with { Offers = 200 }, Wave])).English);
        Assert.Equal("change against the wave before: 0.5, expected at most 0.3", Assert.Single(CorridorCheck.Breaches(corridors, Wave, [Wave with { ExpectedDiscountMinor = 12_000 }])).English);
    }

    [Fact]
    public void Bands_are_learnt_from_the_waves_before_where_none_is_set()
    {
        var corridors = new Corridors(Bands((LaunchMetric.Coverage, new Band(0, 1))).Bands, new LearntCorridors(Waves: 5, Deviations: 3));
        WaveStatistics[] earlier = [.. new long[] { 318, 322, 320, 316, 324 }.Select(offers => Wave with { Offers = offers, WithOffers = 80 })];
        Assert.Empty(CorridorCheck.Breaches(corridors, Wave, earlier));
        Assert.Empty(CorridorCheck.Breaches(corridors, Wave with { WithOffers = 40, Offers = 160, TopTenOffers = 80, ChanceSum = 16 }, earlier[..3]));

        // Twice as many offers for half of the customers: coverage has a band by hand, the others don't.
        var breaches = CorridorCheck.Breaches(corridors, Wave with { WithOffers = 40 }, earlier);
        Assert.Contains("offers per customer: 8, expected 3.76 to 4.24 by the last 5 waves", breaches.Select(breach => breach.English));
        Assert.Contains("предложений на покупателя: 8, ожидалось от 3,76 до 4,24 по последним волнам (5)", breaches.Select(breach => breach.Russian));
        Assert.DoesNotContain(breaches, breach => breach.English.StartsWith("coverage", StringComparison.Ordinal));
    }
}
