using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions.Offline;

public sealed class OfflineEndpointsTests
{
    [Fact]
    public async Task A_store_gets_its_pack_sells_sends_and_settles_over_http()
    {
        var stop = TestContext.Current.CancellationToken;
        using var world = new OfflineShop();
        world.AddStores(1);
        world.Shop.AddProduct(1, "milk");
        world.AddCustomer(1, "anna", 1);
        world.AddWave(""" "offline": { "mode": "packs" } """, (1, "anna", [Shop.Offer(1, 0, 1, 20)]));
        using var till = world.Shop.OpenTill(world.Clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(world.Clock);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapTill(till, world.Shop.State);
        await app.StartAsync(stop);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, byte[] body)
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await client.PostAsync(new Uri($"till/v1/offline/{path}", UriKind.Relative), content, stop);
            return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(stop)).RootElement);
        }

        using var answer = await client.GetAsync(new Uri("till/v1/stores/S1/pack", UriKind.Relative), stop);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "till/v1/stores/S1/pack") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("till/v1/stores/S9/pack", UriKind.Relative), stop)).StatusCode);

        using var store = world.OpenStore("S1");
        store.Take(await answer.Content.ReadAsByteArrayAsync(stop));
        till.Close(OfflineShop.Receipt("r1", "S1", "anna", Shop.Now, ("milk", 1, 100_00)));
        store.Close(OfflineShop.Receipt("r2", "S1", "anna", Shop.Now, ("milk", 1, 100_00)));
        var upload = store.Seal()[0];
        var (early, problem) = await Post("settle", store.Settlement());
        Assert.Equal((HttpStatusCode.Conflict, "lease-incomplete"), (early, problem.GetProperty("code").GetString()));
        var (_, first) = await Post("upload", upload);
        Assert.Equal(("r2", "closed", 1), (first.GetProperty("receipts")[0].GetProperty("id").GetString(), first.GetProperty("receipts")[0].GetProperty("state").GetString(), first.GetProperty("receipts")[0].GetProperty("extraUses").GetArrayLength()));
        Assert.Equal(first.GetRawText(), (await Post("upload", upload)).Body.GetRawText());
        Assert.Equal(HttpStatusCode.OK, (await Post("settle", store.Settlement())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("upload", "[]"u8.ToArray())).Status);

        var report = JsonDocument.Parse(await client.GetStringAsync(new Uri("till/v1/offline?wave=w", UriKind.Relative), stop)).RootElement;
        Assert.Equal(("r2", "r1"), (report.GetProperty("extraUses")[0].GetProperty("receipt").GetString(), report.GetProperty("extraUses")[0].GetProperty("firstReceipt").GetString()));
        Assert.Equal(0, report.GetProperty("openLeases").GetArrayLength());
    }
}
