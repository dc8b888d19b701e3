using System.Text.Json;
using Microsoft.Data.Sqlite;

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

    [Fact]
    public async Task A_folder_with_data_is_looked_through_and_a_damaged_history_is_found()
    {
        await VolnaProcess.Run(_folder, ["import", .. Tiny()]);

        var sound = await VolnaProcess.Run(_folder, "doctor");
        Assert.Equal(0, sound.ExitCode);
        Assert.Matches("(?m)^ok +catalogue +customers: 10, products: 16, stores: 2,", sound.Data);
        Assert.Matches("(?m)^ok +history +purchase lines: 61,", sound.Data);

        // The last byte of a packed block, in whichever shard has one.
        await Flip();
        var damaged = await VolnaProcess.Run(_folder, "doctor");
        Assert.Equal(2, damaged.ExitCode);
        Assert.Matches("(?m)^problem +history .*checksum is wrong", damaged.Data);
        Assert.Empty(damaged.Remarks);
    }

    static string[] Tiny()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Volna.slnx"))) root = Path.GetDirectoryName(root)!;
        return Directory.GetFiles(Path.Combine(root, "samples/tiny"), "*.csv");
    }

    async Task Flip()
    {
        SQLitePCL.Batteries_V2.Init();
        foreach (var shard in Directory.GetFiles(Path.Combine(_folder, "volna-data", "history"), "shard-*.db"))
        {
            await using var connection = new SqliteConnection($"Data Source={shard};Pooling=False");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "update block set data = cast(substr(data, 1, length(data) - 1) || x'FF' as blob)";
            if (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) > 0) return;
        }

        Assert.Fail("no shard has a block");
    }
}
