using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Learning.Demand;

/// <summary>What is known of goods and stores beside purchases. Numbers beyond an array's end, and 0 in it, stand for what isn't known.</summary>
/// <param name="Categories">By product number.</param>
/// <param name="Brands">By product number; equal for products of one brand.</param>
/// <param name="Cities">By store number; equal for stores of one city.</param>
public sealed record Content(int[] Categories, int[] Brands, int[] Cities)
{
    public static Content None { get; } = new([], [], []);

    /// <summary>Weather, events and other values by day; none by default.</summary>
    public DaySeries[] Series { get; init; } = [];

    /// <summary>Goods that nobody bought yet, by product number; none by default.</summary>
    public IReadOnlyDictionary<int, Announcement> Announced { get; init; } = ImmutableDictionary<int, Announcement>.Empty;

    /// <param name="series">Those of cities without a store are left out.</param>
    public static Content Of(Catalog catalog, IEnumerable<SeriesValue> series)
    {
        var brands = new Dictionary<string, int> { [""] = 0 };
        var cities = new Dictionary<string, int> { [""] = 0 };
        return new(
            [.. catalog.Products.Select(product => product?.Category.Value ?? 0)],
            [.. catalog.Products.Select(product => NumberOf(brands, product?.Brand ?? ""))],
            [.. catalog.Stores.Select(store => NumberOf(cities, store?.City ?? ""))])
        {
            Announced = catalog.Announced,
            Series =
            [
                .. series.Where(value => cities.ContainsKey(value.City)).GroupBy(value => value.Series)
                    .Select(one => new DaySeries(one.Key, one.ToDictionary(value => (cities[value.City], Days.Of(value.Day)), value => value.Value))),
            ],
        };
    }

    internal int CategoryOf(int product) => product < Categories.Length ? Categories[product] : 0;

    internal int BrandOf(int product) => product < Brands.Length ? Brands[product] : 0;

    internal int CityOf(int store) => store < Cities.Length ? Cities[store] : 0;

    static int NumberOf(Dictionary<string, int> numbers, string name)
    {
        if (!numbers.TryGetValue(name, out var number)) numbers.Add(name, number = numbers.Count);
        return number;
    }
}
