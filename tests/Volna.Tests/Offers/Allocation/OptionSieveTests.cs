using Volna.Kernels;
using Volna.Offers.Allocation;

namespace Volna.Tests.Offers.Allocation;

public sealed class OptionSieveTests
{
    [Fact]
    public void At_any_prices_of_the_range_the_best_choices_count_the_same_without_what_the_sieve_leaves_out()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var (options, kept) = (0L, 0L);
        for (var number = 0; number < TestSize.Of(12, 300); number++)
        {
            var draw = new Draw(seed, "sieve", (ulong)number);
            var problem = MadeProblem.Make(seed + (ulong)number, 150, limits: 1 + draw.NextBelow(12), candidates: 5 + draw.NextBelow(50), goods: 40 + draw.NextBelow(400), mostPerCategory: 1 + draw.NextBelow(3));
            var range = Range(problem, ref draw);
            var sifted = Sift(problem, range);
            (options, kept) = (options + problem.Options, kept + sifted.Options);
            for (var round = 0; round < 6; round++)
            {
                double[] prices = [.. range.Low.Zip(range.High, (low, high) => low + ((high - low) * (round == 0 ? 0 : round == 1 ? 1 : draw.NextUnit())))];
                var all = new DualSearch(problem, range, 2).Evaluate(prices, 1, 0, TestContext.Current.CancellationToken).BoundMilli;
                var left = new DualSearch(sifted, range, 2).Evaluate(prices, 1, 0, TestContext.Current.CancellationToken).BoundMilli;
                // Each customer's sum is rounded up by itself.
                Assert.True(Math.Abs(all - left) <= problem.Customers, $"seed {seed}, number {number}, round {round}: {all} with all options, {left} without those left out");
            }
        }

        Assert.True(kept < options * 0.6, $"seed {seed}: {kept} of {options} are kept");
    }

    [Fact]
    public void Without_prices_the_allocation_is_worth_the_same()
    {
        var problem = MadeProblem.Make(3, 500, limits: 0, candidates: 40) with { Limits = [], Goods = [.. MadeProblem.Make(3, 500, 0, 40).Goods.Select(good => good with { Limits = [] })] };
        var sifted = Sift(problem, PriceRange.Nothing);
        Assert.True(sifted.Options < problem.Options / 3);
        Assert.Equal(Run(problem), Run(sifted));

        long Run(AllocationProblem made) => Allocate.Run(made, PriceRange.Nothing, 2, null, TestContext.Current.CancellationToken).ValueMilli;
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Prices_found_in_a_sample_leave_the_allocation_as_near_to_the_bound(ulong seed)
    {
        var problem = MadeProblem.Make(seed, 12_000, limits: 12, candidates: 30);
        var sample = problem with { Blocks = [problem.Blocks[0]], Limits = [.. problem.Limits.Select(limit => limit with { Most = limit.Most * 5 / 12 })] };
        var range = PriceRange.Around(sample, Allocate.Run(sample, null, 2, null, TestContext.Current.CancellationToken), [.. problem.Limits.Select(_ => false)]);
        var sifted = Sift(problem, range);
        var full = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        var found = Allocate.Run(sifted, range, 2, null, TestContext.Current.CancellationToken);
        Assert.True(sifted.Options < problem.Options / 2, $"{sifted.Options} of {problem.Options}");
        Assert.InRange(found.BoundMilli, full.ValueMilli, full.BoundMilli * 1.0005);
        Assert.True(found.ValueMilli > full.ValueMilli * 0.9995, $"{found.ValueMilli} of {full.ValueMilli}, gap {found.Gap:P4}");
    }

    static PriceRange Range(AllocationProblem problem, ref Draw draw)
    {
        var (low, high) = (new double[problem.Limits.Length], new double[problem.Limits.Length]);
        for (var limit = 0; limit < low.Length; limit++)
        {
            var typical = problem.Limits[limit].Counts == LimitUnit.Money ? 0.8 : 20_000;
            low[limit] = draw.NextBelow(3) == 0 ? 0 : typical * draw.NextUnit();
            high[limit] = low[limit] + (typical * draw.NextUnit() * draw.NextUnit());
        }

        return new PriceRange(low, high, [.. low.Zip(high, (least, most) => (least + most) / 2)]);
    }

    static AllocationProblem Sift(AllocationProblem problem, PriceRange range)
    {
        var sieve = new OptionSieve(problem, range);
        return problem with { Blocks = [.. problem.Blocks.Select(Sift)] };

        CustomerBlock Sift(CustomerBlock block)
        {
            var (starts, options) = (new List<int> { 0 }, new List<Option>());
            for (var customer = 0; customer < block.Customers; customer++)
            {
                var own = block.Of(customer);
                var kept = new bool[own.Length];
                sieve.Sift(own, problem.Slots[block.Segments[customer]], kept);
                for (var place = 0; place < own.Length; place++)
                    if (kept[place]) options.Add(own[place]);
                starts.Add(options.Count);
            }

            return new CustomerBlock(block.Segments, [.. starts], [.. options]);
        }
    }
}
