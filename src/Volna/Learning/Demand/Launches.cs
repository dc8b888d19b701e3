namespace Volna.Learning.Demand;

/// <summary>A product that was launched lately, and the established ones most like it: of its category, its brand and price level first.</summary>
/// <param name="FirstPrice">Of one that nobody bought yet; null where purchases tell the price.</param>
readonly record struct Launch(int Product, int[] Peers, Money? FirstPrice);

/// <summary>
/// Of a product launched a week ago a week is known; the rest is borrowed from its peers. The fewer have bought it yet, the more of its figures are the peers' mean;
/// what goes with the peers goes with it.
/// </summary>
static class Launches
{
    const int MostPeers = 5;

    /// <summary>Another brand is as far away as a price higher by this, as a logarithm.</summary>
    const double OtherBrand = 0.5;

    /// <summary>The peers' figures count as much as so many buyers of its own (a gamma prior of this shape for its rate of sale).</summary>
    const double BorrowedBuyers = 2;

    /// <summary>Room for so many new products among a product's neighbours, as a part of the others.</summary>
    const int NewPart = 6;

    /// <summary>Products first sold within the last window, and those announced for the coming one that nobody bought yet. Where the history is younger than that, nobody knows what is new; without a category there are no peers.</summary>
    public static Launch[] Find(Tally tally, Content content, int windowDays)
    {
        var products = tally.Products.ToArray();
        var firstDay = products.Where(product => product.Customers > 0).Select(product => product.FirstDay).DefaultIfEmpty(tally.Day).Min();
        var isNew = Array.ConvertAll(products, product => product.Customers > 0 && product.FirstDay >= firstDay + windowDays && product.FirstDay > tally.Day - windowDays);
        var established = Enumerable.Range(0, products.Length).Where(product => !isNew[product] && products[product].LatelyCustomers > 0 && content.CategoryOf(product) != 0)
            .ToLookup(content.CategoryOf);
        var announced = content.Announced.Where(one => Days.Of(one.Value.Day) < tally.Day + windowDays && (one.Key >= products.Length || products[one.Key].Customers == 0))
            .ToDictionary(one => one.Key, one => one.Value.Price);
        return
        [
            .. from product in Enumerable.Range(0, products.Length).Where(product => isNew[product]).Concat(announced.Keys.Order())
               let peers = established[content.CategoryOf(product)].OrderBy(peer => Distance(product, peer)).ThenBy(peer => peer).Take(MostPeers).ToArray()
               where peers.Length > 0
               select new Launch(product, peers, announced.TryGetValue(product, out var price) ? price : null),
        ];

        double Distance(int product, int peer) =>
            (content.BrandOf(product) != 0 && content.BrandOf(product) == content.BrandOf(peer) ? 0 : OtherBrand) + Math.Abs(LogPrice(product) - products[peer].LogPrice);
        double LogPrice(int product) => announced.TryGetValue(product, out var price) ? Math.Log(1 + price.Minor) : products[product].LogPrice;
    }

    /// <summary>The products' sums, those of new ones filled up to a whole window on the shelf.</summary>
    public static ProductTally[] Borrow(Tally tally, Launch[] launches, int windowDays)
    {
        var products = new ProductTally[Math.Max(tally.Products.Length, launches.Select(launch => launch.Product + 1).DefaultIfEmpty(0).Max())];
        tally.Products.CopyTo(products);
        foreach (var launch in launches)
        {
            var peers = Array.ConvertAll(launch.Peers, peer => tally.Products[peer]);
            ref var product = ref products[launch.Product];
            if (launch.FirstPrice is { } price) product = new ProductTally { FirstDay = tally.Day, PaidMinor = price.Minor, QuantityThousandths = 1_000 };
            var windows = (double)(tally.Day - product.FirstDay) / windowDays;
            var usual = peers.Average(peer => peer.LatelyCustomers);
            var lately = (product.LatelyCustomers + BorrowedBuyers) / (windows + (BorrowedBuyers / usual));
            product.Customers = Math.Max(product.Customers, (int)Math.Round(peers.Average(peer => peer.Customers) * lately / usual));
            product.LatelyCustomers = Math.Max(product.LatelyCustomers, (int)Math.Round(lately));
            // Its first days are no trend.
            product.RecentCustomers = product.LatelyCustomers / 4;
            product.Times += (long)Math.Round(peers.Average(peer => peer.Times));
            product.Gaps += (long)Math.Round(peers.Average(peer => peer.Gaps));
            product.GapDays += (long)Math.Round(peers.Average(peer => peer.GapDays));
        }

        return products;
    }

    /// <summary>Neighbours with the new products among them: as near to a product as their peers are on the mean, and nearer where purchases say so already.</summary>
    public static ItemToItem Extend(ItemToItem neighbours, Launch[] launches, int most)
    {
        if (launches.Length == 0) return neighbours;
        var byPeer = launches.SelectMany(launch => launch.Peers.Select(peer => (Peer: peer, launch.Product, Share: 1f / launch.Peers.Length))).ToLookup(one => one.Peer);
        var byProduct = launches.ToDictionary(launch => launch.Product, launch => launch.Peers);
        var (start, all, sum) = (new int[neighbours.Start.Length], new List<Neighbour>(neighbours.All.Length), new Dictionary<int, float>());
        for (var source = 0; source + 1 < start.Length; source++)
        {
            var own = neighbours.Of(source);
            sum.Clear();
            foreach (var one in own)
                foreach (var (_, product, share) in byPeer[one.Product])
                    if (product != source) Add(product, share * one.Nearness);
            foreach (var one in own)
                if (byProduct.ContainsKey(one.Product)) Add(one.Product, one.Nearness);
            // The new product itself leads where its peers lead, until enough is known of it.
            if (byProduct.TryGetValue(source, out var peers))
            {
                foreach (var one in own) sum.TryAdd(one.Product, one.Nearness);
                foreach (var peer in peers)
                    foreach (var one in neighbours.Of(peer))
                        if (one.Product != source) Add(one.Product, one.Nearness / peers.Length);
                all.AddRange(Best(sum, most));
            }
            else
            {
                all.AddRange(own.ToArray().Where(one => !byProduct.ContainsKey(one.Product)).Concat(Best(sum, Math.Max(1, most / NewPart)))
                    .OrderByDescending(one => one.Nearness).ThenBy(one => one.Product));
            }

            start[source + 1] = all.Count;
        }

        return new ItemToItem(start, [.. all]);

        void Add(int product, float nearness) => sum[product] = sum.GetValueOrDefault(product) + nearness;
    }

    static IEnumerable<Neighbour> Best(Dictionary<int, float> sums, int most) =>
        sums.Select(one => new Neighbour(one.Key, one.Value)).OrderByDescending(one => one.Nearness).ThenBy(one => one.Product).Take(most);
}
