using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class SimulateVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("world --out files --customers -5", "customers")]
    [InlineData("world --out files --customers 0", "customers")]
    [InlineData("world --into data --stores 0", "stores")]
    [InlineData("world --into data --products -1", "products")]
    [InlineData("world --out files --weeks 0", "weeks")]
    [InlineData("world --out files --world nowhere.json", "nowhere.json")]
    [InlineData("world --out files --into data", "--into")]
    [InlineData("world", "--out")]
    [InlineData("fit --data nowhere", "nowhere")]
    [InlineData("world --into data --site", "--site")]
    [InlineData("world --out {file}/x --customers 10", "{file}")]
    [InlineData("world --into {file}/x --customers 10", "{file}")]
    [InlineData("fit --data nowhere --out {file}", "{file}")]
    [InlineData("--weeks 1 --out {file}/x/y", "{file}")]
    public async Task Nonsense_is_one_sentence_and_exit_2_and_nothing_is_written(string line, string named)
    {
        // A file stands beside where a folder is named.
        using var file = new Beside(_folder + ".file");
        var run = await VolnaProcess.Run(_folder, ["simulate", .. line.Replace("{file}", file.Path, StringComparison.Ordinal).Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Data);
        Assert.Contains(named.Replace("{file}", file.Path, StringComparison.Ordinal), Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    sealed class Beside : IDisposable
    {
        public Beside(string path)
        {
            Path = path;
            File.WriteAllText(path, "mine");
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }

    [Fact]
    public async Task A_loop_fills_the_folder_where_one_stands_even_where_nobody_buys()
    {
        var run = await VolnaProcess.Run(_folder, "simulate", "--weeks", "1", "--customers", "1", "--products", "100", "--stores", "2", "--policies", "none,mass", "--out", ".", "--json");
        Assert.Equal((0, 2), (run.ExitCode, JsonDocument.Parse(run.Data).RootElement.GetProperty("policies").GetArrayLength()));
        Assert.Equal(["loop.html", "loop.json", "mass", "none"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_world_goes_into_a_data_folder_and_is_learnt_from()
    {
        var made = await VolnaProcess.Run(_folder, "simulate", "world", "--into", "data", "--customers", "300", "--products", "200", "--weeks", "26", "--json");
        Assert.Equal(0, made.ExitCode);
        Assert.True(JsonDocument.Parse(made.Data).RootElement.GetProperty("lines").GetInt64() > 10_000);
        Assert.Equal(0, (await VolnaProcess.Run(_folder, "learn", "--data", "data", "--json")).ExitCode);
    }
}
