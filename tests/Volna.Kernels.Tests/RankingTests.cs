namespace Volna.Kernels.Tests;

public sealed class RankingTests
{
    // 1 / log2(2) = 1, 1 / log2(3) = 0.6309, 1 / log2(4) = 0.5.
    [Theory]
    [InlineData("1..", 1, 3, 1, 1.0, 1.0)]
    [InlineData(".1.", 1, 3, 1, 1.0, 0.6309)]
    [InlineData("..1", 1, 2, 0, 0.0, 0.0)]
    [InlineData("1.1", 2, 3, 1, 1.0, 0.9197)]
    [InlineData("1", 4, 3, 1, 0.25, 0.4693)]
    [InlineData("", 4, 3, 0, 0.0, 0.0)]
    [InlineData("111", 7, 3, 1, 0.4286, 1.0)]
    public void Of_a_list_with_hits(string hits, int relevant, int top, double hit, double recall, double ndcg)
    {
        var ranking = Ranking.At([.. hits.Select(place => place == '1')], relevant, top);
        Assert.Equal(hit, ranking.Hit);
        Assert.Equal(recall, ranking.Recall, 4);
        Assert.Equal(ndcg, ranking.Ndcg, 4);
    }

    [Fact]
    public void Without_anything_relevant_nothing_is_said() => Assert.Throws<ArgumentOutOfRangeException>(() => Ranking.At([false], 0, 5));
}
