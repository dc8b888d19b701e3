using System.Globalization;
using System.Text;
using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class PriceJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_real_weekly_sales_all_brands_answer_their_price_and_shrinking_foretells_held_out_weeks_better()
    {
        var result = PriceJob.Run(Path.Combine(SharedData.Folder("orange-juice-prices"), "orangeJuice_yx.csv.gz"), TestContext.Current.CancellationToken);
        Assert.Equal((106_139, 83, 11), (result.Rows, result.Stores, result.Brands.Count));
        Assert.All(result.Brands, brand =>
        {
            Assert.InRange(brand.Highest, -10, -0.01);
            Assert.InRange(brand.Elasticity.Value, brand.PlainLowest, brand.PlainHighest);
            // The stores' spread is narrower than that of their own regressions.
            Assert.True(brand.Highest - brand.Lowest < brand.PlainHighest - brand.PlainLowest);
        });
        Assert.True(result.Error < result.ErrorUnshrunk, $"{result.Error} against {result.ErrorUnshrunk}");
    }

    [Fact]
    public void Made_up_elasticities_are_found()
    {
        var result = PriceJob.Run(Write(store => -2), TestContext.Current.CancellationToken);
        Assert.InRange(result.Brands[0].Elasticity.Value, -2.1, -1.9);
        Assert.InRange(-2, result.Brands[0].Elasticity.Lower, result.Brands[0].Elasticity.Upper);
        Assert.InRange(PriceJob.Run(Write(store => -1 - store % 3), TestContext.Current.CancellationToken).Brands[0].Spread, 0.6, 1.1);
    }

    [Theory]
    [InlineData("store,brand,week,logmove\n1,1,1,2", "column-missing")]
    [InlineData("store,brand,week,logmove,price1\n", "no-rows")]
    [InlineData("store,brand,week,logmove,price1\n1,1,1,2,0", "table-value")]
    [InlineData("store,brand,week,logmove,price1\n1,1,1,NaN,1", "table-value")]
    [InlineData("store,brand,week,logmove,price1\n1,1,1,2,1", "prices-too-few")]
    [InlineData("store,brand,week,logmove,price1\n1,1,1,2", "table-row")]
    public void A_file_that_does_not_do_is_refused_with_its_place(string content, string code)
    {
        var refused = Assert.Throws<BadInputException>(() => PriceJob.Run(_folder.Write("sales.csv", content), TestContext.Current.CancellationToken));
        Assert.Equal(code, refused.Code);
        Assert.Contains("sales.csv", refused.Sentence.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_price_never_changed_nothing_is_claimed() =>
        Assert.Equal("prices-too-few", Assert.Throws<BadInputException>(() => PriceJob.Run(Write(_ => -2, constant: true), TestContext.Current.CancellationToken)).Code);

    string Write(Func<int, double> elasticity, bool constant = false)
    {
        var table = new StringBuilder("store,brand,week,logmove,price1\n");
        for (var store = 1; store <= 12; store++)
        {
            var draw = new Volna.Kernels.Draw(2, "store", (ulong)store);
            for (var week = 1; week <= 60; week++)
            {
                var price = constant ? 1 : 0.7 + (0.6 * draw.NextUnit());
                table.Append(CultureInfo.InvariantCulture, $"{store},1,{week},{8 + store + (elasticity(store) * Math.Log(price)) + (0.2 * draw.NextNormal())},{price}\n");
            }
        }

        return _folder.Write("sales.csv", table.ToString());
    }
}
