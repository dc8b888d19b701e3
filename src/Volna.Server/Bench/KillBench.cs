namespace Volna.Server.Bench;

/// <summary>What <c>volna bench till --kills</c> finds.</summary>
/// <param name="Acknowledged">Receipts that tills were told are closed.</param>
/// <param name="Lost">Acknowledged, and not answered alike by a repeat later.</param>
/// <param name="Doubled">Offers that two receipts were told are theirs.</param>
sealed record KillFigures(int Kills, long Acknowledged, long Lost, long Doubled);

/// <summary>Kills the real server under load again and again, at moments drawn from a seed; tills repeat what they got no answer to, as tills do.</summary>
static class KillBench
{
    public static KillFigures Run(DataFolder folder, int offers, int connections, int kills, int seed, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var chance = new Random(seed);
        using var state = StateStore.Open(folder);
        var shop = BenchShop.Make(folder, state, offers, now);
        shop.Publish("bench", shop.Population(0));
        var calls = new TillCalls(shop.Customers, now, "kill");
        var answers = new AnswerJournal();
        var repeats = new Queue<long>();
        var next = 0L;

        // A number in the run stands for the receipt with which it was sent; what had no answer before the kill comes first.
        var receipts = new Dictionary<long, long>();
        var server = ServedProcess.Start(folder);
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                stop.ThrowIfCancellationRequested();
                progress?.Report(new StepProgress(new Text("Kills", "Аварийные остановки"), kill, kills, new Text("kills", "остановки")));
                using var load = new HttpLoad(server.Address, connections);
                // A first answer from each connection, so that the kill meets a server at work and not one that is starting.
                load.Run(Write, TimeSpan.FromMilliseconds(1), first: receipts.Count, see: See, stop: stop);
                var victim = server;
                var delay = TimeSpan.FromMilliseconds(chance.Next(5, 300));
                var killing = Task.Run(
                    async () =>
                    {
                        await Task.Delay(delay, CancellationToken.None);
                        victim.Kill();
                    }, CancellationToken.None);
                var outcome = load.Run(Write, TimeSpan.FromSeconds(30), first: receipts.Count, see: See, brokenIsFine: true, stop: stop);
                killing.GetAwaiter().GetResult();
                foreach (var number in outcome.Unanswered) repeats.Enqueue(receipts[number]);
                server.Dispose();
                server = ServedProcess.Start(folder);
            }

            using (var load = new HttpLoad(server.Address, connections))
            {
                var (lost, doubled) = answers.Check(load, calls.Close, calls.CloseOther, stop);
                return new KillFigures(kills, answers.Acknowledged, lost, doubled);
            }
        }
        finally
        {
            server.Dispose();
        }

        int Write(long number, Span<byte> request)
        {
            // Every seventh call repeats a receipt that was sent shortly before and may be on its way still.
            var receipt = repeats.TryDequeue(out var repeat) ? repeat : number % 7 == 6 && next > 0 ? next - 1 : next++;
            receipts[number] = receipt;
            return calls.Close(receipt, request);
        }

        void See(long number, int status, ReadOnlySpan<byte> body) => answers.See(receipts[number], status, body);
    }
}
