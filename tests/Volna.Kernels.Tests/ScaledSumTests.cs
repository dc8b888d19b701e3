namespace Volna.Kernels.Tests;

public sealed class ScaledSumTests
{
    [Fact]
    public void Equals_the_plain_loop_at_all_lengths()
    {
        var draw = new Draw(1, "scaled-sum", 0);
        for (var length = 0; length <= 40; length++)
        {
            var values = new float[length];
            var sums = new float[length];
            for (var i = 0; i < length; i++) (values[i], sums[i]) = ((float)draw.NextNormal(), (float)draw.NextNormal());
            float[] expected = [.. sums.Zip(values, (sum, value) => sum + (0.7f * value))];
            ScaledSum.Add(sums, 0.7f, values);
            Assert.Equal(expected, sums);
        }
    }

    [Fact]
    public void Lengths_that_differ_are_a_mistake() => Assert.Throws<ArgumentException>(() => ScaledSum.Add(new float[3], 1, new float[4]));
}
