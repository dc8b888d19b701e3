using System.Net;
using System.Text.Json;

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
        await using var served = await ServedTill.Start(world.Shop, world.Clock);
        var (client, till) = (served.Client, served.Till);
        async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, byte[] body) => await served.Post($"offline/{path}", body) is var (status, answer) ? ((HttpStatusCode)status, answer) : default;

        using var answer = await client.GetAsync(new Uri("/till/v1/stores/S1/pack", UriKind.Relative), stop);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/till/v1/stores/S1/pack") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again, stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("/till/v1/stores/S9/pack", UriKind.Relative), stop)).StatusCode);

        using var store = world.OpenStore("S1");
        store.Take(await answer.Content.ReadAsByteArrayAsync(stop));
        till.Close(OfflineShop.Receipt("r1", "S1", "anna", Shop.Now, ("milk", 1, 100_00)));
        store.Close(OfflineShop.Receipt("r2", "S1", "anna", Shop.Now, ("milk", 1, 100_00)));
        var upload = store.Leases[0].Seal()[0];
        var (early, problem) = await Post("settle", store.Leases[0].Settlement());
        Assert.Equal((HttpStatusCode.Conflict, "lease-incomplete"), (early, problem.GetProperty("code").GetString()));
        var (_, first) = await Post("upload", upload);
        Assert.Equal(("r2", "closed", 1), (first.GetProperty("receipts")[0].GetProperty("id").GetString(), first.GetProperty("receipts")[0].GetProperty("state").GetString(), first.GetProperty("receipts")[0].GetProperty("extraUses").GetArrayLength()));
        Assert.Equal(first.GetRawText(), (await Post("upload", upload)).Body.GetRawText());
        Assert.Equal(HttpStatusCode.OK, (await Post("settle", store.Leases[0].Settlement())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("upload", "[]"u8.ToArray())).Status);

        var report = JsonDocument.Parse(await client.GetStringAsync(new Uri("/till/v1/offline?wave=w", UriKind.Relative), stop)).RootElement;
        Assert.Equal(("r2", "r1"), (report.GetProperty("extraUses")[0].GetProperty("receipt").GetString(), report.GetProperty("extraUses")[0].GetProperty("firstReceipt").GetString()));
        Assert.Equal(0, report.GetProperty("openLeases").GetArrayLength());
    }
}
