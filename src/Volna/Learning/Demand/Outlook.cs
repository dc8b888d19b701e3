using System.Collections.Immutable;

namespace Volna.Learning.Demand;

/// <summary>
/// What weather, events and other series by day let expect of each category in the coming window, against what is usual lately. It moves the log odds of each candidate as it is: no
/// weight for it is learnt from customers' purchases, because in the one window that these are learnt from a category's answer can't be told from anything else that is true of the category then.
/// </summary>
/// <param name="Categories">By product number.</param>
/// <param name="Cities">1 where they aren't told apart.</param>
/// <param name="Lifts">City by city, category by category: log of the change expected. Empty where no series is used.</param>
sealed record Outlook(int[] Categories, int Cities, float[] Lifts)
{
    /// <summary>Nothing is expected to change by more than about four times.</summary>
    const double MostLift = 1.4;

    public static Outlook None { get; } = new([], 0, []);

    /// <summary>What became of each series; told on the model's card, not kept in its file.</summary>
    public ImmutableArray<SeriesUse> Series { get; init; } = [];

    public bool IsEmpty => Lifts.Length == 0;

    /// <param name="city">See <see cref="Content.Cities"/>.</param>
    public float Lift(int city, int product) =>
        IsEmpty || product >= Categories.Length ? 0 : Lifts[((city < Cities ? city : 0) * (Lifts.Length / Cities)) + Categories[product]];

    /// <summary>As known on the morning of a day: purchases before it, and the series' values of the window from it on, as foretold or planned.</summary>
    public static Outlook Of(Panel panel, int day, Content content, int windowDays)
    {
        if (content.Series.Length == 0) return None;
        var demand = CategoryDemand.Count(panel.Customers, day, content, content.Series.Any(series => series.HasCities), windowDays);
        var read = content.Series.Select(series => Column.Read(series, demand, day, windowDays)).ToArray();
        var columns = read.Select(one => one.Column).OfType<Column>().ToArray();
        var regression = new SeriesRegression(demand, windowDays, [.. columns.Select(column => column.Past)]);
        if (!regression.CanJudge || columns.Length == 0)
            return None with { Series = [.. read.Select(one => new SeriesUse(one.Name, regression.CanJudge ? one.Verdict : SeriesVerdict.HistoryTooShort, 0))] };

        var (chosen, penalty) = regression.Choose();
        var gains = chosen.ToDictionary(one => columns[one.Series].Name, one => one.Gain);
        var uses = read.Select(one => gains.TryGetValue(one.Name, out var gain) ? new SeriesUse(one.Name, SeriesVerdict.Used, gain)
            : new SeriesUse(one.Name, one.Column is null ? one.Verdict : SeriesVerdict.ForetellsNoBetter, 0)).ToImmutableArray();
        if (chosen.Count == 0) return None with { Series = uses };

        int[] series = [.. chosen.Select(one => one.Series)];
        var lifts = new float[demand.Cities * demand.Categories];
        for (var category = 0; category < demand.Categories; category++)
        {
            var answer = regression.Answer(category, series, penalty);
            for (var city = 0; city < demand.Cities; city++)
            {
                var lift = 0.0;
                for (var k = 0; k < series.Length; k++) lift += answer[k] * columns[series[k]].Ahead[city];
                lifts[(city * demand.Categories) + category] = (float)Math.Clamp(lift, -MostLift, MostLift);
            }
        }

        return new Outlook(content.Categories, demand.Cities, lifts) { Series = uses };
    }

    /// <summary>A series with mean 0 and deviation 1.</summary>
    /// <param name="Past">City by city, step by step, the last one first; 0 where it isn't known.</param>
    /// <param name="Ahead">By city: the coming window against what is usual; 0 where it isn't known.</param>
    sealed record Column(string Name, double[] Past, double[] Ahead)
    {
        /// <returns>No column where the series can't be used, and why.</returns>
        public static (string Name, Column? Column, SeriesVerdict Verdict) Read(DaySeries series, CategoryDemand demand, int day, int windowDays)
        {
            var past = new double?[demand.Cities * demand.Steps];
            for (var cell = 0; cell < past.Length; cell++)
            {
                var end = day - (demand.StepDays * (cell % demand.Steps));
                past[cell] = series.Mean(cell / demand.Steps, end - demand.StepDays, end);
            }

            var ahead = Enumerable.Range(0, demand.Cities).Select(city => series.Mean(city, day, day + windowDays)).ToArray();
            var known = past.OfType<double>().ToArray();
            if (2 * known.Length < past.Length) return (series.Name, null, SeriesVerdict.KnownTooSeldom);
            if (ahead.All(value => value is null)) return (series.Name, null, SeriesVerdict.NotKnownAhead);
            var mean = known.DefaultIfEmpty(0).Average();
            var deviation = Math.Sqrt(known.Sum(value => (value - mean) * (value - mean)) / Math.Max(known.Length, 1));
            if (deviation < 1e-9) return (series.Name, null, SeriesVerdict.NeverChanges);
            var even = Array.ConvertAll(past, value => value is { } one ? (one - mean) / deviation : 0);
            return (series.Name, new Column(series.Name, even, [.. ahead.Select((value, city) =>
                value is { } one ? ((one - mean) / deviation) - SeriesRegression.Usual(even.AsSpan(city * demand.Steps, demand.Steps), windowDays / demand.StepDays)[0] : 0)]), default);
        }
    }
}
