namespace Volna.Kernels.Tests;

public sealed class MomentsTests
{
    [Fact]
    public void Match_the_two_pass_definition()
    {
        double[] values = [3, -1, 4, 1, 5, -9, 2.5];
        var moments = Of(values);
        var mean = values.Sum() / values.Length;
        Assert.Equal(values.Length, moments.Count);
        Assert.Equal(mean, moments.Mean, 12);
        Assert.Equal(values.Sum(), moments.Sum, 12);
        Assert.Equal(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1), moments.Variance, 12);
    }

    [Fact]
    public void Merging_any_split_gives_the_whole()
    {
        double[] values = [3, -1, 4, 1, 5, -9, 2.5];
        var whole = Of(values);
        for (var split = 0; split <= values.Length; split++)
        {
            var merged = Of(values.AsSpan(..split)).Merge(Of(values.AsSpan(split..)));
            Assert.Equal(whole.Count, merged.Count);
            Assert.Equal(whole.Mean, merged.Mean, 12);
            Assert.Equal(whole.CentredSquares, merged.CentredSquares, 12);
        }
    }

    [Fact]
    public void A_large_offset_costs_no_digits_of_the_variance()
    {
        // A plain sum of squares would lose all of them at this offset.
        Assert.Equal(Of([1, 2, 3, 4]).Variance, Of([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4]).Variance, 6);
    }

    [Fact]
    public void Below_two_numbers_there_is_no_variance()
    {
        Assert.True(double.IsNaN(default(Moments).Variance));
        Assert.True(double.IsNaN(Of([5]).Variance));
        Assert.Equal(0, default(Moments).Sum);
    }

    static Moments Of(ReadOnlySpan<double> values)
    {
        var moments = default(Moments);
        foreach (var value in values) moments = moments.With(value);
        return moments;
    }
}
