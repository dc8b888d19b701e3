using System.Globalization;
using System.IO.Compression;
using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Statistics;

// The expected figures come from Debian's python3-scipy 1.10.1: scipy.stats.ttest_ind(a, b, equal_var=False) for the p-value, and
// d +- scipy.stats.t.ppf(.975, df) * sqrt(va/na + vb/nb) with the degrees of freedom of Satterthwaite for the interval.
public sealed class WelchTestTests
{
    [Fact]
    public void Equals_scipy_on_two_small_samples()
    {
        var effect = Difference(
            Mean(27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4),
            Mean(27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.3, 24.1));

        AssertEffect(new Effect(-2.8000000000000043, -4.819746008480009, -0.7802539915199995, 0.00832826004906487), effect, 1e-9);
    }

    // scipy: 2 * t.sf(t, degrees), t.ppf(.975, degrees)
    [Theory]
    [InlineData(0, 10, 1, 2.2281388519649385)]
    [InlineData(2, 10, 0.07338803477074039, 2.2281388519649385)]
    [InlineData(-2, 10, 0.07338803477074039, 2.2281388519649385)]
    [InlineData(10, 30, 4.5752514082296097e-11, 2.0422724563012373)]
    [InlineData(40, 100, 2.4621076021400736e-63, 1.9839715184496334)]
    [InlineData(8, 1e6, 1.245506343320247e-15, 1.9599663568141066)]
    [InlineData(37, 1e6, 1.8299730861806e-299, 1.9599663568141066)]
    [InlineData(30, 5e6, 1.0219899182850481e-197, 1.9599644589944127)]
    [InlineData(1.5, 3e6, 0.1336145077707557, 1.959964775297444)]
    [InlineData(0.001, 50, 0.9992060947755017, 2.008559109715206)]
    [InlineData(5, 1.5, 0.06537576762115624, 6.016663107990447)]
    public void Small_probabilities_come_from_the_tail_itself(double t, double degrees, double pValue, double reach)
    {
        Assert.Equal(1, StudentTail.TwoSided(t, degrees) / pValue, 1e-6);
        Assert.Equal(1, StudentTail.Reach95(degrees) / reach, 1e-7);
    }

    [Fact]
    public void Keeps_its_digits_on_amounts_of_a_trillion_that_vary_by_one()
    {
        VectorMoments a = new(1), b = new(1);
        for (var i = 0; i < 1_000; i++)
        {
            a.Add([1e12 + (i % 2 == 0 ? 1 : -1) + 0.5]);
            b.Add([1e12 + (i % 2 == 0 ? 1 : -1)]);
        }

        // The means are half a unit apart, the variance of each is 1000/999: t = 0.5 / sqrt(2/999) = 11.17.
        var effect = Difference(Figure.OfMean(a, 0)!, Figure.OfMean(b, 0)!)!;
        Assert.Equal(0.5, effect.Difference, 2e-4);
        Assert.Equal(1.961 * Math.Sqrt(2.0 / 999), effect.Difference - effect.Lower, 1e-3);
        Assert.InRange(effect.PValue, 1e-29, 1e-25);
    }

    [Fact]
    public void Says_nothing_of_an_empty_or_single_group_or_where_nothing_varies()
    {
        VectorMoments empty = new(2), single = new(2), withoutReceipts = new(2);
        single.Add([5, 1]);
        withoutReceipts.Add([1, 0]);
        withoutReceipts.Add([2, 0]);
        Assert.Null(Figure.OfMean(empty, 0));
        Assert.Null(Figure.OfMean(single, 0));
        Assert.Null(Figure.OfRatio(empty, 0, 1));
        Assert.Null(Figure.OfRatio(withoutReceipts, 0, 1));
        Assert.Null(Difference(Mean(3, 3, 3), Mean(4, 4, 4)));
    }

    [Fact]
    public void Has_no_relative_effect_against_a_figure_that_may_be_zero()
    {
        Assert.NotNull(Relative(Mean(11, 12, 13), Mean(10, 11, 12)));
        Assert.Null(Relative(Mean(11, 12, 13), Mean(-3, 1, 3)));
        Assert.Null(Relative(Mean(11, 12, 13), Mean(-10, -11, -12)));
        Assert.Null(Relative(Mean(11, 12, 13), Mean(0, 0, 0)));
    }

