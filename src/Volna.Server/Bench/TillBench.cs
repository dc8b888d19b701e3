using System.Diagnostics;
using static Volna.Server.Bench.TillFigures;

namespace Volna.Server.Bench;

/// <summary>What <c>volna bench till</c> finds; null where something wasn't asked for.</summary>
sealed record TillFigures(
    long Offers, double PublishSeconds, double BytesPerOffer, double RestartSeconds, long LookupsPerSecond, double LookupP99Ms,
    long RedemptionsPerSecond, double RedemptionP99Ms, long? PostgresRedemptionsPerSecond, long Lost, long Doubled, TillRemarks Remarks)
{
    public static double Rounded(double value) => Math.Round(value, 2);
}

/// <summary>
/// Figures beside the table: what helps to judge it. The bare server answers look-ups from an array and does nothing else; microseconds are of the
/// server's processor for each call. Publication is judged at half of the look-ups that the server can answer.
/// </summary>
sealed record TillRemarks(
    long KestrelLookupsPerSecond, double KestrelLookupMicroseconds, double LookupMicroseconds, double RedemptionMicroseconds, double LookupP99AtHalfMs, double LookupP99WhilePublishingMs,
    long Refused, long Failed, long ServerMemoryMiB, bool Pinned)
{
    /// <summary>How many times as many look-ups the bare server answers a second.</summary>
    public double KestrelToLookups { get; init; }

    /// <summary>Of the bare server at the same pace as the till's.</summary>
    public double KestrelLookupP99Ms { get; init; }

    /// <summary>Of the processor, a look-up to one of the bare server's.</summary>
    public double LookupToKestrelMicroseconds { get; init; }

    /// <summary>How many times as many look-ups the bare server answers as the till makes redemptions.</summary>
    public double KestrelToRedemptions { get; init; }

    public double LookupP99WhilePublishingToHalf { get; init; }

    /// <summary>Redemptions to those of PostgreSQL itself; null as that.</summary>
    public double? RedemptionsToRawPostgres { get; init; }

    /// <summary>Redemptions with the journal in PostgreSQL to those of PostgreSQL itself.</summary>
    public double? PostgresToRawPostgres { get; init; }

    /// <summary>PostgreSQL itself, one conditional update for each redemption; null where it wasn't asked for.</summary>
    public long? RawPostgresRedemptionsPerSecond { get; init; }

    /// <summary>Of the till whose journal is in PostgreSQL.</summary>
    public double? PostgresRedemptionP99Ms { get; init; }
}

/// <summary>Measures the till over HTTP: the real server on one processor, the tills on another.</summary>
static class TillBench
{
    /// <summary>At which the tail of look-ups is measured.</summary>
    public const int LookupsAtTailPerSecond = 20_000;

