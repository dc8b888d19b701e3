using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers.Pack;

namespace Volna.Redemptions;

/// <summary>What tills need on one business day: the catalogue and the packs of the published waves. Doesn't change once made.</summary>
sealed class LiveDay
{
    readonly Catalog _catalog;
    readonly Dictionary<string, Product> _products = [];
    readonly Dictionary<string, Store> _stores = [];
    readonly HashSet<(int Store, int Product)> _promoted;

    public LiveDay(DateOnly day, Catalog catalog, IReadOnlyList<OfferPackStore> packs)
    {
        Day = day;
        Packs = packs;
        _catalog = catalog;
        foreach (var product in catalog.Products)
            if (product is not null)
                _products[product.Key] = product;
        foreach (var store in catalog.Stores)
            if (store is not null)
                _stores[store.Key] = store;
        _promoted = [.. catalog.MassPromotions.Where(promotion => promotion.Period.Contains(day)).Select(promotion => (promotion.Store.Value, promotion.Product.Value))];
    }

    public DateOnly Day { get; }

    /// <summary>One for each wave that is published and valid today.</summary>
    public IReadOnlyList<OfferPackStore> Packs { get; }

    public Product Product(int number) => _catalog.Product(number);

    /// <summary>The business day of an instant in a store: by the store's time zone, or by the till's own clock where none is known.</summary>
    public DateOnly BusinessDay(string store, DateTimeOffset time) =>
        DateOnly.FromDateTime(_stores.TryGetValue(store, out var known) && TimeZoneInfo.TryFindSystemTimeZoneById(known.TimeZone, out var zone)
            ? TimeZoneInfo.ConvertTime(time, zone).DateTime
            : time.DateTime);

    /// <summary>A line with what the catalogue says of its product in that store.</summary>
    public ReceiptLine Line(TillLine line, string store)
    {
        if (!_products.TryGetValue(line.Product, out var product)) return new ReceiptLine(default, line.Quantity, line.UnitPrice, line.UnitPrice, Money.Zero);
        var storeNumber = _stores.TryGetValue(store, out var known) ? known.Id.Value : 0;
        var promoted = _promoted.Contains((0, product.Id.Value)) || _promoted.Contains((storeNumber, product.Id.Value));
        var floor = product.Floor switch
        {
            FloorPolicy.NoDiscount => line.UnitPrice,
            FloorPolicy.MinimumPrice => product.FloorPrice ?? line.UnitPrice,
            _ => Money.Zero,
        };
        return new ReceiptLine(product.Id, line.Quantity, line.UnitPrice, promoted ? _catalog.Price(product.Id.Value, storeNumber) ?? line.UnitPrice : line.UnitPrice, floor);
    }

    /// <summary>A customer's offers in all live waves.</summary>
    /// <param name="assigned">True if a wave knows her, with or without offers.</param>
    public List<(string Wave, Offers.Offer Offer)> Offers(string customer, out bool assigned)
    {
        var offers = new List<(string, Offers.Offer)>();
        assigned = false;
        if (customer.Length == 0) return offers;
        var hash = Hash64.Of(customer);
        foreach (var pack in Packs)
        {
            var place = pack.Find(hash);
            if (place < 0) continue;
            assigned = true;
            foreach (var offer in pack.OffersAt(place)) offers.Add((pack.WaveId, offer));
        }

        return offers;
    }
}
