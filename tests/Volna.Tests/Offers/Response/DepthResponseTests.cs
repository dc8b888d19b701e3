using Volna.Kernels;
using Volna.Offers.Choice;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Response;

public sealed class DepthResponseTests
{
    static readonly double[] Ladder = [1, 1.5, 2, 3];

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.3)]
    [InlineData(1.8)]
    public void The_factor_of_a_made_world_is_found_though_the_eager_get_shallow_discounts(double truth)
    {
        // The plan's 1.6 is wrong. Whoever buys anyway is given the least, so bare shares would fall with depth.
        var (logOdds, deviation) = DepthResponse.Fit(Math.Log(1.6), World(truth, offers: 400_000, weighted: true));
        Assert.InRange(Math.Log(truth), logOdds - (3 * deviation), logOdds + (3 * deviation));
        Assert.InRange(deviation, 0.001, 0.05);

        var (naive, _) = DepthResponse.Fit(Math.Log(1.6), World(truth, offers: 400_000, weighted: false));
        Assert.True(naive < logOdds - 0.2, $"Without weights {naive:0.000}, with them {logOdds:0.000}.");
    }

    [Fact]
    public void Little_data_leave_the_plans_assumption_with_its_uncertainty()
    {
        var (none, wide) = DepthResponse.Fit(Math.Log(1.6), []);
        Assert.Equal(Math.Log(1.6), none, 12);
        Assert.Equal(0.5, wide, 12);

        var (some, narrower) = DepthResponse.Fit(Math.Log(1.6), World(1.0, offers: 2_000, weighted: true));
        Assert.InRange(some, -0.3, Math.Log(1.6));
        Assert.InRange(narrower, 0.05, 0.5);
    }

    [Fact]
    public void Where_nobody_or_everybody_bought_nothing_is_learnt()
    {
        DepthSums Sums(double share) => new(100, 100, 100, 100 * share);
        foreach (var share in (double[])[0, 1])
            Assert.Equal(Math.Log(1.6), DepthResponse.Fit(Math.Log(1.6), [[(1, Sums(share)), (2, Sums(share))]]).LogOdds, 12);
    }

    [Fact]
    public void Number_of_depths_is_told_from_a_propensity()
    {
        for (var allowed = 2; allowed <= 7; allowed++)
        {
            var decision = new DepthDecision(1, allowed, 0);
            foreach (var drawn in (int?[])[null, 0, 1]) Assert.Equal(allowed, ResponseJob.Allowed(DepthChoice.Propensity(decision, 0.1, drawn), 0.1));
        }
    }

    /// <summary>One tenth of the offers have a drawn depth, the others the shallowest for the eager and the deepest for the rest.</summary>
    static List<List<(double, DepthSums)>> World(double truth, int offers, bool weighted)
    {
        const double explored = 0.1;
        var sums = new DepthSums[Ladder.Length];
        var draw = new Draw(7, "response", (ulong)offers);
        for (var i = 0; i < offers; i++)
        {
            var eager = draw.NextUnit() < 0.5;
            var best = eager ? 0 : Ladder.Length - 1;
            var step = draw.NextUnit() < explored ? draw.NextBelow(Ladder.Length) : best;
            var even = explored / Ladder.Length;
            var weight = weighted ? 1 / (step == best ? 1 - explored + even : even) : 1;
            var odds = (eager ? 0.2 : 0.05) * Math.Pow(truth, Ladder[step]);
            ref var sum = ref sums[step];
            sum = new DepthSums(sum.Offers + 1, sum.Weight + weight, sum.SquaredWeight + (weight * weight), sum.BoughtWeight + (draw.NextUnit() < odds / (1 + odds) ? weight : 0));
        }

        return [[.. Ladder.Zip(sums)]];
    }
}
