using Volna.Learning.Baskets;
using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class NextBasketJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_real_supermarket_baskets_the_defaults_foretell_more_than_personal_frequency()
    {
        // On the validation part: the test part is for measuring a finished model once.
        var parts = BasketsFeed.Read(Path.Combine(SharedData.Folder("ta-feng-sets"), "tafeng.csv.gz"), TestContext.Current.CancellationToken);
        Assert.Equal((6888, 984, 1969, 4935), (parts.Train.Count, parts.Validate.Count, parts.Test.Count, parts.Products));
        var parallel = new ParallelOptions();
        var quality = BasketTest.Judge(BasketModel.Fit(parts.Train, parts.Products, new BasketOptions()), parts.Validate, 10, parallel);
        Assert.InRange(quality.Recall, 0.185, 0.30);
        Assert.InRange(quality.Ndcg, 0.162, 0.30);
        Assert.InRange(quality.Hit, 0.50, 0.70);
        var (popular, own) = BasketTest.Baselines(parts.Train, parts.Validate, parts.Products, 10, parallel);
        Assert.InRange(own.Recall, 0.12, 0.15);
        Assert.InRange(popular.Recall, 0.09, 0.11);
    }

    [Theory]
    [InlineData("part,user,set_number\ntrain,1,1", "column-missing")]
    [InlineData("part,user,set_number,item\n", "no-rows")]
    [InlineData("part,user,set_number,item\nlearn,1,1,5", "bad-row")]
    [InlineData("part,user,set_number,item\ntrain,1,x,5", "bad-row")]
    [InlineData("part,user,set_number,item\ntrain,1,1,", "bad-row")]
    [InlineData("part,user,set_number,item\ntrain,1,1,5\ntest,1,2,5", "user-in-two-parts")]
    [InlineData("part,user,set_number,item\ntrain,1,1,5\ntest,2,1,5", "part-missing")]
    [InlineData("part,user,set_number,item\ntest,2,1,5\ntest,2,2,5", "part-missing")]
    public void A_file_that_does_not_do_is_refused_with_its_place(string content, string code)
    {
        var file = Path.Combine(_folder.Path, "baskets.csv");
        File.WriteAllText(file, content);
        var refused = Assert.Throws<BadInputException>(() => NextBasketJob.Run(file, onValidation: false, new ParallelOptions()));
        Assert.Equal(code, refused.Code);
        Assert.Contains(file, refused.Sentence.English, StringComparison.Ordinal);
        Assert.Contains(file, refused.Sentence.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_validation_part_the_defaults_are_used()
    {
        var file = Path.Combine(_folder.Path, "baskets.csv");
        File.WriteAllText(file, "part,user,set_number,item\ntrain,1,1,5\ntrain,1,2,6\ntest,2,1,5\ntest,2,2,6\n");
        var result = NextBasketJob.Run(file, onValidation: false, new ParallelOptions());
        Assert.Equal(new BasketOptions(), result.Options);
        Assert.Equal(1, result.Model.Recall);
    }
}
