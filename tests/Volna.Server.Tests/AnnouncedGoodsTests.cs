using System.Text.Json;
using System.Text.RegularExpressions;

namespace Volna.Server.Tests;

/// <summary>Goods that nobody bought yet, from their first price to the reason on an offer.</summary>
public sealed class AnnouncedGoodsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_nobody_bought_yet_is_offered_and_why_names_it_unless_the_plan_says_no()
    {
        await Done("simulate", "world", "--out", "files", "--customers", "300", "--products", "200", "--weeks", "26");
        async Task<string[]> Read(string name) => await File.ReadAllLinesAsync(Path.Combine(_folder, "files", name), TestContext.Current.CancellationToken);
        async Task Write(string name, IEnumerable<string> lines) => await File.WriteAllLinesAsync(Path.Combine(_folder, name), lines, TestContext.Current.CancellationToken);
        // Of each of fifty goods a twin that comes with the wave, and another one that merely lies in the catalogue. Names and suppliers may hold commas; of a name nothing is needed.
        var goods = (await Read("products.csv")).Skip(1).Take(50).Select(row => Regex.Replace(row, "\"([^\"]|\"\")*\"", "name").Split(',')).ToList();
        await Write("products-new.csv", ["key,name,category,brand,cost", .. goods.SelectMany((row, at) => (string[])[$"NEW{at},New {at},{row[2]},{row[3]},1", $"DEAD{at},Dead {at},{row[2]},{row[3]},1"])]);
        await Write("prices-new.csv", ["product,price,from", .. goods.SelectMany((row, at) => (string[])[$"NEW{at},{row[5]},2024-12-05", $"DEAD{at},{row[5]},2023-01-01"])]);
        var stock = await Read("stock.csv");
        await Write("stock-new.csv", [.. stock, .. stock.Skip(1).Select(row => row.Split(',')[0]).Distinct().SelectMany(store => goods.SelectMany((_, at) => (string[])[$"{store},NEW{at},9", $"{store},DEAD{at},9"]))]);
        await Done(["import", .. Directory.GetFiles(Path.Combine(_folder, "files"))]);
        await Done("import", "products-new.csv", "prices-new.csv", "stock-new.csv");
        await Done("learn");
        var plan = await Done("schema", "plan");
        await Write("plan.json", [plan]);
        await Write("without.json", [plan.Replace("\"soldWithinDays\"", "\"offerAnnounced\": false,\n  \"soldWithinDays\"", StringComparison.Ordinal)]);
        foreach (var name in (string[])["plan", "without"])
        {
            await Done("wave", "new", "--plan", $"{name}.json", "--from", "2024-12-05", "--by", "Anna", "--id", name);
            await Done("wave", "generate", name);
        }

        var (offered, refused) = (0, 0);
        foreach (var customer in (await Read("customers.csv")).Skip(1).Select(row => row.Split(',')[0]).Take(20))
        {
            var found = New(await Why("plan", customer));
            if (found.Count == 0) continue;
            offered += found.Count;
            foreach (var words in (string[])["notBoughtYet", "just arrived, nobody has tried it yet", "только что в продаже, ещё никто не пробовал"])
                Assert.All(found, offer => Assert.Contains(words, offer, StringComparison.Ordinal));

            var without = await Why("without", customer);
            Assert.Empty(New(without));
            if (without.GetProperty("refused").EnumerateArray().Any(one => IsNew(one.GetRawText()) && one.GetRawText().Contains("notSoldLately", StringComparison.Ordinal))) refused++;
            if (offered > 1 && refused > 0) return;
        }

        Assert.Fail($"{offered} new products were offered to twenty customers; {refused} customers were told why not where the plan says no");
    }

    async Task<JsonElement> Why(string wave, string customer)
    {
        var told = await Done("wave", "why", wave, customer, "--most", "10000", "--json");
        Assert.DoesNotContain("Dead ", told, StringComparison.Ordinal);
        return JsonDocument.Parse(told).RootElement;
    }

    static List<string> New(JsonElement why) => [.. why.GetProperty("offers").EnumerateArray().Select(offer => offer.GetRawText()).Where(IsNew)];

    static bool IsNew(string told) => told.Contains("New ", StringComparison.Ordinal);

    async Task<string> Done(params string[] arguments)
    {
        var (exitCode, data, remarks) = await VolnaProcess.Run(_folder, arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}: {remarks}");
        return data;
    }
}
