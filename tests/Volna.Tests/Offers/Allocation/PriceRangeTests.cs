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
}
