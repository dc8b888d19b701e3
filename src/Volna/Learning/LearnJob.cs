using Volna.Intake.History;
using Volna.Learning.Demand;

namespace Volna.Learning;

/// <summary>What learning came to.</summary>
/// <param name="Version">Of the model that was kept; null where nothing shall be written.</param>
/// <param name="IsNew">False where the newest model on disk is the very same.</param>
public sealed record LearnResult(string? Version, bool IsNew, TrainedDemand Trained, string SnapshotId);

/// <summary>Reads the history, learns, keeps the model.</summary>
public sealed class LearnJob(HistoryStore history, ModelStore models, TimeProvider time)
{
    /// <param name="dryRun">True to write nothing.</param>
    public LearnResult Run(DemandOptions options, bool dryRun, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var snapshot = history.Snapshot();
        var trained = DemandTraining.Run(PurchaseSource.Of(history, snapshot), options, progress, new ParallelOptions { CancellationToken = stop });
        if (dryRun) return new LearnResult(null, true, trained, snapshot.Id);
        var (version, isNew) = models.Save(trained, snapshot.Id, time.GetUtcNow());
        return new LearnResult(version, isNew, trained, snapshot.Id);
    }
}
