using System.Globalization;
using Volna.Offers.Choice;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>Whether a generated wave is healthy: its figures within the plan's corridors.</summary>
public static class CorridorCheck
{
    /// <summary>A sentence for each corridor that the wave is outside of; none for a healthy one.</summary>
    public static IReadOnlyList<Text> Breaches(Corridors corridors, WaveStatistics wave)
    {
        var breaches = new List<Text>();
        var wanted = wave.Slots.Sum(slot => slot.Wanted);
        Check(corridors.Coverage, Share(wave.WithOffers, wave.Customers - wave.HeldOut), new("coverage", "охват"));
        Check(corridors.OffersPerCustomer, Share(wave.Offers, wave.WithOffers), new("offers per customer", "предложений на покупателя"));
        Check(corridors.DistinctProducts, Share(wave.DistinctProducts, wave.OfferableProducts), new("share of distinct products", "доля разных товаров"));
        Check(corridors.EmptySlots, Share(wanted - wave.Slots.Sum(slot => slot.Filled), wanted), new("share of empty slots", "доля пустых слотов"));
        return breaches;

        void Check(Band band, decimal value, Text metric)
        {
            if (band.Contains(value)) return;
            breaches.Add(new Text($"{metric.English}: {In(Language.English, value)}, expected {Range(Language.English)}", $"{metric.Russian}: {In(Language.Russian, value)}, ожидалось {Range(Language.Russian)}"));

            string Range(Language language) => (band.AtLeast, band.AtMost, language) switch
            {
                ({ } low, { } high, Language.Russian) => $"от {In(language, low)} до {In(language, high)}",
                ({ } low, { } high, _) => $"{In(language, low)} to {In(language, high)}",
                ({ } low, null, Language.Russian) => $"не меньше {In(language, low)}",
                ({ } low, null, _) => $"at least {In(language, low)}",
                (null, var high, Language.Russian) => $"не больше {In(language, high ?? 0)}",
                (null, var high, _) => $"at most {In(language, high ?? 0)}",
            };
        }
    }

    static string In(Language language, decimal value) => value.ToString("0.###", language == Language.Russian ? language.Culture() : CultureInfo.InvariantCulture);

    /// <summary>Nothing of nothing is 0, which any lower bound finds too little.</summary>
    static decimal Share(long part, long whole) => whole == 0 ? 0 : (decimal)part / whole;
}
