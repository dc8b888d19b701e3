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
