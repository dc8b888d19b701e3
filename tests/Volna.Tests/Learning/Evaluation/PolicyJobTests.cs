using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class PolicyJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_is_valued_by_its_columns_and_rows_of_one_slate_belong_together()
    {
        var rows = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i},{(i % 2 == 0 ? 3 : 1)},0.5,{(i % 2 == 0 ? 1 : 0)}\n{i},{(i % 2 == 0 ? 3 : 1)},0.5,0.5\n"));
        var result = PolicyJob.Run(_folder.Write("log.csv", "slate,r,p,t\n" + rows), new PolicyColumns("r", "p", "t", "slate", null, null), TestContext.Current.CancellationToken);
        Assert.Equal((400, 2, 3, 3), (result.Decisions, result.Logging, result.Ips!.Value.Value, result.Slate!.Value.Value));
    }

    [Theory]
    [InlineData("r,p\n1,1", "column-missing")]
    [InlineData("r,p,t\n", "no-rows")]
    [InlineData("r,p,t\n1,0,1", "table-value")]
    [InlineData("r,p,t\n1,1,1.5", "table-value")]
    [InlineData("r,p,t\nNaN,1,1", "table-value")]
    public void A_file_that_does_not_do_is_refused_with_its_place(string content, string code) => Assert.Equal(code, Assert.Throws<BadInputException>(
        () => PolicyJob.Run(_folder.Write("log.csv", content), new PolicyColumns("r", "p", "t", null, null, null), TestContext.Current.CancellationToken)).Code);

    [Fact]
    public void Rewards_that_differ_within_a_slate_are_refused() => Assert.Equal("table-value", Assert.Throws<BadInputException>(
        () => PolicyJob.Run(_folder.Write("log.csv", "s,r,p,t\n1,1,1,1\n1,2,1,1\n"), new PolicyColumns("r", "p", "t", "s", null, null), TestContext.Current.CancellationToken)).Code);
}
