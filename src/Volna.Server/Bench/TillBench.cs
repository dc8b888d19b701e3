using System.Diagnostics;

namespace Volna.Server.Bench;

/// <summary>What <c>volna bench till</c> finds; null where something wasn't asked for.</summary>
sealed record TillFigures(
    long Offers, double PublishSeconds, double BytesPerOffer, double RestartSeconds, long LookupsPerSecond, double LookupP99Ms,
    long RedemptionsPerSecond, double RedemptionP99Ms, long? PostgresRedemptionsPerSecond, long Lost, long Doubled, TillRemarks Remarks);

/// <summary>
/// Figures beside the table: what helps to judge it. The bare server answers look-ups from an array and does nothing else; microseconds are of the
/// server's processor for each call.
/// </summary>
sealed record TillRemarks(
    long KestrelLookupsPerSecond, double KestrelLookupMicroseconds, double LookupMicroseconds, double RedemptionMicroseconds, double LookupP99WhilePublishingMs,
    long Refused, long Failed, long ServerMemoryMiB, bool Pinned);

/// <summary>Measures the till over HTTP: the real server on one processor, the tills on another.</summary>
static class TillBench
{
    /// <summary>At which the tail of look-ups is measured.</summary>
    public const int LookupsAtTailPerSecond = 20_000;

    public static TillFigures Run(DataFolder folder, int offers, int connections, TimeSpan time, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var step = 0;
        void Tell(string english, string russian) => progress?.Report(new StepProgress(new Text(english, russian), step++, null, new Text("steps", "шаги")));

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
        var warm = TimeSpan.FromSeconds(Math.Min(4, time.TotalSeconds));
        HttpLoad.Outcome bare;
        double bareMicroseconds;
        using (var kestrel = ServedProcess.StartBare(shop.Customers))
        {
            Load(kestrel, connections, load => load.Run(calls.LookUp, warm, stop: stop));
            (bare, bareMicroseconds) = Timed(kestrel, connections, load => load.Run(calls.LookUp, time, stop: stop));
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
            var next = shop.Population(shop.Customers);
            var publishing = Task.Factory.StartNew(() => shop.Publish("bench-next", next), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var disturbed = Load(server, connections, load => load.Run(calls.LookUp, TimeSpan.FromSeconds(Math.Max(time.TotalSeconds, publishSeconds + 2)), perSecond: LookupsAtTailPerSecond / 2, stop: stop));
            publishing.GetAwaiter().GetResult();

            Tell("Redemptions", "Погашения");
            var answers = new AnswerJournal();
            var closed = Load(server, connections, load => load.Run(calls.Close, warm, see: answers.See, stop: stop));
            var (redemptions, redemptionMicroseconds) = Timed(server, connections, load => load.Run(calls.Close, time, first: closed.Done + closed.Failed + closed.Refused, see: answers.See, stop: stop));
            var memory = server.MemoryBytes >> 20;

            Tell("Checking every answer", "Проверка каждого ответа");
            server.Kill();
            using var again = ServedProcess.Start(folder);
            var (lost, doubled) = Load(again, connections, load => answers.Check(load, calls.Close, calls.CloseOther, stop));
            return new TillFigures(
                shop.Offers, Rounded(publishSeconds), Rounded((double)bytes / shop.Offers), Rounded(restartSeconds), (long)lookups.PerSecond, Rounded(tail.Latency.Milliseconds(0.99)),
                (long)redemptions.PerSecond, Rounded(redemptions.Latency.Milliseconds(0.99)), null, lost, doubled,
                new TillRemarks(
                    (long)bare.PerSecond, Rounded(bareMicroseconds), Rounded(lookupMicroseconds), Rounded(redemptionMicroseconds), Rounded(disturbed.Latency.Milliseconds(0.99)),
                    redemptions.Refused + lookups.Refused + tail.Refused, redemptions.Failed + lookups.Failed + tail.Failed, memory, ServedProcess.Pinned));
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

    static T Load<T>(ServedProcess server, int connections, Func<HttpLoad, T> run)
    {
        using var load = new HttpLoad(server.Address, connections);
        return run(load);
    }

    static double Rounded(double value) => Math.Round(value, 2);
}
