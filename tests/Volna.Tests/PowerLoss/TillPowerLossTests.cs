using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Ledger;

namespace Volna.Tests.PowerLoss;

/// <summary>
/// The power goes off at random moments while tills close and repeat; each time the till is opened on what the disk holds then. What a till was
/// told must be there, in the same bytes; nothing is half there; what nobody was told may be there or not.
/// </summary>
public sealed class TillPowerLossTests
{
    const int Customers = 100, OffersEach = 3, Receipts = 300;

    /// <param name="Steps">That were recorded when the answer came: a power loss behind them must not lose it.</param>
    sealed record Told(int Receipt, string Answer, int Steps);

    [Fact]
    public async Task What_was_acknowledged_survives_a_power_loss_at_any_moment()
    {
        var seed = TestSize.Seed();
        using var folder = new TemporaryFolder();
        using var shop = FilledShop(folder.Data);
        var recording = RecordingFiles.Record(folder.Path);
        var closed = await Work(folder.Data, recording);
        Assert.True(recording.Steps > 200, $"only {recording.Steps} steps were recorded");

        var random = new Random(seed);
        for (var point = 0; point < TestSize.Of(100, 1_000); point++)
        {
            var steps = random.Next(recording.Steps + 1);
            using var disk = new TemporaryFolder();
            recording.LosePower(steps, random, disk.Path);
            CopyWaves(folder.Path, disk.Path);
            try
            {
                await Check(disk.Data, [.. closed.Where(told => told.Steps <= steps)]);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}, point {point}: the power went off behind step {steps} of {recording.Steps}.", failure);
            }
        }
    }

    [Fact]
    public async Task Offers_reserved_before_a_power_loss_are_free_when_their_time_is_over()
    {
        var seed = TestSize.Seed();
        using var folder = new TemporaryFolder();
        using var shop = FilledShop(folder.Data);
        var recording = RecordingFiles.Record(folder.Path);
        var reserved = new List<(int Receipt, int Steps)>();
        using (var state = StateStore.Open(folder.Data))
        using (var live = new LiveDayStore(folder.Data, state, TimeProvider.System))
        using (var till = Till.Open(folder.Data, state, live, TimeProvider.System))
            for (var receipt = 1; receipt <= Customers; receipt++)
            {
                await till.ReserveAsync(Receipt(receipt));
                reserved.Add((receipt, recording.Steps));
            }

        var random = new Random(seed);
        for (var point = 0; point < TestSize.Of(20, 200); point++)
        {
            var steps = random.Next(recording.Steps + 1);
            using var disk = new TemporaryFolder();
            recording.LosePower(steps, random, disk.Path);
            CopyWaves(folder.Path, disk.Path);
            var where = $"seed {seed}, the power went off behind step {steps} of {recording.Steps}";
            using (var state = StateStore.Open(disk.Data))
            using (var live = new LiveDayStore(disk.Data, state, TimeProvider.System))
            using (var till = Till.Open(disk.Data, state, live, TimeProvider.System))
            {
                var acknowledged = reserved.Count(one => one.Steps <= steps);
                Assert.True(till.Rights("w").Reserved >= acknowledged, $"{till.Rights("w")}, {acknowledged} receipts were told that their offers are kept; {where}");
            }

            using (var state = StateStore.Open(disk.Data))
            using (var live = new LiveDayStore(disk.Data, state, TimeProvider.System))
            using (var till = Till.Open(disk.Data, state, live, new SetClock(DateTimeOffset.UtcNow + TimeSpan.FromMinutes(20))))
            {
                till.TakeWriter();
                Assert.True(till.Rights("w") == new RightCounts(Customers * OffersEach, Customers * OffersEach, 0, 0, 0), $"{till.Rights("w")}; {where}");
            }
        }
    }

    /// <summary>A shop whose files lie in a folder that nobody has open.</summary>
    static Shop FilledShop(DataFolder into)
    {
        var shop = new Shop();
        shop.AddStore(1, "S");
        for (var product = 1; product <= OffersEach; product++) shop.AddProduct(product, $"P{product}");
        shop.AddPublishedWave("w", [.. Enumerable.Range(1, Customers).Select(customer =>
            (customer, $"c{customer}", (IReadOnlyList<Volna.Offers.Offer>?)[.. Enumerable.Range(0, OffersEach).Select(offer => Shop.Offer(customer, offer, offer + 1, 20))]))]);
        using (shop.OpenTill())
        {
            // Makes the till's files.
        }

        using (var connection = shop.State.Connect()) connection.Execute("pragma wal_checkpoint(truncate)");
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(shop.Data.Root).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(into.Root, Path.GetFileName(file)));
        CopyWaves(shop.Data.Root, into.Root);
        return shop;
    }

    static async Task<ConcurrentBag<Told>> Work(DataFolder folder, Recording recording)
    {
        var closed = new ConcurrentBag<Told>();
        using var state = StateStore.Open(folder);
        using var live = new LiveDayStore(folder, state, TimeProvider.System);
        using var till = Till.Open(folder, state, live, TimeProvider.System);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            int receipt;
            while ((receipt = Interlocked.Increment(ref next)) <= Receipts)
            {
                // Files are brought together now and then, as they are after some megabytes.
                if (receipt % 50 == 0) Checkpoint(folder);
                var answer = Said((await till.CloseAsync(Receipt(receipt))).Answer);
                closed.Add(new Told(receipt, answer, recording.Steps));
            }
        }));
        return closed;
    }

    static async Task Check(DataFolder folder, Told[] closed)
    {
        using var state = StateStore.Open(folder);
        Assert.Null(state.FindDamage());
        using var live = new LiveDayStore(folder, state, TimeProvider.System);
        using var till = Till.Open(folder, state, live, TimeProvider.System);
        foreach (var told in closed)
        {
            // Another receipt under the id first: what was lost would be closed anew by its repeat, often with the same answer.
            var other = Receipt(told.Receipt);
            await Assert.ThrowsAsync<GuardException>(() => till.CloseAsync(other with { Lines = [other.Lines[0]] }));
            Assert.Equal(told.Answer, Said((await till.CloseAsync(Receipt(told.Receipt))).Answer));
        }

        Assert.Null(new RedemptionStore(state).BooksDifference());

        var spent = new HashSet<string>();
        for (var receipt = 1; receipt <= Receipts; receipt++)
            foreach (var offer in (await till.CloseAsync(Receipt(receipt))).Answer.Lines.Select(line => line.Offer).OfType<string>())
                Assert.True(spent.Add(offer), $"{offer} was spent twice");
        Assert.Null(new RedemptionStore(state).BooksDifference());
        Assert.Equal(spent.Count, new RedemptionStore(state).OfWave("w").Count);
    }

    // The product changes with the receipt, so that each customer's offers are wanted by several.
    static TillReceipt Receipt(int number) => Shop.Receipt($"r{number}", $"c{1 + (number * 7 % Customers)}", ($"P{1 + (number % OffersEach)}", 1, 100_00), ($"P{1 + ((number + 1) % OffersEach)}", 2, 50_00));

    static string Said(TillAnswer answer) =>
        string.Join(' ', answer.Lines.Select(line => $"{line.Id} {line.Total} {line.Discount} {line.Offer} {line.Refusal}").Prepend($"{answer.Id} {answer.Total} {answer.Discount}"));

    static void Checkpoint(DataFolder folder)
    {
        foreach (var file in Directory.GetFiles(folder.Root, "*.db"))
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            connection.Execute("pragma wal_checkpoint(passive)");
        }
    }

    static void CopyWaves(string from, string to)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(from, "waves"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
