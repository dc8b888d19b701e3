namespace Volna.Kernels.Tests;

public sealed class SparseSumsTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 5, 7, 8, 9, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Four_at_a_time_is_the_same_as_one_by_one(int length)
    {
        var draw = new Draw(1, "sparse sums", (ulong)length);
        int[] places = [.. Enumerable.Range(0, 200).OrderBy(_ => draw.Next()).Take(length)];
        float[] weights = [.. places.Select(_ => (float)draw.NextNormal())];
        float[] expected = [.. Enumerable.Range(0, 200).Select(i => i / 7f)], sums = [.. expected];
        SparseSums.AddPlain(places, weights, 0.3f, expected);
        SparseSums.Add(places, weights, 0.3f, sums);
        Assert.Equal(expected, sums);

        float[] scaled = new float[length];
        SparseSums.Scale(weights, 2, scaled);
        Assert.Equal(weights.Select(weight => weight * 2), scaled);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-1)]
    public void A_place_outside_of_the_sums_is_refused(int place)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseSums.Add([0, 1, place, 2], [1, 1, 1, 1], 1, new float[200]));
        Assert.Throws<IndexOutOfRangeException>(() => SparseSums.Add([place], [1], 1, new float[200]));
        Assert.Throws<ArgumentException>(() => SparseSums.Add([1], [], 1, new float[200]));
    }
}
