using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Volna.Server.Bench;

namespace Volna.Server.Tests;

/// <summary>The program with the tills' journal in PostgreSQL.</summary>
public sealed class PostgresTests : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("volna-postgres-");

    [Theory]
    [InlineData("en", "Host=127.0.0.1;Port=1;Database=volna;Username=volna;Password=secret", "volna: --postgres 127.0.0.1:1/volna: can't be used")]
    [InlineData("ru", "Host=127.0.0.1;Port=1;Database=volna;Username=volna;Password=secret", "volna: --postgres 127.0.0.1:1/volna: нельзя использовать")]
    [InlineData("ru", "secret", "volna: --postgres: это не строка подключения")]
    public async Task A_database_that_cant_be_used_is_told_in_one_sentence(string language, string postgres, string sentence)
    {
        await Import();
        foreach (var verb in (string[][])[["serve", "--port", "0"], ["till", "price", "--line", "milk:1:89.90"]])
        {
            var (code, data, remarks) = await VolnaProcess.Run(_root.FullName, [.. verb, "--data", "shop", "--postgres", postgres, "--lang", language]);
            Assert.Equal((Verb.Failed, ""), (code, data));
            Assert.StartsWith(sentence, remarks, StringComparison.Ordinal);
            Assert.Single(remarks.Trim().Split('\n'));
            Assert.DoesNotContain("secret", remarks, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_killed_servers_answers_come_again_from_the_database_and_a_second_server_is_refused()
    {
        if (TemporaryPostgres.Programs is null) Assert.Skip("skipped: no PostgreSQL");
        await Import();
        using var postgres = TemporaryPostgres.Start(synced: false);
        var folder = new DataFolder(Path.Combine(_root.FullName, "shop")) { TillPostgres = postgres.NewDatabase() };
        string first;
        using (var server = VolnaProcess.Start(_root.FullName, "serve", "--port", "0", "--data", "shop", "--postgres", folder.TillPostgres))
        {
            first = await Close((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
            var (code, _, remarks) = await VolnaProcess.Run(_root.FullName, "serve", "--port", "0", "--data", "shop", "--postgres", folder.TillPostgres);
            Assert.True(code == Verb.Refused && remarks.Contains("another process", StringComparison.Ordinal), remarks);
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using (var server = VolnaProcess.Start(_root.FullName, "serve", "--port", "0", "--data", "shop", "--postgres", folder.TillPostgres))
        {
            Assert.Equal(first, await Close((await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!));
            postgres.Dispose();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
            var remarks = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.True(server.ExitCode == Verb.Failed && remarks.Contains("the till has stopped", StringComparison.Ordinal), remarks);
        }
    }

    [Fact]
    public async Task When_the_database_goes_away_under_load_each_call_is_told_so_and_what_was_acknowledged_is_there_afterwards()
    {
        if (TemporaryPostgres.Programs is null) Assert.Skip("skipped: no PostgreSQL");
        await Import();
        using var postgres = TemporaryPostgres.Start(synced: false);
        var database = postgres.NewDatabase();
        var acknowledged = new ConcurrentDictionary<string, string>();
        var refused = new ConcurrentBag<string>();
        using (var server = VolnaProcess.Start(_root.FullName, "serve", "--port", "0", "--data", "shop", "--postgres", database))
        {
            var address = (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            var remarks = server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            using var client = new HttpClient();
            var tills = Enumerable.Range(0, 64).Select(till => Sell(client, address, $"t{till}")).ToArray();
            while (acknowledged.Count < 1_000) await Task.Delay(10, TestContext.Current.CancellationToken);
            await Run(Of("postgres"), $"alter database {Name()} allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Name()}'");
            await Task.WhenAll(tills).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(server.ExitCode == Verb.Failed && (await remarks).Contains("the till has stopped", StringComparison.Ordinal), $"{server.ExitCode}: {await remarks}");
        }

        Assert.NotEmpty(refused);
        TestContext.Current.TestOutputHelper!.WriteLine($"{acknowledged.Count} acknowledged, {refused.Count} refused");
        Assert.All(refused, refusal => Assert.Equal("503 till-journal-lost", refusal));

        await Run(Of("postgres"), $"alter database {Name()} allow_connections true");
        using (var server = VolnaProcess.Start(_root.FullName, "serve", "--port", "0", "--data", "shop", "--postgres", database))
        {
            var address = (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
            using var client = new HttpClient();
            foreach (var (receipt, body) in acknowledged)
            {
                using var answer = await Ask(client, address, receipt);
                Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }

            await Close(address);
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string Name() => new NpgsqlConnectionStringBuilder(database).Database!;

        string Of(string other) => new NpgsqlConnectionStringBuilder(database) { Database = other }.ConnectionString;

        // Until nobody answers any more.
        async Task Sell(HttpClient client, string address, string till)
        {
            for (var number = 0; ; number++)
                try
                {
                    var receipt = $"{till}-{number}";
                    using var answer = await Ask(client, address, receipt);
                    var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    if (answer.IsSuccessStatusCode) acknowledged[receipt] = body;
                    else refused.Add($"{(int)answer.StatusCode} {(body.Length > 0 ? JsonDocument.Parse(body).RootElement.GetProperty("code").GetString() : "without a body")}");
                }
                catch (HttpRequestException)
                {
                    return;
                }
        }
    }

    public void Dispose() => _root.Delete(recursive: true);

    async Task Import()
    {
        await File.WriteAllTextAsync(Path.Combine(_root.FullName, "products.csv"), "key,name,category,price\nmilk,Milk,Dairy,89.90\n", TestContext.Current.CancellationToken);
        var (code, _, remarks) = await VolnaProcess.Run(_root.FullName, "import", "products.csv", "--data", "shop");
        Assert.True(code == Verb.Done, remarks);
    }

    static async Task<string> Close(string address)
    {
        using var client = new HttpClient();
        using var answer = await Ask(client, address, "r1");
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return body;
    }

    static Task<HttpResponseMessage> Ask(HttpClient client, string address, string id)
    {
        var receipt = new { id, store = "", replay = true, time = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero), lines = new[] { new { id = "1", product = "milk", quantity = 1, unitPriceMinor = 8990 } } };
        return client.PostAsJsonAsync(new Uri($"{address}/till/v1/receipts/close"), receipt, TestContext.Current.CancellationToken);
    }

    static async Task Run(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
