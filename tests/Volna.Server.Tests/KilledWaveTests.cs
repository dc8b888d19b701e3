using System.Text.Json;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Tests;

namespace Volna.Server.Tests;

/// <summary>Waves are generated and published by the real program, which is killed again and again: at random times, and at every named point.</summary>
public sealed class KilledWaveTests : IDisposable
{
    // Of one command; a point that is passed on every run would keep it from ever ending.
    const int MostKills = 12;

    readonly string _folder = Directory.CreateTempSubdirectory("volna-kill-").FullName;
    readonly Dictionary<string, DateTime> _parts = [];
    int _kills;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_wave_that_was_killed_again_and_again_ends_like_an_undisturbed_one()
    {
        var seed = TestSize.Seed();
        var random = new Random(seed);
        await Done("simulate", "world", "--into", "volna-data", "--customers", "300", "--products", "150", "--weeks", "26");
        await Done("learn");
        await File.WriteAllTextAsync(Path.Combine(_folder, "plan.json"), await Done("schema", "plan"), TestContext.Current.CancellationToken);
        await New("undisturbed");
        var digest = JsonDocument.Parse(await Done("wave", "generate", "undisturbed", "--json")).RootElement.GetProperty("digest").GetString();

        // Each point once, at its first or a later passing; then any, or no point but a moment.
        var points = new Queue<string>(FaultPoint.All);
        for (var wave = 0; _kills < TestSize.Of(30, 300) || points.Count > 0; wave++)
        {
            var id = $"killed-{wave}";
            await New(id);
            await Kill(points, random, "wave", "generate", id, "--threads", "2");
            Assert.Equal(digest, JsonDocument.Parse(await Done("wave", "show", id, "--json")).RootElement.GetProperty("digest").GetString());
            await Done("wave", "approve", id, "--by", "Boris", "--despite-corridors");
            if (points.Count == 0 && wave % 3 != 0) continue;
            await Kill(points, random, "wave", "publish", id);
            HeldOutGetNothing(id);
            await Done("wave", "stop", id, "--by", "Boris");
        }
    }

    /// <summary>Starts a command again and again, killed now and then, until it is done; at least one of its points is tried while there are any left.</summary>
    async Task Kill(Queue<string> points, Random random, params string[] command)
    {
        _parts.Clear();
        var kills = 0;
        for (var finished = false; !finished;)
        {
            var isPublication = command[1] == "publish";
            bool Belongs(string point) => isPublication == FaultPoint.All.Skip(9).Contains(point);
            var named = points.FirstOrDefault(Belongs);
            if (named is not null)
            {
                // The others keep their turn.
                for (var left = points.Count; left > 0; left--)
                    if (points.Dequeue() is var point && point != named)
                        points.Enqueue(point);
            }
            else if (kills < MostKills && random.Next(2) == 0)
            {
                named = FaultPoint.All.Where(Belongs).ElementAt(random.Next(isPublication ? 3 : 9));
            }

            var isPart = named?.StartsWith("part-", StringComparison.Ordinal) == true;
            using var process = VolnaProcess.StartWith(named is null ? "" : $"{named}:{(isPart ? random.Next(1, 6) : 1)}", _folder, command);
            var ended = process.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (named is null && kills < MostKills && await Task.WhenAny(ended, Task.Delay(random.Next(200, 2_500), TestContext.Current.CancellationToken)) != ended) process.Kill();
            await ended;
            // Killed by time between its last step and its end.
            finished = process.ExitCode == Verb.Done || (process.ExitCode == Verb.Refused && kills > 0 && Get(command[2]).Status == WaveStatus.AwaitingApproval);
            if (!finished) Assert.Equal(137, process.ExitCode);
            if (!finished) (kills, _kills) = (kills + 1, _kills + 1);
            NoPartIsDoneAgain(command[2]);
        }
    }

    /// <summary>What was finished before a kill stands as it stood.</summary>
    void NoPartIsDoneAgain(string wave)
    {
        var place = new DataFolder(Path.Combine(_folder, "volna-data")).Wave(wave);
        if (!Directory.Exists(place)) return;
        foreach (var part in Directory.GetFiles(place, "valued-*.bin", SearchOption.AllDirectories))
        {
            var written = File.GetLastWriteTimeUtc(part);
            if (_parts.TryGetValue(part, out var before)) Assert.Equal(before, written);
            _parts[part] = written;
        }
    }

    void HeldOutGetNothing(string wave)
    {
        var folder = new DataFolder(Path.Combine(_folder, "volna-data"));
        using var pack = OfferPackStore.Open(folder, wave);
        var seed = Get(wave).Seed;
        var heldOut = 0;
        for (var place = 0; place < pack.Customers; place++)
        {
            Assert.Equal(WaveHoldout.Includes(seed, 0.1, pack.At(place).KeyHash), pack.At(place).HeldOut);
            if (!pack.At(place).HeldOut) continue;
            Assert.Empty(pack.OffersAt(place));
            heldOut++;
        }

        Assert.InRange(heldOut, 10, 60);
    }

    Wave Get(string wave)
    {
        using var state = StateStore.Open(new DataFolder(Path.Combine(_folder, "volna-data")));
        return new WaveStore(state).Get(wave);
    }

    Task<string> New(string id) => Done("wave", "new", "--plan", "plan.json", "--from", "2024-12-05", "--id", id, "--seed", "7", "--by", "Anna");

    async Task<string> Done(params string[] arguments)
    {
        var (exitCode, data, remarks) = await VolnaProcess.Run(_folder, arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}: {remarks}");
        return data;
    }
}
