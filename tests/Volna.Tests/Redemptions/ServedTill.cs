using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

/// <summary>A shop's till over a real Kestrel on a free port, by a clock that the test sets.</summary>
sealed class ServedTill : IAsyncDisposable
{
    readonly WebApplication _app;

    ServedTill(Till till, WebApplication app, HttpClient client) => (Till, _app, Client) = (till, app, client);

    public Till Till { get; }

    public HttpClient Client { get; }

    public static async Task<ServedTill> Start(Shop shop, SetClock clock)
    {
        var till = shop.OpenTill(clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseShortWays(till);
        app.MapTill(till, shop.State);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ServedTill(till, app, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });
    }

    public Task<(int Status, JsonElement Body)> Post(string path, string json, string language = "en", string? key = null) => Post(path, Encoding.UTF8.GetBytes(json), language, key);

    /// <param name="path">Below <c>/till/v1</c>.</param>
    public async Task<(int Status, JsonElement Body)> Post(string path, byte[] json, string language = "en", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/till/v1/{path}") { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
    }

    public async Task<(int Status, JsonElement Body)> Get(string path)
    {
        using var response = await Client.GetAsync(new Uri($"/till/v1/{path}", UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Till.Dispose();
    }
}
