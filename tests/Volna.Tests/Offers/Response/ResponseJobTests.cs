using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Response;

public sealed class ResponseJobTests
{
    [Fact]
    public void Of_a_wave_that_still_runs_nothing_is_known_from_the_day_on()
    {
        using var shop = new Shop();
        shop.ImportHabits(Shop.Week.Start.AddDays(-70), Shop.Week.Start.AddDays(3));
        var wave = new WaveStore(shop.State).Get(shop.AddPublishedWave("w"));
        TrialStore.Write(shop.Data.Trial("w"), "w", [.. Enumerable.Range(1, 70).Select(customer => new TrialOffer(customer, 1 + (customer % 12), SlotKind.Habit, customer % 2 == 0, 1_500, 0.3f, 1, 100_00, 60_00))]);

        var known = Learn();
        Assert.Equal((35, 35), (Assert.Single(known).Offers, known[0].Ghosts));
        shop.ImportHabits(Shop.Week.Start.AddDays(3), Shop.Week.End.AddDays(20));
        Assert.Equal(known, Learn());

        IReadOnlyList<LearntOdds> Learn()
        {
            using var history = HistoryStore.Open(shop.Data, shop.State);
            return ResponseJob.Learn(shop.Data, history, history.Snapshot(), new CatalogStore(shop.State).Load(Shop.Week.Start), MadeShop.SamplePlan, [wave], Shop.Week.Start.AddDays(3), 1);
        }
    }
}
