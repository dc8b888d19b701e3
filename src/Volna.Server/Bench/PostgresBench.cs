using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Volna.Server.Bench;

/// <summary>What <c>volna bench till --postgres</c> finds beside the rest.</summary>
/// <param name="RawPerSecond">Of PostgreSQL itself.</param>
sealed record PostgresFigures(long RawPerSecond, long PerSecond, double P99Ms, long Lost, long Doubled);

/// <summary>
/// Redemptions of a till whose journal is in PostgreSQL, beside what PostgreSQL itself gives where each redemption is one conditional update, sent by its
/// own load program. A throw-away cluster, written through to the disk; the till and PostgreSQL share the first processor.
/// </summary>
static partial class PostgresBench
{
    const int MostCustomers = 200_000;

    public static PostgresFigures Run(DataFolder beside, int connections, TimeSpan warm, TimeSpan time, DateTimeOffset now, Action<Text> say, CancellationToken stop)
    {
        say(new Text("PostgreSQL itself", "Сам PostgreSQL"));
        using var postgres = TemporaryPostgres.Start(synced: true, pinned: ServedProcess.Pinned);
        var raw = Raw(postgres, connections, time);

        say(new Text("Redemptions on PostgreSQL", "Погашения на PostgreSQL"));
        var folder = new DataFolder(Path.Combine(beside.Root, "postgres")) { TillPostgres = postgres.NewDatabase() };
        using var state = StateStore.Open(folder);
        var shop = BenchShop.Make(folder, state, MostCustomers * BenchShop.OffersEach, now);
        shop.Publish("bench", shop.Population(0));
        var calls = new TillCalls(shop.Customers, now, "postgres");
        var answers = new AnswerJournal();
        HttpLoad.Outcome measured;
        using (var server = ServedProcess.Start(folder))
        {
            var first = TillBench.Load(server, connections, load => load.Run(calls.Close, warm, see: answers.See, stop: stop));
            measured = TillBench.Load(server, connections, load => load.Run(calls.Close, time, first: first.Done + first.Failed + first.Refused, see: answers.See, stop: stop));
        }

        say(new Text("Checking every answer on PostgreSQL", "Проверка каждого ответа на PostgreSQL"));
        using var again = ServedProcess.Start(folder);
        var (lost, doubled) = TillBench.Load(again, connections, load => answers.Check(load, calls.Close, calls.CloseOther, stop));
        return new PostgresFigures((long)raw, (long)measured.PerSecond, TillFigures.Rounded(measured.Latency.Milliseconds(0.99)), lost, doubled);
    }

    static double Raw(TemporaryPostgres postgres, int connections, TimeSpan time)
    {
        var place = new NpgsqlConnectionStringBuilder(postgres.NewDatabase());
        using (var connection = new NpgsqlConnection(place.ConnectionString))
        {
            connection.Open();
            using var fill = connection.CreateCommand();
            fill.CommandTimeout = 0;
            fill.CommandText =
                $"""
                create table offer (card bigint, slot smallint, offer_id int, sku int, disc smallint, valid_to date, state smallint not null default 0, primary key (card, slot)) with (fillfactor = 90);
                insert into offer select card, slot, card % 5000, (card * 31 + slot * 397) % 20000, 5 + card % 45, '2100-01-01', 0 from generate_series(1, {MostCustomers}) card, generate_series(0, {BenchShop.OffersEach - 1}) slot;
                analyze offer;
                checkpoint
                """;
            fill.ExecuteNonQuery();
        }

        var script = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                script,
                $"""
                \set card random(1, {MostCustomers})
                \set slot random(0, {BenchShop.OffersEach - 1})
                update offer set state = 1 where card = :card and slot = :slot and state = 0 returning offer_id;

                """);
            using var load = Process.Start(new ProcessStartInfo(
                $"{TemporaryPostgres.Programs}/pgbench",
                ["-h", place.Host!, "-U", place.Username!, "-n", "-M", "prepared", "-f", script, "-c", Whole(connections), "-j", "1", "-T", Whole(time.TotalSeconds), place.Database!])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = load.StandardError.ReadToEndAsync();
            var told = load.StandardOutput.ReadToEnd();
            load.WaitForExit();
            return TransactionsPerSecond().Match(told) is { Success: true } found
                ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture)
                : throw new BadInputException("pgbench-failed", new Text($"pgbench: failed: {said.Result.Trim()}.", $"pgbench: ошибка: {said.Result.Trim()}."));
        }
        finally
        {
            File.Delete(script);
        }
    }

    static string Whole(double number) => Math.Ceiling(number).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex TransactionsPerSecond();
}
