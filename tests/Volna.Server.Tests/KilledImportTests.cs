using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Volna.Intake.History;

namespace Volna.Server.Tests;

public sealed class KilledImportTests
{
    [Fact]
    public async Task An_import_that_was_killed_again_and_again_ends_like_an_undisturbed_one()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("volna-kill-").FullName;
        try
        {
            WriteReceipts(Path.Combine(folder, "receipts.csv"));
            string[] import = ["import", "receipts.csv", "--chunk-rows", "10000", "--json", "--data"];
            var (undisturbedCode, _, _) = await VolnaProcess.Run(folder, [.. import, "undisturbed"]);
            Assert.Equal(Verb.Done, undisturbedCode);

            var kills = 0;
            for (var finished = false; !finished;)
            {
                using var process = VolnaProcess.Start(folder, [.. import, "killed"]);
                var before = Segments(folder);
                var wanted = before + random.Next(1, 3);
                while (!process.HasExited && Segments(folder) < wanted) await Task.Delay(5, TestContext.Current.CancellationToken);
                await Task.Delay(random.Next(40), TestContext.Current.CancellationToken);
                finished = process.HasExited;
                if (!finished)
                {
                    process.Kill();
                    kills++;
                }

                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            Assert.True(kills >= 5, $"only {kills} kills");
            Assert.Equal(Everything(Path.Combine(folder, "undisturbed")), Everything(Path.Combine(folder, "killed")));

            // And once more: nothing changes.
            var (code, _, remarks) = await VolnaProcess.Run(folder, [.. import, "killed"]);
            Assert.Equal(Verb.Done, code);
            Assert.Contains("imported before", remarks, StringComparison.Ordinal);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    static int Segments(string folder)
    {
        var path = Path.Combine(folder, "killed", "state.db");
        if (!File.Exists(path)) return 0;
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadWrite;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from sqlite_master where name = 'segment'";
        if ((long)command.ExecuteScalar()! == 0) return 0;
        command.CommandText = "select count(*) from segment";
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>All that an import leaves: counts, purchases, keys, prices, rejected rows.</summary>
    static string Everything(string data)
    {
        var folder = new DataFolder(data);
        var everything = new StringBuilder();
        using var state = StateStore.Open(folder);
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        everything.AppendLine(CultureInfo.InvariantCulture, $"{snapshot.Id} {snapshot.Lines} {snapshot.FirstDay} {snapshot.LastDay}");
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
            foreach (var customer in history.ReadShard(snapshot, shard))
                everything.AppendLine(CultureInfo.InvariantCulture, $"{customer.Customer.Value}: {string.Join(' ', customer.Lines.ToArray())}");

        using var connection = state.Connect();
        foreach (var table in (string[])["batch", "batch_reject", "customer", "product", "store"])
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"select * from {table} order by 1, 2";
            using var reader = command.ExecuteReader();
            var row = new object[reader.FieldCount];
            while (reader.Read())
            {
                reader.GetValues(row);
                everything.AppendLine(CultureInfo.InvariantCulture, $"{table} {string.Join('|', row)}");
            }
        }

        foreach (var rejects in Directory.GetFiles(folder.Rejects)) everything.Append(File.ReadAllText(rejects));
        return everything.ToString();
    }

    static void WriteReceipts(string path)
    {
        var random = new Random(1);
        using var file = new StreamWriter(path);
        file.WriteLine("receipt,time,store,customer,product,quantity,price");
        for (var line = 0; line < 200_000; line++)
        {
            var time = new DateTime(2026, 1, 1).AddMinutes(line / 5);
            var customer = line % 97 == 0 ? "" : $"C{random.Next(20_000)}";
            var quantity = line % 1_009 == 0 ? "?" : $"{random.Next(1, 4)}";
            file.WriteLine($"R{line / 4},{time:yyyy-MM-dd HH:mm:ss},S{line / 4 % 10},{customer},P{random.Next(3_000)},{quantity},{random.Next(1, 9_999)}.99");
        }
    }
}
