using Volna.Learning;

namespace Volna.Tests.Learning;

public sealed class PurchasesTests
{
    // product x pieces, in order; what was kept of each line.
    [Theory]
    [InlineData("1x2", "2")]
    [InlineData("1x2 1x-2", "0 0")]
    [InlineData("1x2 1x-1", "1 0")]
    [InlineData("1x2 2x2 1x-2", "0 2 0")]
    [InlineData("1x2 1x3 1x-4", "1 0 0")]
    [InlineData("1x-2 1x2", "0 2")]
    [InlineData("1x1 1x-5 1x1", "0 0 1")]
    [InlineData("", "")]
    public void A_return_takes_from_the_latest_purchases_before_it(string lines, string kept)
    {
        var purchases = lines.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('x')).Select(parts => MadeUpShop.Line(0, int.Parse(parts[0]), int.Parse(parts[1]))).ToArray();
        var result = new int[purchases.Length];
        Purchases.Keep(purchases, result);
        Assert.Equal(kept, string.Join(' ', result.Select(thousandths => thousandths / 1000)));
    }
}
