namespace Volna.Learning.Demand;

/// <summary>A product as bought in one place.</summary>
/// <param name="Chance">That a customer buys it of whom nothing else is known.</param>
/// <param name="Buyers">Customers of the place who bought it in the last window.</param>
readonly record struct LocalProduct(int Product, float Chance, int Buyers);

/// <summary>
/// What is bought most in each store and in each city, most first: for customers of whom little else is known. A place's share is mixed with the share among all
/// customers by how much stores truly differ (a beta-binomial's prior, its strength from the stores' overdispersion by moments): where they are alike, the few
/// visitors of a store make no fashion. Places with hardly any customers have no list.
/// </summary>
/// <param name="Stores">Places that are stores.</param>
/// <param name="Cities">By store number; see <see cref="Content.Cities"/>.</param>
/// <param name="Start">Where a place's products start in <paramref name="All"/>: the stores by number, after them the cities by number; one more at the end.</param>
sealed record LocalPopularity(int Stores, int[] Cities, int[] Start, LocalProduct[] All)
{
    const int LeastCustomers = 30;

    /// <summary>Of stores that don't differ at all, the shares of all customers count as much as so many of their own.</summary>
    const double MostPriorCustomers = 10_000;

    public ReadOnlySpan<LocalProduct> OfStore(int store) => store > 0 && store < Stores ? Of(store) : [];

    /// <summary>Of the city in which a store lies.</summary>
    public ReadOnlySpan<LocalProduct> OfCity(int store) => store > 0 && store < Cities.Length && Cities[store] != 0 ? Of(Stores + Cities[store]) : [];

    ReadOnlySpan<LocalProduct> Of(int place) => All.AsSpan(Start[place]..Start[place + 1]);

    /// <param name="popular">Products sold in the last window, most bought first.</param>
    /// <param name="most">Products kept of a place.</param>
    public static LocalPopularity Of(Panel panel, Tally tally, Content content, int[] popular, int windowDays, int most)
    {
        var (buyers, customers, stores) = Count(panel, tally.Day, content, windowDays);
        var share = Array.ConvertAll(tally.Products.ToArray(), product => (double)product.LatelyCustomers / Math.Max(tally.LatelyCustomers, 1));
        var places = stores + content.Cities.DefaultIfEmpty(0).Max() + 1;
        var byPlace = Enumerable.Range(0, places).Select(_ => new Dictionary<int, int>()).ToArray();
        foreach (var ((place, product), count) in buyers) byPlace[place].Add(product, count);
        var prior = PriorCustomers(byPlace.AsSpan(0, stores), customers, share);
        var activeShare = (double)tally.LatelyCustomers / Math.Max(tally.Customers, 1);
        var (start, all) = (new int[places + 1], new List<LocalProduct>());
        for (var place = 0; place < places; place++)
        {
            if (customers.GetValueOrDefault(place) is >= LeastCustomers and var count)
            {
                all.AddRange(byPlace[place].Keys.Union(popular.Take(most)).Select(product => (Product: product, Buyers: byPlace[place].GetValueOrDefault(product)))
                    .Select(one => new LocalProduct(one.Product, (float)(activeShare * (one.Buyers + (prior * share[one.Product])) / (count + prior)), one.Buyers))
                    .OrderByDescending(one => one.Chance).ThenBy(one => one.Product).Take(most));
            }

            start[place + 1] = all.Count;
        }

        return new LocalPopularity(stores, content.Cities, start, [.. all]);
    }

    /// <summary>Of each place the customers who bought something in the last window, and of each of its products.</summary>
    static (Dictionary<(int Place, int Product), int> Buyers, Dictionary<int, int> Customers, int Stores) Count(Panel panel, int day, Content content, int windowDays)
    {
        var stores = content.Cities.Length;
        foreach (var customer in panel.Customers)
            foreach (ref readonly var line in customer.Lines)
                stores = Math.Max(stores, line.Store + 1);

        var (buyers, customers) = (new Dictionary<(int, int), int>(), new Dictionary<int, int>());
        var (kept, seen) = (new int[256], new HashSet<(int, int)>());
        foreach (var customer in panel.Customers)
        {
            var lines = customer.Before(Days.Date(day));
            if (kept.Length < lines.Length) kept = new int[lines.Length * 2];
            Purchases.Keep(lines, kept);
            seen.Clear();
            for (var i = lines.Length - 1; i >= 0 && Days.OfMinute(lines[i].Minute) >= day - windowDays; i--)
            {
                if (kept[i] == 0 || lines[i].Store == 0) continue;
                Add(lines[i].Store, lines[i].Product);
                if (content.CityOf(lines[i].Store) is > 0 and var city) Add(stores + city, lines[i].Product);
            }
        }

        return (buyers, customers, stores);

        void Add(int place, int product)
        {
            if (seen.Add((place, product))) buyers[(place, product)] = buyers.GetValueOrDefault((place, product)) + 1;
            // No product has a negative number.
            if (seen.Add((place, -1))) customers[place] = customers.GetValueOrDefault(place) + 1;
        }
    }

    /// <summary>Moments of a beta-binomial: the variance of buyers is n s (1 - s) (1 + (n - 1) rho), and the prior counts as much as 1 / rho - 1 customers.</summary>
    static double PriorCustomers(ReadOnlySpan<Dictionary<int, int>> stores, Dictionary<int, int> customers, double[] share)
    {
        double squares = share.Sum(s => s * s), spread = share.Sum(s => s * (1 - s)), above = 0, possible = 0;
        for (var store = 0; store < stores.Length; store++)
        {
            var n = customers.GetValueOrDefault(store);
            if (n < LeastCustomers) continue;
            above += ((double)n * n * squares) - (n * spread);
            foreach (var (product, count) in stores[store]) above += ((double)count * count) - (2.0 * count * n * share[product]);
            possible += (double)n * (n - 1) * spread;
        }

        return above <= 0 ? MostPriorCustomers : Math.Clamp((possible / above) - 1, 1, MostPriorCustomers);
    }
}
