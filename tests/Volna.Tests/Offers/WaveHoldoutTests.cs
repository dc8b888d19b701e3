using Volna.Kernels;
using Volna.Offers;
using Volna.Reports.Statistics;

namespace Volna.Tests.Offers;

/// <summary>Who is held out is the same on every machine and in every version: the expected values were worked out by another program, in Python.</summary>
public sealed class WaveHoldoutTests
{
    [Theory]
    [InlineData("17850", 0xb9e453762ba06c01, 0.045931, 0.036618, 0.294909)]
    [InlineData("C000001", 0x536a571f00f5a31a, 0.008767, 0.675257, 0.189201)]
    [InlineData("4607001234567", 0x9e1a3134f6b3b25d, 0.879615, 0.248386, 0.796692)]
    [InlineData("покупатель 1", 0xd2ccb18f3178bee3, 0.880755, 0.711281, 0.023088)]
    [InlineData("anna@example.com", 0xbc383e1b0ff994ed, 0.414716, 0.516073, 0.886392)]
    public void The_draw_of_a_key_is_what_another_program_makes_of_it(string key, ulong hash, double seedOne, double seedSeven, double universal)
    {
        Assert.Equal(hash, Hash64.Of(key));
        foreach (var (seed, unit) in ((ulong, double)[])[(1, seedOne), (7, seedSeven)])
        {
            Assert.True(WaveHoldout.Includes(seed, unit + 1e-5, hash));
            Assert.False(WaveHoldout.Includes(seed, unit - 1e-5, hash));
        }

        Assert.True(UniversalHoldout.Includes(universal + 1e-5, hash));
        Assert.False(UniversalHoldout.Includes(universal - 1e-5, hash));
    }

    [Fact]
    public void So_many_of_ten_thousand_are_held_out_and_the_alarm_of_the_sample_ratio_stays_silent()
    {
        int Count(Func<ulong, bool> included) => Enumerable.Range(0, 10_000).Count(number => included(Hash64.Of($"C{number}")));
        Assert.Equal((952, 1_004, 1_004), (Count(hash => WaveHoldout.Includes(1, 0.1, hash)), Count(hash => WaveHoldout.Includes(7, 0.1, hash)), Count(hash => UniversalHoldout.Includes(0.1, hash))));
        Assert.True(SampleRatio.Of(10_000 - 952, 952, 0.1)!.PValue > 0.05);
        // A bug that hands every hundredth held-out customer to the others is found in a million.
        Assert.True(SampleRatio.Of(901_000, 99_000, 0.1)!.PValue < 0.001);
    }
}
