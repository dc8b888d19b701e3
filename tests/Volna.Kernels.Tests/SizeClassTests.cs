namespace Volna.Kernels.Tests;

public sealed class SizeClassTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Every_number_is_in_the_class_between_its_least_and_the_next_ones(int bits)
    {
        Assert.Equal(0, SizeClass.Of(-1, bits));
        for (var number = 0; number < SizeClass.Count(bits); number++)
        {
            var (least, next) = (SizeClass.Least(number, bits), number + 1 < SizeClass.Count(bits) ? SizeClass.Least(number + 1, bits) : long.MinValue);
            Assert.Equal((number, number), (SizeClass.Of(least, bits), SizeClass.Of(unchecked(next - 1), bits)));
            Assert.True(least < 1 << bits || unchecked(next - least) <= least >> bits, $"{number}: {least} to {next}");
        }
    }
}
