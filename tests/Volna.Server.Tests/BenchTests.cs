using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Volna.Server.Bench;

namespace Volna.Server.Tests;

/// <summary>What measures and checks the till is checked itself: it must see what is wrong.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task The_tills_bench_tells_every_figure_of_a_till_that_loses_and_doubles_nothing()
    {
        if (TemporaryPostgres.Programs is null) Assert.Skip("skipped: no PostgreSQL");
        var folder = Directory.CreateTempSubdirectory("volna-bench-test-").FullName;
        var (exitCode, data, remarks) = await VolnaProcess.Run(folder, "bench", "till", "--offers", "50000", "--seconds", "1", "--connections", "8", "--postgres", "--json");
        Directory.Delete(folder, recursive: true);
        Assert.True(exitCode == Verb.Done, $"{remarks}{data}");
        var figures = JsonDocument.Parse(data).RootElement;
        foreach (var figure in (string[])["publishSeconds", "bytesPerOffer", "restartSeconds", "lookupsPerSecond", "lookupP99Ms", "redemptionsPerSecond", "redemptionP99Ms", "postgresRedemptionsPerSecond"])
            Assert.True(figures.GetProperty(figure).GetDouble() > 0, $"{figure}: {data}");
        Assert.Equal((0, 0), (figures.GetProperty("lost").GetInt32(), figures.GetProperty("doubled").GetInt32()));
        Assert.True(figures.GetProperty("remarks").GetProperty("rawPostgresRedemptionsPerSecond").GetInt64() > 0, data);
    }

    [Fact]
    public void A_histogram_tells_shares_within_its_bucket()
    {
        var histogram = new Histogram();
        for (var milliseconds = 1; milliseconds <= 1_000; milliseconds++) histogram.Add(milliseconds * Stopwatch.Frequency / 1_000);
        foreach (var (share, expected) in ((double, double)[])[(0.001, 1), (0.5, 500), (0.99, 990), (1, 1_000)])
            Assert.InRange(histogram.Milliseconds(share), expected * 0.999, expected * 1.04);
        Assert.Equal(0, new Histogram().Milliseconds(0.99));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbod", false, 200, "")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", true, 200, "body")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", false, 0, "")]
    [InlineData("HTTP/1.1 422 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", false, 422, "")]
    [InlineData("HTTP/1.1 422 No\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", true, 422, "4\r\nbody\r\n0\r\n\r\n")]
    public void An_answer_counts_once_it_is_whole(string answer, bool isWhole, int status, string body)
    {
        Assert.Equal(isWhole, HttpLoad.Parse(Encoding.ASCII.GetBytes(answer), out var found, out var rest));
        Assert.Equal(status, found);
        if (isWhole) Assert.Equal(body, Encoding.ASCII.GetString(rest));
    }

    [Fact]
    public async Task Answers_that_change_are_counted_as_lost()
    {
        var (acknowledged, lost, doubled) = await Check((number, isRepeat) => $$"""{"id":"{{number}}","lines":[{"offer":null}],"repeat":{{(isRepeat ? 1 : 0)}}}""");
        Assert.Equal((acknowledged, 0L), (lost, doubled));
    }

    [Fact]
    public async Task Receipts_that_were_forgotten_are_counted_as_lost_though_their_repeat_gets_the_same_answer()
    {
        var (acknowledged, lost, doubled) = await Check((number, _) => $$"""{"id":"{{number}}","lines":[]}""", otherStatus: 200);
        Assert.Equal((acknowledged, 0L), (lost, doubled));
    }

    [Fact]
    public async Task An_offer_that_two_receipts_were_told_is_theirs_is_counted_as_doubled()
    {
        var (acknowledged, lost, doubled) = await Check((number, _) => $$"""{"id":"{{number}}","lines":[{"offer":"THE SAME"}]}""");
        Assert.Equal((0L, acknowledged - 1), (lost, doubled));
        (_, lost, doubled) = await Check((number, _) => $$"""{"id":"{{number}}","lines":[{"offer":"OF {{number}}"}]}""");
        Assert.Equal((0L, 0L), (lost, doubled));
    }

    /// <summary>Some receipts acknowledged by a made-up server, then asked for again.</summary>
    static async Task<(long Acknowledged, long Lost, long Doubled)> Check(Func<string, bool, string> answer, int otherStatus = 422)
    {
        var isRepeat = false;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.MapGet("/{number}", async (HttpContext context, string number) =>
        {
            var body = Encoding.UTF8.GetBytes(answer(number, isRepeat));
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        app.MapGet("/other/{number}", (string number) => Results.StatusCode(otherStatus));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var load = new HttpLoad(new IPEndPoint(IPAddress.Loopback, new Uri(app.Urls.First()).Port), 3);
        var journal = new AnswerJournal();
        load.Run(Write, TimeSpan.FromMilliseconds(100), see: journal.See, stop: TestContext.Current.CancellationToken);
        Assert.True(journal.Acknowledged > 2);
        isRepeat = true;
        var (lost, doubled) = journal.Check(load, Write, WriteOther, TestContext.Current.CancellationToken);
        return (journal.Acknowledged, lost, doubled);

        static int Write(long number, Span<byte> request) =>
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET /{number} HTTP/1.1\r\nHost: localhost\r\n\r\n"), request);

        static int WriteOther(long number, Span<byte> request) =>
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET /other/{number} HTTP/1.1\r\nHost: localhost\r\n\r\n"), request);
    }
}
