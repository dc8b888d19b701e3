namespace Volna.Server.Tests;

public sealed class TillVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_store_that_was_not_imported_is_named_and_may_sell()
    {
        await Import();
        foreach (var basket in (string[][])[["price"], ["close", "--id", "R-1"]])
        {
            string[] line = ["till", .. basket, "--customer", "C1", "--line", "milk:1:10", "--json"];
            var unknown = await VolnaProcess.Run(_folder, [.. line, "--store", "S9"]);
            Assert.Equal((0, "Store S9 isn't among the imported ones: it has no prices and no time zone of its own, and what is allowed per store is counted under this key.\n"), (unknown.ExitCode, unknown.Remarks));
            Assert.Contains("1000", unknown.Data, StringComparison.Ordinal);
        }

        foreach (var known in (string[][])[["--store", "S1"], []])
            Assert.Equal((0, ""), await VolnaProcess.Run(_folder, ["till", "price", "--customer", "C1", "--line", "milk:1:10", .. known]) is var run ? (run.ExitCode, run.Remarks) : default);
        var russian = await VolnaProcess.Run(_folder, "till", "pack", "--store", "S9", "--lang", "ru");
        Assert.Equal((0, "Магазина S9 нет среди загруженных: у него нет своих цен и часового пояса, а лимиты на магазин считаются под этим ключом.\n"), (russian.ExitCode, russian.Remarks));
        Assert.Equal((0, ""), await VolnaProcess.Run(_folder, "till", "pack", "--store", "S1") is var pack ? (pack.ExitCode, pack.Remarks) : default);
    }

    [Theory]
    [InlineData("S1", "1999-01-01T00:00", "+10:00")]
    [InlineData("S2", "1999-01-01T00:00", "+02:00")]
    [InlineData("S1", "1999-01-01T00:00+03:00", "+03:00")]
    [InlineData("S1", "1999-01-01T00:00Z", "+00:00")]
    public async Task A_time_without_an_offset_is_by_the_store_s_clock(string store, string given, string offset)
    {
        await Import();
        var run = await VolnaProcess.Run(_folder, "till", "price", "--store", store, "--time", given, "--line", "milk:1:10");
        Assert.Equal((2, $"volna: receipt price: the time 1999-01-01T00:00:00{offset} isn't between the years 2000 and 2200.\n"), (run.ExitCode, run.Remarks));
    }

    async Task Import()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "stores.csv"), "key,city,time_zone\nS1,Владивосток,Asia/Vladivostok\nS2,Калининград,Europe/Kaliningrad\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await VolnaProcess.Run(_folder, "import", "stores.csv")).ExitCode);
    }
}
