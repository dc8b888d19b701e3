using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Plans;

namespace Volna.Reports;

/// <summary>Makes the final report of each wave by itself, once its validity is over and the receipts of all its days are in.</summary>
public static class FinalReportJob
{
    /// <summary>What became of one wave's final report.</summary>
    /// <param name="Failure">Why there is none; null with a report.</param>
    public sealed record Outcome(string Wave, WaveReport? Report, Text? Failure);

    /// <summary>Waves that are over and have no final report yet, the oldest first.</summary>
    public static IReadOnlyList<Wave> Due(DataFolder folder, StateStore state, DateTimeOffset now)
    {
        DateOnly? receiptsUntil;
        using (var histories = HistoryStore.Open(folder, state)) receiptsUntil = histories.Snapshot().LastDay;
        var waves = new WaveStore(state);
        return [.. waves.List().Where(wave => WaveReport.Ended(wave.Validity.End, receiptsUntil, now) && Waits(wave)).OrderBy(wave => wave.Validity.Start)];

        // A stopped wave stays stopped, so only its kept report tells that it was made. Each is made once more when the days after the wave are over.
        bool Waits(Wave wave) => wave.Status switch
        {
            WaveStatus.Published or WaveStatus.Closed => true,
            WaveStatus.Reported => WaveReport.Ended(wave.Validity.End.AddDays(wave.Validity.Days), receiptsUntil, now)
                && ReportStore.Find(folder, wave.Id) is { } kept && kept.Everyone.Metrics.Any(figures => figures.Verdict == NoVerdict.AfterNotOver),
            WaveStatus.Stopped => waves.Events(wave.Id).Any(step => step.To == WaveStatus.Published) && ReportStore.Find(folder, wave.Id) is not { IsOver: true },
            _ => false,
        };
    }

    /// <summary>Makes and keeps them, in the plan's language; a wave whose files are damaged doesn't keep the others waiting.</summary>
    public static IReadOnlyList<Outcome> Make(DataFolder folder, StateStore state, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var outcomes = new List<Outcome>();
        foreach (var wave in Due(folder, state, now))
        {
            try
            {
                var language = PlanFile.Parse($"{wave.Id}/plan", wave.Plan).Language;
                var report = ReportJob.Make(folder, state, wave.Id, now, keep: true, progress, stop);
                ReportStore.Save(folder, report, ReportStore.CsvPath(folder, wave.Id), ReportStore.PagePath(folder, wave.Id), language);
                if (wave.Status != WaveStatus.Stopped) new WaveStore(state).Finish(wave.Id, "volna", now);
                outcomes.Add(new Outcome(wave.Id, report, null));
            }
            catch (BadInputException bad)
            {
                outcomes.Add(new Outcome(wave.Id, null, bad.Sentence));
            }
        }

        return outcomes;
    }
}
