using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers.Allocation;
using Volna.Offers.Plans;

namespace Volna.Offers.Choice;

/// <summary>The plan's limits, as the customers share them: which products count against which.</summary>
sealed class SharedLimits
{
    readonly bool[] _promised;

    public SharedLimits(Plan plan, Catalog catalog)
    {
        var limits = ImmutableArray.CreateBuilder<Limit>();
        var products = catalog.Products.OfType<Product>().ToList();
        var (byKey, byBrand, bySupplier) = (products.ToLookup(product => product.Key), Lookup(product => product.Brand), Lookup(product => product.Supplier));
        var categories = products.ToLookup(product => product.Category);
        var concerned = catalog.Products.Select(_ => ImmutableArray.CreateBuilder<int>()).ToArray();
        _promised = new bool[concerned.Length];
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
            var concerns = looked.Where(product => Filter.Goods.Concerns(catalog, product, limit.Of, limit.Value)).Select(product => product.Id.Value).ToList();
            if (limit.Budget is { } budget) Add(new Limit(limit.Name, LimitUnit.Money, checked(budget.Minor * 1_000)), concerns);
            if (limit.MostOffers is not null || limit.LeastOffers is not null) Add(new Limit(limit.Name, LimitUnit.Offers, limit.MostOffers ?? long.MaxValue / 4, limit.LeastOffers ?? 0), concerns);
            if (limit.LeastOffers is null) continue;
            foreach (var product in concerns) _promised[product] = true;
        }

        Limits = limits.ToImmutable();
        Goods = [.. catalog.Products.Select((product, number) => new Good(product?.Category.Value ?? 0, concerned[number].ToImmutable()))];

        ILookup<string?, Product> Lookup(Func<Product, string?> name) => products.ToLookup(name, StringComparer.OrdinalIgnoreCase);

        void Add(Limit limit, List<int> products)
        {
            foreach (var product in products) concerned[product].Add(limits.Count);
            limits.Add(limit);
        }
    }

    public ImmutableArray<Limit> Limits { get; }

    /// <summary>By product number.</summary>
    public ImmutableArray<Good> Goods { get; }

    /// <summary>True if a number of offers is promised that the product counts towards, so that one may cost something.</summary>
    public bool IsPromised(int product) => _promised[product];

    public AllocationProblem Problem(Plan plan, IReadOnlyList<CustomerBlock> blocks) => new()
    {
        Limits = Limits,
        Goods = Goods,
        Slots = [.. plan.Segments.Select(segment => Enumerable.Range(0, OfferValuation.Kinds)
            .Select(kind => segment.Slots.Where(slot => (int)slot.Kind == kind).Sum(slot => slot.Count)).ToImmutableArray())],
        MostPerCategory = plan.MostPerCategory,
        Blocks = blocks,
    };
}
