using System.Collections.Immutable;
using Volna.Offers.Allocation;

namespace Volna.Tests.Offers.Allocation;

public sealed class AllocateTests
{
    [Theory]
    [InlineData(1, 8_000, 30)]
    [InlineData(2, 6_000, 5)]
    [InlineData(3, 2_000, 20)]
    [InlineData(4, 300, 3)]
    public void Nothing_is_exceeded_and_the_value_is_near_the_bound(ulong seed, int customers, int limits)
    {
        var problem = MadeProblem.Make(seed, customers, limits);
        var allocation = Allocate.Run(problem, null, threads: 2, null, TestContext.Current.CancellationToken);
        Check(problem, allocation, seed);
        Assert.True(allocation.Gap < (customers >= 6_000 ? 0.0005 : 0.02), $"seed {seed}: gap {allocation.Gap:P4}");
        Assert.Contains(allocation.Limits, limit => limit.Price > 0);
    }

    [Fact]
    public void Limits_that_pull_at_each_other_are_priced_as_well()
    {
        // Each good counts in a total, in a limit of its own kind, and in two of groups that cross these.
        var problem = MadeProblem.Make(31, 6_000, 60, goods: 400);
        var first = problem.Limits.Length;
        problem = problem with
        {
            Goods = [.. problem.Goods.Select((good, number) => good with { Limits = [.. good.Limits, first + (number % 7), first + 7 + (number % 40)] })],
            Limits = [.. problem.Limits, .. Enumerable.Range(0, 47).Select(group => new Limit($"group {group}", group % 2 == 0 ? LimitUnit.Money : LimitUnit.Offers, long.MaxValue / 4))],
        };
        var used = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken).Limits;
        problem = problem with { Limits = [.. problem.Limits.Select((limit, number) => number < first ? limit : limit with { Most = used[number].Used * (6 + ((number - first) % 4)) / 10 })] };
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        Check(problem, allocation, 31);
        Assert.True(allocation.Gap < 0.0005, $"gap {allocation.Gap:P4}");
    }

    [Fact]
    public void A_limit_that_nobody_reaches_has_no_price()
    {
        var problem = MadeProblem.Make(5, 1_000, 10, tightness: 50);
        var allocation = Allocate.Run(problem, null, 1, null, TestContext.Current.CancellationToken);
        Assert.All(allocation.Limits, limit => Assert.Equal(0, limit.Price));
        Assert.Equal(allocation.BoundMilli, allocation.ValueMilli);
    }

    [Fact]
    public void Where_nothing_can_be_offered_nothing_is_shared_out()
    {
        var problem = MadeProblem.Make(6, 100, 10);
        problem = problem with { Blocks = [.. problem.Blocks.Select(block => block with { Starts = new int[block.Starts.Length] })] };
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        Assert.Equal((0, 0, 0), (allocation.ValueMilli, allocation.BoundMilli, allocation.Gap));
        Assert.All(allocation.Limits, limit => Assert.Equal(0, limit.Used));
    }

    [Fact]
    public void Where_nothing_is_promised_nobody_is_paid_for_using_a_limit()
    {
        // Few customers on many limits tell badly how use answers prices.
        for (var seed = 40UL; seed < 60; seed++)
        {
            var problem = MadeProblem.Make(seed, 200, 60, tightness: 0.9);
            problem = problem with { Expected = [.. problem.Limits.Select((_, limit) => limit % 3 == 0 ? -10.0 : 0)] };
            var found = new DualSearch(problem, null, 2).Run(null, TestContext.Current.CancellationToken);
            Assert.All(found.Prices, price => Assert.InRange(price, 0, double.MaxValue));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void What_was_promised_is_kept(ulong seed)
    {
        var problem = MadeProblem.Make(seed, 2_000, 10);
        problem = problem with { Limits = [.. problem.Limits.Select(limit => limit.Counts == LimitUnit.Offers ? limit with { Most = limit.Most * 5 } : limit)] };
        var without = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        problem = problem with { Limits = [.. problem.Limits.Select((limit, place) => place % 4 == 1 ? limit with { Least = without.Limits[place].Used * 6 / 5 } : limit)] };
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        Check(problem, allocation, seed);
        Assert.Contains(allocation.Limits, limit => limit.Price < 0);
        Assert.True(allocation.ValueMilli <= without.BoundMilli);
        Assert.True(allocation.Gap < 0.01, $"gap {allocation.Gap:P4}");
    }

    [Fact]
    public void A_promise_that_too_few_customers_can_take_is_named_before_the_run()
    {
        var problem = MadeProblem.Make(8, 100, 3);
        problem = problem with { Limits = [.. problem.Limits.Select((limit, place) => place == 1 ? limit with { Most = 1_000_000, Least = 900_000 } : limit)] };
        var refusal = Assert.Throws<GuardException>(() => Allocate.Run(problem, null, 1, null, TestContext.Current.CancellationToken));
        Assert.Equal("promise-infeasible", refusal.Code);
        Assert.Contains("offers 1", refusal.Sentence.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_promise_beyond_reach_it_is_told_what_the_slots_allow()
    {
        var problem = MadeProblem.Make(8, 100, 3);
        problem = problem with
        {
            Limits = [problem.Limits[1] with { Most = 1_000_000, Least = 900_000 }],
            Goods = [.. problem.Goods.Select(good => good with { Limits = [0] })],
        };
        var slots = problem.Blocks.Sum(block => block.Segments.Sum(segment => problem.Slots[segment].Sum()));
        Assert.True(problem.Options > slots);
        var told = Assert.Throws<GuardException>(() => Allocate.Run(problem, null, 1, null, TestContext.Current.CancellationToken)).Sentence.English;
        var possible = int.Parse(told.Split("no more than ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(possible, 1, slots);
    }

    [Fact]
    public void Of_a_promise_that_was_not_reached_it_is_told_how_many_were_found_and_nothing_is_said_to_be_impossible()
    {
        // Many could take an offer, but the money of another limit suffices for few of them.
        var problem = MadeProblem.Make(8, 1_000, 3);
        var reach = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken).Limits[1].Used;
        problem = problem with { Limits = [problem.Limits[0] with { Most = problem.Limits[0].Most / 20 }, problem.Limits[1] with { Most = 1_000_000, Least = reach * 2 }, .. problem.Limits[2..]] };
        var refusal = Assert.Throws<GuardException>(() => Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken));
        Assert.Equal("promise-not-reached", refusal.Code);
        Assert.Matches($"^offers 1: {reach * 2} offers are promised, and the most that was found within the other rules and limits is [0-9]+; ", refusal.Sentence.English);
        Assert.Matches($"^offers 1: обещано предложений {reach * 2}, а при остальных правилах и ограничениях удалось набрать не больше [0-9]+; ", refusal.Sentence.Russian);
        Assert.DoesNotContain("possible", refusal.Sentence.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_allocation()
    {
        var problem = MadeProblem.Make(9, 11_000, 10);
        string Digest(int threads)
        {
            var allocation = Allocate.Run(problem, null, threads, null, TestContext.Current.CancellationToken);
            var places = problem.Blocks.SelectMany((block, index) => Enumerable.Range(0, block.Customers).Select(customer => string.Join(',', allocation.Of(index, customer).ToArray())));
            return $"{allocation.ValueMilli} {allocation.BoundMilli} {string.Join(';', allocation.Limits)} {Kernels.Hash64.Of(string.Join(' ', places))}";
        }

        var one = Digest(1);
        Assert.Equal(one, Digest(2));
        Assert.Equal(one, Digest(5));
    }

    [Fact]
    public void A_shadow_price_tells_what_more_of_a_limit_brings()
    {
        var problem = MadeProblem.Make(10, 5_000, 4);
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        var more = problem.Limits[0].Most / 50;
        var richer = Allocate.Run(problem with { Limits = problem.Limits.SetItem(0, problem.Limits[0] with { Most = problem.Limits[0].Most + more }) }, null, 2, null, TestContext.Current.CancellationToken);
        // What is bought first with more money is the best that was left, so the price is an upper estimate that is soon reached.
        Assert.InRange(richer.ValueMilli - allocation.ValueMilli, 0.85 * allocation.Limits[0].Price * more, 1.02 * allocation.Limits[0].Price * more);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void From_the_prices_of_the_week_before_they_are_found_in_fewer_rounds_and_no_worse(ulong seed)
    {
        // Other customers, and limits a little wider.
        var before = Allocate.Run(MadeProblem.Make(seed, 8_000, 25), null, 2, null, TestContext.Current.CancellationToken);
        var problem = MadeProblem.Make(seed, 8_000, 25);
        problem = problem with
        {
            Blocks = [.. problem.Blocks.Select(block => block with { Segments = block.Segments[..^300], Starts = block.Starts[..^300] })],
            Limits = [.. problem.Limits.Select(limit => limit with { Most = limit.Most * 102 / 100 })],
        };
        var cold = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        var warm = Allocate.Run(problem with { Expected = [.. before.Limits.Select(limit => limit.Price)] }, null, 2, null, TestContext.Current.CancellationToken);
        Check(problem, warm, seed);
        Assert.True(warm.Rounds < cold.Rounds, $"{warm.Rounds} rounds from the week before, {cold.Rounds} from nothing");
        Assert.True(warm.Gap < cold.Gap + 5e-5, $"gap {warm.Gap:P4} from the week before, {cold.Gap:P4} from nothing");
    }

    // A cap on each of a chain's goods in each of its stores is tens of thousands of limits: what is kept of each pair of them would take all memory.
    [Fact]
    public void Tens_of_thousands_of_limits_are_kept_beside_a_few_large_ones()
    {
        const int Goods = 50_000;
        var problem = MadeProblem.Make(41, 3_000, 5, goods: Goods);
        var first = problem.Limits.Length;
        problem = problem with
        {
            Goods = [.. problem.Goods.Select((good, number) => good with { Limits = [.. good.Limits, first + number] })],
            Limits = [.. problem.Limits, .. Enumerable.Range(0, Goods).Select(good => new Limit($"stock {good}", LimitUnit.Offers, 1 + (good % 3)) { IsStock = true })],
        };
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        Check(problem, allocation, 41);
        Assert.Contains(allocation.Limits[first..], limit => limit.Used > 1);
        Assert.True(allocation.Gap < 0.01, $"gap {allocation.Gap:P4}");
    }

    [Fact]
    public void What_was_limited_the_week_before_and_is_only_promised_now_begins_without_a_price()
    {
        var problem = MadeProblem.Make(42, 500, 3);
        problem = problem with
        {
            Limits = [.. problem.Limits.Select((limit, place) => place == 1 ? limit with { Most = long.MaxValue / 4, Least = 10 } : limit)],
            Expected = [.. problem.Limits.Select((_, place) => place == 1 ? 30_000.0 : 0)],
        };
        var allocation = Allocate.Run(problem, null, 2, null, TestContext.Current.CancellationToken);
        Check(problem, allocation, 42);
        Assert.InRange(allocation.Gap, 0, 0.05);
    }

    static void Check(AllocationProblem problem, Allocated allocation, ulong seed)
    {
        var used = new long[problem.Limits.Length];
        var value = 0L;
        for (var block = 0; block < problem.Blocks.Count; block++)
            for (var customer = 0; customer < problem.Blocks[block].Customers; customer++)
            {
                var options = problem.Blocks[block].Of(customer).ToArray();
                var taken = allocation.Of(block, customer).ToArray().Select(place => options[place]).ToImmutableArray();
                Assert.Equal(taken.Length, taken.Select(option => option.Good).Distinct().Count());
                Assert.All(taken.GroupBy(option => option.Kind), group => Assert.True(group.Count() <= problem.Slots[0][group.Key]));
                Assert.All(taken.GroupBy(option => problem.Goods[option.Good].Category).Where(group => group.Key != 0), group => Assert.True(group.Count() <= problem.MostPerCategory));
                foreach (var option in taken)
                {
                    value += option.ValueMilli;
                    foreach (var limit in problem.Goods[option.Good].Limits) used[limit] += problem.Use(limit, option);
                }
            }

        Assert.Equal(value, allocation.ValueMilli);
        Assert.Equal(used, allocation.Limits.Select(limit => limit.Used));
        Assert.All(problem.Limits.Zip(used), pair => Assert.True(pair.Second >= pair.First.Least && pair.Second <= pair.First.Most, $"seed {seed}: {pair.First} uses {pair.Second}"));
        Assert.True(allocation.ValueMilli <= allocation.BoundMilli);
    }
}
