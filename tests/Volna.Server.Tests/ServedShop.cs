using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Volna.Kernels;
using Volna.Offers.Pack;

namespace Volna.Server.Tests;

/// <summary>
/// A made-up shop taken through a wave by the program's own verbs, with its host on a free port. Receipts are known until the wave's first
/// day, so the wave can be published but not judged.
/// </summary>
public sealed class ServedShop : IAsyncLifetime
{
    public const string Wave = "2025-01-02";

    readonly string _root = Path.Combine(Path.GetTempPath(), "volna-served-" + Guid.NewGuid().ToString("N"));
    StateStore? _state;
    WebApplication? _host;

    public HttpClient Client { get; } = new(new HttpClientHandler { UseCookies = false });

    /// <summary>Key of a customer with offers.</summary>
    public string Treated { get; private set; } = "";

    public string HeldOut { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_root);
        var plan = Path.Combine(AppContext.BaseDirectory, "plan.json");
        await Run("simulate", "world", "--out", "files", "--customers", "300", "--products", "300", "--stores", "3", "--weeks", "30");
        await Run(["import", .. Directory.GetFiles(Path.Combine(_root, "files")).Order(StringComparer.Ordinal), "--data", "shop"]);
        await Run("learn", "--data", "shop");
        await Run("wave", "new", "--plan", plan, "--from", Wave, "--by", "Anna", "--data", "shop");
        await Run("wave", "generate", Wave, "--by", "Anna", "--data", "shop");
        await Run("wave", "approve", Wave, "--by", "Boris", "--data", "shop");
        await Run("wave", "publish", Wave, "--data", "shop");
        await Run("report", Wave, "--data", "shop");

        var folder = new DataFolder(Path.Combine(_root, "shop"));
        _state = StateStore.Open(folder);
        using (var pack = OfferPackStore.Open(folder, Wave))
            foreach (var number in Enumerable.Range(1, 300))
            {
                var key = $"C{number:0000000}";
                if (pack.Find(Hash64.Of(key)) is not (>= 0 and var place)) continue;
                if (pack.At(place).HeldOut) HeldOut = key;
                else if (pack.At(place).Offers > 0) Treated = key;
            }

        _host = Host.Build(folder, _state, new HostOptions(Port: 0), TimeProvider.System);
        await _host.StartAsync(TestContext.Current.CancellationToken);
        Client.BaseAddress = new Uri(_host.Urls.First());
    }

    public async Task<(HttpResponseMessage Answer, string Body)> Get(string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        var answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _state?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    async Task Run(params string[] arguments)
    {
        var (exitCode, data, remarks) = await VolnaProcess.Run(_root, arguments);
        Assert.True(exitCode == 0, $"volna {string.Join(' ', arguments)} ended with {exitCode}: {remarks}{data}");
    }
}
