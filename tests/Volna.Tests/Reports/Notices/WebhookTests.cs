using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Volna.Reports.Notices;

namespace Volna.Tests.Reports.Notices;

public sealed class WebhookTests : IDisposable
{
    static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    static Notice Notice(DateTimeOffset at) => new(
        Volna.Reports.Notices.Notice.IdOf("corridor.breached", "w", "turnover"), "corridor.breached", at, "w", new Text("Wave w", "Волна w"), new Text("Turnover is low.", "Оборот мал."), """{"wave":"w","text":"Оборот мал."}""");

    // The specification's own example, and the same by Python's hmac.
    [Fact]
    public void The_signature_is_that_of_the_specification()
    {
        var headers = Webhook.Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1_614_265_330), """{"test": 2432232314}""", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal(
            [("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"), ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")], headers);
    }

    [Fact]
    public async Task A_receiver_that_fails_first_gets_it_again_with_the_same_id_and_a_fresh_signature()
    {
        using var receiver = new Receiver();
        receiver.Answers.Enqueue(500);
        receiver.Answers.Enqueue(204);
        var clock = new SetClock(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero));
        var notices = new NoticeStore(_shop.State);
        var secret = notices.AddTarget(receiver.Address)!;
        Assert.Equal(secret, notices.AddTarget(receiver.Address));
        notices.AddTarget("ops@example.org");
        var notice = Notice(clock.GetUtcNow());
        Assert.True(notices.Add(notice));
        Assert.False(notices.Add(notice));

        using var http = new HttpClient();
        Assert.Equal((1, 1), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        Assert.Equal((0, 0), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        clock.Now += Webhook.Waits[0];
        Assert.Equal((1, 0), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        clock.Now += TimeSpan.FromDays(3);
        Assert.Equal((0, 0), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));

        var calls = receiver.Calls;
        Assert.Equal(2, calls.Count);
        Assert.Equal(calls[0].Id, calls[1].Id);
        Assert.NotEqual(calls[0].Timestamp, calls[1].Timestamp);
        foreach (var (id, timestamp, signature, body) in calls)
        {
            // As a receiver checks it.
            var expected = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
            Assert.Equal("v1," + Convert.ToBase64String(expected), signature);
            using var json = JsonDocument.Parse(body);
            Assert.Equal(("corridor.breached", "w"), (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("data").GetProperty("wave").GetString()));
        }

        var letter = Assert.Single(Directory.GetFiles(Path.Combine(_shop.Data.Outbox, "notices")));
        Assert.Contains("To: ops@example.org", await File.ReadAllTextAsync(letter, Stop), StringComparison.Ordinal);
        Assert.All(notices.Deliveries(notice.Id), delivery => Assert.True(delivery.Delivered));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_given_up_after_the_last_attempt_and_holds_nobody_up()
    {
        var clock = new SetClock(new DateTimeOffset(2026, 11, 27, 9, 0, 0, TimeSpan.Zero));
        var notices = new NoticeStore(_shop.State);
        using (var gone = new Receiver()) notices.AddTarget(gone.Address);
        notices.AddTarget("ops@example.org");
        notices.Add(Notice(clock.GetUtcNow()));
        using var http = new HttpClient();
        Assert.Equal((1, 1), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        for (var attempt = 0; attempt < Webhook.Waits.Count; attempt++)
        {
            clock.Now += Webhook.Waits[attempt];
            Assert.Equal((0, 1), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        }

        clock.Now += TimeSpan.FromDays(30);
        Assert.Equal((0, 0), await DeliverNoticesJob.Deliver(_shop.Data, _shop.State, http, clock, Stop));
        var delivery = notices.Deliveries(notices.List(1)[0].Id).Single(one => one.Address != "ops@example.org");
        Assert.Equal((1 + Webhook.Waits.Count, false, false), (delivery.Attempts, delivery.Delivered, delivery.Waits));
        Assert.NotEmpty(delivery.Failure);
    }

    [Theory]
    [InlineData("ops")]
    [InlineData("ftp://example.org")]
    [InlineData("javascript:alert(1)")]
    public void What_is_neither_mail_nor_web_is_refused(string address) =>
        Assert.Equal("notice-address", Assert.Throws<BadInputException>(() => new NoticeStore(_shop.State).AddTarget(address)).Code);

    /// <summary>A real receiver on a port of its own.</summary>
    sealed class Receiver : IDisposable
    {
        readonly HttpListener _listener = new();
        readonly List<(string Id, string Timestamp, string Signature, string Body)> _calls = [];

        public Receiver()
        {
            // A free port can be taken by another between being found and being used.
            for (var attempt = 0; ; attempt++)
            {
                using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
                {
                    probe.Start();
                    Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/hook/");
                }

                try
                {
                    _listener.Prefixes.Clear();
                    _listener.Prefixes.Add(Address);
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException) when (attempt < 5)
                {
                    continue;
                }
            }

            _ = Listen();
        }

        public string Address { get; private set; }

        public Queue<int> Answers { get; } = new();

        public IReadOnlyList<(string Id, string Timestamp, string Signature, string Body)> Calls => _calls;

        async Task Listen()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext call;
                try
                {
                    call = await _listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using (var body = new StreamReader(call.Request.InputStream, Encoding.UTF8))
                    _calls.Add((call.Request.Headers["webhook-id"]!, call.Request.Headers["webhook-timestamp"]!, call.Request.Headers["webhook-signature"]!, await body.ReadToEndAsync()));
                call.Response.StatusCode = Answers.Dequeue();
                call.Response.Close();
            }
        }

        public void Dispose() => _listener.Close();
    }
}
