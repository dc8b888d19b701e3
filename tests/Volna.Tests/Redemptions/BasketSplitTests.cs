using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

public sealed class BasketSplitTests
{
    // Amount | what lines cost | how far each may fall, or - | shares
    [Theory]
    [InlineData(0, "5 5", "-", "0 0")]
    [InlineData(10, "1 1 1", "-", "4 3 3")]
    [InlineData(11, "1 1 1", "-", "4 4 3")]
    [InlineData(1, "1 2 3", "-", "0 0 1")]
    [InlineData(100, "1 2 3", "-", "17 33 50")]
    [InlineData(7, "0 7", "-", "0 7")]
    [InlineData(10, "1 1 1", "2 9 9", "2 4 4")]
    [InlineData(11, "1 1 1", "2 9 9", "2 5 4")]
    [InlineData(12, "6 3 3", "2 4 9", "2 4 6")]
    [InlineData(13, "5 5 5", "5 5 3", "5 5 3")]
    public void A_discount_is_split_to_the_minor_unit(long amount, string weights, string rooms, string shares) =>
        Assert.Equal(Numbers(shares), BasketSplit.Split(amount, Numbers(weights), rooms == "-" ? null : Numbers(rooms)));

    [Fact]
    public void Whatever_is_split_the_shares_sum_to_it_and_none_is_above_its_room()
    {
        var seed = TestSize.Seed();
        var random = new Random(seed);
        for (var run = 0; run < 20_000; run++)
        {
            var rooms = Enumerable.Range(0, random.Next(1, 8)).Select(_ => (long)random.Next(1 << random.Next(1, 20))).ToArray();
            var weights = rooms.Select(room => room + random.Next(1_000)).ToArray();
            var amount = random.NextInt64(rooms.Sum() + 1);
            var shares = BasketSplit.Split(amount, weights, rooms);
            Assert.True(
                shares.Sum() == amount && shares.Zip(rooms).All(pair => pair.First >= 0 && pair.First <= pair.Second) && shares.SequenceEqual(Reference.ReferencePricing.Split(amount, weights, rooms)),
                $"{amount} over {string.Join(' ', weights)}, at most {string.Join(' ', rooms)}: {string.Join(' ', shares)}");
        }
    }

    static long[] Numbers(string text) => [.. text.Split(' ').Select(long.Parse)];
}
