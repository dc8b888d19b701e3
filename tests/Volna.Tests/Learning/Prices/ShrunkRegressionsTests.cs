using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Prices;

namespace Volna.Tests.Learning.Prices;

public sealed class ShrunkRegressionsTests
{
    [Fact]
    public void Shrunk_coefficients_are_nearer_the_truth_than_each_group_s_own()
    {
        var (truth, groups) = Made(groups: 40, rows: 12, spread: 0.5);
        var fit = ShrunkRegressions.Fit(groups);
        double Error(double[][] of) => of.Select((one, group) => Math.Pow(one[1] - truth[group], 2)).Sum();
        Assert.True(Error(fit.Shrunk) < 0.8 * Error(fit.Own), $"{Error(fit.Shrunk)} against {Error(fit.Own)}");
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

    static (double[] Truth, LinearSums[] Groups) Made(int groups, int rows, double spread)
    {
        var draw = new Draw(11, "groups", 0);
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
