using System.IO;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Publishing.Scheduled;

/// <summary>
/// A plan's weeks without a person at the keys: what is due is learnt for, made, generated, held against its corridors, approved where the plan's rule says so,
/// and published. Each wave exactly once: a day is begun by whoever writes its row first, and gone on with after a crash. What stands in the way of a wave ends
/// it with a sentence, never the schedule.
/// </summary>
public static class ScheduledWaveJob
{
    const string Maker = "volna schedule", Rule = "corridor rule";

    /// <summary>Looks once whether anything is due. Safe to repeat at any time, from any process.</summary>
    /// <param name="planPath">A file, or the digest or name of a kept plan.</param>
    /// <param name="threads">For generation.</param>
    /// <returns>The waves of which something was decided now.</returns>
    /// <exception cref="BadInputException">The plan can't be read, has a mistake, or no schedule.</exception>
    public static IReadOnlyList<ScheduledWave> Run(DataFolder folder, StateStore state, string planPath, TimeProvider time, int threads, CancellationToken stop)
    {
        var (plan, schedule) = Read(planPath, state);
        using var alone = TryLock(folder);
        // Another process is at it.
        if (alone is null) return [];

        var store = new ScheduledWaveStore(state);
        var now = time.GetLocalNow();
        var catalog = new CatalogStore(state).LoadGoodsAndStores(DateOnly.FromDateTime(now.DateTime));
        var zone = ZoneOf(schedule, planPath, catalog, now);
        var known = store.List(plan.Name);
        var decided = new List<ScheduledWave>();
        foreach (var (day, isMissed) in DueWaves.Decide(schedule, zone, store.Since(plan.Name, now), now, known.Select(wave => wave.Day).ToHashSet()))
        {
            var wave = isMissed ? new ScheduledWave(plan.Name, day, ScheduledState.Missed, "", NoServer) : Begin(plan, planPath, day, state);
            if (store.Add(wave, now) && wave.State != ScheduledState.Making) decided.Add(wave);
        }

        foreach (var begun in store.List(plan.Name).Where(wave => wave.State == ScheduledState.Making).Reverse())
        {
            var done = GoOn(folder, state, begun, planPath, schedule, DueWaves.DayOf(time.GetLocalNow(), zone), time, threads, stop);
            store.Change(done, time.GetLocalNow());
            decided.Add(done);
        }

        return decided;
    }

    /// <summary>A plan with its schedule.</summary>
    /// <inheritdoc cref="Run" path="/exception"/>
    public static (Plan Plan, PlanSchedule Schedule) Read(string planPath, StateStore state)
    {
        var (name, text) = PlanStore.Read(planPath, state);
        var plan = PlanFile.Parse(name, text);
        return (plan, plan.Schedule ?? throw new BadInputException("schedule-missing", new Text(
            $"{planPath}: the plan has no 'schedule'; expected one such as {{ \"weekdays\": [\"thursday\"], \"time\": \"06:00\" }}.",
            $"{planPath}: в плане нет «schedule»; ожидалось, например, {{ \"weekdays\": [\"thursday\"], \"time\": \"06:00\" }}.")));
    }

    /// <summary>The zone whose clock counts.</summary>
    /// <exception cref="BadInputException">Neither the plan nor a store names one.</exception>
    public static TimeZoneInfo ZoneOf(PlanSchedule schedule, string planPath, Catalog catalog, DateTimeOffset now) =>
        schedule.ZoneOf(catalog, DateOnly.FromDateTime(now.DateTime)) ?? throw new BadInputException("schedule-zone", new Text(
            $"{planPath}: schedule: 'timeZone' is missing, and no store of the data has a time zone; expected one such as \"Europe/Moscow\".",
            $"{planPath}: schedule: нет «timeZone», и ни у одного магазина в данных нет часового пояса; ожидался, например, \"Europe/Moscow\"."));

    static Text NoServer => new("no server ran on its first day", "в её первый день сервер не работал");

