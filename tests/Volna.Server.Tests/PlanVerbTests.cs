using System.Net;
using System.Text;
using System.Text.Json;
using Volna.Offers.Plans;
using Volna.Redemptions.Access;

namespace Volna.Server.Tests;

public sealed class PlanVerbTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("volna-plan-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Plans_are_checked_kept_shown_and_compared()
    {
        Write("plan.json", PlanTemplateStore.Text);
        Write("wrong.json", PlanTemplateStore.Text.Replace("\"validityDays\": 7", "\"validityDays\": 0", StringComparison.Ordinal).Replace("\"priceStep\": 0.01", "\"priceStep\": 0", StringComparison.Ordinal));
        Write("other.json", PlanTemplateStore.Text.Replace("\"holdoutShare\": 0.1", "\"holdoutShare\": 0.2", StringComparison.Ordinal));
        Write("foreign.json", PlanTemplateStore.Text.Replace("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"x\", \"of\": \"brand\", \"value\": \"Nobody's\", \"mostOffers\": 1 }], \"mostPerCategory\"", StringComparison.Ordinal));

        Assert.Equal(0, (await Run("plan", "check", "plan.json")).ExitCode);
        var wrong = await Run("plan", "check", "wrong.json");
        Assert.Equal((2, 2), (wrong.ExitCode, wrong.Data.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains("wrong.json: priceStep: found 0", wrong.Data, StringComparison.Ordinal);
        Assert.Equal("holdoutShare: 0.1 -> 0.2\n", (await Run("plan", "diff", "plan.json", "other.json")).Data);

        using (var state = StateStore.Open(new DataFolder(Path.Combine(_root, "volna-data")))) Assert.Empty(new PlanStore(state).List());
        var foreign = await Run("plan", "check", "foreign.json", "--lang", "ru");
        Assert.Equal(2, foreign.ExitCode);
        Assert.Contains("ни один товар каталога не относится к «Nobody's»", foreign.Data, StringComparison.Ordinal);
        Assert.Equal(2, (await Run("plan", "keep", "foreign.json")).ExitCode);
        var kept = (await Run("plan", "keep", "plan.json")).Data.Trim();
        Assert.Equal(kept, (await Run("plan", "keep", "plan.json")).Data.Trim());
        await Run("plan", "keep", "other.json");
        Assert.Equal(2, JsonDocument.Parse((await Run("plan", "list", "--json")).Data).RootElement.GetArrayLength());
        Assert.Equal(PlanTemplateStore.Text, (await Run("plan", "show", kept[..8])).Data.TrimEnd());
        Assert.Equal("holdoutShare: 0.1 -> 0.2\n", (await Run("plan", "diff", kept[..8], "Grocery, weekly")).Data);
        Assert.Equal(2, (await Run("plan", "show", "ffffffff")).ExitCode);
    }

    [Fact]
    public async Task Programs_read_check_and_hand_in_plans_with_a_key_of_their_own()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = new DataFolder(Path.Combine(_root, "shop"));
        using var state = StateStore.Open(folder);
        await using var host = Host.Build(folder, state, new HostOptions(0), TimeProvider.System);
        await host.StartAsync(stop);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.First()) };
        StringContent Body(string text) => new(text, Encoding.UTF8, "application/json");
        var wrong = PlanTemplateStore.Text.Replace("\"validityDays\": 7", "\"validityDays\": 0", StringComparison.Ordinal).Replace("\"priceStep\": 0.01", "\"priceStep\": 0", StringComparison.Ordinal);

        var mistakes = JsonDocument.Parse(await (await client.PostAsync("plans/v1/validate?lang=ru", Body(wrong), stop)).Content.ReadAsStringAsync(stop)).RootElement.GetProperty("mistakes");
        Assert.Equal(["plan: validityDays: найдено 0, ожидалось целое число от 1 до 92.", "plan: priceStep: найдено 0, ожидалось число от 0.01 до 1000."], mistakes.EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PutAsync("plans/v1", Body(wrong), stop)).StatusCode);
        var kept = JsonDocument.Parse(await (await client.PutAsync("plans/v1", Body(PlanTemplateStore.Text), stop)).Content.ReadAsStringAsync(stop)).RootElement.GetProperty("digest").GetString()!;
        Assert.Equal(PlanTemplateStore.Text, await client.GetStringAsync($"plans/v1/{kept}", stop));
        Assert.Equal(1, JsonDocument.Parse(await client.GetStringAsync("plans/v1", stop)).RootElement.GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("plans/v1/nothing", stop)).StatusCode);
        Assert.Contains("/plans/v1/validate", await client.GetStringAsync("openapi/v1.json", stop), StringComparison.Ordinal);

        var (till, plans) = (Add(AccessUses.Till), Add(AccessUses.Plans));
        while ((await client.GetAsync("plans/v1", stop)).StatusCode == HttpStatusCode.OK) await Task.Delay(50, stop);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.OK), (await Status(null), await Status(till), await Status(plans)));

        async Task<HttpStatusCode> Status(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, "plans/v1") { Content = Body(PlanTemplateStore.Text) };
            if (key is not null) request.Headers.Authorization = new("Bearer", key);
            return (await client.SendAsync(request, stop)).StatusCode;
        }

        string Add(AccessUses uses)
        {
            var secret = AccessKey.NewSecret();
            new AccessKeyStore(state, TimeProvider.System).Add(AccessKey.Of(secret, "test", uses, [], 1_000, TimeProvider.System.GetUtcNow(), null));
            return secret;
        }
    }

    Task<(int ExitCode, string Data, string Remarks)> Run(params string[] arguments) => VolnaProcess.Run(_root, arguments);

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);
}
