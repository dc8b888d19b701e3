using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Prices;

namespace Volna.Tests.Learning.Prices;

/// <summary>What is learnt: each group's shrunk coefficients, then each group's own.</summary>
public sealed class ShrunkRegressionsTests : LearningContract<double[][]>
{
    const int Groups = 40;

    [Fact]
    public void Mean_and_spread_of_the_groups_are_found()
    {
        var fit = ShrunkRegressions.Fit(Made(Groups, rows: 12, spread: 0.5).Groups);
        Assert.InRange(fit.Mean[1], -2 - (4 * fit.MeanError[1]), -2 + (4 * fit.MeanError[1]));
        Assert.InRange(fit.Spread[1], 0.25, 0.75);
    }

    [Fact]
    public void Groups_that_are_alike_get_nearly_the_same()
    {
        var fit = ShrunkRegressions.Fit(Made(groups: 40, rows: 12, spread: 0).Groups);
        double Farthest(double[][] of) => of.Max(one => Math.Abs(one[1] + 2));
        Assert.True(Farthest(fit.Shrunk) < 0.3 * Farthest(fit.Own), $"{Farthest(fit.Shrunk)} against {Farthest(fit.Own)}");
    }

    /// <summary>Shrunk coefficients are nearer the truth than each group's own.</summary>
    protected override void FindPattern(double[][] model)
    {
        var truth = Made(Groups, rows: 12, spread: 0.5).Truth;
        double Error(double[][] of) => of.Select((one, group) => Math.Pow(one[1] - truth[group], 2)).Sum();
        Assert.True(Error(model[..Groups]) < 0.8 * Error(model[Groups..]), $"{Error(model[..Groups])} against {Error(model[Groups..])}");
    }

    protected override double[][] Fit(ulong world, int threads)
    {
        var fit = ShrunkRegressions.Fit(Made(Groups, rows: 12, spread: 0.5, world).Groups);
        return [.. fit.Shrunk, .. fit.Own];
    }

    protected override double[] Ask(double[][] model, int @case) => model[@case];

    static (double[] Truth, LinearSums[] Groups) Made(int groups, int rows, double spread, ulong seed = 1)
    {
        var draw = new Draw(seed + 10, "groups", 0);
        var (truth, made) = (new double[groups], new LinearSums[groups]);
        for (var group = 0; group < groups; group++)
        {
            truth[group] = -2 + (spread * draw.NextNormal());
            made[group] = new LinearSums(2);
            for (var row = 0; row < rows; row++)
            {
                var x = draw.NextNormal();
                made[group].Add([1, x], 3 + (truth[group] * x) + (1.5 * draw.NextNormal()));
            }
        }

        return (truth, made);
    }
}
