using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Statistics;

public sealed class SampleRatioTests
{
    // scipy.stats.chisquare([treated, heldOut], [n * .9, n * .1]).pvalue
    [Theory]
    [InlineData(9_000, 1_000, 1.0, false)]
    [InlineData(899_000, 101_000, 0.0008581206663936758, true)]
    public void Tells_a_skew_of_one_percent_at_a_million_customers(long treated, long heldOut, double pValue, bool alarm)
    {
        var check = SampleRatio.Of(treated, heldOut, 0.1)!;
        Assert.Equal(1, check.PValue / pValue, 1e-9);
        Assert.Equal(alarm, check.Alarm);
    }

    // scipy.stats.binom: min(1, 2 * min(cdf(heldOut), sf(heldOut - 1)))
    [Theory]
    [InlineData(0, 10, 0.1, 2.000000000000001e-10, true)]
    [InlineData(12, 3, 0.2, 1, false)]
    [InlineData(30, 0, 0.2, 0.0024758800785707595, false)]
    [InlineData(16, 14, 0.2, 0.001803738657455067, false)]
    [InlineData(298, 2, 0.05, 5.8535051932531586e-05, true)]
    [InlineData(262, 38, 0.05, 3.635834463723359e-07, true)]
    [InlineData(100, 0, 0.05, 0.011841058440668045, false)]
    public void Is_exact_where_few_are_to_be_held_out(long treated, long heldOut, double share, double pValue, bool alarm)
    {
        var check = SampleRatio.Of(treated, heldOut, share)!;
        Assert.Equal(1, check.PValue / pValue, 1e-9);
        Assert.Equal(alarm, check.Alarm);
    }

    [Fact]
    public void Says_nothing_where_nobody_is_to_be_held_out()
    {
        Assert.Null(SampleRatio.Of(100, 0, 0));
        Assert.Null(SampleRatio.Of(0, 0, 0.1));
    }
}
