using Volna.Learning.Uplift;

namespace Volna.Tests.Learning.Uplift;

public sealed class QiniCurveTests
{
    /// <summary>Two treated, two not; who answers stands first in both arms. Q is 0, 1/2 (at 1/4), 1/2, 1/2, 1/2: trapezoids 1/16 + 3/8, less half of the end.</summary>
    [Theory]
    [InlineData("4 3 2 1", "1 0 1 0", "1 0 0 0", 0.1875)]
    [InlineData("1 2 3 4", "1 0 1 0", "1 0 0 0", -0.1875)]
    [InlineData("1 1 1 1", "1 0 1 0", "1 0 0 0", 0)]
    [InlineData("2 2 1 1", "1 0 1 0", "1 0 0 0", 0.125)]
    public void It_is_the_area_between_the_curve_and_the_line(string scores, string treated, string outcome, double expected) =>
        Assert.Equal(expected, Curve(Numbers(scores)).Qini(Array.ConvertAll(Numbers(treated), one => one == 1), Numbers(outcome), default), 12);

    [Fact]
    public void Counting_a_customer_twice_is_writing_her_twice()
    {
        double[] scores = [3, 3, 2, 1, 0], twice = [3, 3, 2, 2, 1, 0, 0];
        bool[] treated = [true, false, true, false, true], treatedTwice = [true, false, true, true, false, true, true];
        double[] outcome = [2, 1, 5, 1, 1], outcomeTwice = [2, 1, 5, 5, 1, 1, 1];
        Assert.Equal(Curve(twice).Qini(treatedTwice, outcomeTwice, default), Curve(scores).Qini(treated, outcome, [1, 1, 2, 1, 2]), 12);
    }

    [Fact]
    public void Uplift_at_a_share_is_the_arms_difference_there()
    {
        var curve = Curve([4, 3, 2, 1]);
        bool[] treated = [true, false, true, false];
        double[] outcome = [5, 2, 1, 1];
        Assert.Equal(3, curve.UpliftAt(0.5, treated, outcome, default));
        Assert.Null(curve.UpliftAt(0.25, treated, outcome, default));
        Assert.Equal(1.5, curve.UpliftAt(1, treated, outcome, default));
    }

    static QiniCurve Curve(double[] scores) => new([.. Enumerable.Range(0, scores.Length)], scores);

    static double[] Numbers(string text) => [.. text.Split(' ').Select(double.Parse)];
}
