using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Volna.Server.Bench;

/// <summary>
/// Asks a server over many kept connections from one thread. Made to cost little beside the server: no HTTP library, no tasks, one buffer a
/// connection; requests are written in place and answers are read only as far as needed.
///
/// Without a rate each connection asks again once it is answered (a closed loop). With a rate, calls have moments at which they are due, and a
/// latency counts from there: a server that halts makes all calls that came due meanwhile late, as real tills would see it (no "coordinated
/// omission").
/// </summary>
sealed class HttpLoad : IDisposable
{
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    readonly Connection[] _connections;
    readonly Dictionary<Socket, Connection> _bySocket = [];

    public HttpLoad(IPEndPoint server, int connections)
    {
        _connections = new Connection[connections];
        for (var i = 0; i < connections; i++)
        {
            var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(server);
            socket.Blocking = false;
            _bySocket[socket] = _connections[i] = new Connection(socket);
        }
    }

    /// <summary>Writes a whole HTTP request and returns its length.</summary>
    public delegate int Write(long number, Span<byte> request);

    /// <summary>Sees an answer; the body lives no longer than the call.</summary>
    public delegate void See(long number, int status, ReadOnlySpan<byte> body);

    /// <summary>A run's outcome.</summary>
    /// <param name="Latency">Of the accepted, from the moment at which they were due.</param>
    /// <param name="Service">Of the accepted, from the moment at which they were sent.</param>
    /// <param name="Unanswered">Numbers of the requests whose connection broke before an answer came.</param>
    public sealed record Outcome(long Done, long Refused, long Failed, double Seconds, Histogram Latency, Histogram Service, IReadOnlyList<long> Unanswered)
    {
        public double PerSecond => Done / Seconds;
    }

    sealed class Connection(Socket socket)
    {
        public Socket Socket { get; } = socket;

        public byte[] Sent { get; } = new byte[16_384];

        public byte[] Received { get; } = new byte[65_536];

        public int ReceivedLength { get; set; }

        public long Number { get; set; }

        public long Due { get; set; }

        public long SentAt { get; set; }

        public long RestsUntil { get; set; }

        public bool IsBusy { get; set; }

        public bool IsBroken { get; set; }
    }

    /// <param name="first">Number of the first request.</param>
    /// <param name="perSecond">How many come due a second; null for as many as are answered.</param>
    /// <param name="rest">How long a connection that was refused isn't used.</param>
    /// <exception cref="BadInputException">The server is gone; only where <paramref name="brokenIsFine"/> isn't set.</exception>
    public Outcome Run(Write write, TimeSpan time, long first = 0, double? perSecond = null, See? see = null, bool brokenIsFine = false, TimeSpan rest = default, CancellationToken stop = default)
    {
        var (latency, service) = (new Histogram(), new Histogram());
        var unanswered = new List<long>();
        long done = 0, refused = 0, failed = 0, next = first;
        var ready = new List<Socket>(_connections.Length);
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var between = perSecond is { } rate ? Stopwatch.Frequency / rate : 0;
        long Due(long number) => start + (long)((number - first) * between);

        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var now = Stopwatch.GetTimestamp();
            var working = 0;
            ready.Clear();
            foreach (var connection in _connections)
            {
                if (connection.IsBroken) continue;
                working++;
                if (!connection.IsBusy && connection.RestsUntil <= now && now < end && (perSecond is null || Due(next) <= now))
                {
                    Send(connection, write, next, perSecond is null ? now : Due(next));
                    next++;
                }

                if (connection.IsBusy) ready.Add(connection.Socket);
            }

            if (working == 0 || (now >= end && ready.Count == 0)) break;
            if (now > end + (LongestAnswer.TotalSeconds * Stopwatch.Frequency))
            {
                foreach (var connection in _connections.Where(connection => connection.IsBusy)) Broke(connection);
                break;
            }

            // A wait has whole milliseconds; what comes due earlier is waited for by looking again.
            if (ready.Count == 0) continue;
            Socket.Select(ready, null, null, perSecond is null || now >= end || ready.Count == working ? 1_000 : 0);
            foreach (var socket in ready)
            {
                var connection = _bySocket[socket];
                if (!Receive(connection, out var status, out var body)) continue;
                connection.IsBusy = false;
                var answeredAt = Stopwatch.GetTimestamp();
                if (status is 200)
                {
                    done++;
                    latency.Add(answeredAt - connection.Due);
                    service.Add(answeredAt - connection.SentAt);
                }
                else if (status is 429 or 503)
                {
                    refused++;
                    connection.RestsUntil = answeredAt + (long)(rest.TotalSeconds * Stopwatch.Frequency);
                }
                else failed++;
                see?.Invoke(connection.Number, status, body);

                // At once, without a turn for the others: the server shall not wait for us.
                if (perSecond is not null || answeredAt >= end || connection.RestsUntil > answeredAt) continue;
                Send(connection, write, next, answeredAt);
                next++;
            }
        }

