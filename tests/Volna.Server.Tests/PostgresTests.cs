using System.Net.Http.Json;
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
        var receipt = new { id = "r1", store = "", replay = true, time = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero), lines = new[] { new { id = "1", product = "milk", quantity = 1, unitPriceMinor = 8990 } } };
        using var answer = await client.PostAsJsonAsync(new Uri($"{address}/till/v1/receipts/close"), receipt, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return body;
    }
}
