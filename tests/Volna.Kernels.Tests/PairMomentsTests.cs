namespace Volna.Kernels.Tests;

public sealed class PairMomentsTests
{
    [Fact]
    public void Equal_the_plain_sums_and_those_of_any_split()
    {
        var draw = new Draw(7, "pairs", 1);
        var pairs = Enumerable.Range(0, 500).Select(_ => (X: draw.NextNormal() * 3, Y: draw.NextUnit())).ToList();
        var whole = pairs.Aggregate(default(PairMoments), (moments, pair) => moments.With(pair.X, pair.Y));

        double meanX = pairs.Average(pair => pair.X), meanY = pairs.Average(pair => pair.Y);
        Assert.Equal(pairs.Sum(pair => (pair.X - meanX) * (pair.Y - meanY)) / 499, whole.Covariance, 10);
        Assert.Equal(pairs.Sum(pair => (pair.X - meanX) * (pair.X - meanX)) / 499, whole.X.Variance, 10);
        Assert.Equal(pairs.Sum(pair => (pair.Y - meanY) * (pair.Y - meanY)) / 499, whole.Y.Variance, 10);

        foreach (var cut in (int[])[0, 1, 17, 499, 500])
        {
            var first = pairs.Take(cut).Aggregate(default(PairMoments), (moments, pair) => moments.With(pair.X, pair.Y));
            var merged = first.Merge(pairs.Skip(cut).Aggregate(default(PairMoments), (moments, pair) => moments.With(pair.X, pair.Y)));
            Assert.Equal(whole.Count, merged.Count);
            Assert.Equal(whole.MeanX, merged.MeanX, 10);
            Assert.Equal(whole.MeanY, merged.MeanY, 10);
            Assert.Equal(whole.Covariance, merged.Covariance, 10);
            Assert.Equal(whole.X.Variance, merged.X.Variance, 10);
            Assert.Equal(whole.Y.Variance, merged.Y.Variance, 10);
        }
    }

    [Fact]
    public void Keep_their_digits_far_from_zero()
    {
        // 1e12 - 1, 1e12, 1e12 + 1: a sum of squares would lose all of the variance.
        var moments = default(PairMoments);
        foreach (var step in (double[])[-1, 0, 1]) moments = moments.With(1e12 + step, 1e12 - step);
        Assert.Equal(1, moments.X.Variance, 9);
        Assert.Equal(-1, moments.Covariance, 9);
        var merged = moments.Merge(moments);
        Assert.Equal(4.0 / 5, merged.X.Variance, 9);
    }
}
