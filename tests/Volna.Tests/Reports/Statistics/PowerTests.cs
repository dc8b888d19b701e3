using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Statistics;

public sealed class PowerTests
{
    // scipy: (norm.ppf(.975) + norm.ppf(power)) * deviation * sqrt((1 - r**2) * (1/share + 1/(1-share)) / customers)
    [Theory]
    [InlineData(1.0, 0.0, 0.5, 0.8, 1_000, 0.17718780696593192)]
    [InlineData(1900.0, 0.5, 0.1, 0.8, 20_000, 108.65552570892757)]
    [InlineData(1900.0, 0.0, 0.1, 0.9, 20_000, 145.16618302981172)]
    public void The_least_effect_and_the_customers_it_needs_fit_together(double deviation, double correlation, double share, double chance, long customers, double least)
    {
        var power = new Power(deviation, correlation, share, chance);
        Assert.Equal(1, power.LeastEffect(customers) / least, 1e-9);
        Assert.InRange(power.Customers(power.LeastEffect(customers)), customers - 1, customers + 1);
    }

    [Fact]
    public void The_share_explained_is_that_of_a_regression()
    {
        var moments = new VectorMoments(3);
        for (var i = 0; i < 2_000; i++)
        {
            var draw = new Draw(3, "explained", (ulong)i);
            var (known, noise) = (draw.NextNormal(), draw.NextNormal());
            moments.Add([known + noise, 7 + known, 14 + (2 * known)]);
        }

        // The second covariate is twice the first and says nothing new.
        Assert.Equal(0.5, Adjustment.ExplainedShare(Figure.OfMean(moments, 0)!, [1, 2]), 0.03);
        Assert.Equal(0, Adjustment.ExplainedShare(Figure.OfMean(moments, 0)!, []));
    }
}
