using System.Text.Encodings.Web;
using System.Text.Json;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports.Health;
using Volna.Reports.Notices;

namespace Volna.Reports;

/// <summary>
/// One look at the published waves: measures the health of those that are live, tells a breach of a corridor, takes the wave back where its plan says
/// so, and makes the final reports of those that are over.
/// </summary>
public static class WatchJob
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a look found.</summary>
    /// <param name="Live">Figures of each live wave on the newest whole day.</param>
    /// <param name="Stopped">Waves taken back.</param>
    public sealed record Look(IReadOnlyList<(string Wave, IReadOnlyList<Health.Health> Figures)> Live, IReadOnlyList<string> Stopped, IReadOnlyList<FinalReportJob.Outcome> Reports);

    public static Look Run(DataFolder folder, StateStore state, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var live = new List<(string Wave, IReadOnlyList<Health.Health> Figures)>();
        var stopped = new List<string>();
        DateOnly? newest;
        using (var histories = HistoryStore.Open(folder, state)) newest = MeasureHealthJob.NewestDay(histories.Snapshot(), now);
        var waves = new WaveStore(state);
        var notices = new NoticeStore(state);
        foreach (var wave in waves.List().Where(wave => wave.Status == WaveStatus.Published && newest is { } day && wave.Validity.Contains(day)))
        {
            var day = newest!.Value;
            MeasureHealthJob.Keep(folder, state, day, stop);
            var plan = PlanFile.Parse($"{wave.Id}/plan", wave.Plan);
            var kept = new HealthStore(state);
            var figures = HealthCheck.Judge(MeasureHealthJob.Of(folder, state, wave, plan, day, DateOnly.FromDateTime(now.DateTime), stop), plan.Watch, kept.Of);
            live.Add((wave.Id, figures));

            var breaches = figures.Where(figure => !figure.IsWell).ToList();
            if (breaches.FirstOrDefault(breach => breach.Stops) is { } fatal)
            {
                waves.Move(wave.Id, WaveStatus.Published, WaveStatus.Stopped, "volna watch", now, fatal.Sentence(wave.Id).In(plan.Language));
                stopped.Add(wave.Id);
            }

            foreach (var breach in breaches) notices.Add(Breach(wave.Id, breach, stopped.Contains(wave.Id), now));
        }

        var reports = FinalReportJob.Make(folder, state, now, progress, stop);
        foreach (var outcome in reports)
            if (outcome.Report is { } report)
                notices.Add(Ready(report, now));
        return new Look(live, stopped, reports);
    }

    /// <summary>Takes the answers of a survey in; they are judged by the next look.</summary>
    /// <inheritdoc cref="HealthStore.ImportSurvey"/>
    public static int ImportSurvey(StateStore state, string path) => new HealthStore(state).ImportSurvey(path);

    /// <summary>Keeps how quickly tills were answered since the last look; of a day the slowest counts.</summary>
    public static void KeepAnswerTimes(StateStore state, AnswerTimes times, DateTimeOffset now)
    {
        if (times.Take() is not { } milliseconds) return;
        var (kept, today) = (new HealthStore(state), DateOnly.FromDateTime(now.DateTime));
        kept.Keep("", [new Measured(HealthFigure.Latency, today, Math.Max(milliseconds, kept.Find(HealthFigure.Latency, "", today) ?? 0))]);
    }

    static Notice Breach(string wave, Health.Health breach, bool isStopped, DateTimeOffset now)
    {
        const string kind = "corridor.breached";
        var sentence = breach.Sentence(wave);
        var stopped = isStopped ? new Text(" The wave was stopped, as its plan says.", " Волна остановлена, как указано в её плане.") : new Text("", "");
        return new Notice(
            Notice.IdOf(kind, wave, $"{breach.Measured.Figure}|{breach.Measured.Day:yyyy-MM-dd}"), kind, now, wave,
            new Text($"Wave {wave}: {breach.Measured.Figure.Name().English} outside its corridor", $"Волна {wave}: {breach.Measured.Figure.Name().Russian} — вне коридора"),
            new Text(sentence.English + stopped.English, sentence.Russian + stopped.Russian),
            JsonSerializer.Serialize(new
            {
                wave,
                figure = JsonNamingPolicy.CamelCase.ConvertName(breach.Measured.Figure.ToString()),
                breach.Measured.Day,
                breach.Measured.Value,
                breach.Corridor!.AtLeast,
                breach.Corridor.AtMost,
                learntFromDays = breach.Corridor.Days,
                stopped = isStopped,
                text = new { en = sentence.English, ru = sentence.Russian },
            }, Json));
    }

    static Notice Ready(WaveReport report, DateTimeOffset now)
    {
        const string kind = "report.ready";
        var (headline, spend) = (Headline.Of(report), report.Everyone[Metric.SpendPerCustomer]);
        return new Notice(
            Notice.IdOf(kind, report.Wave, report.Snapshot), kind, now, report.Wave,
            new Text($"Wave {report.Wave}: the final report", $"Волна {report.Wave}: итоговый отчёт"), headline,
            JsonSerializer.Serialize(new
            {
                report.Wave,
                verdict = JsonNamingPolicy.CamelCase.ConvertName(spend.Verdict.ToString()),
                turnoverMinor = spend.Total?.Difference,
                lowerMinor = spend.Total?.Lower,
                upperMinor = spend.Total?.Upper,
                pValue = spend.Difference?.PValue,
                text = new { en = headline.English, ru = headline.Russian },
            }, Json));
    }
}
