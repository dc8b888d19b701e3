using Volna.Offers;

namespace Volna.Tests.Offers;

public sealed class WaveStoreTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(3));
    readonly TemporaryFolder _folder = new();
    readonly StateStore _state;
    readonly WaveStore _waves;

    public WaveStoreTests()
    {
        _state = StateStore.Open(_folder.Data);
        _waves = new WaveStore(_state);
    }

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_wave_is_read_back_as_it_was_added()
    {
        var wave = Made("2026-11-26") with { Earlier = ["b", "a"], Statistics = "{}", SnapshotId = "s", ModelVersion = "m" };
        _waves.Add(wave);
        var read = _waves.Get(wave.Id);
        Assert.Equal(wave.Earlier, read.Earlier);
        Assert.Equal(wave, read with { Earlier = wave.Earlier });
        Assert.Equal("wave-exists", Assert.Throws<BadInputException>(() => _waves.Add(wave)).Code);
        Assert.Null(_waves.Find("other"));
        Assert.Equal("wave-unknown", Assert.Throws<BadInputException>(() => _waves.Get("other")).Code);
    }

    [Fact]
    public void A_status_changes_only_from_the_one_named_and_is_recorded()
    {
        _waves.Add(Made("w"));
        _waves.Move("w", WaveStatus.Draft, WaveStatus.Generating, "Anna", Now);
        var refusal = Assert.Throws<GuardException>(() => _waves.Move("w", WaveStatus.Draft, WaveStatus.Generating, "Boris", Now));
        Assert.Equal("wave w: is generating; this needs one that is draft.", refusal.Sentence.English);
        _waves.MoveGenerated("w", "digest", "{}", "Anna", Now);
        _waves.Move("w", WaveStatus.Generated, WaveStatus.AwaitingApproval, "Anna", Now, "coverage");
        _waves.MoveApproved("w", "Boris", Now, "");

        var wave = _waves.Get("w");
        Assert.Equal((WaveStatus.Approved, "digest", "{}", "Boris"), (wave.Status, wave.Digest, wave.Statistics, wave.ApprovedBy));
        Assert.Equal(
            [
                new(null, WaveStatus.Draft, "Anna", Now, ""),
                new(WaveStatus.Draft, WaveStatus.Generating, "Anna", Now, ""),
                new(WaveStatus.Generating, WaveStatus.Generated, "Anna", Now, ""),
                new(WaveStatus.Generated, WaveStatus.AwaitingApproval, "Anna", Now, "coverage"),
                new(WaveStatus.AwaitingApproval, WaveStatus.Approved, "Boris", Now, ""),
            ],
            _waves.Events("w"));
    }

    [Fact]
    public void Only_published_waves_hold_on_their_days()
    {
        _waves.Add(Made("draft"));
        _waves.Add(Made("published") with { Status = WaveStatus.Published });
        Assert.Empty(_waves.PublishedOn(new DateOnly(2026, 11, 25)));
        Assert.Equal(["published"], _waves.PublishedOn(new DateOnly(2026, 11, 26)).Select(wave => wave.Id));
        Assert.Equal(["published"], _waves.PublishedOn(new DateOnly(2026, 12, 2)).Select(wave => wave.Id));
        Assert.Empty(_waves.PublishedOn(new DateOnly(2026, 12, 3)));
        Assert.Equal(["published", "draft"], _waves.List().Select(wave => wave.Id));
    }

    static Wave Made(string id) => new(
        id, WaveStatus.Draft, new Period(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3)), ulong.MaxValue, "{}", null, null, null, "Anna", null, Now);
}
