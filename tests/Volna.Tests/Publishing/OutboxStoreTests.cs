using Volna.Publishing;

namespace Volna.Tests.Publishing;

public sealed class OutboxStoreTests
{
    [Fact]
    public void Keys_that_differ_in_case_get_files_of_their_own_on_every_system()
    {
        using var folder = new TemporaryFolder();
        using (var outbox = new OutboxStore(folder.Data, "w", ["print"], 10, Shop.Now, TemplateStore.Load()))
        {
            foreach (var key in (string[])["a1", "A1", "b"])
                outbox.Add(new Messages(new Card(key, "", "", "en", "w", Shop.Week.Start, Shop.Week.End, []), [ChannelState.Written], null, null, null, key, key));
            outbox.Commit("readme");
        }

        var files = Directory.GetFiles($"{folder.Data.Outbox}/w/print", "*-48.txt");
        Assert.Equal(3, files.Select(file => Path.GetFileName(file).ToUpperInvariant()).Distinct().Count());
        Assert.Equal(["A1", "a1", "b"], files.Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }
}
