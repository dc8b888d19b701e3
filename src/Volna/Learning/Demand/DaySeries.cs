namespace Volna.Learning.Demand;

/// <summary>A series by day, such as the temperature.</summary>
/// <param name="Values">By city number and day (see <see cref="Days"/>); city 0 stands for those without values of their own.</param>
public sealed record DaySeries(string Name, IReadOnlyDictionary<(int City, int Day), double> Values)
{
    /// <summary>True if it differs by city.</summary>
    internal bool HasCities => Values.Keys.Any(key => key.City != 0);

    /// <summary>The mean of some days; null where fewer than half of them are known.</summary>
    internal double? Mean(int city, int start, int end)
    {
        var (sum, count) = (0.0, 0);
        for (var day = start; day < end; day++)
            if (Values.TryGetValue((city, day), out var value) || Values.TryGetValue((0, day), out value)) (sum, count) = (sum + value, count + 1);
        return 2 * count >= end - start && count > 0 ? sum / count : null;
    }
}
