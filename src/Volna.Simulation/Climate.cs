using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>
/// What moves everybody in a city alike: season, holidays, weather and what the competitors do. Reckoned once for each city and day, so that the days
/// of millions of customers only look it up.
/// </summary>
sealed class Climate
{
    readonly float[][] _visitOdds;
    readonly float[][][] _need;
    readonly float[][] _pull;

    public Climate(WorldOptions options, Assortment assortment, int days)
    {
        var categories = assortment.Categories;
        var seasons = Enumerable.Range(0, 54).Select(week => categories.Select(traits => (float)(options.SeasonStrength * traits.Swing * Math.Cos(2 * Math.PI * (week - traits.PeakWeek) / 52.18))).ToArray()).ToArray();
        var (festiveVisits, festiveNeed) = Festive(options, categories, seasons, days);
        var moved = Enumerable.Range(0, categories.Length).Where(category => Weather.Moves(categories[category])).ToArray();

        _visitOdds = new float[City.All.Length][];
        _need = new float[City.All.Length][][];
        _pull = new float[City.All.Length][];
        for (var city = 0; city < City.All.Length; city++)
        {
            var weather = Weather.Make(options, city, days);
            _visitOdds[city] = new float[days];
            _need[city] = new float[days][];
            for (var day = 0; day < days; day++)
            {
                _visitOdds[city][day] = (float)Math.Exp(options.SeasonStrength * (festiveVisits[day] + Weather.OnVisits(weather[day])));

                // Where the weather moves nothing much, all cities share the day's array.
                if (moved.Length == 0 || Math.Abs(weather[day].Unusual) < 1)
                {
                    _need[city][day] = festiveNeed[day];
                    continue;
                }

                var need = _need[city][day] = [.. festiveNeed[day]];
                foreach (var category in moved) need[category] += (float)(options.SeasonStrength * Weather.OnNeed(weather[day], categories[category]));
            }

            _pull[city] = Competitors(options, city, (days / 7) + 1);
        }
    }

    /// <summary>By what holidays and weather multiply the odds of a visit.</summary>
    public float VisitOdds(int city, int day) => _visitOdds[city][day];

    /// <summary>What season, holidays and weather add to the log-odds of need, by category.</summary>
    public float[] Need(int city, int day) => _need[city][day];

    /// <summary>How strongly the city's other retailers draw in the week of a day; 0 on usual weeks.</summary>
    public float Pull(int city, int day) => _pull[city][day / 7];

    static (double[] Visits, float[][] Need) Festive(WorldOptions options, CategoryTraits[] categories, float[][] seasons, int days)
    {
        var visits = new double[days];
        var need = Enumerable.Range(0, days).Select(day => seasons[options.FirstDay.AddDays(day).DayOfYear / 7]).ToArray();
        for (var year = options.FirstDay.Year; year <= options.FirstDay.AddDays(days).Year; year++)
        {
            foreach (var festivity in Holidays.Of(year))
            {
                for (var date = festivity.First; date <= festivity.Last; date = date.AddDays(1))
                {
                    var day = date.DayNumber - options.FirstDay.DayNumber;
                    if (day < 0 || day >= days) continue;
                    visits[day] += festivity.Visits;
                    need[day] = [.. need[day].Select((log, category) =>
                        festivity.Categories.Contains(categories[category].Name.English) || festivity.Categories.Contains(categories[category].Department.English)
                            ? log + (float)(options.SeasonStrength * festivity.Need) : log)];
                }
            }
        }

        return (visits, need);
    }

    /// <summary>By week: a slow drift of the competitors' strength, and their campaigns of two weeks, one in ten weeks begins one.</summary>
    static float[] Competitors(WorldOptions options, int city, int weeks)
    {
        var draw = new Draw(options.Seed, "competitors", (ulong)city);
        var pull = new float[weeks];
        double drift = 0, left = 0;
        for (var week = 0; week < weeks; week++)
        {
            drift = (0.9 * drift) + (0.08 * draw.NextNormal());
            if (draw.NextUnit() < 0.1) left = 2;
            pull[week] = (float)(options.CompetitorStrength * Math.Max(0, drift + (left-- > 0 ? 0.6 : 0)));
        }

        return pull;
    }
}
