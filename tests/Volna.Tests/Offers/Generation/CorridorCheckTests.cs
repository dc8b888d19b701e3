using Volna.Offers;
using Volna.Offers.Choice;
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
    };

    [Fact]
    public void The_edges_of_a_corridor_belong_to_it() =>
        Assert.Empty(CorridorCheck.Breaches(new Corridors(new Band(0.8m, 0.8m), new Band(4, 4), new Band(0.3m, 0.3m), new Band(0.2m, 0.2m)), Wave));

    [Fact]
    public void Each_breach_is_told_in_both_languages()
    {
        var breaches = CorridorCheck.Breaches(new Corridors(new Band(0.81m, null), new Band(5, 10), new Band(null, 0.29m), new Band(null, 0.19m)), Wave);
        Assert.Equal(
            ["coverage: 0.8, expected at least 0.81", "offers per customer: 4, expected 5 to 10", "share of distinct products: 0.3, expected at most 0.29", "share of empty slots: 0.2, expected at most 0.19"],
            breaches.Select(breach => breach.English));
        Assert.Equal("охват: 0,8, ожидалось не меньше 0,81", breaches[0].Russian);
        Assert.Equal("предложений на покупателя: 4, ожидалось от 5 до 10", breaches[1].Russian);
    }

    [Fact]
    public void An_empty_wave_is_outside_lower_bounds() => Assert.Single(CorridorCheck.Breaches(new Corridors(new Band(0.1m, null), default, default, default), new WaveStatistics()));
}
