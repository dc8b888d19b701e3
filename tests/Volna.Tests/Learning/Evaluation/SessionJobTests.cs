using Volna.Learning.Evaluation;

namespace Volna.Tests.Learning.Evaluation;

public sealed class SessionJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_always_follows_is_foretold_and_what_was_never_seen_is_a_miss()
    {
        var train = _folder.Write("train.csv", "session,position,item\n" + string.Concat(Enumerable.Range(0, 40).Select(session => $"{session},2,b\n{session},1,a\n{session},3,c\n")));
        var test = _folder.Write("test.csv", "case,prefix,target\n1,a b,c\n2,never a,b\n3,b,never\n4,a,never\n");
        var result = SessionJob.Run(train, test, new ParallelOptions());
        Assert.Equal((4, 40, 3), (result.Cases, result.Sessions, result.Products));
        Assert.Equal(0.5, result.Quality.PrecisionAt20);
        Assert.Equal(0.5, result.Quality.MrrAt20);
    }

    [Theory]
    [InlineData("session,position,item\n1,1,a", "case,prefix\n1,a", "column-missing")]
    [InlineData("session,position,item\n1,1,a", "case,prefix,target\n", "no-rows")]
    [InlineData("session,position,item\n1,1,", "case,prefix,target\n1,a,b", "bad-row")]
    [InlineData("session,position,item\n1,1,a", "case,prefix,target\n1,,b", "bad-row")]
    public void A_file_that_does_not_do_is_refused(string train, string test, string code) =>
        Assert.Equal(code, Assert.Throws<BadInputException>(() =>
            SessionJob.Run(_folder.Write("train.csv", train), _folder.Write("test.csv", test), new ParallelOptions())).Code);
}
