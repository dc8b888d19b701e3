using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>A day's weather.</summary>
/// <param name="Unusual">Degrees above what is usual on that day.</param>
/// <param name="IsWet">Rain or snow for most of the day.</param>
readonly record struct DayWeather(double Celsius, double Unusual, bool IsWet);

/// <summary>
/// Made-up weather: a city's yearly wave, and what departs from it, which lasts for days (autoregressive, 0.8 from day to day). Foul and very cold
/// days keep customers at home; heat sells ice cream and drinks.
/// </summary>
static class Weather
{
    static readonly string[] ForHeat = ["Ice cream", "Kvass", "Water", "Lemonade", "Beer", "Berries"], ForCold = ["Tea", "Coffee", "Pelmeni"];

    public static DayWeather[] Make(WorldOptions options, int cityNumber, int days)
    {
        var city = City.All[cityNumber];
        var draw = new Draw(options.Seed, "weather", (ulong)cityNumber);
        var weather = new DayWeather[days];
        var departs = 0.0;
        for (var day = 0; day < days; day++)
        {
            departs = (0.8 * departs) + (2.4 * draw.NextNormal());
            var ofYear = options.FirstDay.AddDays(day).DayOfYear;

            // Mid-July is warmest.
            var usual = ((city.July + city.January) / 2) + ((city.July - city.January) / 2 * Math.Cos(2 * Math.PI * (ofYear - 196) / 365.25));
            weather[day] = new DayWeather(usual + departs, departs, draw.NextUnit() < 0.3);
        }

        return weather;
    }

    /// <summary>What a day's weather adds to the log-odds of a visit.</summary>
    public static double OnVisits(DayWeather weather) => (weather.IsWet ? -0.08 : 0.035) - (0.02 * Math.Max(0, -15 - weather.Celsius));

    /// <summary>What a day's weather adds to the need of a category, beside its season.</summary>
    public static double OnNeed(DayWeather weather, CategoryTraits category) =>
        ForHeat.Contains(category.Name.English) ? 0.05 * weather.Unusual : ForCold.Contains(category.Name.English) ? -0.02 * weather.Unusual : 0;

    public static bool Moves(CategoryTraits category) => ForHeat.Contains(category.Name.English) || ForCold.Contains(category.Name.English);
}
