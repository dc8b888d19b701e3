using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class PaceTests
{
    [Fact]
    public void What_took_no_time_that_was_measured_has_no_pace()
    {
        Assert.Equal(20, Pace.PerSecond(10, TimeSpan.FromSeconds(0.5)));
        Assert.Null(Pace.PerSecond(10, TimeSpan.Zero));
        Assert.Null(Pace.PerSecond(0, TimeSpan.Zero));
    }
}
