using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class DoctorVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_machine_without_data_is_in_order_and_nothing_is_made()
    {
        var run = await VolnaProcess.Run(_folder, "doctor");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("(?m)^ok +runtime +.NET 10", run.Data);
        Assert.Contains("volna-data: doesn't exist yet", run.Data, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_problem_with_its_name_and_exit_2()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "d"));
        File.WriteAllText(Path.Combine(_folder, "d", "state.db"), new string('x', 5000));

        var run = await VolnaProcess.Run(_folder, "doctor", "--data", "d", "--json");

        Assert.Equal(2, run.ExitCode);
        using var json = JsonDocument.Parse(run.Data);
        var problem = Assert.Single(json.RootElement.EnumerateArray(), check => check.GetProperty("finding").GetString() == "problem");
        Assert.Equal("state", problem.GetProperty("what").GetString());
        Assert.Contains("d/state.db", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
