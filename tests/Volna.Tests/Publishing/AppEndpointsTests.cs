using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Volna.Publishing;

namespace Volna.Tests.Publishing;

public sealed class AppEndpointsTests
{
    [Fact]
    public async Task The_app_shows_live_offers_to_whom_they_belong_and_to_nobody_else()
    {
        using var shop = new Shop();
        shop.AddProduct(1, "milk", "Молоко");
        shop.AddCustomer(1, "anna", "Анна", language: Language.Russian);
        shop.AddCustomer(2, "boris");
        shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, 1, 20)]), (2, "boris", null));
        using var live = new LiveDayStore(shop.Data, shop.State, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapApp(shop.Data, shop.State, live, TimeProvider.System);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        async Task<(HttpStatusCode, string)> Get(string path)
        {
            using var response = await client.GetAsync(new Uri($"/app/v1/customers/{path}?time=2026-11-27T12:00:00%2B03:00", UriKind.Relative), TestContext.Current.CancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var (status, cards) = await Get("anna/offers");
        Assert.Equal(HttpStatusCode.OK, status);
        var card = Assert.Single(JsonDocument.Parse(cards).RootElement.EnumerateArray());
        Assert.Equal(("Молоко", 8_000), (card.GetProperty("offers")[0].GetProperty("name").GetString(), card.GetProperty("offers")[0].GetProperty("priceMinor").GetInt64()));
        Assert.Contains("Анна, 1 предложение для вас", (await Get("anna/offers.html")).Item2, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "[]"), await Get("boris/offers"));
    }
}
