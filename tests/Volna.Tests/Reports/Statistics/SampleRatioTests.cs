using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Statistics;

public sealed class SampleRatioTests
{
    // scipy.stats.chisquare([treated, heldOut], [n * .9, n * .1]).pvalue
    [Theory]
    [InlineData(9_000, 1_000, 1.0, false)]
    [InlineData(899_000, 101_000, 0.0008581206663936758, true)]
    [InlineData(0, 10, 2.381600164396296e-21, true)]
    public void Tells_a_skew_of_one_percent_at_a_million_customers(long treated, long heldOut, double pValue, bool alarm)
    {
        var check = SampleRatio.Of(treated, heldOut, 0.1)!;
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
