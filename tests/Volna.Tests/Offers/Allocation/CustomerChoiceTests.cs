using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers.Allocation;

namespace Volna.Tests.Offers.Allocation;

public sealed class CustomerChoiceTests
{
    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    [InlineData(1, 0)]
    [InlineData(2, 3)]
    public void The_choice_is_the_best_of_all_allowed_ones(ulong seed, int mostBranches)
    {
        var draw = new Draw(seed, "choice", 0);
        var inTheWay = 0;
        for (var round = 0; round < 400; round++)
        {
            // Few goods and categories, so that they get in each other's way.
            var problem = MadeProblem.Make(draw.Next(), customers: 1, limits: 3, candidates: 4, goods: 6, slots: [2, 1, 1], mostPerCategory: 1 + draw.NextBelow(2));
            var categories = 1 + draw.NextBelow(3);
            problem = problem with { Goods = [.. problem.Goods.Select((good, place) => good with { Category = place % (categories + 1) })] };
            var prices = new GoodPrices(problem, [.. problem.Limits.Select((limit, place) => place % 2 == 0 ? draw.NextUnit() : 20_000 * draw.NextUnit())]);
            var options = problem.Blocks[0].Of(0).ToArray();
            var choice = new CustomerChoice(problem, mostBranches);

            var counts = choice.Choose(options, problem.Slots[0], prices);

            var best = Best(problem, options, prices, 0, []);
            Assert.True(Math.Abs(best - counts) < 1e-3, $"seed {seed}, round {round}: chose {counts}, the best is {best}");
            var sum = choice.Chosen.Sum(place => prices[options[place].Good].Counts(options[place]));
            Assert.Equal(counts, sum, 1e-3);
            Assert.True(Allowed(problem, [.. choice.Chosen.Select(place => options[place])]));
            if (sum < Relaxed(problem, options, prices) - 1e-3) inTheWay++;
        }

        Assert.True(inTheWay > 50, "the hard cases must occur");
    }

    /// <summary>Tries all.</summary>
    static double Best(AllocationProblem problem, Option[] options, GoodPrices prices, int from, ImmutableList<Option> taken)
    {
        if (from == options.Length) return taken.Sum(option => prices[option.Good].Counts(option));
        var without = Best(problem, options, prices, from + 1, taken);
        if (prices[options[from].Good].Counts(options[from]) <= 0) return without;
        var with = taken.Add(options[from]);
        return Allowed(problem, with) ? Math.Max(without, Best(problem, options, prices, from + 1, with)) : without;
    }

    static double Relaxed(AllocationProblem problem, Option[] options, GoodPrices prices) => options
        .GroupBy(option => (option.Kind, option.Good)).Select(group => (group.Key.Kind, Counts: group.Max(option => prices[option.Good].Counts(option))))
        .Where(one => one.Counts > 0).GroupBy(one => one.Kind).Sum(group => group.OrderByDescending(one => one.Counts).Take(problem.Slots[0][group.Key]).Sum(one => one.Counts));

    static bool Allowed(AllocationProblem problem, ImmutableList<Option> taken) =>
        taken.GroupBy(option => option.Good).All(group => group.Count() == 1)
        && taken.GroupBy(option => option.Kind).All(group => group.Count() <= problem.Slots[0][group.Key])
        && taken.GroupBy(option => problem.Goods[option.Good].Category).All(group => group.Key == 0 || group.Count() <= problem.MostPerCategory);
}
