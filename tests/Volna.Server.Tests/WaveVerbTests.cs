using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class WaveVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_wave_goes_from_plan_to_approval_and_gives_the_same_digest_twice()
    {
        await Done("simulate", "world", "--out", "files", "--customers", "300", "--products", "200", "--weeks", "26");
        await Done(["import", .. Directory.GetFiles(Path.Combine(_folder, "files"))]);
        await Done("learn");
        await File.WriteAllTextAsync(Path.Combine(_folder, "plan.json"), await Done("schema", "plan"), TestContext.Current.CancellationToken);

        Assert.Equal((2, "volna: --from: found '9999-12-31', expected a day such as 2026-11-26.\n"), await Failed("wave", "new", "--plan", "plan.json", "--from", "9999-12-31"));
        Assert.Equal((2, "volna: --from: found 'soon', expected a day such as 2026-11-26.\n"), await Failed("wave", "new", "--plan", "plan.json", "--from", "soon"));
        Assert.Equal(2, (await Failed("wave", "new", "--plan", "none.json", "--from", "2024-12-05")).ExitCode);
        var past = await Failed("wave", "new", "--plan", "plan.json", "--from", "2024-12-04");
        Assert.Equal(2, past.ExitCode);
        Assert.Contains("--from: found 2024-12-04, but the model", past.Told, StringComparison.Ordinal);
        await Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--by", "Anna", "--dry-run");
        await Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--by", "Anna");
        await Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--by", "Anna");
        var foretold = JsonDocument.Parse(await Done("wave", "generate", "2024-12-05", "--dry-run", "--what-if", "all.budget=100", "--json")).RootElement;
        Assert.Contains("--dry-run", (await Failed("wave", "generate", "2024-12-05", "--what-if", "all.budget=100")).Told, StringComparison.Ordinal);
        var compared = JsonDocument.Parse(await Done("wave", "compare", "2024-12-05", "--budget", "500", "--export", "export", "--json")).RootElement;
        Assert.Equal(4, compared.GetProperty("methods").GetArrayLength());
        Assert.Equal(["limits.csv", "options.csv", "rules.csv", "slots.csv"], Directory.GetFiles(Path.Combine(_folder, "export")).Select(Path.GetFileName).Order());
        Assert.Equal((2, "volna: --export: export holds something already; name a new or empty folder.\n"), await Failed("wave", "compare", "2024-12-05", "--export", "export", "--dry-run"));
        Assert.Contains("greedy by score", await Done("wave", "compare", "2024-12-05"), StringComparison.Ordinal);
        var first = JsonDocument.Parse(await Done("wave", "generate", "2024-12-05", "--threads", "1", "--json")).RootElement;
        var second = JsonDocument.Parse(await Done("wave", "generate", "2024-12-05-b", "--threads", "3", "--json")).RootElement;
        Assert.Equal(first.GetProperty("digest").GetString(), second.GetProperty("digest").GetString());
        Assert.Equal(300, first.GetProperty("customers").GetInt32());

        // There are few customers, so the forecast looked at all of them.
        Assert.Equal(first.GetProperty("offers").GetInt32(), foretold.GetProperty("asPlanned").GetProperty("wave").GetProperty("offers").GetInt32());
        Assert.InRange(foretold.GetProperty("changed").GetProperty("wave").GetProperty("expectedDiscountMinor").GetDouble(), 1, 10_000);
        Assert.InRange(first.GetProperty("heldOut").GetInt32(), 10, 60);
        Assert.InRange(first.GetProperty("offers").GetInt32(), 500, 3_000);
        Assert.NotEmpty(first.GetProperty("refusals").EnumerateObject());
        Assert.Equal("awaitingApproval", first.GetProperty("status").GetString());

        var own = await Failed("wave", "approve", "2024-12-05", "--by", "anna");
        Assert.Equal(3, own.ExitCode);
        Assert.Contains("another person must approve it", own.Told, StringComparison.Ordinal);
        Assert.Contains("--by: found an empty name, expected who does it", (await Failed("wave", "approve", "2024-12-05", "--by", " ", "--despite-corridors")).Told, StringComparison.Ordinal);
        await Done("wave", "approve", "2024-12-05", "--by", "Boris", "--despite-corridors");
        Assert.Equal(3, (await Failed("wave", "generate", "2024-12-05")).ExitCode);
        Assert.Equal(3, (await Failed("wave", "generate", "2024-12-05", "--dry-run")).ExitCode);
        Assert.Equal(3, (await Failed("wave", "publish", "2024-12-05-b", "--dry-run")).ExitCode);
        Assert.Contains("approved", await Done("wave", "list"), StringComparison.Ordinal);

        var customer = (await File.ReadAllLinesAsync(Path.Combine(_folder, "files", "customers.csv"), TestContext.Current.CancellationToken))[5].Split(',')[0];
        var why = JsonDocument.Parse(await Done("wave", "why", "2024-12-05", customer, "--json")).RootElement;
        Assert.True(why.GetProperty("heldOut").GetBoolean() || why.GetProperty("refused").GetArrayLength() > 0);
        Assert.Equal(customer, why.GetProperty("customer").GetString());
        Assert.Equal(2, (await Failed("wave", "why", "2024-12-05", "nobody")).ExitCode);
        Assert.Contains("--most: found '-5'", (await Failed("wave", "why", "2024-12-05", customer, "--most", "-5")).Told, StringComparison.Ordinal);

        // A second wave of the same days knows what the first offered, and isn't published beside it.
        await Done("wave", "publish", "2024-12-05");
        await Done("wave", "approve", "2024-12-05-b", "--by", "Boris", "--despite-corridors");
        var beside = await Failed("wave", "publish", "2024-12-05-b");
        Assert.Equal(3, beside.ExitCode);
        Assert.Contains("the published wave 2024-12-05 from 2024-12-05 to 2024-12-11", beside.Told, StringComparison.Ordinal);
        var made = JsonDocument.Parse(await Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--id", "late", "--json")).RootElement;
        Assert.Equal("2024-12-05", Assert.Single(made.GetProperty("earlier").EnumerateArray()).GetString());

        // New data after the wave was made: it can't be generated any more, the old answer still stands.
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "receipts-new.csv"),
            (await File.ReadAllLinesAsync(Directory.GetFiles(Path.Combine(_folder, "files"), "receipts-*.csv").Order().First(), TestContext.Current.CancellationToken)) is [var header, var line, ..]
                ? $"{header}\n{line.Replace(line.Split(',')[0], "new-receipt", StringComparison.Ordinal)}\n" : "",
            TestContext.Current.CancellationToken);
        await Done("import", "receipts-new.csv");
        var late = await Failed("wave", "generate", "late");
        Assert.Equal(3, late.ExitCode);
        Assert.Contains("make a new wave for the new data", late.Told, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(await Done("wave", "why", "2024-12-05", customer, "--json")).RootElement.GetProperty("refused").ValueKind);
    }

    [Fact]
    public async Task A_wave_that_breaks_a_promise_ends_rejected_with_the_reason_in_its_history()
    {
        await Done("simulate", "world", "--into", "volna-data", "--customers", "200", "--products", "100", "--weeks", "26");
        await Done("learn");
        var plan = (await Done("schema", "plan", "--lang", "ru")).Replace("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"launch\", \"of\": \"all\", \"leastOffers\": 100000 }], \"mostPerCategory\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "plan.json"), plan, TestContext.Current.CancellationToken);
        var id = JsonDocument.Parse(await Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--by", "Anna", "--json")).RootElement.GetProperty("id").GetString()!;

        var refused = await Failed("wave", "generate", id, "--by", "Anna");
        Assert.Equal(3, refused.ExitCode);
        Assert.StartsWith("volna: launch: 100000 offers are promised, but no more than ", refused.Told, StringComparison.Ordinal);
        var shown = JsonDocument.Parse(await Done("wave", "show", id, "--json")).RootElement;
        Assert.Equal("rejected", shown.GetProperty("status").GetString());
        Assert.StartsWith("launch: обещано предложений 100000", shown.GetProperty("events").EnumerateArray().Last().GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, "volna-data", "waves", id)));
        Assert.Contains("is rejected", (await Failed("wave", "generate", id)).Told, StringComparison.Ordinal);
    }

    async Task<string> Done(params string[] arguments)
    {
        var (exitCode, data, remarks) = await VolnaProcess.Run(_folder, arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}: {remarks}");
        return data;
    }

    async Task<(int ExitCode, string Told)> Failed(params string[] arguments)
    {
        var (exitCode, _, remarks) = await VolnaProcess.Run(_folder, arguments);
        return (exitCode, remarks);
    }
}
