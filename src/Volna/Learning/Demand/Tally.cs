namespace Volna.Learning.Demand;

/// <summary>What all customers together did with one product up to a day. Whole numbers alone, so that any order of adding gives the same.</summary>
struct ProductTally
{
    /// <summary>Customers who bought it, ever and in the last window.</summary>
    public int Customers, LatelyCustomers;

    /// <summary>And in the last quarter of a window.</summary>
    public int RecentCustomers;

    /// <summary>What was paid for what was kept, and its quantity: the usual price.</summary>
    public long PaidMinor, QuantityThousandths;

    /// <summary>Days on which a customer bought it, summed over customers.</summary>
    public long Times;

    /// <summary>Days between the first and last purchase of a customer, summed; divided by the steps between, it's the mean gap.</summary>
    public long GapDays, Gaps;

    /// <summary>The first and last day of a sale.</summary>
    public int FirstDay, LastDay;

    /// <summary>Log of what a piece or kilogram costs on the mean, in minor units; no number where nothing was bought.</summary>
    public readonly double LogPrice => QuantityThousandths == 0 ? double.NaN : Math.Log(1 + Math.Max(0, 1000.0 * PaidMinor / QuantityThousandths));
}

/// <summary>All products' sums up to one day.</summary>
sealed class Tally(int day, int windowDays)
{
    ProductTally[] _products = [];

    /// <summary>Highest number of a product that was bought, plus one: unlike the array's length the same in any order of adding.</summary>
    int _end;

    /// <summary>The morning up to which purchases are counted.</summary>
    public int Day { get; } = day;

    /// <summary>Customers who bought anything, ever and in the last window.</summary>
    public int Customers { get; private set; }

    public int LatelyCustomers { get; private set; }

    /// <summary>By number of the product.</summary>
    public ReadOnlySpan<ProductTally> Products => _products.AsSpan(0, _end);

    public void Add(Shopper shopper)
    {
        if (shopper.Visits == 0) return;
        Customers++;
        if (shopper.LastDay >= Day - windowDays) LatelyCustomers++;
        foreach (ref readonly var use in shopper.Uses)
        {
            if (use.Product >= _products.Length) Array.Resize(ref _products, (use.Product + 1) * 2);
            _end = Math.Max(_end, use.Product + 1);
            ref var product = ref _products[use.Product];
            product.FirstDay = product.Customers == 0 ? use.FirstDay : Math.Min(product.FirstDay, use.FirstDay);
            product.LastDay = product.Customers == 0 ? use.LastDay : Math.Max(product.LastDay, use.LastDay);
            product.Customers++;
            if (use.LastDay >= Day - windowDays) product.LatelyCustomers++;
            if (use.LastDay >= Day - (windowDays / 4)) product.RecentCustomers++;
            product.PaidMinor += use.PaidMinor;
            product.QuantityThousandths += use.Quantity;
            product.Times += use.Times;
            product.GapDays += use.LastDay - use.FirstDay;
            product.Gaps += use.Times - 1;
        }
    }

    public void Add(Tally other)
    {
        Customers += other.Customers;
        LatelyCustomers += other.LatelyCustomers;
        if (other._end > _products.Length) Array.Resize(ref _products, other._end);
        _end = Math.Max(_end, other._end);
        for (var i = 0; i < other._end; i++)
        {
            ref readonly var more = ref other._products[i];
            if (more.Customers == 0) continue;
            ref var product = ref _products[i];
            product.FirstDay = product.Customers == 0 ? more.FirstDay : Math.Min(product.FirstDay, more.FirstDay);
            product.LastDay = product.Customers == 0 ? more.LastDay : Math.Max(product.LastDay, more.LastDay);
            product.Customers += more.Customers;
            product.LatelyCustomers += more.LatelyCustomers;
            product.RecentCustomers += more.RecentCustomers;
            product.PaidMinor += more.PaidMinor;
            product.QuantityThousandths += more.QuantityThousandths;
            product.Times += more.Times;
            product.GapDays += more.GapDays;
            product.Gaps += more.Gaps;
        }
    }
}
