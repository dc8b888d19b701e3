using System.Globalization;
using Volna.Intake.Import;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Publishing.Scheduled;

namespace Volna.Server.Tests;

/// <summary>A plan's weeks without a person at the keys, on a clock of the past. 2024-12-05 is a Thursday.</summary>
public sealed class ScheduledWavesTests : IAsyncLifetime
{
    const string Schedule = "'schedule': { 'weekdays': ['thursday'], 'time': '06:00', 'timeZone': 'Europe/Moscow', 'approval': 'withinCorridors' }, ";

    readonly string _root = Directory.CreateTempSubdirectory("volna-scheduled-").FullName;
    StateStore _state = null!;

    DataFolder Folder => new(Path.Combine(_root, "shop"));

    string Plan => Path.Combine(_root, "plan.json");

    public async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await VolnaProcess.Run(_root, "simulate", "world", "--out", "files", "--customers", "200", "--products", "150", "--weeks", "20")).ExitCode);
        _state = StateStore.Open(Folder);
        ImportJob.Run(Folder, _state, new ImportRequest([.. Directory.GetFiles(Path.Combine(_root, "files")).Order(StringComparer.Ordinal)]), new DateTime(2024, 12, 5), null, TestContext.Current.CancellationToken);
        Write();
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_server_makes_the_wave_at_its_time_once_and_publishes_it()
    {
        var stop = TestContext.Current.CancellationToken;
        // The plan is known before its time, so a server that is slow to start makes the wave, too.
        Look("2024-12-05T05:00:00+03:00");
        var clock = new ShiftedClock("2024-12-05T05:59:57+03:00");
        await using (var host = Host.Build(Folder, _state, new HostOptions(0) { Schedules = [Plan] }, clock))
        {
            await host.StartAsync(stop);
            while (Decided() is []) await Task.Delay(100, stop);
            while (Decided()[0].State == ScheduledState.Making) await Task.Delay(100, stop);
            await host.StopAsync(stop);
        }

        Assert.Equal([("2024-12-05", ScheduledState.Published)], Decided().Select(one => (one.Wave, one.State)));
        var wave = new WaveStore(_state).Get("2024-12-05");
        Assert.Equal((WaveStatus.Published, "volna schedule", "corridor rule"), (wave.Status, wave.CreatedBy, wave.ApprovedBy));
        Assert.True(wave.CreatedAt >= DateTimeOffset.Parse("2024-12-05T06:00:00+03:00", CultureInfo.InvariantCulture));

        // A server that starts again on the same day finds it made.
        Assert.Empty(Look("2024-12-05T09:00:00+03:00"));
        Assert.Single(new WaveStore(_state).List());
        // After nobody ran for three weeks what was missed is named, and only today's is made; it can't be published beside none.
        Assert.Equal(["2024-12-12 Missed", "2024-12-19 Published"], Look("2024-12-19T08:00:00+03:00").Select(one => $"{one.Day:yyyy-MM-dd} {one.State}"));
        var (code, told, _) = await VolnaProcess.Run(_root, "wave", "scheduled", "--data", "shop");
        Assert.Equal(0, code);
        Assert.Contains("missed", told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_left_begun_is_gone_on_with_and_a_wave_outside_its_corridors_waits()
    {
        Write("\"coverage\": { \"atLeast\": 0.7 }", "\"coverage\": { \"atLeast\": 1 }, \"relevance\": { \"atLeast\": 0.99 }");
        Look("2024-12-05T05:00:00+03:00");
        using (var connection = _state.Connect())
        using (var begun = connection.CreateCommand())
        {
            begun.CommandText = $"insert into scheduled_wave (plan, day, state, wave, at, note_en, note_ru) values ('{Name}', '2024-12-05', 0, '2024-12-05', '', '', '')";
            begun.ExecuteNonQuery();
        }

        var waits = Assert.Single(Look("2024-12-05T06:30:00+03:00"));
        Assert.Equal(ScheduledState.Waiting, waits.State);
        Assert.Contains("outside its corridors: ", waits.Note.English, StringComparison.Ordinal);
        Assert.Equal(WaveStatus.AwaitingApproval, new WaveStore(_state).Get("2024-12-05").Status);
    }

    [Fact]
    public void Black_out_days_move_or_refuse_a_wave_and_two_processes_make_one()
    {
        Write("\"language\"", "'blackout': { 'days': [{ 'from': '2024-12-05', 'to': '2024-12-06' }, { 'from': '2024-12-12', 'to': '2024-12-20' }], 'then': 'move' }, 'language'");
        Look("2024-12-05T05:00:00+03:00");
        Parallel.For(0, 4, _ => Look("2024-12-05T06:10:00+03:00"));
        while (Decided() is not [{ State: ScheduledState.Published }]) Look("2024-12-05T06:10:00+03:00");
        Assert.Equal(new Period(new DateOnly(2024, 12, 7), new DateOnly(2024, 12, 12)), Assert.Single(new WaveStore(_state).List()).Validity);
        var refused = Assert.Single(Look("2024-12-12T07:00:00+03:00"));
        Assert.Equal(ScheduledState.Refused, refused.State);
        Assert.Contains("2024-12-12..2024-12-20", refused.Note.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_scheduled_plans_of_one_name_are_refused_when_the_server_starts()
    {
        var other = Path.Combine(_root, "other.json");
        File.Copy(Plan, other);
        var refusal = Assert.Throws<BadInputException>(() => Host.Build(Folder, _state, new HostOptions(0) { Schedules = [Plan, other] }, new ShiftedClock("2024-12-05T05:00:00+03:00")));
        Assert.Equal("schedule-twice", refusal.Code);
        Assert.Contains($"--schedule {other}: found a plan of the name '{Name}', as {Plan} has", refusal.Sentence.English, StringComparison.Ordinal);
    }

    const string Name = "Grocery, weekly";

    IReadOnlyList<ScheduledWave> Look(string now) => ScheduledWaveJob.Run(Folder, _state, Plan, new ShiftedClock(now), 1, TestContext.Current.CancellationToken);

    IReadOnlyList<ScheduledWave> Decided() => new ScheduledWaveStore(_state).List();

    void Write(string right = "\"language\"", string other = "\"language\"") =>
        File.WriteAllText(Plan, PlanTemplateStore.Text.Replace(right, other.Replace('\'', '"'), StringComparison.Ordinal).Replace("\"name\": \"Grocery", Schedule.Replace('\'', '"') + "\"name\": \"Grocery", StringComparison.Ordinal));

    /// <summary>The real clock, put to another time.</summary>
    sealed class ShiftedClock : TimeProvider
    {
        readonly TimeSpan _shift;

        public ShiftedClock(string now)
        {
            var start = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);
            _shift = start - System.GetUtcNow();
            LocalTimeZone = TimeZoneInfo.CreateCustomTimeZone("test", start.Offset, null, null);
        }

        public override TimeZoneInfo LocalTimeZone { get; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}
