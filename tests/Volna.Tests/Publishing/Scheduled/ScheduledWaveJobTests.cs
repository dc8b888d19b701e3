using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Plans;
using Volna.Publishing.Scheduled;

namespace Volna.Tests.Publishing.Scheduled;

public sealed class ScheduledWaveJobTests : IDisposable
{
    const string Name = "Grocery, weekly", Id = "2026-11-26";

    /// <summary>A Thursday.</summary>
    static readonly DateOnly s_day = new(2026, 11, 26);

    readonly Shop _shop = new();
    readonly SetClock _clock = new(new DateTimeOffset(2026, 11, 26, 5, 0, 0, TimeSpan.FromHours(3)));

    public ScheduledWaveJobTests() => File.WriteAllText(
        PlanPath, PlanTemplateStore.Text.Replace("\"mostPerCategory\"", "\"schedule\": { \"weekdays\": [\"thursday\"], \"time\": \"06:00\", \"timeZone\": \"Europe/Moscow\" }, \"mostPerCategory\"", StringComparison.Ordinal));

    string PlanPath => Path.Combine(_shop.Data.Root, "plan.json");

    public void Dispose() => _shop.Dispose();

    [Theory]
    [InlineData("ann", Name)]
    [InlineData("volna schedule", "Another plan")]
    public void A_wave_that_was_made_meanwhile_under_the_same_id_is_left_as_it_is(string by, string plan)
    {
        new ScheduledWaveStore(_shop.State).Add(new ScheduledWave(Name, s_day, ScheduledState.Making, Id, ScheduledWave.Nothing), _clock.Now);
        var made = new Wave(Id, WaveStatus.Draft, Shop.Week, 1, $"{{ \"name\": \"{plan}\" }}", "s", "m", null, by, null, _clock.Now);
        new WaveStore(_shop.State).Add(made);

        var refused = Assert.Single(Look(hour: 7));
        Assert.Equal((ScheduledState.Refused, $"meanwhile {by} made a wave {Id}"), (refused.State, refused.Note.English));
        var left = new WaveStore(_shop.State).Get(Id);
        Assert.Equal((made.Status, made.Plan, made.CreatedBy), (left.Status, left.Plan, left.CreatedBy));
    }

    [Fact]
    public void A_wave_that_is_late_on_its_day_is_made_without_what_was_bought_on_it()
    {
        _shop.ImportHabits(s_day.AddDays(-120), s_day.AddDays(1));
        Assert.Empty(Look(hour: 5));

        var wave = Assert.Single(Look(hour: 18));
        Assert.Equal((ScheduledState.Waiting, "a person approves by the plan"), (wave.State, wave.Note.English));
        Assert.Equal(s_day, new ModelStore(_shop.Data).LoadPresent().Model.Day);
        Assert.Equal((WaveStatus.AwaitingApproval, s_day), (new WaveStore(_shop.State).Get(Id).Status, new WaveStore(_shop.State).Get(Id).Validity.Start));
    }

    [Fact]
    public void After_a_model_was_taken_back_waves_keep_to_the_older_one()
    {
        _shop.ImportHabits(s_day.AddDays(-120), s_day);
        foreach (var before in (int[])[14, 8])
        {
            using var history = HistoryStore.Open(_shop.Data, _shop.State);
            new LearnJob(history, new CatalogStore(_shop.State), new ModelStore(_shop.Data), TimeProvider.System).Run(new DemandOptions(), dryRun: false, null, TestContext.Current.CancellationToken, s_day.AddDays(-before));
        }

        var models = new ModelStore(_shop.Data);
        var older = models.RollBack("ann", DateTimeOffset.UtcNow);
        Assert.Empty(Look(hour: 5));
        Assert.Single(Look(hour: 7));
        Assert.Equal((older, 2, older), (models.Present, models.Versions().Count, new WaveStore(_shop.State).Get(Id).ModelVersion));
    }

    [Fact]
    public void A_damaged_part_of_a_wave_that_was_broken_off_is_made_anew_at_the_next_look()
    {
        _shop.ImportHabits(s_day.AddDays(-120), s_day);
        using (var history = HistoryStore.Open(_shop.Data, _shop.State))
            new LearnJob(history, new CatalogStore(_shop.State), new ModelStore(_shop.Data), TimeProvider.System).Run(new DemandOptions(), dryRun: false, null, TestContext.Current.CancellationToken, s_day);
        _clock.Now = _clock.Now.AddHours(2);
        NewWaveJob.Create(_shop.Data, _shop.State, PlanPath, s_day, Id, "volna schedule", seed: null, dryRun: false, _clock);
        new ScheduledWaveStore(_shop.State).Add(new ScheduledWave(Name, s_day, ScheduledState.Making, Id, ScheduledWave.Nothing), _clock.Now);
        Assert.ThrowsAny<Exception>(() => GenerateWaveJob.Generate(_shop.Data, _shop.State, Id, "volna schedule", _clock, 2, new BreaksOffAtPack(), TestContext.Current.CancellationToken));
        var packs = Directory.GetFiles(_shop.Data.Wave(Id), "*.pack", SearchOption.AllDirectories);
        Assert.NotEmpty(packs);
        foreach (var pack in packs) File.WriteAllBytes(pack, [1, 2, 3]);

        // Each look names one of the parts and makes it anew at the next.
        var waiting = Enumerable.Range(0, packs.Length + 1).Select(_ => Record.Exception(() => Look(hour: 7))).ToList();
        Assert.Contains(waiting, told => told is GuardException { Code: WavePartsStore.Damaged });
        Assert.Equal(ScheduledState.Waiting, new ScheduledWaveStore(_shop.State).List(Name).Single().State);
        Assert.Equal(WaveStatus.AwaitingApproval, new WaveStore(_shop.State).Get(Id).Status);
    }

    sealed class BreaksOffAtPack : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
            if (value.Step.English == "Offer pack" && value.Done > 2) throw new OperationCanceledException();
        }
    }

    IReadOnlyList<ScheduledWave> Look(int hour)
    {
        _clock.Now = new DateTimeOffset(s_day.ToDateTime(new TimeOnly(hour, 0)), _clock.Now.Offset);
        return ScheduledWaveJob.Run(_shop.Data, _shop.State, PlanPath, _clock, 2, TestContext.Current.CancellationToken);
    }
}
