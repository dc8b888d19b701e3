namespace Volna.Kernels.Tests;

public sealed class SoftMaxTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    public void Eight_at_a_time_is_the_same_as_one_by_one(int length)
    {
        var draw = new Draw(1, "softmax", (ulong)length);
        float[] expected = [.. Enumerable.Range(0, length).Select(i => i % 5 == 3 ? float.NegativeInfinity : (float)(20 * draw.NextNormal()))], shares = [.. expected];
        var (greatest, sum) = SoftMax.ExponentiatePlain(expected);
        var found = SoftMax.Exponentiate(shares);
        Assert.Equal(greatest, found.Greatest);
        Assert.Equal(sum, found.Sum, 1e-5 * Math.Max(sum, 1));
        for (var i = 0; i < length; i++) Assert.Equal(expected[i], shares[i], 2e-6);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void Great_scores_do_not_overflow_and_where_all_are_left_out_nothing_has_a_share(int length)
    {
        float[] great = [.. Enumerable.Repeat(1e30f, length - 1), -1e30f], none = [.. Enumerable.Repeat(float.NegativeInfinity, length)];
        var (greatest, sum) = SoftMax.Exponentiate(great);
        Assert.Equal(1e30f, greatest);
        Assert.Equal(length - 1, sum, 1e-4);
        Assert.Equal(0, great[^1]);
        Assert.Equal((float.NegativeInfinity, 0.0), SoftMax.Exponentiate(none));
        Assert.All(none, share => Assert.Equal(0, share));
    }
}
