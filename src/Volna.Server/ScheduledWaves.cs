using Quartz;
using Volna.Intake.Catalog;
using Volna.Publishing.Scheduled;
using Volna.Reports.Notices;

namespace Volna.Server;

/// <summary>
/// Wakes the schedules of plans at their times (Quartz: weekdays and a time of day in any zone, with its changes of clocks, never two at once), and once when
/// the server starts, for what came due while none ran. What is due and what was missed is decided by <see cref="DueWaves"/> from the state database, so a
/// wave is made once however often this is woken.
/// </summary>
static class ScheduledWaves
{
    internal const string PlanKey = "plan";

    /// <param name="planPaths">Plans with a schedule; none adds nothing.</param>
    /// <exception cref="BadInputException">A plan can't be read, has a mistake, no schedule, no time zone, or another's name.</exception>
    public static void AddScheduledWaves(this IServiceCollection services, StateStore state, IReadOnlyList<string> planPaths, TimeProvider time)
    {
        if (planPaths.Count == 0) return;
        var now = time.GetLocalNow();
        var catalog = new CatalogStore(state).LoadGoodsAndStores(DateOnly.FromDateTime(now.DateTime));
        var plans = planPaths.Select(path => (Path: path, Read: ScheduledWaveJob.Read(path, state))).ToList();
        // What was made of a schedule is kept by its plan's name.
        foreach (var group in plans.GroupBy(one => one.Read.Plan.Name))
            if (group.Skip(1).FirstOrDefault().Path is { } again)
                throw new BadInputException("schedule-twice", new Text(
                    $"--schedule {again}: found a plan of the name '{group.Key}', as {group.First().Path} has; expected each scheduled plan once, under a name of its own.",
                    $"--schedule {again}: найден план с названием «{group.Key}», как у {group.First().Path}; ожидалось, что каждый план с расписанием указан один раз и у него своё название."));
        var times = plans.Select(one => (one.Path, one.Read.Schedule, Zone: ScheduledWaveJob.ZoneOf(one.Read.Schedule, one.Path, catalog, now))).ToList();
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            foreach (var (path, schedule, zone) in times)
            {
                var cron = $"0 {schedule.Time.Minute} {schedule.Time.Hour} ? * {string.Join(',', schedule.Weekdays.Select(day => day.ToString()[..3].ToUpperInvariant()))}";
                var job = new JobKey(path);
                quartz.AddJob<ScheduledWavesJob>(one => one.WithIdentity(job).UsingJobData(PlanKey, path));
                quartz.AddTrigger(trigger => trigger.ForJob(job).WithIdentity(path, "start").StartNow());
                quartz.AddTrigger(trigger => trigger.ForJob(job).WithIdentity(path, "times").WithCronSchedule(cron, at => at.InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)));
                // And again: another plan may have been in the making, this one may have got other times, or the disk may have failed.
                quartz.AddTrigger(trigger => trigger.ForJob(job).WithIdentity(path, "again").WithCronSchedule("30 0/10 * * * ?"));
            }
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }
}

/// <summary>Lets a plan's schedule look whether anything is due, and tells what became of it.</summary>
[DisallowConcurrentExecution]
sealed partial class ScheduledWavesJob(DataFolder folder, StateStore state, TimeProvider time, ILogger<ScheduledWavesJob> log) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var path = context.MergedJobDataMap.GetString(ScheduledWaves.PlanKey)!;
        try
        {
            foreach (var wave in ScheduledWaveJob.Run(folder, state, path, time, Environment.ProcessorCount, cancellationToken))
            {
                Decided(log, wave.Plan, wave.Day, wave.State.Name().English, wave.Wave, wave.Note.English);
                if (wave.State != ScheduledState.Published) new NoticeStore(state).Add(NoticeOf(wave, time.GetLocalNow()));
            }
        }
        catch (BadInputException mistake)
        {
            // The plan was changed and can't be read now; the next time looks again.
            Unreadable(log, mistake.Sentence.English);
        }

        return ValueTask.CompletedTask;
    }

    static Notice NoticeOf(ScheduledWave wave, DateTimeOffset now)
    {
        const string kind = "schedule.wave";
        var (english, russian) = ($"{wave.Plan}, {wave.Day:yyyy-MM-dd}: {wave.State.Name().English}", $"{wave.Plan}, {wave.Day:yyyy-MM-dd}: {wave.State.Name().Russian}");
        return new Notice(
            Notice.IdOf(kind, wave.Plan, $"{wave.Day:yyyy-MM-dd}|{wave.State}"), kind, now, wave.Wave, new Text(english, russian),
            new Text($"{english}: {wave.Note.English}", $"{russian}: {wave.Note.Russian}"),
            System.Text.Json.JsonSerializer.Serialize(new { plan = wave.Plan, day = wave.Day, state = wave.State.ToString(), wave = wave.Wave, text = new { en = wave.Note.English, ru = wave.Note.Russian } }));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Plan}, {Day}: {State} {Wave} {Note}")]
    static partial void Decided(ILogger log, string plan, DateOnly day, string state, string wave, string note);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule: {Reason}")]
    static partial void Unreadable(ILogger log, string reason);
}
