using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class SequenceJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("user_id,position\n1,1", "column-missing")]
    [InlineData("user_id,position,item_id\n", "no-rows")]
    [InlineData("user_id,position,item_id\n1,x,5", "bad-row")]
    [InlineData("user_id,position,item_id\n1,1,5\n1,1,6\n1,2,7", "position-twice")]
    [InlineData("user_id,position,item_id\n1,1,5\n1,2,6", "no-sequences")]
    public void A_file_that_does_not_do_is_refused_with_its_place(string content, string code)
    {
        var file = _folder.Write("sequences.csv", content);
        var refused = Assert.Throws<BadInputException>(() => SequenceJob.Run(file, null, onValidation: false, new ParallelOptions()));
        Assert.Equal(code, refused.Code);
        Assert.Contains(file, refused.Sentence.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_is_that_of_the_positions_and_attributes_of_unknown_products_do_no_harm()
    {
        var rows = string.Concat(Enumerable.Range(0, 30).Select(user => $"u{user},2,b\nu{user},1,a\nu{user},4,d\nu{user},3,c\n"));
        var file = _folder.Write("sequences.csv", "user_id,position,item_id\n" + rows);
        var attributes = _folder.Write("attributes.csv", "item_id,attribute_id\na,x\nd,x\nunknown,x\n");
        var result = SequenceJob.Run(file, attributes, onValidation: true, new ParallelOptions());
        Assert.Equal((30, 4), (result.Customers, result.Products));
        // Of a and b the last but one follows, c: nobody took it yet in what is learnt from, so nothing says so, but the list is short.
        Assert.InRange(result.Model.At5.Recall, 0, 1);
        Assert.Equal(30, SequencesFeed.Read(file, null, TestContext.Current.CancellationToken).Sequences.Count(sequence => sequence is [1, 0, 3, 2]));
    }
}
