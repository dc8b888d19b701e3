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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Products_left_out_for_their_length_would_not_have_been_found(int seed)
    {
        // Few long products and many short ones, so that most tiles are never looked at.
        const int Products = 3000, Width = 24, Customers = 400, Top = 10;
        var draw = new Draw((ulong)seed, "dense lengths", 0);
        var factors = new float[Products * Width];
        for (var i = 0; i < factors.Length; i++) factors[i] = (float)(draw.NextNormal() / (1 + (i / Width * 7 % Products / 100.0)));
        float[] customers = [.. Enumerable.Range(0, Customers * Width).Select(_ => (float)draw.NextNormal())];
        customers.AsSpan(0, Width).Clear();
        var (expected, expectedValues) = (new int[Customers * Top], new float[Customers * Top]);
        DenseTopK.FindPlain(factors, Width, customers, Top, expected, expectedValues);
        foreach (var isWide in (bool[])[true, false])
        {
            var (places, values) = (new int[Customers * Top], new float[Customers * Top]);
            new DenseTopK(factors, Width) { IsWide = isWide }.Find(customers, Top, places, values);
            for (var i = 0; i < values.Length; i++) Assert.Equal(expectedValues[i], values[i], 1e-4f);
            Assert.InRange(expected.Zip(places).Count(pair => pair.First != pair.Second), 0, 4);
            Assert.Equal(expected[..Top], places[..Top]);
        }
    }

    [Fact]
    public void What_is_no_number_is_never_among_the_best()
    {
        float[] factors = [1, float.NaN, 1, 2, 1, 3, float.PositiveInfinity, 1];
        var (places, values) = (new int[4], new float[4]);
        foreach (var isWide in (bool[])[true, false])
        {
            new DenseTopK(factors, 2) { IsWide = isWide }.Find([1, 1], 4, places, values);
            Assert.Equal([3, 2, 1, -1], places);
        }
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DenseTopK(new float[7], 2));
        Assert.Throws<ArgumentException>(() => new DenseTopK(new float[8], 2).Find(new float[4], 3, new int[5], new float[6]));
    }
}
