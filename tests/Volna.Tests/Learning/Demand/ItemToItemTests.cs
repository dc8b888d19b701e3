using System.Collections.Immutable;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

/// <summary>What is learnt: of each product its neighbours and their nearness.</summary>
public sealed class ItemToItemTests : LearningContract<double[][]>
{
    static readonly DemandOptions Options = new() { Neighbours = 2 };

    [Fact]
    public void The_nearest_are_bought_by_the_same_customers_and_close_in_time()
    {
        // By customer: product@day.
        var neighbours = Build("1@-9 2@-9", "1@-9 2@-9", "1@-90 2@-90", "1@-9 3@-16 4@-9", "1@-9 3@-16", "1@-9 5@-9 1@-3");
        Assert.Equal([2, 3], neighbours.Of(1).ToArray().Select(neighbour => neighbour.Product));
        Assert.Equal([1], neighbours.Of(2).ToArray().Select(neighbour => neighbour.Product));
        Assert.Empty(neighbours.Of(6).ToArray());
        Assert.Empty(neighbours.Of(1_000_000).ToArray());
    }

    [Fact]
    public void Nearness_is_symmetric()
    {
        var neighbours = Build("1@-9 2@-4", "1@-20 2@-30", "1@-3");
        Assert.Equal(neighbours.Of(1)[0].Nearness, neighbours.Of(2)[0].Nearness);
    }

    [Fact]
    public void Purchases_of_the_day_itself_and_later_do_not_count() => Assert.Empty(Build("1@-9 2@0", "1@-9 2@1").Of(1).ToArray());

    /// <summary>Tea goes with biscuits, pasta with sauce, beside the milk that everybody buys.</summary>
    protected override void FindPattern(double[][] model)
    {
        foreach (var (product, other) in ((int, int)[])[(MadeUpShop.Tea, MadeUpShop.Biscuits), (MadeUpShop.Biscuits, MadeUpShop.Tea), (MadeUpShop.Pasta, MadeUpShop.Sauce), (MadeUpShop.Sauce, MadeUpShop.Pasta)])
            Assert.Equal(other, model[product][0]);
    }

    protected override double[][] Fit(ulong world, int threads)
    {
        var neighbours = Build([.. MadeUpShop.Customers(seed: world)], new ParallelOptions { MaxDegreeOfParallelism = threads });
        return [.. Enumerable.Range(0, MadeUpShop.FirstOther + MadeUpShop.Others).Select(product => neighbours.Of(product).ToArray().SelectMany(one => (double[])[one.Product, one.Nearness]).ToArray())];
    }

    protected override double[] Ask(double[][] model, int @case) => model[@case];

    static ItemToItem Build(params string[] customers)
    {
        ImmutableArray<CustomerHistory> histories =
        [
            .. customers.Select((purchases, i) => new CustomerHistory(new CustomerId(i + 1), purchases.Split(' ').Select(purchase => purchase.Split('@'))
                .Select(parts => MadeUpShop.Line(int.Parse(parts[1]), int.Parse(parts[0]))))),
        ];
        return Build(histories, new ParallelOptions());
    }

    static ItemToItem Build(ImmutableArray<CustomerHistory> customers, ParallelOptions parallel)
    {
        var panel = Panel.Gather(PurchaseSource.Of(customers), Options, [Days.Of(MadeUpShop.Today)], null, parallel);
        return ItemToItem.Build(panel, panel.Tallies[0], Options, parallel);
    }
}
