using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Allocation;
using Volna.Offers.Plans;

namespace Volna.Offers.Choice;

/// <summary>The plan's limits, as the customers share them: which goods count against which.</summary>
sealed class SharedLimits
{
    readonly StoreGoods _goods;
    readonly bool[] _promised;
    readonly HashSet<int> _promisedSomewhere;

    /// <exception cref="BadInputException">Too many products are limited in too many stores.</exception>
    public SharedLimits(Plan plan, Catalog catalog)
    {
        var limits = ImmutableArray.CreateBuilder<Limit>();
        var products = catalog.Products.OfType<Product>().ToList();
        var (byKey, byBrand, bySupplier) = (products.ToLookup(product => product.Key), Lookup(product => product.Brand), Lookup(product => product.Supplier));
        var categories = products.ToLookup(product => product.Category);
        var everywhere = catalog.Products.Select(_ => new List<int>()).ToList();
        var inStores = catalog.Products.Select(_ => new List<(int Limit, int Group)>()).ToList();
        var groups = new List<IReadOnlySet<int>>();
        var offersBasket = plan.SlotKinds.ContainsKey(SlotKind.Basket);
        foreach (var limit in plan.Limits)
        {
            // Hundreds of limits on tens of thousands of products: those that name a product, a category, a brand or a supplier don't look at each.
            var looked = limit.Of switch
            {
                TargetKind.Product => byKey[limit.Value],
                TargetKind.Brand => byBrand[limit.Value],
                TargetKind.Supplier => bySupplier[limit.Value],
                TargetKind.Category => catalog.FindCategory(limit.Value) is { } category ? categories.Where(one => catalog.IsWithin(one.Key, category.Id)).SelectMany(one => one) : [],
                _ => products,
            };
            var concerns = looked.Where(product => Filter.Goods.Concerns(catalog, product, limit.Of, limit.Value)).ToList();
            foreach (var (name, stores) in StoresOf(limit, catalog)) Add(limit, name, stores, concerns);
        }

        Limits = limits.ToImmutable();
        _goods = new StoreGoods(catalog, everywhere, inStores, groups, offersBasket);
        _promised = [.. _goods.Goods.Select(good => good.Limits.Any(limit => Limits[limit].Least > 0))];
        _promisedSomewhere = [.. Enumerable.Range(0, _promised.Length).Where(good => _promised[good]).Select(ProductOf)];

        ILookup<string?, Product> Lookup(Func<Product, string?> name) => products.ToLookup(name, StringComparer.OrdinalIgnoreCase);

        void Add(PlanLimit limit, string name, IReadOnlySet<int>? stores, List<Product> concerns)
        {
            if (stores is not null) groups.Add(stores);
            var group = groups.Count - 1;
            List<int> goods = [.. limit.Of == TargetKind.Basket && offersBasket ? [Candidate.WholeBasket] : (int[])[], .. concerns.Select(product => product.Id.Value)];
            if (limit.Budget is { } budget) Count(MoneyLimit(name, budget, limit.Of == TargetKind.Supplier ? plan.SupplierShareOf(limit.Value) : default), goods, stores is null ? null : group);
            if (limit.MostOffers is not null || limit.LeastOffers is not null)
                Count(new Limit(name, LimitUnit.Offers, limit.MostOffers ?? long.MaxValue / 4, limit.LeastOffers ?? 0), goods, stores is null ? null : group);
            if (limit.MostOfStock is not { } share) return;

            // Of stores that send no stock nothing is known, so their customers don't count.
            var known = (stores ?? StoreNumbers(catalog)).Where(catalog.StoresWithStock.Contains).ToHashSet();
            if (known.Count == 0) return;
            groups.Add(known);
            foreach (var product in concerns)
                Count(new Limit($"{name}: {product.Key}", LimitUnit.Offers, (long)(share * OnStock(catalog, product, known))) { IsStock = true }, [product.Id.Value], groups.Count - 1);
        }

        void Count(Limit limit, List<int> goods, int? group)
        {
            foreach (var good in goods)
                if (group is { } some) inStores[good].Add((limits.Count, some));
                else everywhere[good].Add(limits.Count);
            limits.Add(limit);
        }
    }

