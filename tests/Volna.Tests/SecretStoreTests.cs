namespace Volna.Tests;

public sealed class SecretStoreTests
{
    [Fact]
    public void Threads_that_ask_at_once_for_the_first_time_get_the_same_secret()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var folder = new TemporaryFolder();
            using var start = new Barrier(8);
            var secrets = new string[8];
            var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                secrets[i] = Convert.ToHexString(SecretStore.Open(folder.Data));
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.Single(secrets.Distinct());
            Assert.Equal(["secret.key"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        }
    }
}
