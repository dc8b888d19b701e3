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
    public async Task A_model_is_promoted_and_taken_back_by_name_and_json_tells_which_one_is_in_use()
    {
        await VolnaProcess.Run(_folder, "simulate", "world", "--out", "files", "--customers", "200");
        await VolnaProcess.Run(_folder, ["import", .. Directory.GetFiles(Path.Combine(_folder, "files"), "*.csv")]);
        await VolnaProcess.Run(_folder, "learn");
        using var other = await Json("learn", "--window-days", "14");
        Assert.Equal("notComparable", other.RootElement.GetProperty("promotion").GetString());
        var (second, first) = (other.RootElement.GetProperty("version").GetString()!, other.RootElement.GetProperty("present").GetString()!);
        Assert.Equal([(first, true), (second, false)], await List());

        Assert.Equal(first, await Present("--promote", second, "--dry-run"));
        Assert.Equal([(first, true), (second, false)], await List());
        Assert.Equal(second, await Present("--promote", second));
        Assert.Equal([(first, false), (second, true)], await List());
        Assert.Equal(first, await Present("--roll-back"));
        Assert.Equal([(first, true), (second, false)], await List());

        foreach (var (why, arguments) in ((string, string[])[])[("there is nothing to roll back to", ["--roll-back"]), ("there is no model 0009-00000000", ["--promote", "0009-00000000"])])
        {
            var run = await VolnaProcess.Run(_folder, ["learn", .. arguments, "--json"]);
            Assert.Equal((2, ""), (run.ExitCode, run.Data));
            Assert.Contains(why, run.Remarks, StringComparison.Ordinal);
        }

        Assert.Equal([(first, true), (second, false)], await List());

        async Task<string?> Present(params string[] arguments)
        {
            using var json = await Json(["learn", .. arguments]);
            return json.RootElement.GetProperty("present").GetString();
        }

        async Task<IEnumerable<(string?, bool)>> List()
        {
            using var json = await Json("learn", "--list");
            Assert.All(json.RootElement.EnumerateArray(), model => Assert.Equal(3, model.GetProperty("card").GetProperty("backTest").GetProperty("all").GetArrayLength()));
            return [.. json.RootElement.EnumerateArray().Select(model => (model.GetProperty("version").GetString(), model.GetProperty("present").GetBoolean()))];
        }
    }

    [Fact]
    public async Task A_model_of_another_version_is_listed_as_not_readable()
    {
        await VolnaProcess.Run(_folder, "simulate", "world", "--out", "files", "--customers", "200");
        await VolnaProcess.Run(_folder, ["import", .. Directory.GetFiles(Path.Combine(_folder, "files"), "*.csv")]);
        await VolnaProcess.Run(_folder, "learn");
        var card = Assert.Single(Directory.GetFiles(_folder, "model.json", SearchOption.AllDirectories));
        File.WriteAllText(card, File.ReadAllText(card).Replace("\"format\": 5", "\"format\": 4", StringComparison.Ordinal));
        await VolnaProcess.Run(_folder, "learn");

        Assert.Matches("(?m)^ *0001-[0-9a-f]{8} +not readable", (await VolnaProcess.Run(_folder, "learn", "--list")).Data);
        using var json = await Json("learn", "--list");
        Assert.Equal([(JsonValueKind.Null, false), (JsonValueKind.Object, true)], json.RootElement.EnumerateArray().Select(model => (model.GetProperty("card").ValueKind, model.GetProperty("present").GetBoolean())));
    }

    async Task<JsonDocument> Json(params string[] arguments)
    {
        var run = await VolnaProcess.Run(_folder, [.. arguments, "--json"]);
        Assert.Equal(0, run.ExitCode);
        return JsonDocument.Parse(run.Data);
    }

    [Fact]
    public async Task The_plan_that_made_the_waves_decides_as_they_did_and_what_cannot_be_valued_is_refused_by_name()
    {
        Assert.Equal(0, (await VolnaProcess.Run(_folder, "simulate", "--weeks", "2", "--customers", "300", "--policies", "volna", "--out", "loop")).ExitCode);
        var data = Path.Combine("loop", "volna");
        Task<(int ExitCode, string Data, string Remarks)> Compare(params string[] more) => VolnaProcess.Run(_folder, ["learn", "--compare", "--data", data, .. more]);

        var same = await Compare("--plan", Path.Combine(data, "plan.json"), "--json");
        Assert.Equal((0, ""), (same.ExitCode, same.Remarks));
        using var json = JsonDocument.Parse(same.Data);
        JsonElement Of(string name) => json.RootElement.GetProperty(name);
        Assert.Equal((1, "none"), (Of("knownShare").GetDouble(), Of("verdict").GetString()));
        Assert.Equal(Of("offers").GetInt32(), Of("otherOffers").GetInt32());
        Assert.Equal(Of("asItWas").GetProperty("ips").GetProperty("value").GetDouble(), Of("other").GetProperty("ips").GetProperty("value").GetDouble(), 0.01);
        Assert.Contains("which is better can't be told", (await Compare("--plan", Path.Combine(data, "plan.json"))).Data, StringComparison.Ordinal);

        async Task Refused(string why, params string[] more)
        {
            var run = await Compare(more);
            Assert.Equal((2, ""), (run.ExitCode, run.Data));
            Assert.Contains(why, run.Remarks, StringComparison.Ordinal);
        }

        await Refused("found neither --plan nor --model");
        await Refused("found 0, expected at least 1", "--model", "0001-5cf6c850", "--waves", "0");
        await Refused("no such plan file", "--plan", "none.json");
        await Refused("there is no model 0001-5cf6c851", "--model", "0001-5cf6c851");
        await VolnaProcess.Run(_folder, "learn", "--data", data);
        using var models = JsonDocument.Parse((await VolnaProcess.Run(_folder, "learn", "--list", "--json", "--data", data)).Data);
        await Refused("give an older model", "--model", models.RootElement.EnumerateArray().Select(model => model.GetProperty("version").GetString()!).Max()!);
        var alone = await VolnaProcess.Run(_folder, "learn", "--plan", "plan.json");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("--plan: found without --compare", alone.Remarks, StringComparison.Ordinal);
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
