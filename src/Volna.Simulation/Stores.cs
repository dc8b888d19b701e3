using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>A city with its zone. Russia keeps no summer time, so the offset holds all the year.</summary>
/// <param name="Weight">How many of the stores stand there, relatively.</param>
/// <param name="January">Usual degrees in the middle of the month, Celsius.</param>
/// <param name="July">The same of July.</param>
sealed record City(Text Name, string TimeZone, int OffsetHours, int Weight, int January, int July)
{
    public static readonly City[] All =
    [
        new(new("Moscow", "Москва"), "Europe/Moscow", 3, 6, -7, 19),
        new(new("Saint Petersburg", "Санкт-Петербург"), "Europe/Moscow", 3, 4, -6, 18),
        new(new("Yekaterinburg", "Екатеринбург"), "Asia/Yekaterinburg", 5, 3, -13, 19),
        new(new("Novosibirsk", "Новосибирск"), "Asia/Novosibirsk", 7, 3, -17, 19),
        new(new("Samara", "Самара"), "Europe/Samara", 4, 2, -10, 21),
        new(new("Kazan", "Казань"), "Europe/Moscow", 3, 2, -11, 20),
        new(new("Omsk", "Омск"), "Asia/Omsk", 6, 2, -16, 20),
        new(new("Krasnoyarsk", "Красноярск"), "Asia/Krasnoyarsk", 7, 2, -16, 19),
        new(new("Irkutsk", "Иркутск"), "Asia/Irkutsk", 8, 1, -18, 18),
        new(new("Vladivostok", "Владивосток"), "Asia/Vladivostok", 10, 1, -12, 18),
        new(new("Kaliningrad", "Калининград"), "Europe/Kaliningrad", 2, 1, -1, 18),
        new(new("Yakutsk", "Якутск"), "Asia/Yakutsk", 9, 1, -38, 19),
        new(new("Magadan", "Магадан"), "Asia/Magadan", 11, 1, -17, 12),
        new(new("Petropavlovsk-Kamchatsky", "Петропавловск-Камчатский"), "Asia/Kamchatka", 12, 1, -7, 12),
    ];
}

/// <summary>A shop of the make-believe retailer.</summary>
/// <param name="Number">From 0.</param>
/// <param name="CityNumber">Index of its city in <see cref="City.All"/>.</param>
/// <param name="Second">The other shop of the city that customers use now and then; itself where there is none.</param>
/// <param name="Stocked">By product number: is it on the shelf here?</param>
sealed record Shop(int Number, string Key, Text Name, City City, int CityNumber, int Second, bool[] Stocked)
{
    /// <summary>Shops over the cities by their weights; small shops carry fewer of the rarer goods.</summary>
    public static Shop[] Build(WorldOptions options, IReadOnlyList<Good> goods)
    {
        var places = new City[options.Stores];
        var perCity = new Dictionary<City, List<int>>();
        var turns = City.All.SelectMany(city => Enumerable.Range(0, city.Weight).Select(turn => (city, At: (turn + 0.5) / city.Weight)))
            .OrderBy(turn => turn.At).Select(turn => turn.city).ToArray();
        for (var number = 0; number < places.Length; number++)
        {
            var city = places[number] = turns[number % turns.Length];
            if (!perCity.TryGetValue(city, out var numbers)) perCity[city] = numbers = [];
            numbers.Add(number);
        }

        var shops = new Shop[places.Length];
        for (var number = 0; number < shops.Length; number++)
        {
            var draw = new Draw(options.Seed, "shop", (ulong)number);
            var city = places[number];
            var together = perCity[city];
            var ordinal = together.IndexOf(number);
            var completeness = 0.80 + (0.19 * draw.NextUnit());
            var stocked = new bool[goods.Count];
            for (var product = 0; product < stocked.Length; product++)
                stocked[product] = goods[product].Rank == 0 || draw.NextUnit() < completeness;
            shops[number] = new Shop(
                number, $"S{number + 1:000}", new Text($"{city.Name.English}, shop {ordinal + 1}", $"{city.Name.Russian}, магазин {ordinal + 1}"),
                city, Array.IndexOf(City.All, city), together[(ordinal + 1) % together.Count], stocked);
        }

        return shops;
    }
}
