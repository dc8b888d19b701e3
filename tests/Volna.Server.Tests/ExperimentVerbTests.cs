using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class ExperimentVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_plan_from_given_numbers_needs_no_data()
    {
        var run = await VolnaProcess.Run(_folder, "experiment", "plan", "--customers", "20000", "--mean", "1300", "--deviation", "1900", "--correlation", "0.5", "--effect", "0.1", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Remarks));
        using var json = JsonDocument.Parse(run.Data);
        var rows = json.RootElement.GetProperty("rows");

        // scipy: (norm.ppf(.975) + norm.ppf(.8)) * 1900 * sqrt((1 - .5**2) * (1/.1 + 1/.9) / 20000), in minor units; and for 10 % of the mean.
        Assert.Equal(10865.552570892757, rows[1].GetProperty("leastEffect").GetDouble(), 1e-4);
        Assert.Equal(13_972, rows[1].GetProperty("needed").GetInt64());
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("--mean 1300", "--mean and --deviation: give both")]
    [InlineData("--customers 100 --mean 1300 --deviation 10 --holdout 1", "--holdout: found 1, expected a share between 0 and 1.")]
    [InlineData("--customers 100 --mean 1300 --deviation 10 --effect 0", "--effect: found 0, expected a share above 0")]
    [InlineData("--mean 1300 --deviation 10", "--customers: is missing")]
    public async Task What_makes_no_sense_is_one_sentence_and_exit_2(string line, string expected)
    {
        var run = await VolnaProcess.Run(_folder, ["experiment", "plan", .. line.Split(' ')]);
        Assert.Equal((2, ""), (run.ExitCode, run.Data));
        Assert.Contains(expected, Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
