using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Generation;

public sealed class ReviewWaveJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly StateStore _state;
    readonly WaveStore _waves;

    public ReviewWaveJobTests()
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
    public void Another_person_must_approve()
    {
        Generate("w", PlanTemplateStore.Text);
        Assert.Equal("own-wave", Assert.Throws<GuardException>(() => Approve("w", " anna ")).Code);
        Approve("w", "Boris");
        Assert.Equal((WaveStatus.Approved, "Boris"), (_waves.Get("w").Status, _waves.Get("w").ApprovedBy));
        Assert.Equal("wave-status", Assert.Throws<GuardException>(() => Approve("w", "Boris")).Code);
    }

    [Fact]
    public void A_wave_outside_its_corridors_needs_an_express_approval()
    {
        Generate("w", PlanTemplateStore.Text.Replace("\"coverage\": { \"atLeast\": 0.7 }", "\"coverage\": { \"atLeast\": 1, \"atMost\": 1 }", StringComparison.Ordinal));
        var refusal = Assert.Throws<GuardException>(() => Approve("w", "Boris"));
        Assert.Equal("corridors", refusal.Code);
        Assert.Contains("coverage: 0.", refusal.Sentence.English, StringComparison.Ordinal);
        Assert.Contains("охват: 0,", refusal.Sentence.Russian, StringComparison.Ordinal);
        Approve("w", "Boris", despiteCorridors: true);
        Assert.StartsWith("несмотря на коридоры: охват: 0,", _waves.Events("w")[^1].Note, StringComparison.Ordinal);

        Generate("en", PlanTemplateStore.Text.Replace("\"coverage\": { \"atLeast\": 0.7 }", "\"coverage\": { \"atLeast\": 1, \"atMost\": 1 }", StringComparison.Ordinal).Replace("\"language\": \"ru\"", "\"language\": \"en\"", StringComparison.Ordinal));
        Approve("en", "Boris", despiteCorridors: true);
        Assert.StartsWith("despite corridors: coverage: 0.", _waves.Events("en")[^1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_exchanged_after_generation_is_not_approved()
    {
        Generate("w", PlanTemplateStore.Text);
        var other = MadeShop.MadeWave() with { Seed = 99 };
        GenerateWaveJob.Run(new MadeShop(31).Inputs(other), new WavePartsStore(_folder.Data, other), 1, null, TestContext.Current.CancellationToken);
        Assert.Equal("pack-differs", Assert.Throws<GuardException>(() => Approve("w", "Boris")).Code);
        Assert.Equal(WaveStatus.AwaitingApproval, _waves.Get("w").Status);
    }

    [Fact]
    public void A_wave_is_rejected_before_and_stopped_after_approval()
    {
        Generate("w", PlanTemplateStore.Text);
        Assert.Equal("wave-status", Assert.Throws<GuardException>(() => ReviewWaveJob.Stop(_state, "w", "Boris", "", dryRun: false, TimeProvider.System)).Code);
        Approve("w", "Boris");
        Assert.Equal("wave-status", Assert.Throws<GuardException>(() => ReviewWaveJob.Reject(_folder.Data, _state, "w", "Boris", "", dryRun: false, TimeProvider.System)).Code);
        ReviewWaveJob.Stop(_state, "w", "Boris", "wrong week", dryRun: false, TimeProvider.System);
        Assert.Equal((WaveStatus.Stopped, "wrong week"), (_waves.Events("w")[^1].To, _waves.Events("w")[^1].Note));

        _waves.Add(MadeShop.MadeWave("x"));
        ReviewWaveJob.Reject(_folder.Data, _state, "x", "Boris", "no", dryRun: false, TimeProvider.System);
        Assert.Equal(WaveStatus.Rejected, _waves.Get("x").Status);
    }

    [Fact]
    public void A_wave_whose_generation_broke_off_is_rejected_and_its_parts_are_cleared_away()
    {
        var wave = MadeShop.MadeWave("w") with { Status = WaveStatus.Generating };
        _waves.Add(wave);
        using (new WavePartsStore(_folder.Data, wave).Lock())
            Assert.Equal("wave-busy", Assert.Throws<GuardException>(() => ReviewWaveJob.Reject(_folder.Data, _state, "w", "Boris", "no", dryRun: false, TimeProvider.System)).Code);
        Directory.CreateDirectory($"{_folder.Data.Wave("w")}/parts-of-older-inputs");
        Assert.Equal(2, Directory.GetDirectories(_folder.Data.Wave("w")).Length);
        ReviewWaveJob.Reject(_folder.Data, _state, "w", "Boris", "no", dryRun: false, TimeProvider.System);
        Assert.Equal(WaveStatus.Rejected, _waves.Get("w").Status);
        Assert.Empty(Directory.GetDirectories(_folder.Data.Wave("w")));
    }

    [Fact]
    public void A_dry_run_checks_and_changes_nothing()
    {
        Generate("w", PlanTemplateStore.Text);
        Assert.Equal("own-wave", Assert.Throws<GuardException>(() => Approve("w", "Anna", dryRun: true)).Code);
        Assert.Equal("wave-status", Assert.Throws<GuardException>(() => ReviewWaveJob.Stop(_state, "w", "Boris", "", dryRun: true, TimeProvider.System)).Code);
        Approve("w", "Boris", dryRun: true);
        ReviewWaveJob.Reject(_folder.Data, _state, "w", "Boris", "", dryRun: true, TimeProvider.System);
        Assert.Equal(WaveStatus.AwaitingApproval, _waves.Get("w").Status);
    }

    void Approve(string id, string by, bool despiteCorridors = false, bool dryRun = false) => ReviewWaveJob.Approve(_folder.Data, _state, id, by, despiteCorridors, dryRun, TimeProvider.System);

    void Generate(string id, string planText)
    {
        // The made-up shop has customers without consent, so its coverage is lower than a real one's.
        var text = planText.Replace("\"coverage\": { \"atLeast\": 0.7 }", "\"coverage\": { \"atLeast\": 0.3 }", StringComparison.Ordinal).Replace("\"emptySlots\": { \"atMost\": 0.4 }", "\"emptySlots\": { \"atMost\": 0.9 }", StringComparison.Ordinal);
        var wave = MadeShop.MadeWave(id) with { Plan = text };
        _waves.Add(wave);
        _waves.Move(id, WaveStatus.Draft, WaveStatus.Generating, "Anna", TimeProvider.System.GetUtcNow());
        var (digest, statistics) = GenerateWaveJob.Run(new MadeShop(31).Inputs(wave, PlanFile.Parse("plan", text)), new WavePartsStore(_folder.Data, wave), 1, null, TestContext.Current.CancellationToken);
        _waves.MoveGenerated(id, digest, statistics.ToJson(), "Anna", TimeProvider.System.GetUtcNow());
        _waves.Move(id, WaveStatus.Generated, WaveStatus.AwaitingApproval, "Anna", TimeProvider.System.GetUtcNow());
    }
}
