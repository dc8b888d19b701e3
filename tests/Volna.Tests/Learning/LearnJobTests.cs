using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning;

public sealed class LearnJobTests
{
    [Fact]
    public void Portraits_stand_on_the_models_card_and_are_found_again()
    {
        using var shop = new Shop();
        var day = new DateOnly(2026, 11, 26);
        shop.ImportHabits(day.AddDays(-120), day);
        using var history = HistoryStore.Open(shop.Data, shop.State);
        var models = new ModelStore(shop.Data);
        LearnResult Learn(ulong seed) => new LearnJob(history, new CatalogStore(shop.State), models, TimeProvider.System).Run(new DemandOptions { Seed = seed }, dryRun: false, null, TestContext.Current.CancellationToken);
        var first = Learn(1);
        var kept = models.ReadCard(first.Version!).Portraits!;
        Assert.Equal(JsonSerializer.Serialize(first.Portraits), JsonSerializer.Serialize(kept));
        Assert.Equal(kept.Portraits.Select(portrait => portrait.Name.English).Order(), Learn(2).Portraits!.Portraits.Select(portrait => portrait.Name.English).Order());
    }

    [Fact]
    public void A_window_that_a_short_history_shortened_grows_with_it()
    {
        using var shop = new Shop();
        var day = new DateOnly(2026, 11, 26);
        shop.ImportHabits(day.AddDays(-50), day);
        var first = Learn(shop, day, new DemandOptions());
        Assert.Equal((14, PromotionVerdict.Promoted), (first.Trained.Options.WindowDays, first.Promotion));
        shop.ImportHabits(day, day.AddDays(40));
        var models = new ModelStore(shop.Data);
        var second = Learn(shop, day.AddDays(40), models.ReadCard(models.Present!).Way);
        Assert.Equal((28, PromotionVerdict.Promoted, second.Version), (second.Trained.Options.WindowDays, second.Promotion, models.Present));
    }

    [Fact]
    public void A_model_that_was_taken_back_is_not_used_again_without_a_person()
    {
        using var shop = new Shop();
        var day = new DateOnly(2026, 11, 26);
        shop.ImportHabits(day.AddDays(-100), day.AddDays(14));
        var first = Learn(shop, day, new DemandOptions());
        var second = Learn(shop, day.AddDays(7), new DemandOptions());
        var models = new ModelStore(shop.Data);
        Assert.Equal((second.Version, PromotionVerdict.Promoted), (models.Present, second.Promotion));
        models.RollBack("Anna", DateTimeOffset.UtcNow);

        foreach (var after in (int[])[7, 14])
            Assert.Equal((PromotionVerdict.HeldByPerson, first.Version), (Learn(shop, day.AddDays(after), new DemandOptions()).Promotion, models.Present));
        Assert.Equal(3, models.Versions().Count);
        models.Promote(models.Versions()[^1], PromotionReason.ByPerson, "Anna", DateTimeOffset.UtcNow);
        Assert.Equal(PromotionVerdict.Promoted, Learn(shop, day.AddDays(13), new DemandOptions()).Promotion);
    }

    static LearnResult Learn(Shop shop, DateOnly before, DemandOptions options)
    {
        using var history = HistoryStore.Open(shop.Data, shop.State);
        return new LearnJob(history, new CatalogStore(shop.State), new ModelStore(shop.Data), TimeProvider.System).Run(options, dryRun: false, null, TestContext.Current.CancellationToken, before);
    }

    [Fact]
    public void What_is_learnt_before_a_day_is_the_same_whatever_was_bought_from_it_on()
    {
        using var shop = new Shop();
        var day = new DateOnly(2026, 11, 26);
        shop.ImportHabits(day.AddDays(-120), day);
        var first = Learn(null);
        shop.ImportHabits(day, day.AddDays(8));
        var again = Learn(day);
        Assert.Equal((day, day), (first.Day, again.Day));
        Assert.Equal(DemandFile.Write(first), DemandFile.Write(again));
        Assert.Equal(day.AddDays(8), Learn(day.AddDays(30)).Day);

        DemandModel Learn(DateOnly? before)
        {
            using var history = HistoryStore.Open(shop.Data, shop.State);
            return new LearnJob(history, new CatalogStore(shop.State), new ModelStore(shop.Data), TimeProvider.System)
                .Run(new DemandOptions(), dryRun: true, null, TestContext.Current.CancellationToken, before).Trained.Model;
        }
    }
}
