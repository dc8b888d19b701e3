using System.Collections.Concurrent;
using Volna.Redemptions.Offline;

namespace Volna.Tests.Redemptions.Offline;

public sealed class TillDiskStoreTests
{
    [Fact]
    public void Of_a_lease_that_is_over_the_pack_goes_first_and_without_a_pack_a_folder_is_no_lease()
    {
        using var folder = new TemporaryFolder();
        var wave = TillDiskStore.OfWave(folder.Path, "w");
        using var disk = new TillDiskStore(wave);
        disk.SavePack([1]);
        for (var other = 0; other < 50; other++) File.WriteAllBytes($"{wave}/{other}.journal", []);
        Assert.Equal([wave], TillDiskStore.Waves(folder.Path));

        using var gone = new BlockingCollection<string?>();
        using (var watcher = new FileSystemWatcher(wave) { EnableRaisingEvents = true })
        {
            watcher.Deleted += (_, deleted) => gone.Add(deleted.Name);
            disk.Delete();
            Assert.Equal("store.pack", gone.Take(TestContext.Current.CancellationToken));
        }

        // What a power loss leaves then.
        Directory.CreateDirectory(wave);
        File.WriteAllBytes($"{wave}/0.journal", []);
        Assert.Empty(TillDiskStore.Waves(folder.Path));
    }
}
