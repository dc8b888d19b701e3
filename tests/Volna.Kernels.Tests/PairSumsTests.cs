namespace Volna.Kernels.Tests;

public sealed class PairSumsTests
{
    [Fact]
    public void Their_moments_are_those_of_the_pairs_with_the_zeros_that_were_not_added()
    {
        PairSums one = default, other = default;
        var moments = new VectorMoments(2);
        for (var i = 0; i < 1_000; i++)
        {
            var draw = new Draw(7, "pairs", (ulong)i);
            long x = draw.NextBelow(2_000_001) - 1_000_000, y = x + draw.NextBelow(100_000);
            moments.Add([x, y]);
            if (i % 2 == 0) one.Add(x, y);
            else other.Add(x, y);
        }

        one.Merge(other);
        moments.AddZeros(500);
        var exact = one.ToMoments(1_500);
        Assert.Equal((1_000, 1_500), (one.Count, exact.Count));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(moments.Mean(i), exact.Mean(i), 1e-6);
            for (var j = 0; j < 2; j++) Assert.Equal(moments.Products(i, j), exact.Products(i, j), Math.Abs(moments.Products(i, j)) * 1e-12);
        }
    }

    [Fact]
    public void Amounts_of_a_trillion_that_vary_by_one_keep_every_digit()
    {
        var sums = default(PairSums);
        for (var row = 0; row < 1_000; row++) sums.Add(1_000_000_000_000 + (row % 2), -1_000_000_000_000 - (row % 2));
        var moments = sums.ToMoments(1_000);
        Assert.Equal((250.0, -250.0, 250.0), (moments.Products(0, 0), moments.Products(0, 1), moments.Products(1, 1)));
    }

    [Fact]
    public void Nobody_has_no_moments_and_more_than_were_asked_for_are_refused()
    {
        var sums = default(PairSums);
        Assert.True(sums.IsZero);
        Assert.Equal(0, sums.ToMoments(0).Count);
        sums.Add(1, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => sums.ToMoments(0));
    }
}
