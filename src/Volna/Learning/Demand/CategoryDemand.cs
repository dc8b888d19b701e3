using System.Collections.Immutable;
using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>How much was bought of each category in each city, week by week, the last week first.</summary>
/// <param name="Cities">1 where cities aren't told apart.</param>
/// <param name="Categories">By number, 0 for goods without one.</param>
/// <param name="StepDays">The length of a week: the shortest that is at least seven days and fits into a window.</param>
/// <param name="Counts">City by city, category by category, week by week.</param>
sealed record CategoryDemand(int Cities, int Categories, int StepDays, int Steps, int[] Counts)
{
    const int MostDays = 3 * 366;

    public ReadOnlySpan<int> Of(int city, int category) => Counts.AsSpan(((city * Categories) + category) * Steps, Steps);

    public static int StepOf(int windowDays)
    {
        for (var days = Math.Min(7, windowDays); ; days++)
            if (windowDays % days == 0) return days;
    }

    /// <summary>Of purchases before a day. A product bought several times a day by one customer counts each time.</summary>
    public static CategoryDemand Count(ImmutableArray<CustomerHistory> customers, int day, Content content, bool byCity, int windowDays)
    {
        var stepDays = StepOf(windowDays);
        var first = customers.Select(customer => customer.Lines is [var line, ..] ? Days.OfMinute(line.Minute) : day).DefaultIfEmpty(day).Min();
        var steps = Math.Min(MostDays, Math.Max(day - first, 0)) / stepDays;
        var cities = byCity ? content.Cities.DefaultIfEmpty(0).Max() + 1 : 1;
        var categories = content.Categories.DefaultIfEmpty(0).Max() + 1;
        var counts = new int[cities * categories * steps];
        var kept = new int[256];
        foreach (var customer in customers)
        {
            var lines = customer.Before(Days.Date(day));
            if (kept.Length < lines.Length) kept = new int[lines.Length * 2];
            Purchases.Keep(lines, kept);
            for (var i = 0; i < lines.Length; i++)
            {
                var step = (day - 1 - Days.OfMinute(lines[i].Minute)) / stepDays;
                if (kept[i] == 0 || step >= steps) continue;
                var city = byCity ? content.CityOf(lines[i].Store) : 0;
                counts[(((city * categories) + content.CategoryOf(lines[i].Product)) * steps) + step]++;
            }
        }

        return new CategoryDemand(cities, categories, stepDays, steps, counts);
    }
}
