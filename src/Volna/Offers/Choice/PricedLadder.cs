using Volna.Offers.Allocation;
using Volna.Offers.Filter;

namespace Volna.Offers.Choice;

/// <summary>
/// What of an offer's value depends on the product and its price alone: whether the price allows a discount, the terms, what is left to pay at each rung of a
/// ladder, and which chance of a purchase it takes to be worth anything at the wave's prices of limits: most candidates are far below. Worked out for the first customer
/// who sees a price and kept for those after her, who mostly see the same. One instance serves one thread.
/// </summary>
sealed class PricedLadder(Goods goods, SharedLimits limits, Eligibility eligibility, DepthChoice depths, OptionSieve? sieve)
{
    /// <summary>Less than the unit of sharing out is nothing.</summary>
    public const double LeastGainMinor = 0.001;

    // Small, apart from the rest: for most candidates nothing more is looked up.
    readonly Least[] _least = new Least[goods.Catalog.Products.Length];
    readonly Price[] _prices = new Price[goods.Catalog.Products.Length];
    readonly Rung[] _rungs = new Rung[goods.Catalog.Products.Length * depths.Steps.Length];

    struct Price
    {
        public bool IsKnown;
        public OfferRefusal Refusal;

        /// <summary>Null where none is known.</summary>
        public Money? Shelf;
        public PriceTerms Terms;
        public int Allowed;
    }

    /// <summary>Chances below which an offer gains nothing, and below which the gain isn't worth the limits' prices.</summary>
    readonly record struct Least(float ToGain, float ToCount);

    public DepthChoice Depths => depths;

    /// <summary>The reason in the price, or in what an offer can be worth at best, against any offer of a product, or <see cref="OfferRefusal.None"/>.</summary>
    /// <param name="chance">That she buys without an offer.</param>
    /// <param name="rungs">Those that keep the floor, from the first; see <see cref="DepthChoice.Reduce"/>.</param>
    public OfferRefusal Check(int product, int store, float chance, out PriceTerms terms, out ReadOnlySpan<Rung> rungs)
    {
        terms = default;
        rungs = default;
        ref var least = ref _least[product];
        var hasStorePrices = goods[product].HasStorePrices;
        if (chance < least.ToCount && !hasStorePrices) return Refusal(chance, least);
        ref var price = ref _prices[product];
        var room = _rungs.AsSpan(product * depths.Steps.Length, depths.Steps.Length);
        if (!price.IsKnown || (hasStorePrices && goods.Catalog.Price(product, store) != price.Shelf)) price = Find(product, store, room, out least);
        if (price.Refusal != OfferRefusal.None) return price.Refusal;
        if (chance < least.ToCount) return Refusal(chance, least);
        terms = price.Terms;
        rungs = room[..price.Allowed];
        return OfferRefusal.None;
    }

    static OfferRefusal Refusal(float chance, Least least) => chance < least.ToGain ? OfferRefusal.NoGain : OfferRefusal.LimitReached;

    Price Find(int product, int store, Span<Rung> room, out Least least)
    {
        least = default;
        var price = new Price { IsKnown = true, Shelf = goods.Catalog.Price(product, store), Refusal = eligibility.CheckPrice(product, store, depths.Terms, depths.Steps[0], out var terms), Terms = terms };
        if (price.Refusal != OfferRefusal.None) return price;
        price.Allowed = depths.Reduce(terms, room);
        // What is promised may cost something. Limits for some stores only make it dearer, so what it takes everywhere is the least.
        if (limits.IsPromisedSomewhere(product)) return price;
        var (toGain, toCount) = (depths.LeastChance(LeastGainMinor, terms, room[..price.Allowed], 0), 0.0);
        if (sieve?.LeastPrices(product) is var (perCost, perOffer)) toCount = depths.LeastChance(perOffer / 1_000, terms, room[..price.Allowed], perCost);
        least = new Least((float)toGain, (float)Math.Max(toGain, toCount));
        return price;
    }
}
