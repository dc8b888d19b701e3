using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Filter;
using Volna.Offers.Pack;

namespace Volna.Publishing;

/// <summary>What is live on one business day: the catalogue and the packs of the published waves. Doesn't change once made.</summary>
public sealed class LiveDay
{
    readonly HashSet<(int Store, int Product)> _promoted;
    readonly Dictionary<string, TimeZoneInfo> _zones = [];
    readonly HashSet<int>? _outOfBasket;

    internal LiveDay(DateOnly day, Catalog catalog, IReadOnlyList<OfferPackStore> packs)
    {
        Day = day;
        Packs = packs;
        Catalog = catalog;
        _promoted = [.. catalog.MassPromotions.Where(promotion => promotion.Period.Contains(day)).Select(promotion => (promotion.Store.Value, promotion.Product.Value))];

        if (packs.Any(pack => pack.HasBasketOffers))
        {
            var excluded = catalog.Exclusions.Where(exclusion => exclusion.Period.Contains(day)).SelectMany(exclusion => Goods.Concerned(catalog, exclusion.Kind, exclusion.Value));
            _outOfBasket = [.. catalog.Products.OfType<Product>().Where(LegalPack.Names).Concat(excluded).Select(product => product.Id.Value)];
        }

        // Here and not for each receipt: the system looks for an unknown name on the disk.
        foreach (var store in catalog.Stores)
            if (store is not null && TimeZoneInfo.TryFindSystemTimeZoneById(store.TimeZone ?? "", out var zone))
                _zones[store.Key] = zone;
    }

    public DateOnly Day { get; }

    public Catalog Catalog { get; }

    /// <summary>One for each wave that is published and valid today.</summary>
    public IReadOnlyList<OfferPackStore> Packs { get; }

    /// <summary>True if a mass promotion runs on a product in a store today.</summary>
    public bool IsPromoted(ProductId product, StoreId store) => _promoted.Contains((0, product.Value)) || _promoted.Contains((store.Value, product.Value));

    /// <summary>True if an offer on the whole basket leaves a product out: a law speaks of it, or the business excluded it from offers today.</summary>
    public bool IsOutOfBasket(ProductId product) => _outOfBasket?.Contains(product.Value) ?? false;

    /// <summary>The business day of an instant in a store: by the store's time zone, or by the till's own clock where none is known.</summary>
    public DateOnly BusinessDay(string store, DateTimeOffset time) =>
        DateOnly.FromDateTime(_zones.TryGetValue(store, out var zone) ? TimeZoneInfo.ConvertTime(time, zone).DateTime : time.DateTime);

    /// <summary>A customer's offers, by live wave that knows her; none for a wave in which she is held out.</summary>
    public List<(OfferPackStore Pack, IReadOnlyList<Offer> Offers)> Offers(string customer)
    {
        var offers = new List<(OfferPackStore, IReadOnlyList<Offer>)>();
        if (customer.Length == 0) return offers;
        var hash = Hash64.Of(customer);
        foreach (var pack in Packs)
            if (pack.Find(hash) is >= 0 and var place)
                offers.Add((pack, pack.OffersAt(place)));
        return offers;
    }
}
