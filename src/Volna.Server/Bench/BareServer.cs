using System.Buffers.Text;
using System.Net;

namespace Volna.Server.Bench;

/// <summary>
/// What the web server itself gives, as a measure for the till: the till's look-ups answered by nothing but an array of made-up offers. No keys, no
/// rights, no bounds on anything.
/// </summary>
static class BareServer
{
    public static async Task RunAsync(int customers, TextWriter data, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        var offers = new uint[customers * BenchShop.OffersEach];
        for (var i = 0; i < offers.Length; i++) offers[i] = (uint)BenchShop.Product(i / BenchShop.OffersEach, i % BenchShop.OffersEach);
        ((IApplicationBuilder)app).Run(context =>
        {
            _ = Utf8Parser.TryParse(System.Text.Encoding.ASCII.GetBytes(context.Request.Path.Value!["/till/v1/customers/".Length..^"/offers".Length]), out long key, out _);
            var writer = context.Response.BodyWriter;
            var span = writer.GetSpan(1_024);
            var length = 0;
            foreach (var product in offers.AsSpan((int)((key - BenchShop.FirstKey) % customers) * BenchShop.OffersEach, BenchShop.OffersEach))
            {
                span[length] = length == 0 ? (byte)'[' : (byte)',';
                length++;
                "{\"product\":"u8.CopyTo(span[length..]);
                length += "{\"product\":"u8.Length;
                _ = Utf8Formatter.TryFormat(product, span[length..], out var digits);
                length += digits;
                span[length++] = (byte)'}';
            }

            span[length++] = (byte)']';
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = length;
            writer.Advance(length);
            return Task.CompletedTask;
        });
        await app.StartAsync(stop);
        data.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync(stop);
    }
}