    static ScheduledWave Begin(Plan plan, string planPath, DateOnly day, StateStore state)
    {
        try
        {
            // The id is fixed before anything is made, so that what was begun is found again.
            return new ScheduledWave(plan.Name, day, ScheduledState.Making, NewWaveJob.FreeId(NewWaveJob.ValidityOf(plan, planPath, day).Start, new WaveStore(state).List()), ScheduledWave.Nothing);
        }
        catch (GuardException refusal)
        {
            return new ScheduledWave(plan.Name, day, ScheduledState.Refused, "", refusal.Sentence);
        }
    }

    static ScheduledWave GoOn(
        DataFolder folder, StateStore state, ScheduledWave begun, string planPath, PlanSchedule schedule, DateOnly today, TimeProvider time, int threads, CancellationToken stop)
    {
        var waves = new WaveStore(state);
        try
        {
            var found = waves.Find(begun.Wave);
            if (found is not null && (found.CreatedBy != Maker || PlanFile.ParseName(found.Plan) != begun.Plan))
                return begun with { State = ScheduledState.Refused, Note = new Text($"meanwhile {found.CreatedBy} made a wave {begun.Wave}", $"тем временем {found.CreatedBy} создал волну {begun.Wave}") };
            if (found?.Status is not (WaveStatus.Approved or WaveStatus.Published) && today > begun.Day) return begun with { State = ScheduledState.Missed, Note = NoServer };
            if (found is null)
            {
                LearnIfDue(folder, state, schedule, begun.Day, time, stop);
                NewWaveJob.Create(folder, state, planPath, begun.Day, begun.Wave, Maker, seed: null, dryRun: false, time);
            }

            var wave = waves.Get(begun.Wave);
            if (wave.Status is WaveStatus.Draft or WaveStatus.Generating or WaveStatus.Generated) GenerateWaveJob.Generate(folder, state, wave.Id, Maker, time, threads, null, stop);
            wave = waves.Get(begun.Wave);
            if (wave.Status == WaveStatus.AwaitingApproval)
            {
                if (schedule.Approval == ScheduledApproval.ByPerson) return begun with { State = ScheduledState.Waiting, Note = new Text("a person approves by the plan", "по плану её согласует человек") };
                var breaches = ReviewWaveJob.Breaches(waves, wave);
                if (breaches.Count > 0)
                    return begun with { State = ScheduledState.Waiting, Note = new Text($"outside its corridors: {string.Join("; ", breaches.Select(breach => breach.English))}", $"вне коридоров: {string.Join("; ", breaches.Select(breach => breach.Russian))}") };
                ReviewWaveJob.Approve(folder, state, wave.Id, Rule, despiteCorridors: false, dryRun: false, time);
            }

            PublishJob.Publish(folder, state, begun.Wave, new PublishOptions { By = Maker }, time.GetLocalNow(), null, stop);
            return begun with { State = ScheduledState.Published };
        }
        catch (BadInputException refusal)
        {
            return begun with { State = ScheduledState.Refused, Note = refusal.Sentence };
        }
        catch (GuardException refusal) when (refusal.Code != WavePartsStore.Damaged)
        {
            return begun with { State = ScheduledState.Refused, Note = refusal.Sentence };
        }
    }

    static void LearnIfDue(DataFolder folder, StateStore state, PlanSchedule schedule, DateOnly day, TimeProvider time, CancellationToken stop)
    {
        var models = new ModelStore(folder);
        var card = models.Present is { } present ? models.FindCard(present) : null;
        // Who went back to an older model decides how to go on: what is learnt meanwhile would only wait for her.
        if (card is not null && (models.IsPresentHeld || day.DayNumber - card.Day.DayNumber < schedule.LearnEveryDays)) return;
        using var history = HistoryStore.Open(folder, state);
        new LearnJob(history, new CatalogStore(state), models, time).Run(card?.Way ?? new DemandOptions(), dryRun: false, null, stop, before: day);
    }

    static FileStream? TryLock(DataFolder folder)
    {
        try
        {
            return new FileStream($"{folder.Root}/.schedule.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
