using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class LearnVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_learns_prints_the_back_test_and_keeps_the_model_once()
    {
        await VolnaProcess.Run(_folder, "simulate", "world", "--out", "files", "--customers", "200");
        await VolnaProcess.Run(_folder, ["import", .. Directory.GetFiles(Path.Combine(_folder, "files"), "*.csv")]);

        var dry = await VolnaProcess.Run(_folder, "learn", "--dry-run", "--json");
        Assert.Equal((0, ""), (dry.ExitCode, dry.Remarks));
        using var dryJson = JsonDocument.Parse(dry.Data);
        Assert.Equal(JsonValueKind.Null, dryJson.RootElement.GetProperty("version").ValueKind);
        Assert.Equal(3, dryJson.RootElement.GetProperty("backTest").GetProperty("all").GetArrayLength());
        Assert.Contains("no model", (await VolnaProcess.Run(_folder, "learn", "--list")).Remarks, StringComparison.Ordinal);

        var first = await VolnaProcess.Run(_folder, "learn");
        Assert.Equal(0, first.ExitCode);
        Assert.Matches("(?m)^ *personal frequency +[0-9]", first.Data);
        Assert.Matches("Model 0001-[0-9a-f]{8} is learnt", first.Remarks);

        var second = await VolnaProcess.Run(_folder, "learn");
        Assert.Contains("the same as 0001-", second.Remarks, StringComparison.Ordinal);
        Assert.Matches("(?m)^ *0001-[0-9a-f]{8} ", (await VolnaProcess.Run(_folder, "learn", "--list")).Data);
    }

    [Fact]
    public async Task Without_data_it_is_refused_with_exit_2_and_nothing_is_made()
    {
        var run = await VolnaProcess.Run(_folder, "learn");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("holds no Volna data", run.Remarks, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }
}
