using System.Diagnostics;
using System.Text.Json;

namespace Volna.Server.Tests;

/// <summary>What the program promises to a shell: streams, exit codes, Ctrl-C, a full disk.</summary>
public sealed class ShellPromisesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_demo_ends_with_the_report_beside_the_truth_and_the_address_to_open()
    {
        var demo = await VolnaProcess.Run(_folder, "demo", "--customers", "300", "--products", "300", "--weeks", "20");
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("True effect on spend per customer", demo.Data, StringComparison.Ordinal);
        Assert.Contains("95 % interval", demo.Data, StringComparison.Ordinal);
        Assert.EndsWith("open http://localhost:5080", demo.Data.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', demo.Data);
        var wave = Assert.Single(JsonDocument.Parse((await VolnaProcess.Run(_folder, "wave", "list", "--data", "volna-demo", "--json")).Data).RootElement.EnumerateArray());
        Assert.Equal("reported", wave.GetProperty("status").GetString());
        Assert.DoesNotContain('\u001b', demo.Remarks);
    }

    [Fact]
    public async Task Some_files_that_fail_end_with_exit_1_and_the_others_come_in()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "receipts-1.csv"), "receipt,time,customer,product,quantity,amount\nR1,2026-11-01 10:00:00,C1,P1,1,5.00\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "receipts-2.csv"), "receipt,time\nR1,2026-11-01 10:00:00\n", TestContext.Current.CancellationToken);
        var run = await VolnaProcess.Run(_folder, "import", "receipts-1.csv", "receipts-2.csv", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(run.Data).RootElement.GetProperty("stored").GetInt64());
        Assert.Contains("receipts-2.csv: has no column", run.Remarks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_another_form_is_told_the_way_in()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "receipts.csv"), "Чек;Дата;Карта\n1;2;3\n", TestContext.Current.CancellationToken);
        Assert.Contains("found: Чек;Дата;Карта; files with another encoding, delimiter or columns are read with --mapping", (await VolnaProcess.Run(_folder, "import", "receipts.csv")).Remarks, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "receipts.csv"), [0xD7, 0xE5, 0xEA, (byte)'\n', (byte)'1', (byte)'\n'], TestContext.Current.CancellationToken);
        var undecodable = (await VolnaProcess.Run(_folder, "import", "receipts.csv", "--lang", "ru")).Remarks;
        Assert.Contains("не читается как текст utf-8", undecodable, StringComparison.Ordinal);
        Assert.Contains("читаются с --mapping", undecodable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import stores.csv --data stores.csv", "stores.csv: is a file; expected a folder", "stores.csv: это файл, а нужна папка")]
    [InlineData("schema --templates stores.csv", "a file can't be read or written: ", "файл не читается или не записывается: ")]
    [InlineData("import stores.csv --mapping missing.json", "missing.json: there is no such mapping file.", "missing.json: такого файла соответствий нет.")]
    public async Task A_path_that_cannot_be_is_told_in_one_sentence_and_is_no_defect(string line, string english, string russian)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "stores.csv"), "key,name\nS1,Shop\n", TestContext.Current.CancellationToken);
        foreach (var (language, told) in (IEnumerable<(string, string)>)[("en", english), ("ru", russian)])
        {
            var run = await VolnaProcess.Run(_folder, [.. line.Split(' '), "--lang", language]);
            Assert.Equal(2, run.ExitCode);
            Assert.StartsWith($"volna: {told}", Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_of_which_no_row_can_be_used_has_failed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "receipts.csv"), "receipt,time,customer,product,quantity,amount\nR1,01/11/2026,C1,P1,1,5.00\n", TestContext.Current.CancellationToken);
        var run = await VolnaProcess.Run(_folder, "import", "receipts.csv");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("not one row could be used", run.Remarks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gzip_file_that_was_cut_off_is_refused_before_a_row_of_it_is_kept()
    {
        var text = new System.Text.StringBuilder("receipt,time,customer,product,quantity,amount\n");
        for (var i = 0; i < 20_000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"R{i},2026-11-01 10:00:00,C{i % 777},P{i % 33},1,{i % 91}.00\n");
        var half = System.Text.Encoding.UTF8.GetBytes(text.ToString());
        byte[] Packed(ReadOnlySpan<byte> bytes)
        {
            using var packed = new MemoryStream();
            using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest)) gzip.Write(bytes);
            return packed.ToArray();
        }

        var whole = Packed(half);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "receipts-cut.csv.gz"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        var cut = await VolnaProcess.Run(_folder, "import", "receipts-cut.csv.gz", "--json");
        Assert.Equal(2, cut.ExitCode);
        Assert.Contains("ends early", cut.Remarks, StringComparison.Ordinal);
        Assert.Equal(0, JsonDocument.Parse(cut.Data).RootElement.GetProperty("stored").GetInt64());

        // Two gzip files joined are one good file, as gzip itself reads them.
        await File.WriteAllBytesAsync(Path.Combine(_folder, "receipts-joined.csv.gz"), [.. Packed(half.AsSpan(0, 100_000)), .. Packed(half.AsSpan(100_000))], TestContext.Current.CancellationToken);
        var joined = await VolnaProcess.Run(_folder, "import", "receipts-joined.csv.gz", "--json");
        Assert.Equal(0, joined.ExitCode);
        Assert.Equal(20_000, JsonDocument.Parse(joined.Data).RootElement.GetProperty("stored").GetInt64());
    }

    [Fact]
    public async Task A_till_in_the_shell_prices_a_basket_of_the_sample_shop()
    {
        var samples = Path.Combine(Volna.Tests.SharedData.Repository, "samples", "tiny");
        var imported = await VolnaProcess.Run(_folder, ["import", .. Directory.GetFiles(samples, "*.csv")]);
        Assert.Equal(0, imported.ExitCode);

        string[] basket = ["--id", "S1-9001", "--store", "S1", "--customer", "C01", "--line", "P001:2:94.90", "--json"];
        var closed = await VolnaProcess.Run(_folder, ["till", "close", .. basket, "--time", "2026-11-18T10:00:00+03:00"]);
        Assert.Equal(0, closed.ExitCode);
        Assert.Equal(18980, JsonDocument.Parse(closed.Data).RootElement.GetProperty("totalMinor").GetInt64());

        var other = await VolnaProcess.Run(_folder, ["till", "close", .. basket, "--time", "2026-11-18T11:00:00+03:00"]);
        Assert.Equal(3, other.ExitCode);
        Assert.Contains("S1-9001", other.Remarks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_an_import_soon_and_the_same_command_goes_on()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("skipped: no signals on Windows");
        await using (var receipts = File.CreateText(Path.Combine(_folder, "receipts.csv")))
        {
            await receipts.WriteLineAsync("receipt,time,customer,product,quantity,amount");
            for (var i = 0; i < 1_500_000; i++) await receipts.WriteLineAsync($"R{i},2026-10-{1 + (i % 28):00} 10:00:00,C{i % 5_000},P{i % 300},1,5.00");
        }

        string[] import = ["import", "receipts.csv", "--chunk-rows", "100000", "--json"];
        using (var process = VolnaProcess.Start(_folder, import))
        {
            var state = Path.Combine(_folder, "volna-data", "history");
            while (!Directory.Exists(state) && !process.HasExited) await Task.Delay(20, TestContext.Current.CancellationToken);
            await Task.Delay(300, TestContext.Current.CancellationToken);

            // SIGTERM goes the way of Ctrl-C; SIGINT itself is ignored by whatever a background shell starts.
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            var remarks = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(2, process.ExitCode);
            Assert.Contains("the same command goes on", remarks, StringComparison.Ordinal);
        }

        var again = JsonDocument.Parse((await VolnaProcess.Run(_folder, import)).Data).RootElement;
        Assert.Equal(1_500_000, again.GetProperty("stored").GetInt64());
        Assert.Empty(again.GetProperty("rejected").EnumerateObject());
    }

    [Fact]
    public async Task A_full_disk_is_one_sentence_and_the_import_goes_on_once_there_is_space()
    {
        var small = Directory.CreateDirectory(Path.Combine(_folder, "small")).FullName;
        if (!await Try("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small)) Assert.Skip("skipped: mounting a small disk needs root");
        try
        {
            await using (var receipts = File.CreateText(Path.Combine(_folder, "receipts.csv")))
            {
                await receipts.WriteLineAsync("receipt,time,customer,product,quantity,amount");
                for (var i = 0; i < 300_000; i++) await receipts.WriteLineAsync($"R{i},2026-10-{1 + (i % 28):00} 10:00:00,C{i % 50_000},P{i % 300},1,5.00");
            }

            string[] import = ["import", "receipts.csv", "--data", "small/data", "--json"];
            var full = await VolnaProcess.Run(_folder, import);
            Assert.Equal(2, full.ExitCode);
            Assert.Contains("no space left on the disk", Assert.Single(full.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);

            Assert.True(await Try("mount", "-o", "remount,size=200m", small));
            var again = await VolnaProcess.Run(_folder, import);
            Assert.Equal(0, again.ExitCode);
            Assert.Equal(300_000, JsonDocument.Parse(again.Data).RootElement.GetProperty("stored").GetInt64());
        }
        finally
        {
            await Try("umount", "-l", small);
        }
    }

    static async Task<bool> Try(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
