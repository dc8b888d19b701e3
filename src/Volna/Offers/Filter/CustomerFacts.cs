using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Offers.Filter;

/// <summary>What the rules need of one customer's past; one instance serves one customer after the other.</summary>
sealed class CustomerFacts
{
    /// <summary>Where a customer really shops is read from the receipts of this time before her last one.</summary>
    const int StoreDays = 180;

    /// <summary>A store counts from this share of her receipts; one look into a store on holiday makes it none of hers.</summary>
    const double StoreShare = 0.1;

    const int FewestPeriods = 8, MostPeriods = 26;

    // By product and by category number: a place in a list, or 0. Hashing every line of every customer would take longer than all rules together.
    int[] _boughtPlaces = [], _categoryPlaces = [];
    readonly List<(int Product, BoughtBefore Bought)> _bought = [];
    readonly List<int> _categories = [];
    readonly HashSet<ulong> _receipts = [];
    readonly Dictionary<int, int> _storeReceipts = [];
    readonly List<int> _stores = [];

    public CustomerProfile Profile { get; private set; }

    public ImmutableArray<Dislike> Dislikes { get; private set; }

    /// <summary>The stores she visits, the most visited first; her home store where she never bought; empty where nothing is known.</summary>
    public ReadOnlySpan<int> Stores => CollectionsMarshal.AsSpan(_stores);

    /// <summary>The store whose prices she sees; 0 where none is known.</summary>
    public int MainStore => _stores.Count > 0 ? _stores[0] : 0;

    /// <summary>The mean margin of what she bought, as a share of what she paid; null where no cost is known.</summary>
    public double? UsualMargin { get; private set; }

    /// <summary>
    /// The chance that she comes within the days of a wave without any offer: the share of the last periods of that length in which she bought, a half added to
    /// either side (Krichevsky and Trofimov 1981). Null where too little is known or nobody asked.
    /// </summary>
    public double? BaseConversion { get; private set; }

    /// <summary>What she bought of a product.</summary>
    /// <returns>False if she never did.</returns>
    public bool TryBought(int product, out BoughtBefore bought)
    {
        var place = (uint)product < (uint)_boughtPlaces.Length ? _boughtPlaces[product] : 0;
        bought = place == 0 ? default : _bought[place - 1].Bought;
        return place != 0;
    }

    /// <summary>True if she bought something of exactly this category.</summary>
    public bool KnowsCategory(CategoryId category) => (uint)category.Value < (uint)_categoryPlaces.Length && _categoryPlaces[category.Value] != 0;

    /// <param name="lines">Her purchases before the wave, oldest first.</param>
    public void Take(in CustomerProfile profile, ReadOnlySpan<PurchaseLine> lines, Catalog catalog)
    {
        Profile = profile;
        Dislikes = catalog.Dislikes.TryGetValue(profile.Id.Value, out var dislikes) ? dislikes : [];
        Forget(catalog);
        long paidMinor = 0, costMinor = 0;
        foreach (ref readonly var line in lines)
        {
            if (line.IsReturn) continue;
            var day = line.Day.DayNumber;
            var product = catalog.Product(line.Product);
            ref var place = ref _boughtPlaces[line.Product];
            if (place == 0)
            {
                _bought.Add((line.Product, new BoughtBefore(day, day, 1)));
                place = _bought.Count;
            }
            else
            {
                ref var bought = ref CollectionsMarshal.AsSpan(_bought)[place - 1].Bought;
                if (bought.LastDay != day) bought = new BoughtBefore(bought.FirstDay, day, bought.Days + 1);
            }

            if (product.Category.Value != 0 && _categoryPlaces[product.Category.Value] == 0)
            {
                _categories.Add(product.Category.Value);
                _categoryPlaces[product.Category.Value] = _categories.Count;
            }

            if (product.Cost is { } cost)
            {
                paidMinor += line.PaidMinor;
                costMinor += new Quantity(line.QuantityThousandths).Times(cost).Minor;
            }
        }

        UsualMargin = paidMinor > 0 ? (double)(paidMinor - costMinor) / paidMinor : null;
        FindStores(profile, lines);
    }

    /// <summary>Finds <see cref="BaseConversion"/> for the customer taken last.</summary>
    /// <param name="lines">Her purchases before the day, oldest first.</param>
    public void FindBaseConversion(ReadOnlySpan<PurchaseLine> lines, DateOnly day, int periodDays)
    {
        var first = 0;
        while (first < lines.Length && lines[first].IsReturn) first++;
        if (first == lines.Length) return;
        var periods = Math.Min(MostPeriods, (day.DayNumber - lines[first].Day.DayNumber) / periodDays);
        if (periods < FewestPeriods) return;
        Span<bool> bought = stackalloc bool[MostPeriods];
        for (var at = lines.Length - 1; at >= first; at--)
        {
            var period = (day.DayNumber - 1 - lines[at].Day.DayNumber) / periodDays;
            if (period >= periods) break;
            if (!lines[at].IsReturn) bought[period] = true;
        }

        BaseConversion = (bought[..periods].Count(true) + 0.5) / (periods + 1);
    }

    void Forget(Catalog catalog)
    {
        BaseConversion = null;
        foreach (var (product, _) in _bought) _boughtPlaces[product] = 0;
        foreach (var category in _categories) _categoryPlaces[category] = 0;
        _bought.Clear();
        _categories.Clear();
        if (_boughtPlaces.Length != catalog.Products.Length) _boughtPlaces = new int[catalog.Products.Length];
        if (_categoryPlaces.Length != catalog.Categories.Length) _categoryPlaces = new int[catalog.Categories.Length];
    }

    void FindStores(in CustomerProfile profile, ReadOnlySpan<PurchaseLine> lines)
    {
        _storeReceipts.Clear();
        _stores.Clear();
        _receipts.Clear();
        if (lines.Length > 0)
        {
            var from = lines[^1].Minute - (StoreDays * 1440);
            ulong? last = null;
            for (var at = lines.Length - 1; at >= 0 && lines[at].Minute >= from; at--)
            {
                // Most lines stand beside others of their receipt.
                if (lines[at].IsReturn || lines[at].Store == 0 || lines[at].Receipt == last) continue;
                last = lines[at].Receipt;
                if (!_receipts.Add(lines[at].Receipt)) continue;
                CollectionsMarshal.GetValueRefOrAddDefault(_storeReceipts, lines[at].Store, out _)++;
            }
        }

        foreach (var (store, count) in _storeReceipts)
            if (count >= StoreShare * _receipts.Count)
                _stores.Add(store);
        _stores.Sort((a, b) => _storeReceipts[a] != _storeReceipts[b] ? _storeReceipts[b].CompareTo(_storeReceipts[a]) : a.CompareTo(b));
        if (_stores.Count == 0 && profile.HomeStore.Value != 0) _stores.Add(profile.HomeStore.Value);
    }
}

/// <summary>A customer's purchases of one product.</summary>
/// <param name="FirstDay">Day number, as <see cref="LastDay"/>.</param>
/// <param name="Days">On how many days.</param>
readonly record struct BoughtBefore(int FirstDay, int LastDay, int Days)
{
    /// <summary>Mean days between purchases; null with fewer than two.</summary>
    public double? RhythmDays => Days > 1 ? (double)(LastDay - FirstDay) / (Days - 1) : null;
}
