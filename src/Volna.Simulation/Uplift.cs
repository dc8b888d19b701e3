namespace Volna.Simulation;

/// <summary>True effects added up: what was sold in the life with offers less what would have been sold in the life without, in all, by product and by supplier.</summary>
sealed class Uplift(World world)
{
    readonly Takings[] _byProduct = new Takings[world.Assortment.Goods.Length];

    public Takings Total { get; private set; }

    public Takings OfProduct(int product) => _byProduct[product];

    public Takings OfSupplier(Text supplier) =>
        world.Assortment.Goods.Where(good => good.Supplier == supplier).Aggregate(default(Takings), (sum, good) => sum + OfProduct(good.Number));

    public void Add(ReadOnlySpan<BasketLine> with, ReadOnlySpan<BasketLine> without)
    {
        foreach (ref readonly var line in with) Add(line.Product, Counterfactual.Of(world, [line]));
        foreach (ref readonly var line in without) Add(line.Product, default(Takings) - Counterfactual.Of(world, [line]));
    }

    void Add(int product, Takings takings)
    {
        _byProduct[product] += takings;
        Total += takings;
    }
}