    /// <param name="say">Told of each step as it begins.</param>
    public static TillFigures Run(DataFolder folder, int offers, int connections, TimeSpan time, bool withPostgres, DateTimeOffset now, Action<Text> say, CancellationToken stop)
    {
        void Tell(string english, string russian) => say(new Text(english, russian));

        ServedProcess.PinClient();
        using var state = StateStore.Open(folder);
        Tell("Making the shop", "Создание магазина");
        var shop = BenchShop.Make(folder, state, offers, now);
        var population = shop.Population(0);
        Tell("Publishing", "Публикация");
        var watch = Stopwatch.StartNew();
        shop.Publish("bench", population);
        var publishSeconds = watch.Elapsed.TotalSeconds;
        var bytes = new FileInfo(folder.Pack("bench")).Length;

        var calls = new TillCalls(shop.Customers, now, $"{now:yyyyMMddHHmmss}");
        var (server, _) = Started(folder, calls);
        server.Kill();
        server.Dispose();
        Tell("Look-ups of a bare server", "Запросы к голому серверу");
        // Tills' servers run for days: what is measured begins when the program is compiled.
        var warm = TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds, 6, 10));
        HttpLoad.Outcome bare;
        double bareMicroseconds, bareP99;
        using (var kestrel = ServedProcess.StartBare(shop.Customers))
        {
            Load(kestrel, connections, load => load.Run(calls.LookUp, warm, stop: stop));
            (bare, bareMicroseconds) = Timed(kestrel, connections, load => load.Run(calls.LookUp, time, stop: stop));
            bareP99 = Load(kestrel, connections, load => load.Run(calls.LookUp, time, perSecond: LookupsAtTailPerSecond, stop: stop)).Latency.Milliseconds(0.99);
        }

        Tell("Restart", "Перезапуск");
        (server, var restartSeconds) = Started(folder, calls);
        using (server)
        {
            Tell("Look-ups", "Запросы предложений");
            Load(server, connections, load => load.Run(calls.LookUp, warm, stop: stop));
            var (lookups, lookupMicroseconds) = Timed(server, connections, load => load.Run(calls.LookUp, time, stop: stop));
            var tail = Load(server, connections, load => load.Run(calls.LookUp, time, perSecond: LookupsAtTailPerSecond, stop: stop));

            Tell("Look-ups while a wave is published", "Запросы предложений во время публикации");
            var half = lookups.PerSecond / 2;
            var calm = Load(server, connections, load => load.Run(calls.LookUp, time, perSecond: half, stop: stop));
            var next = shop.Population(shop.Customers);
            // On the server's processor, because the tills' isn't the shop's; last in turn, as `volna wave publish` is.
            var publishing = Task.Factory.StartNew(
                () =>
                {
                    ServedProcess.JoinServer();
                    shop.Publish("bench-next", next);
                }, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var disturbed = Load(server, connections, load => load.Run(calls.LookUp, TimeSpan.FromSeconds(Math.Max(time.TotalSeconds, (2 * publishSeconds) + 3)), perSecond: half, stop: stop));
            publishing.GetAwaiter().GetResult();

            Tell("Redemptions", "Погашения");
            var answers = new AnswerJournal();
            var closed = Load(server, connections, load => load.Run(calls.Close, warm, see: answers.See, stop: stop));
            var (redemptions, redemptionMicroseconds) = Timed(server, connections, load => load.Run(calls.Close, time, first: closed.Done + closed.Failed + closed.Refused, see: answers.See, stop: stop));
            var memory = server.MemoryBytes >> 20;

            Tell("Checking every answer", "Проверка каждого ответа");
            server.Kill();
            long lost, doubled;
            using (var again = ServedProcess.Start(folder)) (lost, doubled) = Load(again, connections, load => answers.Check(load, calls.Close, calls.CloseOther, stop));
            var postgres = withPostgres ? PostgresBench.Run(folder, connections, warm, time, now, say, stop) : null;
            return new TillFigures(
                shop.Offers, Rounded(publishSeconds), Rounded((double)bytes / shop.Offers), Rounded(restartSeconds), (long)lookups.PerSecond, Rounded(tail.Latency.Milliseconds(0.99)),
                (long)redemptions.PerSecond, Rounded(redemptions.Latency.Milliseconds(0.99)), postgres?.PerSecond, lost + (postgres?.Lost ?? 0), doubled + (postgres?.Doubled ?? 0),
                new TillRemarks(
                    (long)bare.PerSecond, Rounded(bareMicroseconds), Rounded(lookupMicroseconds), Rounded(redemptionMicroseconds), Rounded(calm.Latency.Milliseconds(0.99)), Rounded(disturbed.Latency.Milliseconds(0.99)),
                    redemptions.Refused + lookups.Refused + tail.Refused, redemptions.Failed + lookups.Failed + tail.Failed, memory, ServedProcess.Pinned)
                {
                    KestrelLookupP99Ms = Rounded(bareP99),
                    KestrelToLookups = Rounded(bare.PerSecond / lookups.PerSecond),
                    LookupToKestrelMicroseconds = Rounded(lookupMicroseconds / bareMicroseconds),
                    KestrelToRedemptions = Rounded(bare.PerSecond / redemptions.PerSecond),
                    LookupP99WhilePublishingToHalf = Rounded(disturbed.Latency.Milliseconds(0.99) / calm.Latency.Milliseconds(0.99)),
                    RedemptionsToRawPostgres = postgres is null ? null : Rounded(redemptions.PerSecond / postgres.RawPerSecond),
                    PostgresToRawPostgres = postgres is null ? null : Rounded((double)postgres.PerSecond / postgres.RawPerSecond),
                    RawPostgresRedemptionsPerSecond = postgres?.RawPerSecond,
                    PostgresRedemptionP99Ms = postgres?.P99Ms,
                });
        }
    }

    /// <summary>A server that has answered a look-up, and the seconds that took from its start.</summary>
    static (ServedProcess Server, double Seconds) Started(DataFolder folder, TillCalls calls)
    {
        var watch = Stopwatch.StartNew();
        var server = ServedProcess.Start(folder);
        var answered = Load(server, 1, load => load.Run((_, request) => calls.LookUp(0, request), TimeSpan.FromMilliseconds(1)));
        return answered.Failed == 0 ? (server, watch.Elapsed.TotalSeconds) : throw new InvalidOperationException("The server's first answer was a failure.");
    }

    /// <summary>A load, and the microseconds of the server's processor that each call took.</summary>
    static (HttpLoad.Outcome Outcome, double Microseconds) Timed(ServedProcess server, int connections, Func<HttpLoad, HttpLoad.Outcome> run)
    {
        var before = server.ProcessorTime;
        var outcome = Load(server, connections, run);
        return (outcome, (server.ProcessorTime - before).TotalMicroseconds / outcome.Done);
    }

    public static T Load<T>(ServedProcess server, int connections, Func<HttpLoad, T> run)
    {
        using var load = new HttpLoad(server.Address, connections);
        return run(load);
    }
}
