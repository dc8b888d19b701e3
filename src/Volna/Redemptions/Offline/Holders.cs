using Volna.Intake.Catalog;
using Volna.Offers.Pack;

namespace Volna.Redemptions.Offline;

/// <summary>
/// Which stores hold copies of a customer's rights for off-line times: her home store, as the retailer gave it, and in mode <c>packs</c> the next
/// stores of the same city by number, round the circle, up to k in all. Decided once for a wave. Who has no home store has her offers on-line only.
/// </summary>
/// <param name="Copies">Stores for each customer; 0 where there are fewer.</param>
/// <param name="Stores">Numbers, <paramref name="Copies"/> for each place in the offer pack, the home store first.</param>
sealed record Holders(int Copies, int[] Stores)
{
    public static Holders Of(OfferPackStore pack, CustomerProfile[] profiles, Catalog catalog, int copies)
    {
        var cities = catalog.Stores.OfType<Store>().Where(store => store.City.Length > 0)
            .GroupBy(store => store.City).ToDictionary(city => city.Key, city => city.Select(store => store.Id.Value).Order().ToArray());
        var stores = new int[pack.Customers * copies];
        for (var place = 0; place < pack.Customers; place++)
        {
            var customer = pack.At(place).Customer.Value;
            var home = customer < profiles.Length ? profiles[customer].HomeStore.Value : 0;
            if (home == 0) continue;
            stores[place * copies] = home;
            var city = cities.GetValueOrDefault(catalog.Stores[home]!.City) ?? [];
            var at = Array.IndexOf(city, home);
            for (var copy = 1; copy < Math.Min(copies, city.Length); copy++) stores[(place * copies) + copy] = city[(at + copy) % city.Length];
        }

        return new Holders(copies, stores);
    }

    public int Home(int place) => Stores[place * Copies];

    /// <summary>Ascending.</summary>
    public int[] PlacesOf(StoreId store)
    {
        var places = new List<int>();
        for (var at = 0; at < Stores.Length; at++)
            if (Stores[at] == store.Value)
                places.Add(at / Copies);
        return [.. places];
    }

    public bool IsHeldBy(int place, StoreId store) => Array.IndexOf(Stores, store.Value, place * Copies, Copies) >= 0;
}
