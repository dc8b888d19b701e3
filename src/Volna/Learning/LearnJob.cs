using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;

namespace Volna.Learning;

/// <summary>What learning came to.</summary>
/// <param name="Version">Of the model that was kept; null where nothing shall be written.</param>
/// <param name="IsNew">False where the newest model on disk is the very same.</param>
/// <param name="Promotion">Whether waves are made with it from now on.</param>
/// <param name="Present">The version that waves are made with; null without one.</param>
public sealed record LearnResult(string? Version, bool IsNew, TrainedDemand Trained, string SnapshotId, PromotionVerdict Promotion, string? Present)
{
    /// <summary>Null where too few customers bought within the year.</summary>
    public PortraitSet? Portraits { get; init; }
}

/// <summary>Reads the history, learns, keeps the model, and has waves made with it if it is no worse than the present one.</summary>
public sealed class LearnJob(HistoryStore history, CatalogStore catalog, ModelStore models, TimeProvider time)
{
    const string Maker = "volna learn";

    /// <param name="dryRun">True to write nothing.</param>
    /// <param name="before">Purchases of this day and later aren't learnt from; null for all.</param>
    public LearnResult Run(DemandOptions options, bool dryRun, IProgress<StepProgress>? progress, CancellationToken stop, DateOnly? before = null)
    {
        var snapshot = history.Snapshot();
        var last = before is { } day && snapshot.LastDay >= day ? day.AddDays(-1) : snapshot.LastDay;
        var goods = catalog.LoadGoodsAndStores(last ?? default);
        var content = Content.Of(goods, catalog.LoadSeries());
        var trained = Train(options);
        var present = models.Present;
        var presentCard = present is null ? null : models.FindCard(present);
        var presentWay = presentCard?.Way;
        var portraits = LearnPortraits.Run(PurchaseSource.Of(history, snapshot), goods, trained.Model.Day, presentCard?.Portraits, options.Seed, stop);
        var (verdict, reason) = Promote.Decide(presentWay, models.IsPresentHeld, options, trained.BackTest, () => Train(presentWay!).BackTest);
        if (dryRun) return new LearnResult(null, true, trained, snapshot.Id, verdict, present) { Portraits = portraits };

        var (version, isNew) = models.Save(trained, snapshot.Id, time.GetUtcNow(), portraits);
        if (!isNew && version == present) return new LearnResult(version, isNew, trained, snapshot.Id, PromotionVerdict.IsPresent, present) { Portraits = portraits };
        // Which model was in use before the first promotion has to be known for it to be taken back.
        if (presentWay is not null && models.Promotions().Count == 0) models.Promote(present!, PromotionReason.First, Maker, time.GetUtcNow());
        if (verdict == PromotionVerdict.Promoted) models.Promote(version, reason, Maker, time.GetUtcNow());
        return new LearnResult(version, isNew, trained, snapshot.Id, verdict, models.Present) { Portraits = portraits };

        TrainedDemand Train(DemandOptions way) => DemandTraining.Run(PurchaseSource.Of(history, snapshot) with { Content = content, LastDay = last }, way, progress, new ParallelOptions { CancellationToken = stop });
    }
}
