namespace Volna.Kernels.Tests;

public sealed class DenseTopKTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    [InlineData(31, 8)]
    [InlineData(32, 16)]
    [InlineData(33, 17)]
    [InlineData(500, 64)]
    public void Tiles_find_what_the_plain_loop_finds(int products, int width)
    {
        foreach (var customers in (int[])[0, 1, 5, 6, 7, 13])
        {
            foreach (var top in (int[])[0, 1, 10])
            {
                // Small whole numbers: every order of adding gives the same sum, so the places must agree to the last, ties included.
                var draw = new Draw(1, "dense top k", (ulong)(products + customers));
                float[] factors = [.. Enumerable.Range(0, products * width).Select(_ => (float)draw.NextBelow(4))];
                float[] wanted = [.. Enumerable.Range(0, customers * width).Select(_ => (float)(draw.NextBelow(5) - 2))];
                var (places, values) = (new int[customers * top], new float[customers * top]);
                var (expected, expectedValues) = (new int[customers * top], new float[customers * top]);
                expected.AsSpan().Fill(-1);
                expectedValues.AsSpan().Fill(float.NegativeInfinity);
                DenseTopK.FindPlain(factors, width, wanted, top, expected, expectedValues);
                foreach (var wide in (bool[])[true, false])
                {
                    new DenseTopK(factors, width) { IsWide = wide }.Find(wanted, top, places, values);
                    Assert.Equal(expected, places);
                    Assert.Equal(expectedValues, values);
                }
            }
        }
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DenseTopK(new float[7], 2));
        Assert.Throws<ArgumentException>(() => new DenseTopK(new float[8], 2).Find(new float[4], 3, new int[5], new float[6]));
    }
}
