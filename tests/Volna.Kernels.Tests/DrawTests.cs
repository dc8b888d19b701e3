namespace Volna.Kernels.Tests;

public sealed class DrawTests
{
    [Fact]
    public void Is_SplitMix64()
    {
        // The first numbers of SplitMix64 from state 0, as in Vigna's reference code (prng.di.unimi.it/splitmix64.c).
        var draw = default(Draw);
        Assert.Equal(0xE220A8397B1DCDAFUL, draw.Next());
        Assert.Equal(0x6E789E6AA1B965F4UL, draw.Next());
        Assert.Equal(0x06C45D188009454FUL, draw.Next());
    }

    [Fact]
    public void Seed_purpose_and_subject_each_give_another_stream()
    {
        ulong[] first = [new Draw(1, "holdout", 7).Next(), new Draw(2, "holdout", 7).Next(), new Draw(1, "depth", 7).Next(), new Draw(1, "holdout", 8).Next()];
        Assert.Equal(4, first.Distinct().Count());
        Assert.Equal(first[0], new Draw(1, "holdout", 7).Next());
    }

    [Fact]
    public void Units_of_neighbouring_subjects_are_uniform()
    {
        // Chi-square with 99 degrees of freedom: above 148 once in a thousand.
        const int Subjects = 100_000, Bins = 100;
        var counts = new int[Bins];
        for (var subject = 0UL; subject < Subjects; subject++)
        {
            var unit = new Draw(1, "uniform", subject).NextUnit();
            Assert.InRange(unit, 0, 1 - 1e-16);
            counts[(int)(unit * Bins)]++;
        }

        const double Expected = (double)Subjects / Bins;
        Assert.InRange(counts.Sum(count => (count - Expected) * (count - Expected) / Expected), 50, 148);
    }

    [Fact]
    public void Numbers_below_a_limit_reach_all_and_none_beyond()
    {
        var draw = new Draw(1, "below", 0);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++) counts[draw.NextBelow(6)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
        Assert.Equal(0, draw.NextBelow(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Draw(1, "below", 0).NextBelow(0));
    }

    [Fact]
    public void Normals_have_mean_0_variance_1_and_the_right_tails()
    {
        var draw = new Draw(1, "normal", 0);
        var moments = default(Moments);
        var beyond = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var value = draw.NextNormal();
            moments = moments.With(value);
            if (Math.Abs(value) > 1.96) beyond++;
        }

        // Five standard errors each.
        Assert.InRange(moments.Mean, -0.016, 0.016);
        Assert.InRange(moments.Variance, 0.978, 1.022);
        Assert.InRange(beyond, 4_655, 5_345);
    }
}