    public ImmutableArray<Limit> Limits { get; }

    /// <summary>What became of the limits.</summary>
    /// <param name="each">How many customers each one that was shared out to stands for.</param>
    public ImmutableArray<LimitOutcome> Outcomes(IEnumerable<LimitUse> uses, double each = 1) => [.. Limits.Zip(uses, (limit, use) =>
        new LimitOutcome(limit.Name, limit.Counts == LimitUnit.Money, limit.Most, limit.Least, each == 1 ? use.Used : (long)(use.Used * each), use.Price) { IsStock = limit.IsStock, OwnShare = limit.OwnShare })];

    /// <summary>The good that a product is for a customer.</summary>
    /// <param name="store">Her main one; 0 where none is known.</param>
    public int GoodOf(int product, int store) => _goods.Of(product, store);

    public int ProductOf(int good) => _goods.Product(good);

    /// <summary>True if a number of offers is promised that the good counts towards, so that one may cost something.</summary>
    public bool IsPromised(int good) => _promised[good];

    /// <summary>True if that holds of the good that the product is for some customer.</summary>
    public bool IsPromisedSomewhere(int product) => _promisedSomewhere.Contains(product);

    public AllocationProblem Problem(Plan plan, IReadOnlyList<CustomerBlock> blocks) => new()
    {
        Limits = Limits,
        Goods = _goods.Goods,
        Slots = [.. plan.Segments.Select(segment => Enumerable.Range(0, OfferValuation.Kinds)
            .Select(kind => segment.Slots.Where(slot => (int)slot.Kind == kind).Sum(slot => slot.Count)).ToImmutableArray())],
        MostPerCategory = plan.MostPerCategory,
        Blocks = blocks,
    };

    static Limit MoneyLimit(string name, Money budget, Percent supplierShare)
    {
        var most = checked(budget.Minor * 1_000);
        return supplierShare.BasisPoints is 0 or 10_000
            ? new Limit(name, LimitUnit.Money, most)
            : new Limit(name, LimitUnit.Money, (long)Int128.Min((Int128)most * 10_000 / supplierShare.BasisPoints, long.MaxValue / 4)) { OwnShare = supplierShare.Share };
    }

    /// <summary>The groups of stores for which a limit holds, each for itself, and what it is called there; null for all customers.</summary>
    static IEnumerable<(string Name, IReadOnlySet<int>? Stores)> StoresOf(PlanLimit limit, Catalog catalog)
    {
        if (limit.Where is not { } where)
        {
            yield return (limit.Name, null);
            yield break;
        }

        var stores = where.Among(catalog).ToList();
        if (where.Each == StoreUnit.Together)
        {
            yield return (limit.Name, Numbers(stores));
            yield break;
        }

        foreach (var one in stores.GroupBy(store => where.Each == StoreUnit.Store ? store.Key : store.City is { Length: > 0 } city ? city : "?", StringComparer.OrdinalIgnoreCase).OrderBy(one => one.Key, StringComparer.Ordinal))
            yield return ($"{limit.Name}, {one.Key}", Numbers(one));
    }

    static HashSet<int> Numbers(IEnumerable<Store> stores) => [.. stores.Select(store => store.Id.Value)];

    static HashSet<int> StoreNumbers(Catalog catalog) => Numbers(catalog.Stores.OfType<Store>());

    /// <summary>Pieces, or kilograms.</summary>
    static decimal OnStock(Catalog catalog, Product product, IReadOnlySet<int> stores) =>
        stores.Sum(store => Math.Max(0, catalog.Stock.GetValueOrDefault((store, product.Id.Value)).Amount));
}
