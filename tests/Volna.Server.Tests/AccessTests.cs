using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Volna.Redemptions.Access;

namespace Volna.Server.Tests;

/// <summary>Who may call, over the real host.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    const string Receipt = """{"id":"r1","store":"S1","time":"2026-01-27T12:00:00+03:00","replay":true,"lines":[{"id":"1","product":"milk","quantity":1,"unitPriceMinor":10000}]}""";

    readonly string _root = Directory.CreateTempSubdirectory("volna-access-").FullName;
    StateStore _state = null!;

    DataFolder Folder => new(_root);

    public ValueTask InitializeAsync()
    {
        _state = StateStore.Open(Folder);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
        return default;
    }

    [Fact]
    public async Task On_this_machine_alone_a_first_try_needs_no_key_and_the_first_key_ends_that()
    {
        await using var host = await Start(new HostOptions(0));
        Assert.Equal(200, (await Close(host, null)).Status);
        var secret = Add(AccessUses.Till);
        await Eventually(async () => (await Close(host, null)).Status == 401);
        Assert.Equal((401, "key-missing"), await Close(host, null));
        Assert.Equal(200, (await Close(host, secret)).Status);
        Assert.Equal(200, (await Get(host, "/", null)).Status);
    }

    [Fact]
    public async Task Where_others_can_connect_everything_but_health_needs_a_key()
    {
        await using var host = await Start(new HostOptions(0, IPAddress.Any));
        foreach (var address in (string[])["/till/v1/refusals", "/app/v1/customers/x/offers", "/", "/openapi/v1.json", "/customers"])
            Assert.Equal((401, "key-missing"), await Get(host, address, null));
        Assert.Equal(200, (await Get(host, "/health/live", null)).Status);
        var console = Add(AccessUses.Console);
        await Eventually(async () => (await Get(host, "/", console)).Status == 200);
        Assert.Equal((403, "key-not-for-this"), await Get(host, "/till/v1/refusals", console));

        // A browser asks for a name and a password; the key is the password.
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(host, "/"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("anna:" + console)));
        using var page = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_key_opens_what_it_is_for_in_its_stores_and_nothing_else()
    {
        await using var host = await Start(new HostOptions(0));
        var (ours, app) = (Add(AccessUses.Till, "S1", "S7"), Add(AccessUses.App));
        var foreign = Add(AccessUses.Till, "S2");
        await Eventually(async () => (await Close(host, ours)).Status == 200);
        Assert.Equal((403, "key-of-other-store"), await Close(host, foreign));
        foreach (var (call, body) in ((string, string)[])[
            ("price", Receipt), ("price", Receipt.Insert(1, "\"reserve\":true,")), ("close", Receipt), ("cancel", """{"id":"r1"}"""), ("reopen", """{"id":"r1"}"""),
            ("return", """{"id":"r1","return":"b1","lines":[{"id":"1","quantity":1}]}""")])
            Assert.Equal((403, "key-of-other-store"), await Post(host, $"/till/v1/receipts/{call}", body, foreign));
        Assert.Equal((403, "key-of-other-store"), await Get(host, "/till/v1/receipts/r1", foreign));
        Assert.Equal(200, (await Get(host, "/till/v1/receipts/r1", ours)).Status);
        Assert.Equal((403, "key-not-for-this"), await Close(host, app));
        Assert.Equal((403, "key-of-other-store"), await Get(host, "/till/v1/customers/anna/offers?store=S1", foreign));
        Assert.Equal((403, "key-of-other-store"), await Get(host, "/till/v1/customers/anna/offers", foreign));
        Assert.Equal(200, (await Get(host, "/till/v1/customers/anna/offers?store=S2", foreign)).Status);
        Assert.Equal((401, "key-malformed"), await Close(host, ours[..^1] + (ours[^1] == 'a' ? 'b' : 'a')));
        Assert.Equal((401, "key-malformed"), await Close(host, "volna_"));
        Assert.Equal((401, "key-unknown"), await Close(host, AccessKey.NewSecret()));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_within_a_second()
    {
        await using var host = await Start(new HostOptions(0));
        var secret = Add(AccessUses.Till);
        await Eventually(async () => (await Close(host, secret)).Status == 200);
        new AccessKeyStore(_state, TimeProvider.System).Expire(AccessKey.HashOf(secret)[..8], DateTimeOffset.UtcNow);
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        Assert.Equal((401, "key-expired"), await Close(host, secret));
    }

    [Fact]
    public async Task Too_many_calls_are_told_when_to_come_again()
    {
        await using var host = await Start(new HostOptions(0));
        var secret = Add(AccessUses.Till, 5);
        using var client = Client(secret);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
        {
            using var answer = await client.GetAsync(Address(host, "/till/v1/refusals"), TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.Equal(1, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        }

        Assert.True(statuses.Count(status => status == HttpStatusCode.OK) is >= 5 and < 40, string.Join(' ', statuses));
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
    }

    [Fact]
    public async Task The_verbs_show_a_key_once_and_list_rotate_and_revoke_it()
    {
        var made = await Run("key", "create", "--name", "tills of S1", "--for", "till", "--store", "S1", "--days", "30", "--json");
        var secret = made.GetProperty("key").GetString()!;
        Assert.True(AccessKey.IsWellFormed(secret));
        var id = made.GetProperty("id").GetString()!;
        var (_, dry, _) = await VolnaProcess.Run(_root, "key", "create", "--name", "x", "--for", "app", "--dry-run", "--data", _root);
        Assert.Empty(dry);
        var (_, list, _) = await VolnaProcess.Run(_root, "key", "list", "--data", _root);
        Assert.Contains(id, list, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, list, StringComparison.Ordinal);

        var successor = await Run("key", "rotate", id, "--overlap-days", "1", "--json");
        Assert.NotEqual(secret, successor.GetProperty("key").GetString());
        Assert.Equal("S1", Assert.Single(successor.GetProperty("stores").EnumerateArray()).GetString());
        await Run("key", "revoke", id, "--json");
        var valid = (await Run("key", "list", "--json")).EnumerateArray().Where(key => key.GetProperty("valid").GetBoolean()).ToList();
        Assert.Equal(successor.GetProperty("id").GetString(), Assert.Single(valid).GetProperty("id").GetString());
        var (again, _, why) = await VolnaProcess.Run(_root, "key", "rotate", id, "--data", _root);
        Assert.Equal(Verb.Refused, again);
        Assert.Contains(id, why, StringComparison.Ordinal);
    }

    async Task<JsonElement> Run(params string[] arguments)
    {
        var (exitCode, data, remarks) = await VolnaProcess.Run(_root, [.. arguments, "--data", _root]);
        Assert.True(exitCode == 0, remarks);
        return JsonDocument.Parse(data).RootElement;
    }

    string Add(AccessUses uses, params string[] stores) => Add(uses, 100_000, stores);

    string Add(AccessUses uses, int callsPerSecond, params string[] stores)
    {
        var secret = AccessKey.NewSecret();
        new AccessKeyStore(_state, TimeProvider.System).Add(AccessKey.Of(secret, "test", uses, [.. stores], callsPerSecond, DateTimeOffset.UtcNow, null));
        return secret;
    }

    async Task<WebApplication> Start(HostOptions options)
    {
        var host = Host.Build(Folder, _state, options, TimeProvider.System);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    static Uri Address(WebApplication host, string path) => new($"http://127.0.0.1:{new Uri(host.Urls.First()).Port}{path}");

    static HttpClient Client(string? secret)
    {
        var client = new HttpClient();
        if (secret is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }

    static Task<(int Status, string? Code)> Close(WebApplication host, string? secret) => Post(host, "/till/v1/receipts/close", Receipt, secret);

    static async Task<(int Status, string? Code)> Post(WebApplication host, string path, string json, string? secret)
    {
        using var client = Client(secret);
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await Told(await client.PostAsync(Address(host, path), body, TestContext.Current.CancellationToken));
    }

    static async Task<(int Status, string? Code)> Get(WebApplication host, string path, string? secret)
    {
        using var client = Client(secret);
        return await Told(await client.GetAsync(Address(host, path), TestContext.Current.CancellationToken));
    }

    static async Task<(int Status, string? Code)> Told(HttpResponseMessage answer)
    {
        using (answer)
        {
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        }
    }

    static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var left = 50; left > 0 && !await holds(); left--) await Task.Delay(100, TestContext.Current.CancellationToken);
    }
}
