using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Plans;

namespace Volna.Offers.Filter;

/// <summary>
/// What holds of each product for all customers of a wave, worked out once: exclusions and laws, age limits, mass promotions, whether it still
/// sells, what it costs.
/// </summary>
sealed class Goods
{
    readonly ProductFacts[] _facts;
    readonly Dictionary<int, ImmutableArray<int>> _promotedIn = [];
    readonly bool _offersBasket;

    // By store, then a bit for each product; null where the store sends no stock.
    readonly ulong[]?[] _onStock;

    /// <param name="lastSold">Day number of each product's latest sale before the wave, by product number; 0 for never.</param>
    public Goods(Catalog catalog, Plan plan, Period validity, ReadOnlySpan<int> lastSold)
    {
        Catalog = catalog;
        foreach (var group in catalog.MassPromotions.Where(one => one.Period.Start < validity.End && validity.Start < one.Period.End).GroupBy(one => one.Product.Value))
            _promotedIn[group.Key] = [.. group.Select(one => one.Store.Value).Distinct().Order()];

        var exclusions = catalog.Exclusions.Where(one => one.Period.Start < validity.End && validity.Start < one.Period.End).OrderBy(one => one.Reason).ToList();
        var soldFrom = validity.Start.DayNumber - plan.SoldWithinDays;
        var campaigns = plan.SlotKinds.GetValueOrDefault(SlotKind.Supplier)?.Goods ?? [];
        var pricedByStore = catalog.StorePrices.Keys.Select(one => one.Product).ToHashSet();
        _facts = new ProductFacts[catalog.Products.Length];
        foreach (var product in catalog.Products)
        {
            if (product is null) continue;
            var number = product.Id.Value;
            var laws = LegalPack.Of(plan.Country).Where(rule => product.Tags.Contains(rule.Tag)).ToList();
            var excluded = exclusions.FirstOrDefault(one => Concerns(catalog, product, one.Kind, one.Value));
            _facts[number] = new ProductFacts
            {
                ForbiddenByLaw = laws.Any(rule => rule.OffersForbidden
                    || (rule.NeedsFloor && !(product.Floor == FloorPolicy.NoDiscount || (product.Floor == FloorPolicy.MinimumPrice && product.FloorPrice is not null)))),
                LeastAge = laws.Count == 0 ? 0 : laws.Max(rule => rule.LeastAge),
                Excluded = excluded?.Reason switch
                {
                    null => OfferRefusal.None,
                    ExclusionReason.Forbidden => OfferRefusal.Forbidden,
                    ExclusionReason.LowMargin => OfferRefusal.LowMarginGoods,
                    _ => OfferRefusal.Excluded,
                },
                Promoted = _promotedIn.ContainsKey(number),
                SupplierShare = plan.SupplierShareOf(product.Supplier).Share,
                OutOfBasket = LegalPack.Names(product) || excluded is not null || PriceFloor.ByPolicy(product, new Money(long.MaxValue)) == new Money(long.MaxValue),
                InCampaign = campaigns.Any(goods => Concerns(catalog, product, goods.Of, goods.Value)),
                Category = product.Category.Value,
                HasStorePrices = pricedByStore.Contains(number),
                MarginShare = MarginShare(product, product.Price),
                SoldLately = (number < lastSold.Length && lastSold[number] >= soldFrom)
                    || (plan.OffersAnnounced && catalog.Announced.TryGetValue(number, out var announced) && announced.Day <= validity.Start),
            };
        }

        var brands = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var product in catalog.Products.OfType<Product>().Where(product => product.Brand.Length > 0))
        {
            brands.TryAdd(product.Brand, brands.Count + 1);
            _facts[product.Id.Value].Brand = brands[product.Brand];
        }

        Brands = brands.Count;
        foreach (var category in catalog.Products.OfType<Product>().Where(product => product.Price is not null).GroupBy(product => product.Category))
        {
            var byPrice = category.OrderBy(product => product.Price!.Value.Minor).ThenBy(product => product.Key, StringComparer.Ordinal).ToList();
            for (var rank = 0; rank < byPrice.Count; rank++) _facts[byPrice[rank].Id.Value].PriceLevel = rank * PriceLevels / byPrice.Count;
        }

        _onStock = new ulong[catalog.Stores.Length][];
        foreach (var store in catalog.StoresWithStock) _onStock[store] = new ulong[(catalog.Products.Length / 64) + 1];
        foreach (var ((store, product), pieces) in catalog.Stock)
            if (pieces.Thousandths > 0)
                _onStock[store]![product / 64] |= 1UL << (product % 64);

