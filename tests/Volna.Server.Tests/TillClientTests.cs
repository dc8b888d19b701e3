using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Volna.Samples;

namespace Volna.Server.Tests;

/// <summary>The sample till against servers that misbehave: whatever they do, each receipt is sold within the budget, and why without offers is named.</summary>
public sealed class TillClientTests : IDisposable
{
    // Of a machine that runs other tests; the budget itself is the client's own timer.
    static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(700);

    readonly string _folder = Directory.CreateTempSubdirectory("volna-till-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("drip", Fallback.TooSlow)]
    [InlineData("silence", Fallback.TooSlow)]
    [InlineData("reset", Fallback.NotReachable)]
    [InlineData("503", Fallback.Unavailable)]
    [InlineData("garbage", Fallback.Unavailable)]
    [InlineData("401", Fallback.Refused)]
    [InlineData("nobody", Fallback.NotReachable)]
    public async Task Every_receipt_is_sold_within_the_budget_and_the_fallback_is_named(string behaviour, Fallback expected)
    {
        using var server = new MisbehavingServer { Behaviour = "200" };
        using var till = Client(server);
        await till.PriceAsync(Receipt(0));
        server.Behaviour = behaviour;
        if (behaviour == "nobody") server.Dispose();
        var fallbacks = new System.Collections.Concurrent.ConcurrentBag<Fallback>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            var receipt = Receipt(number);
            var watch = Stopwatch.StartNew();
            var priced = await till.PriceAsync(receipt);
            Assert.True(await till.CloseAsync(receipt, priced));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TillClient.Budget + Slack);
            Assert.Equal((12_345L, 0L), (priced.TotalMinor, priced.DiscountMinor));
            Assert.NotEmpty(priced.Why);
            fallbacks.Add(priced.Fallback);
        }));

        // On a machine that is busy with other tests any answer may come too late.
        Assert.All(fallbacks, fallback => Assert.True(fallback == expected || fallback == Fallback.TooSlow, $"{fallback}"));
        Assert.Contains(expected, fallbacks);
        Assert.Equal(0, till.Waiting);
    }

    [Fact]
    public async Task A_paid_receipt_whose_close_wasnt_answered_is_closed_later_with_the_same_content_even_after_a_restart()
    {
        using var server = new MisbehavingServer { Behaviour = "200" };
        using (var till = Client(server))
        {
            // A machine busy with other tests may take longer than a till waits.
            var priced = await till.PriceAsync(Receipt(1));
            for (var left = 50; priced.Fallback == Fallback.TooSlow && left > 0; left--) priced = await till.PriceAsync(Receipt(1));
            Assert.Equal((Fallback.None, 9_000L, 3_345L), (priced.Fallback, priced.TotalMinor, priced.DiscountMinor));
            server.Behaviour = "silence";
            Assert.False(await till.CloseAsync(Receipt(1), priced));
            await till.ReplayAsync();
            Assert.Equal(1, till.Waiting);
        }

        // The power went off while a line was written.
        await File.AppendAllTextAsync(Path.Combine(_folder, "journal"), """{"receipt":{"id":"torn""", TestContext.Current.CancellationToken);
        server.Behaviour = "200";
        server.Asked.Clear();
        using (var till = Client(server))
        {
            Assert.Equal(1, till.Waiting);
            for (var left = 50; till.Waiting > 0 && left > 0; left--) await till.ReplayAsync();
            Assert.Equal(0, till.Waiting);
        }

        var asked = Assert.Single(server.Asked.Distinct());
        Assert.Contains("/till/v1/receipts/close", asked, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"r1\"", asked, StringComparison.Ordinal);
        Assert.Contains("\"replay\":true", asked, StringComparison.Ordinal);
        using (var till = Client(server)) Assert.Equal(0, till.Waiting);
    }

    [Fact]
    public async Task A_close_that_is_refused_is_named_and_holds_up_no_other()
    {
        using var server = new MisbehavingServer { Behaviour = "200" };
        using var till = Client(server);
        var priced = new Priced(9_000, 3_345, Fallback.None, "");
        server.Behaviour = "silence";
        for (var number = 1; number <= 3; number++) Assert.False(await till.CloseAsync(Receipt(number), priced));
        server.Behaviour = "r1 refused";
        for (var left = 50; till.Waiting > 1 && left > 0; left--) await till.ReplayAsync();
        Assert.Equal(1, till.Waiting);
        for (var left = 50; till.Refused.Count == 0 && left > 0; left--) await till.ReplayAsync();
        Assert.StartsWith("422", Assert.Single(till.Refused, refused => refused.Key == "r1").Value, StringComparison.Ordinal);
        // What was wrong is put right.
        server.Behaviour = "200";
        for (var left = 50; till.Waiting > 0 && left > 0; left--) await till.ReplayAsync();
        Assert.Empty(till.Refused);
    }

    TillClient Client(MisbehavingServer server) => new(server.Address, "volna_secret", Path.Combine(_folder, "journal"));

    static Receipt Receipt(int number) => new($"r{number}", "S1", "anna", new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero), [new Line("1", "milk", 1, 12_345)]);

    /// <summary>Reads requests and answers them as badly as it is told.</summary>
    sealed class MisbehavingServer : IDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource _stop = new();
        bool _disposed;

        public MisbehavingServer()
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
            _ = Task.Run(async () =>
            {
                while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
            });
        }

        public Uri Address { get; }

        public string Behaviour { get; set; } = "";

        public System.Collections.Concurrent.ConcurrentBag<string> Asked { get; } = [];

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            _stop.Cancel();
            _listener.Dispose();
            _stop.Dispose();
        }

        async Task Serve(TcpClient connection)
        {
            using (connection)
            {
                var stream = connection.GetStream();
                var buffer = new byte[16_384];
                while (true)
                {
                    var request = "";
                    while (!IsWhole(request))
                    {
                        var read = await stream.ReadAsync(buffer, _stop.Token);
                        if (read == 0) return;
                        request += Encoding.UTF8.GetString(buffer, 0, read);
                    }

                    Asked.Add(request);
                    var answer = Behaviour switch
                    {
                        "200" => Http("200 OK", """{"id":"r1","totalMinor":9000,"discountMinor":3345,"lines":[]}"""),
                        "r1 refused" when request.Contains("\"id\":\"r1\"", StringComparison.Ordinal) => Http("422 Unprocessable Entity", "{}"),
                        "r1 refused" => Http("200 OK", """{"id":"r1","totalMinor":9000,"discountMinor":3345,"lines":[]}"""),
                        "503" => Http("503 Service Unavailable", "{}"),
                        "401" => Http("401 Unauthorized", "{}"),
                        "garbage" => Http("200 OK", "<html>"),
                        "drip" => Http("200 OK", """{"id":"r1","totalMinor":9000,"discountMinor":3345,"lines":[]}"""),
                        _ => "",
                    };
                    if (Behaviour == "reset")
                    {
                        connection.Client.LingerState = new LingerOption(true, 0);
                        return;
                    }

                    if (Behaviour == "silence") await Task.Delay(Timeout.Infinite, _stop.Token);
                    foreach (var piece in Behaviour == "drip" ? answer.Select(one => $"{one}") : [answer])
                    {
                        await stream.WriteAsync(Encoding.UTF8.GetBytes(piece), _stop.Token);
                        if (Behaviour == "drip") await Task.Delay(50, _stop.Token);
                    }
                }
            }
        }

        // A body may come in chunks; either way it ends so.
        static bool IsWhole(string request) => request.Contains("\r\n\r\n", StringComparison.Ordinal) && (request.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || request.EndsWith('}'));

        static string Http(string status, string body) => $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
