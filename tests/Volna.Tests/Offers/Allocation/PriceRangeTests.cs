using Volna.Offers.Allocation;

namespace Volna.Tests.Offers.Allocation;

public sealed class PriceRangeTests
{
    [Fact]
    public void A_promise_without_a_most_is_kept_between_prices_found_in_a_sample()
    {
        var made = MadeProblem.Make(31, 1_000, limits: 3);
        var without = Allocate.Run(made, null, 2, null, TestContext.Current.CancellationToken);
        var promise = new Limit("promise", LimitUnit.Offers, long.MaxValue / 4, Least: without.Limits[1].Used * 6 / 5);
        var problem = made with { Limits = made.Limits.SetItem(1, promise) };
        var sample = made with { Limits = made.Limits.SetItem(1, promise with { Least = 0 }) };
        var range = PriceRange.Around(sample, Allocate.Run(sample, null, 2, null, TestContext.Current.CancellationToken), [false, true, false, false]);
        Assert.Equal(double.NegativeInfinity, range.Low[1]);
        Assert.True(range.High[1] > 0);

        var found = Allocate.Run(problem, range, 2, null, TestContext.Current.CancellationToken);
        Assert.True(found.Limits[1].Used >= promise.Least, $"{found.Limits[1]} of {promise.Least}");
        Assert.InRange(found.ValueMilli, found.BoundMilli * 0.99, found.BoundMilli);
    }

    [Fact]
    public void A_price_below_nothing_lies_within_its_range_too()
    {
        var made = MadeProblem.Make(32, 300, limits: 3);
        var without = Allocate.Run(made, null, 2, null, TestContext.Current.CancellationToken);
        var problem = made with { Limits = made.Limits.SetItem(1, made.Limits[1] with { Most = made.Limits[1].Most * 5, Least = without.Limits[1].Used * 3 / 2 }) };
        var found = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        var range = PriceRange.Around(problem, found, [false, true, false, false]);
        Assert.True(found.Limits[1].Price < 0, $"{found.Limits[1]}");
        Assert.All(found.Limits.Index(), limit => Assert.InRange(limit.Item.Price, range.Low[limit.Index], range.High[limit.Index]));
    }
}
