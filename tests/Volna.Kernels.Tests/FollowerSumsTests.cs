namespace Volna.Kernels.Tests;

public sealed class FollowerSumsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(20, 50)]
    [InlineData(33, 4)]
    public void What_stands_near_is_added_up_as_by_the_plain_loop(int products, int reach)
    {
        var draw = new Draw(1, "followers", (ulong)products);
        var start = new List<int> { 0 };
        var all = new List<int>();
        for (var sequence = 0; sequence < 30; sequence++)
        {
            for (var length = draw.NextBelow(40); length > 0; length--) all.Add(draw.NextBelow(products));
            start.Add(all.Count);
        }

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.1f + (float)draw.NextUnit())];
        float[] weights = Numbers(30), forward = Numbers(reach), backward = Numbers(reach), factors = Numbers(products);
        Occurrence[] occurrences = [.. Enumerable.Range(0, 30).SelectMany(sequence => Enumerable.Range(start[sequence], start[sequence + 1] - start[sequence]).Where(at => all[at] == 0).Select(at => new Occurrence(sequence, at)))];
        float[] plain = new float[products], fast = new float[products];
        FollowerSums.AddPlain(start.ToArray(), all.ToArray(), weights, occurrences, forward, backward, plain);
        FollowerSums.Add(start.ToArray(), all.ToArray(), weights, occurrences, forward, backward, fast);
        Assert.Equal(plain, fast);

        var (places, values) = (new int[products], new float[products]);
        var found = FollowerSums.TakeOut(fast, 2, factors, places, values);
        int[] expected = [.. Enumerable.Range(0, products).Where(product => plain[product] != 0)];
        Assert.Equal(expected, places[..found]);
        Assert.Equal(expected.Select(product => plain[product] * 2 * factors[product]), values[..found]);
        Assert.All(fast, sum => Assert.Equal(0, sum));
    }
}
