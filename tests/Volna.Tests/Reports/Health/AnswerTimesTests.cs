using Volna.Reports.Health;

namespace Volna.Tests.Reports.Health;

public sealed class AnswerTimesTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(250)]
    public void Ninety_nine_of_a_hundred_answers_are_within_the_time_told_and_it_is_at_most_a_quarter_too_long(double milliseconds)
    {
        var times = new AnswerTimes();
        for (var call = 0; call < 989; call++) times.Add(TimeSpan.FromMilliseconds(milliseconds / 10));
        Assert.InRange(Added(times, 11, milliseconds).Take()!.Value, milliseconds, milliseconds * 1.25);
        Assert.Null(times.Take());
        Assert.Null(Added(times, 99, 1).Take());
        Assert.NotNull(Added(times, 1, 1).Take());
    }

    static AnswerTimes Added(AnswerTimes times, int calls, double milliseconds)
    {
        for (var call = 0; call < calls; call++) times.Add(TimeSpan.FromMilliseconds(milliseconds));
        return times;
    }
}
