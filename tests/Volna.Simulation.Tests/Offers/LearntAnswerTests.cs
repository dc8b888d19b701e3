using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Simulation.Tests.Offers;

/// <summary>Holds what is learnt from a wave's trial against what its offers truly did.</summary>
public sealed class LearntAnswerTests(ITestOutputHelper output)
{
    /// <summary>Tens of per cent off, of all offers.</summary>
    const double Depth = 2;

    [Fact]
    public void What_an_offer_does_to_a_purchase_is_learnt_although_the_plan_assumes_otherwise()
    {
        var wave = Worlds.OneKnownEffect(1, 4_000);
        var learnt = Learn(wave, out var assumed);
        var truth = LogOdds(wave, customer => customer.With) - LogOdds(wave, customer => customer.Without);
        var found = learnt.Offered.Mean + (Depth * Math.Log(learnt.OddsPerTenPercent));
        output.WriteLine($"log odds by an offer: true {truth:F3}, learnt {found:F3}, assumed {Depth * Math.Log(assumed):F3}");
        Assert.True(Math.Abs(found - truth) < 0.15);
        Assert.True((Depth * Math.Log(assumed)) - truth > 0.3);
    }

    [Fact]
    public void Offers_that_draw_customers_and_offers_that_drive_them_away_are_told_apart()
    {
        double draws = Pull(Worlds.OneKnownEffect(2, 4_000)), drives = Pull(Worlds.HurtsTheLoyal(2, 4_000));
        Assert.True(draws > 0.005);
        Assert.True(drives < 0);

        double Pull(MadeWave wave)
        {
            var pull = Learn(wave, out _).Pull;
            var truth = wave.Customers.Sum(customer => customer.TrueVisits) / (double)wave.Customers.Sum(customer => customer.Without.Visits) / Depth / wave.Customers.Average(customer => customer.Offers.Count);
            output.WriteLine($"share of visits for each 10 % off: true {truth:F4}, learnt {pull.Mean:F4} +- {pull.Deviation:F4}");

            // What is expected before the wave holds back, but doesn't point elsewhere.
            Assert.InRange(pull.Mean, Math.Min(truth, 0.001) - (2 * pull.Deviation), Math.Max(truth, 0.001) + (2 * pull.Deviation));
            return pull.Mean;
        }
    }

    static LearntOdds Learn(MadeWave wave, out double assumed)
    {
        using var made = new WaveInFolder(wave);
        using var history = HistoryStore.Open(made.Folder, made.State);
        var plan = PlanFile.Parse("plan", made.Wave.Plan);
        assumed = plan.SlotKinds[SlotKind.Habit].OddsPerTenPercent;
        var catalog = new CatalogStore(made.State).LoadGoodsAndStores(wave.Validity.Start);
        return ResponseJob.Learn(made.Folder, history, history.Snapshot(), catalog, plan, [made.Wave], wave.Validity.End, seed: 1).Single();
    }

    /// <summary>Of buying an offered product, had all lived so.</summary>
    static double LogOdds(MadeWave wave, Func<WaveCustomer, Lived> life)
    {
        var bought = wave.Customers.SelectMany(customer => customer.Offers.Select(offer => life(customer).Book.Lines.Exists(line => line.Product == offer.Product && line.QuantityThousandths > 0))).ToList();
        var share = (double)bought.Count(did => did) / bought.Count;
        return Math.Log(share / (1 - share));
    }
}
