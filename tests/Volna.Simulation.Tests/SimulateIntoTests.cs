using Dapper;
using Volna.Intake.History;
using Volna.Intake.Import;

namespace Volna.Simulation.Tests;

public sealed class SimulateIntoTests : IDisposable
{
    // So many launches that one lies on the day after the history, whose stock is written.
    static readonly WorldOptions Options = SmallWorld.Options with { Returns = 0.1, Launches = 1 };

    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_history_written_straight_in_equals_the_import_of_the_files()
    {
        var stop = TestContext.Current.CancellationToken;
        var files = SimulateJob.Write(Options, Path.Combine(_folder, "files"), null, null, stop);
        DataFolder imported = new(Path.Combine(_folder, "imported")), into = new(Path.Combine(_folder, "into"));
        using var byImport = StateStore.Open(imported);
        var result = ImportJob.Run(imported, byImport, new ImportRequest([.. files.Files]), DateTime.Now, null, stop);
        Assert.All(result.Files, file => Assert.Empty(file.Rejected));
        Assert.Contains(World.Build(Options).Assortment.Goods, good => good.ListedFrom == 7 * Options.Weeks);
        Assert.Equal(files.Lines, SimulateIntoJob.Run(Options, into, threads: 3, TimeProvider.System, null, stop).Lines);

        using var direct = StateStore.Open(into);
        Assert.Equal(Histories(imported, byImport), Histories(into, direct));
        Assert.True(Histories(into, direct).Count > 1_000);
        foreach (var table in (string[])["customer", "product", "store", "stock", "mass_promotion", "exclusion", "dislike"])
        {
            var expected = Rows(byImport, table);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Rows(direct, table));
        }

        // Its receipts are known: files with them bring nothing new.
        var again = ImportJob.Run(into, direct, new ImportRequest([.. files.Files.Where(file => file.Contains("receipts", StringComparison.Ordinal))]), DateTime.Now, null, stop);
        Assert.Equal(0, again.Stored);
    }

    [Fact]
    public void The_history_is_the_same_with_any_number_of_threads()
    {
        var all = new[] { 1, 2, 3, 8 }.Select(threads =>
        {
            var folder = new DataFolder(Path.Combine(_folder, $"threads-{threads}"));
            SimulateIntoJob.Run(Options, folder, threads, TimeProvider.System, null, TestContext.Current.CancellationToken);
            using var state = StateStore.Open(folder);
            return Histories(folder, state);
        }).ToList();
        Assert.All(all, histories => Assert.Equal(all[0], histories));
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() =>
            SimulateIntoJob.Run(Options, new DataFolder(Path.Combine(_folder, "into")), null, TimeProvider.System, null, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));

        // A folder that was there stays.
        var there = Directory.CreateDirectory(Path.Combine(_folder, "there"));
        Assert.Throws<OperationCanceledException>(() => SimulateIntoJob.Run(Options, new DataFolder(there.FullName), null, TimeProvider.System, null, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(there.FullName));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        var refusal = Assert.Throws<BadInputException>(() => SimulateIntoJob.Run(Options, new DataFolder(_folder), null, TimeProvider.System, null, TestContext.Current.CancellationToken));
        Assert.Equal("into-not-empty", refusal.Code);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    /// <summary>A line of text for each customer.</summary>
    static List<string> Histories(DataFolder folder, StateStore state)
    {
        using var store = HistoryStore.Open(folder, state);
        var snapshot = store.Snapshot();
        return [.. Enumerable.Range(0, HistoryStore.Shards).SelectMany(shard => store.ReadShard(snapshot, shard).Select(history => $"{shard} {history.Customer} {string.Join(';', history.Lines.ToArray())}"))];
    }

    static List<string> Rows(StateStore state, string table)
    {
        using var connection = state.Connect();
        return [.. connection.Query($"select * from {table}").Select(row => string.Join('|', ((IDictionary<string, object?>)row).Where(field => !field.Key.Contains("batch")).Select(field => $"{field.Key}={field.Value}"))).Order(StringComparer.Ordinal)];
    }
}