    // A real randomised experiment, 64,000 customers in three arms.
    [Theory]
    [InlineData("Mens E-Mail", "spend", 0.7698271558945367, 0.4851397325684075, 1.0545145792206658, 1.1638149682254859e-07)]
    [InlineData("Mens E-Mail", "visit", 0.07658956365153125, 0.06995314760976148, 0.083225979693301, 1.3644511962742709e-112)]
    [InlineData("Mens E-Mail", "conversion", 0.006805006519615695, 0.005000070747732388, 0.008609942291499001, 1.501815785154377e-13)]
    [InlineData("Womens E-Mail", "spend", 0.4244122159365966, 0.16895678988377866, 0.6798676419894145, 0.0011293971023632519)]
    [InlineData("Womens E-Mail", "visit", 0.045233106587052985, 0.03889349376208028, 0.05157271941202569, 2.432447702312722e-44)]
    [InlineData("Womens E-Mail", "conversion", 0.003111057511085258, 0.0014985923661468032, 0.004723522656023713, 0.00015602839508556396)]
    public void Equals_scipy_on_a_real_experiment(string arm, string outcome, double difference, double lower, double upper, double pValue)
    {
        var rows = Hillstrom();
        var effect = Difference(Mean(Values(rows, arm, outcome)), Mean(Values(rows, "No E-Mail", outcome)));
        AssertEffect(new Effect(difference, lower, upper, pValue), effect, 1e-6);
    }

    // By the formula of the delta method in numpy: order value = spend / conversion; relative lift of the spend per customer.
    [Fact]
    public void Ratios_equal_numpy_on_a_real_experiment()
    {
        var rows = Hillstrom();
        var orderValue = Difference(Ratio(rows, "Mens E-Mail"), Ratio(rows, "No E-Mail"))!;
        AssertEffect(new Effect(-0.4757760790814558, -23.06671296430654, 22.115160806143628, 0.9670736301284721), orderValue, 1e-6);

        var lift = Relative(Mean(Values(rows, "Mens E-Mail", "spend")), Mean(Values(rows, "No E-Mail", "spend")))!;
        Assert.Equal(1.1792887703620059, lift.Difference, 1e-6);
        Assert.Equal(0.5442856154338677, lift.Lower, 1e-6);
        Assert.Equal(1.814291925290144, lift.Upper, 1e-6);

        static Figure Ratio(List<string[]> rows, string arm)
        {
            var moments = new VectorMoments(2);
            foreach (var (spend, conversion) in Values(rows, arm, "spend").Zip(Values(rows, arm, "conversion"))) moments.Add([spend, conversion]);
            return Figure.OfRatio(moments, 0, 1)!;
        }
    }

    static void AssertEffect(Effect expected, Effect? actual, double relative)
    {
        Assert.NotNull(actual);
        Assert.Equal(1, actual.Difference / expected.Difference, relative);
        Assert.Equal(1, actual.Lower / expected.Lower, relative);
        Assert.Equal(1, actual.Upper / expected.Upper, relative);
        Assert.Equal(1, actual.PValue / expected.PValue, relative);
    }

    static Figure Mean(params IEnumerable<double> values)
    {
        var moments = new VectorMoments(1);
        foreach (var value in values) moments.Add([value]);
        return Figure.OfMean(moments, 0)!;
    }

    static Effect? Difference(Figure a, Figure b) => Adjustment.Of(a, b, []).Difference(a, b).LookedAtOnce();

    static Effect? Relative(Figure a, Figure b) => Adjustment.Of(a, b, []).Relative(a, b)?.LookedAtOnce();

    static List<string[]> Hillstrom()
    {
        using var packed = File.OpenRead(Path.Combine(SharedData.Folder("hillstrom-email"), "hillstrom.csv.gz"));
        using var reader = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line) rows.Add(line.Split(','));
        return rows;
    }

    static IEnumerable<double> Values(List<string[]> rows, string arm, string column)
    {
        // Counted from the end of the row, because some earlier cells hold commas ("$1,000 +").
        int armAt = FromEnd("segment"), at = FromEnd(column);
        return rows.Skip(1).Where(row => row[^armAt] == arm).Select(row => double.Parse(row[^at], CultureInfo.InvariantCulture));

        int FromEnd(string name) => rows[0].Length - Array.IndexOf(rows[0], name);
    }
}
