namespace Volna.Kernels.Tests;

public sealed class TopKTests
{
    /// <summary>Lengths just around the vectors' width, and some scores equal.</summary>
    public static TheoryData<int> Lengths => [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 1000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Both_ways_find_what_sorting_finds(int length)
    {
        foreach (var top in (int[])[0, 1, 3, 10, 40, 900])
        {
            foreach (var levels in (int[])[1, 5, 1_000_000])
            {
                var scores = Scores(length, levels);
                int[] places = new int[top], expectedPlaces = new int[top], unordered = new int[top];
                float[] values = new float[top], expectedValues = new float[top];
                var expected = TopK.OrderedPlain(scores, 0, expectedPlaces, expectedValues);
                Assert.Equal(expected, TopK.Ordered(scores, 0, places, values));
                Assert.Equal(expectedPlaces, places);
                Assert.Equal(expectedValues, values);
                Assert.Equal(expected, TopK.Unordered(scores, unordered));
                Assert.Equal(expectedPlaces.Take(expected).Order(), unordered.Take(expected));
            }
        }
    }

    [Fact]
    public void Nothing_below_the_floor_and_no_NaN_is_taken()
    {
        float[] scores = [float.NaN, -1, 0, 2, 1, float.NaN, 3, 0.5f, 2, float.NegativeInfinity];
        int[] places = new int[4];
        float[] values = new float[4];
        Assert.Equal(2, TopK.Ordered(scores, 1.5f, places.AsSpan(0, 2), values));
        Assert.Equal([6, 3], places[..2]);
        Assert.Equal(3, TopK.Ordered(scores, 1.5f, places, values));
        Assert.Equal([6, 3, 8], places[..3]);
    }

    /// <summary>A quarter of them 0, the others of so many values.</summary>
    static float[] Scores(int length, int levels)
    {
        var draw = new Draw(1, "top k", (ulong)length);
        var scores = new float[length];
        for (var i = 0; i < length; i++) scores[i] = draw.NextBelow(4) == 0 ? 0 : (1 + draw.NextBelow(levels)) / 1000f;
        return scores;
    }
}
