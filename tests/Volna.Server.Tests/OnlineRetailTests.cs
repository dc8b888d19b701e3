using System.Text.Json;
using Volna.Tests;

namespace Volna.Server.Tests;

/// <summary>The main job on real receipts (UCI Online Retail), by the program's own verbs, as the README tells it.</summary>
public sealed class OnlineRetailTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Real_receipts_go_the_whole_way()
    {
        var data = SharedData.Folder("online-retail");
        string[] files = [Path.Combine(data, "online_retail_part1.csv.gz"), Path.Combine(data, "online_retail_part2.csv.gz")];
        string[] import = ["import", "--mapping", Sample("online-retail.json"), .. files, "--json"];

        var imported = await Json(import);
        Assert.Equal(541_909, imported.GetProperty("linesRead").GetInt64());
        Assert.Equal(404_909, imported.GetProperty("stored").GetInt64());
        var rejected = imported.GetProperty("rejected").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64());
        Assert.Equal(new() { ["no-customer"] = 135_080, ["no-product"] = 1_920 }, rejected);
        Assert.Equal(541_909, 404_909 + rejected.Values.Sum());

        // The same files again change nothing.
        var again = await Json(import);
        Assert.All(again.GetProperty("files").EnumerateArray(), file => Assert.Equal("knownAlready", file.GetProperty("outcome").GetString()));

        var backTest = (await Json("learn", "--json")).GetProperty("backTest").GetProperty("all");
        foreach (var measure in (string[])["recall", "ndcg"])
        {
            Assert.True(At5(backTest, "model", measure) > At5(backTest, "personalFrequency", measure), measure);
            Assert.True(At5(backTest, "model", measure) > At5(backTest, "mostPopular", measure), measure);
        }

        var plan = Sample("plan-online-retail.json");
        string[] digests = [await Generate(plan, "first"), await Generate(plan, "second")];
        Assert.Equal(digests[0], digests[1]);

        var self = await VolnaProcess.Run(_folder, "wave", "approve", "first", "--by", "Anna");
        Assert.Equal(3, self.ExitCode);
        await Json("wave", "approve", "first", "--by", "Boris", "--json");
        await Json("wave", "publish", "first", "--json");

        // Customers with a key only: no letter can be written, each has her card and her printed offers.
        var cards = File.ReadLines(Path.Combine(_folder, "volna-data", "outbox", "first", "app.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var shown = await Json("wave", "show", "first", "--json");
        Assert.Equal(shown.GetProperty("withOffers").GetInt32(), cards.Count);
        Assert.Equal(shown.GetProperty("customers").GetInt32(), shown.GetProperty("withOffers").GetInt32() + shown.GetProperty("heldOut").GetInt32());

        var card = cards[0];
        var customer = card.GetProperty("customer").GetString()!;
        var product = card.GetProperty("offers")[0].GetProperty("product").GetString()!;
        string[] basket = ["--id", "receipt-1", "--store", "web", "--customer", customer, "--line", $"{product}:2:10.00", "--time", "2011-12-12T12:00:00+00:00", "--json"];
        var priced = await Json(["till", "price", .. basket]);
        Assert.True(priced.GetProperty("discountMinor").GetInt64() > 0);
        var closed = await VolnaProcess.Run(_folder, ["till", "close", .. basket]);
        var repeated = await VolnaProcess.Run(_folder, ["till", "close", .. basket]);
        Assert.Equal(0, closed.ExitCode);
        Assert.Equal(closed.Data, repeated.Data);

        var report = await VolnaProcess.Run(_folder, "report", "first");
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("ot enough data yet", report.Data, StringComparison.Ordinal);
    }

    async Task<string> Generate(string plan, string id)
    {
        await Json("wave", "new", "--plan", plan, "--from", "2011-12-10", "--id", id, "--seed", "7", "--by", "Anna", "--json");
        await Json("wave", "generate", id, "--json");
        return (await Json("wave", "show", id, "--json")).GetProperty("digest").GetString()!;
    }

    static double At5(JsonElement methods, string method, string measure) =>
        methods.EnumerateArray().Single(row => row.GetProperty("method").GetString() == method).GetProperty("at5").GetProperty(measure).GetDouble();

    static string Sample(string name) => Path.Combine(SharedData.Repository, "samples", name);

    async Task<JsonElement> Json(params string[] arguments)
    {
        var run = await VolnaProcess.Run(_folder, arguments);
        Assert.True(run.ExitCode == 0, $"volna {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Remarks}");
        return run.Data.Length == 0 ? default : JsonDocument.Parse(run.Data).RootElement;
    }
}