        // Ties are broken by the retailer's key, which is the same on every machine.
        var order = catalog.Products.OfType<Product>().OrderBy(product => product.Key, StringComparer.Ordinal).ToList();
        for (var rank = 0; rank < order.Count; rank++) _facts[order[rank].Id.Value].KeyRank = rank;
        _offersBasket = plan.SlotKinds.ContainsKey(SlotKind.Basket);
        Offerable = Enumerable.Range(1, Math.Max(0, _facts.Length - 1)).Count(MayBeOffered);
    }

    /// <summary>Cheap, middle and dear: thirds of a category's products by price.</summary>
    public const int PriceLevels = 3;

    public Catalog Catalog { get; }

    /// <summary>How many brands there are; they are numbered from 1.</summary>
    public int Brands { get; }

    /// <summary>How many products could be offered to somebody.</summary>
    public int Offerable { get; }

    /// <summary>True if a product, or the whole basket, could be offered to somebody.</summary>
    public bool MayBeOffered(int product) => product == Candidate.WholeBasket ? _offersBasket : _facts[product] is { ForbiddenByLaw: false, Excluded: OfferRefusal.None, SoldLately: true };

    public ref readonly ProductFacts this[int product] => ref _facts[product];

    /// <summary>Which share of its price in a store a product earns; no number where its cost or price isn't known.</summary>
    public double MarginShare(int product, int store) =>
        _facts[product].HasStorePrices ? MarginShare(Catalog.Product(product), Catalog.Price(product, store)) : _facts[product].MarginShare;

    static double MarginShare(Product product, Money? price) =>
        product.Cost is { } cost && price is { Minor: > 0 } known ? (double)(known - cost).Minor / known.Minor : double.NaN;

    /// <summary>True if a mass promotion runs in one of these stores within the wave.</summary>
    public bool IsPromoted(int product, ReadOnlySpan<int> stores)
    {
        if (!_facts[product].Promoted) return false;
        foreach (var store in _promotedIn[product])
            if (store == 0 || stores.Contains(store))
                return true;
        return false;
    }

    /// <summary>True if a store has a product on stock, or sends no stock, which isn't held against the product.</summary>
    public bool MayBeIn(int store, int product) => _onStock[store] is not { } bits || (bits[product / 64] & (1UL << (product % 64))) != 0;

    /// <summary>The products that a rule's target includes.</summary>
    public static IEnumerable<Product> Concerned(Catalog catalog, TargetKind kind, string value) => kind == TargetKind.Product
        ? catalog.FindProduct(value) is { } product ? [product] : []
        : catalog.Products.OfType<Product>().Where(product => Concerns(catalog, product, kind, value));

    /// <summary>True if a rule's target includes a product. Names are compared without regard to case.</summary>
    public static bool Concerns(Catalog catalog, Product product, TargetKind kind, string value) => kind switch
    {
        TargetKind.Product => product.Key == value,
        TargetKind.Category => catalog.FindCategory(value) is { } category && catalog.IsWithin(product.Category, category.Id),
        TargetKind.Brand => string.Equals(product.Brand, value, StringComparison.OrdinalIgnoreCase),
        TargetKind.Tag => product.Tags.Contains(value, StringComparer.OrdinalIgnoreCase),
        TargetKind.Supplier => string.Equals(product.Supplier, value, StringComparison.OrdinalIgnoreCase),
        TargetKind.Basket => true,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such target."),
    };
}

/// <summary>What holds of one product in a wave.</summary>
struct ProductFacts
{
    public bool ForbiddenByLaw;
    public int LeastAge;
    public OfferRefusal Excluded;
    public bool Promoted;

    /// <summary>A discount on the whole basket doesn't fall on it, and it doesn't count towards the basket's sum.</summary>
    public bool OutOfBasket;

    /// <summary>Of a supplier's campaign.</summary>
    public bool InCampaign;

    /// <summary>Of a discount on it, what its supplier pays.</summary>
    public double SupplierShare;

    /// <summary>Or it is new: see <see cref="Plan.OffersAnnounced"/>.</summary>
    public bool SoldLately;

    /// <summary>0 where none is known, as with <see cref="Brand"/>.</summary>
    public int Category;
    public int Brand;

    /// <summary>False if it costs the same everywhere.</summary>
    public bool HasStorePrices;

    /// <summary>See <see cref="Goods.MarginShare(int, int)"/>; at the regular price.</summary>
    public double MarginShare;

    /// <summary>From 0, the cheapest of its category.</summary>
    public int PriceLevel;

    /// <summary>Its place when products are ordered by the retailer's keys.</summary>
    public int KeyRank;
}
