using System.Text.Json;

namespace Volna.Server.Tests;

/// <summary>What measures a wave tells each figure, and finds the same wave in a world that it kept.</summary>
public sealed class WaveBenchTests
{
    [Fact]
    public async Task The_waves_bench_tells_every_figure_and_the_same_digest_in_the_same_world()
    {
        var folder = Directory.CreateTempSubdirectory("volna-bench-test-").FullName;
        string[] command = ["bench", "wave", "--customers", "600", "--products", "400", "--data", "world", "--json"];
        var made = await Run([.. command, "--threads", "2"]);
        var again = await Run([.. command, "--threads", "1"]);
        var (exitCode, _, remarks) = await VolnaProcess.Run(folder, "bench", "wave", "--customers", "700", "--products", "400", "--data", "world");
        Directory.Delete(folder, recursive: true);

        foreach (var figure in (string[])["purchaseLines", "offers", "seconds", "processorSeconds", "peakBytes", "limits", "options", "valueMinor", "worldSeconds", "learnSeconds"])
            Assert.True(made.GetProperty(figure).GetDouble() > 0, $"{figure}: {made}");
        Assert.Equal((600, 0), (made.GetProperty("customers").GetInt32(), made.GetProperty("violations").GetInt32()));
        Assert.InRange(made.GetProperty("gap").GetDouble(), 0, 0.1);
        Assert.Equal(made.GetProperty("digest").GetString(), again.GetProperty("digest").GetString());
        Assert.Equal(JsonValueKind.Null, again.GetProperty("worldSeconds").ValueKind);
        Assert.Equal(Verb.Failed, exitCode);
        Assert.Contains("holds a world made with other options", remarks, StringComparison.Ordinal);

        async Task<JsonElement> Run(string[] arguments)
        {
            var (code, data, told) = await VolnaProcess.Run(folder, arguments);
            Assert.True(code == Verb.Done, $"{told}{data}");
            return JsonDocument.Parse(data).RootElement;
        }
    }
}
