using Volna.Kernels;

namespace Volna.Learning.Demand;

/// <summary>A product near another one.</summary>
readonly record struct Neighbour(int Product, float Nearness);

/// <summary>
/// Which products go with which: of each product its neighbours, the nearest first. Two products are near if many customers buy both, and close in
/// time; a customer who buys everything tells less, and so does a product that everybody buys (a cosine with shrinkage, as in Deshpande and Karypis,
/// "Item-based top-N recommendation algorithms", 2004). A product's row is added up from its buyers, one product after the other, so memory holds the
/// purchases and a row a thread but never all pairs; and always in the buyers' order, so threads don't change a bit of it.
/// The constants were chosen on windows of real receipts before the one that reports are made on; the result hardly depends on them.
/// </summary>
/// <param name="Start">By product, where its neighbours start in <paramref name="All"/>; one more at the end.</param>
sealed record ItemToItem(int[] Start, Neighbour[] All)
{
    /// <summary>A pair bought half a window apart counts half.</summary>
    const double HalfLifeWindows = 0.5;

    /// <summary>A customer counts by this power of the number of her products; a product by this power of its buyers.</summary>
    const double CustomerPower = -0.7, ProductPower = -0.6;

    /// <summary>Added to the buyers of a product, so that two chance buyers make no neighbours.</summary>
    const double Shrinkage = 10;

    /// <summary>A card with more products belongs to a till rather than a customer; it would cost as much as all others together.</summary>
    const int MostProducts = 3000;

    public ReadOnlySpan<Neighbour> Of(int product) =>
        product + 1 < Start.Length ? All.AsSpan(Start[product]..Start[product + 1]) : [];

    public static ItemToItem Build(Panel panel, Tally tally, DemandOptions options, ParallelOptions parallel)
    {
        var products = tally.Products.Length;
        var (byCustomer, customerStart) = PurchasesOf(panel, tally.Day, options.WindowDays);
        var (byProduct, productStart) = Transpose(byCustomer, customerStart, products);

        var customerWeight = new float[customerStart.Length - 1];
        for (var i = 0; i < customerWeight.Length; i++) customerWeight[i] = (float)Math.Pow(Math.Max(customerStart[i + 1] - customerStart[i], 1), CustomerPower);
        var productWeight = new float[products];
        for (var i = 0; i < products; i++) productWeight[i] = (float)Math.Pow(productStart[i + 1] - productStart[i] + Shrinkage, ProductPower);
        // The last entry stands for all longer distances, where hardly anything is left.
        var decay = new float[(int)(20 * HalfLifeWindows * options.WindowDays) + 2];
        for (var i = 0; i < decay.Length; i++) decay[i] = (float)Math.Exp(-Math.Log(2) * i / (HalfLifeWindows * options.WindowDays));

        var rows = new Neighbour[products][];
        Parallel.For(0, products, parallel, () => new Row(new float[products], []), (product, _, row) =>
        {
            foreach (var (customer, day) in byProduct.AsSpan(productStart[product]..productStart[product + 1]))
                row.Add(byCustomer.AsSpan(customerStart[customer]..customerStart[customer + 1]), day, customerWeight[customer], decay);
            rows[product] = row.Nearest(product, productWeight, options.Neighbours);
            return row;
        }, _ => { });

        var start = new int[products + 1];
        for (var i = 0; i < products; i++) start[i + 1] = start[i] + rows[i].Length;
        return new ItemToItem(start, WithMeanOne([.. rows.SelectMany(row => row)]));
    }

    /// <summary>The mean nearness is made 1: it would change with the length of the history, and weights are fitted for a shorter one than they are used with.</summary>
    static Neighbour[] WithMeanOne(Neighbour[] neighbours)
    {
        var mean = neighbours.Length == 0 ? 1 : neighbours.Average(neighbour => (double)neighbour.Nearness);
        return Array.ConvertAll(neighbours, neighbour => neighbour with { Nearness = (float)(neighbour.Nearness / mean) });
    }

    /// <summary>Each customer's products with the last day of each, customer after customer.</summary>
    static ((int Product, int Day)[] Purchases, int[] Start) PurchasesOf(Panel panel, int day, int windowDays)
    {
        var purchases = new List<(int, int)>();
        var start = new int[panel.Customers.Length + 1];
        var shopper = new Shopper();
        for (var i = 0; i < panel.Customers.Length; i++)
        {
            shopper.Read(panel.Customers[i], day, windowDays);
            if (shopper.Uses.Length <= MostProducts)
                foreach (ref readonly var use in shopper.Uses) purchases.Add((use.Product, use.LastDay));
            start[i + 1] = purchases.Count;
        }

        return ([.. purchases], start);
    }

    /// <summary>The same purchases by product, each product's buyers by their place.</summary>
    static ((int Customer, int Day)[] Purchases, int[] Start) Transpose((int Product, int Day)[] byCustomer, int[] customerStart, int products)
    {
        var start = new int[products + 1];
        foreach (var (product, _) in byCustomer) start[product + 1]++;
        for (var i = 0; i < products; i++) start[i + 1] += start[i];

        var purchases = new (int, int)[byCustomer.Length];
        var next = start.AsSpan(0, products).ToArray();
        for (var customer = 0; customer + 1 < customerStart.Length; customer++)
            foreach (var (product, day) in byCustomer.AsSpan(customerStart[customer]..customerStart[customer + 1]))
                purchases[next[product]++] = (customer, day);
        return (purchases, start);
    }

    /// <summary>One product's row while it is added up: a sum for each product, and the products whose sum isn't 0.</summary>
    sealed record Row(float[] Sum, List<int> Touched)
    {
        /// <summary>Adds a customer's purchases to the row of the product that she bought on a day.</summary>
        public void Add(ReadOnlySpan<(int Product, int Day)> purchases, int day, float weight, float[] decay)
        {
            var (sum, last) = (Sum, decay.Length - 1);
            foreach (var (other, otherDay) in purchases)
            {
                ref var of = ref sum[other];
                if (of == 0) Touched.Add(other);
                of += weight * decay[Math.Min(Math.Abs(day - otherDay), last)];
            }
        }

        public Neighbour[] Nearest(int product, float[] productWeight, int most)
        {
            var nearness = new float[Touched.Count];
            for (var i = 0; i < nearness.Length; i++)
            {
                var other = Touched[i];
                nearness[i] = other == product ? 0 : Sum[other] * productWeight[product] * productWeight[other];
                Sum[other] = 0;
            }

            // Only those that are kept are sorted.
            var best = new int[most];
            var neighbours = new Neighbour[TopK.Unordered(nearness, best)];
            for (var i = 0; i < neighbours.Length; i++) neighbours[i] = new Neighbour(Touched[best[i]], nearness[best[i]]);
            Array.Sort(neighbours, static (a, b) => a.Nearness != b.Nearness ? b.Nearness.CompareTo(a.Nearness) : a.Product.CompareTo(b.Product));
            Touched.Clear();
            return neighbours;
        }
    }
}
