using System.Collections.Immutable;
using System.Globalization;
using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Allocation;

namespace Volna.Offers.Choice;

/// <summary>
/// What customers are offered is a good: a product; or, where a limit counts it in some stores only, the product in the stores that the same limits count. A customer has one main store, so
/// of each product one good is hers, and sharing out needs to know nothing of stores.
/// </summary>
sealed class StoreGoods
{
    /// <summary>Each takes room in memory on every thread.</summary>
    public const int MostGoods = 2_000_000;

    readonly int _products;

    // By store number; stores that all limits count alike have one region, 0 where none does.
    readonly int[] _regions;
    readonly Dictionary<(int Region, int Product), int> _goods = [];
    readonly List<int> _productOf = [];

    /// <param name="everywhere">By product number: the limits that count it in all stores.</param>
    /// <param name="inStores">By product number: the limits that count it for some stores only, each with the place of these in <paramref name="groups"/>.</param>
    /// <param name="groups">Numbers of stores.</param>
    /// <param name="offersBasket">Whether the whole basket, which has the number of no product, is a good, too.</param>
    /// <exception cref="BadInputException">Too many products are limited in too many stores.</exception>
    public StoreGoods(Catalog catalog, IReadOnlyList<List<int>> everywhere, IReadOnlyList<List<(int Limit, int Group)>> inStores, IReadOnlyList<IReadOnlySet<int>> groups, bool offersBasket)
    {
        _products = everywhere.Count;
        _regions = new int[catalog.Stores.Length];
        var goods = new List<Good>(everywhere.Count);
        for (var product = 0; product < _products; product++) goods.Add(NewGood(product, everywhere[product]));
        var regionsOf = FindRegions(groups);
        var own = new SortedDictionary<int, List<int>>();
        for (var product = 0; product < _products; product++)
        {
            own.Clear();
            foreach (var (limit, group) in inStores[product])
                foreach (var region in regionsOf[group])
                {
                    if (!own.TryGetValue(region, out var limits)) own[region] = limits = [.. everywhere[product]];
                    limits.Add(limit);
                }

            foreach (var (region, limits) in own)
            {
                if (goods.Count == MostGoods)
                    throw new BadInputException("plan-limits-many", new Text(
                        $"limits: found more than {MostGoods} pairs of a product and stores that count it alike, expected no more; name fewer goods, or larger groups of stores.",
                        $"limits: найдено больше {MostGoods} пар «товар — магазины с одинаковыми ограничениями», столько не поддерживается; назовите меньше товаров или более крупные группы магазинов."));
                _goods[(region, product)] = goods.Count;
                _productOf.Add(product);
                goods.Add(NewGood(product, limits.Order()));
            }
        }

        // A number without a product is never offered; it counts as a product does, so that a limit on all products is seen to be one on all goods.
        if (Enumerable.Range(0, _products).FirstOrDefault(product => catalog.Products[product] is not null) is > 0 and var some)
            for (var product = 0; product < _products; product++)
                if (catalog.Products[product] is null && !(offersBasket && product == Candidate.WholeBasket)) goods[product] = goods[some];

        Goods = [.. goods];

        Good NewGood(int product, IEnumerable<int> limits) => new(catalog.Products[product]?.Category.Value ?? 0, [.. limits]);
    }

    /// <summary>Products by their numbers, then those that are goods of their own in some stores.</summary>
    public ImmutableArray<Good> Goods { get; }

    /// <param name="store">The customer's main one; 0 where none is known.</param>
    public int Of(int product, int store) => _goods.Count > 0 && _goods.TryGetValue((_regions[store], product), out var good) ? good : product;

    public int Product(int good) => good < _products ? good : _productOf[good - _products];

    /// <returns>The regions that each group consists of.</returns>
    List<int>[] FindRegions(IReadOnlyList<IReadOnlySet<int>> groups)
    {
        var regionsOf = groups.Select(_ => new List<int>()).ToArray();
        var known = new Dictionary<string, int> { [""] = 0 };
        for (var store = 1; store < _regions.Length; store++)
        {
            int[] own = [.. Enumerable.Range(0, groups.Count).Where(group => groups[group].Contains(store))];
            var name = string.Join(',', own.Select(group => group.ToString(CultureInfo.InvariantCulture)));
            if (!known.TryGetValue(name, out var region))
            {
                known[name] = region = known.Count;
                foreach (var group in own) regionsOf[group].Add(region);
            }

            _regions[store] = region;
        }

        return regionsOf;
    }
}
