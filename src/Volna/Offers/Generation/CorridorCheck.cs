using System.Globalization;
using Volna.Offers.Choice;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>Whether a generated wave is healthy: its figures within the plan's corridors, set by hand or learnt from the waves before.</summary>
public static class CorridorCheck
{
    // Waves that happened to be alike shall not stop the next one for a trifle.
    const decimal LeastDeviation = 0.02m;

    /// <summary>A sentence for each corridor that the wave is outside of; none for a healthy one.</summary>
    /// <param name="earlier">Waves with the same plan that a person let go out, latest first.</param>
    public static IReadOnlyList<Text> Breaches(Corridors corridors, WaveStatistics wave, IReadOnlyList<WaveStatistics> earlier)
    {
        var breaches = new List<Text>();
        foreach (var (_, metric) in LaunchMetrics.Names)
        {
            if (LaunchFigures.Of(metric, wave, earlier.Count > 0 ? earlier[0] : null) is not { } value) continue;
            if (corridors.Bands.TryGetValue(metric, out var band)) Check(metric, value, band, new Text("", ""));
            else if (corridors.Learnt is { } learnt && Learn(metric, learnt, earlier) is var (learntBand, waves))
                Check(metric, value, learntBand, new Text($" by the last {waves} waves", $" по последним волнам ({waves})"));
        }

        return breaches;

        void Check(LaunchMetric metric, decimal value, Band band, Text source)
        {
            if (band.Contains(value)) return;
            breaches.Add(new Text(
                $"{metric.Name().English}: {In(Language.English, value)}, expected {Range(band, Language.English)}{source.English}",
                $"{metric.Name().Russian}: {In(Language.Russian, value)}, ожидалось {Range(band, Language.Russian)}{source.Russian}"));
        }
    }

    /// <summary>The band of a figure by the waves before; null where they are too few.</summary>
    static (Band Band, int Waves)? Learn(LaunchMetric metric, LearntCorridors learnt, IReadOnlyList<WaveStatistics> earlier)
    {
        var values = new List<decimal>();
        for (var at = 0; at < earlier.Count && values.Count < learnt.Waves; at++)
            if (LaunchFigures.Of(metric, earlier[at], at + 1 < earlier.Count ? earlier[at + 1] : null) is { } value)
                values.Add(value);
        if (values.Count < LearntCorridors.FewestWaves) return null;
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var width = (decimal)learnt.Deviations * Math.Max((decimal)Math.Sqrt((double)variance), LeastDeviation * Math.Abs(mean));
        return (new Band(mean - width, mean + width), values.Count);
    }

    static string Range(Band band, Language language) => (band.AtLeast, band.AtMost, language) switch
    {
        ({ } low, { } high, Language.Russian) => $"от {In(language, low)} до {In(language, high)}",
        ({ } low, { } high, _) => $"{In(language, low)} to {In(language, high)}",
        ({ } low, null, Language.Russian) => $"не меньше {In(language, low)}",
        ({ } low, null, _) => $"at least {In(language, low)}",
        (null, var high, Language.Russian) => $"не больше {In(language, high ?? 0)}",
        (null, var high, _) => $"at most {In(language, high ?? 0)}",
    };

    static string In(Language language, decimal value) => value.ToString("0.###", language == Language.Russian ? language.Culture() : CultureInfo.InvariantCulture);
}