        // What came due and wasn't even sent is at least so late.
        if (perSecond is not null)
            for (; Due(next) < end; next++)
                latency.Add(Math.Max(0, end - Due(next)));
        return new Outcome(done, refused, failed, Stopwatch.GetElapsedTime(start).TotalSeconds, latency, service, unanswered);

        void Send(Connection connection, Write write, long number, long due)
        {
            var length = write(number, connection.Sent);
            connection.Number = number;
            connection.Due = due;
            connection.SentAt = Stopwatch.GetTimestamp();
            connection.IsBusy = true;
            connection.ReceivedLength = 0;
            var sent = connection.Socket.Send(connection.Sent.AsSpan(0, length), SocketFlags.None, out var error);
            if (error != SocketError.Success || sent != length) Broke(connection);
        }

        bool Receive(Connection connection, out int status, out ReadOnlySpan<byte> body)
        {
            status = 0;
            body = default;
            var received = connection.Socket.Receive(connection.Received.AsSpan(connection.ReceivedLength), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return false;
            if (error != SocketError.Success || received == 0)
            {
                Broke(connection);
                return false;
            }

            connection.ReceivedLength += received;
            return Parse(connection.Received.AsSpan(0, connection.ReceivedLength), out status, out body);
        }

        void Broke(Connection connection)
        {
            unanswered.Add(connection.Number);
            connection.IsBroken = true;
            connection.IsBusy = false;
            if (!brokenIsFine)
                throw new BadInputException("bench-broken", new Text(
                    $"the server closed a connection, or didn't answer request {connection.Number} within {LongestAnswer.TotalSeconds} s after the end; what it said stands above.",
                    $"сервер закрыл соединение или не ответил на запрос {connection.Number} за {LongestAnswer.TotalSeconds} с после конца измерения; что он сообщил, указано выше."));
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Socket.Dispose();
    }

    /// <summary>False as long as a part of the answer is missing.</summary>
    internal static bool Parse(ReadOnlySpan<byte> answer, out int status, out ReadOnlySpan<byte> body)
    {
        status = 0;
        body = default;
        var headLength = answer.IndexOf("\r\n\r\n"u8);
        if (headLength < 0) return false;
        var head = answer[..headLength];
        status = Number(head[9..]);
        body = answer[(headLength + 4)..];
        var place = head.IndexOf("Content-Length: "u8);
        if (place >= 0)
        {
            var length = Number(head[(place + 16)..]);
            if (body.Length < length) return false;
            body = body[..length];
            return true;
        }

        // Without a length it comes in chunks, which only refusals do; nobody reads those.
        return head.IndexOf("chunked"u8) < 0 || body.EndsWith("0\r\n\r\n"u8);
    }

    static int Number(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out int number, out _) ? number : throw new IOException("The server's answer isn't HTTP.");
}
