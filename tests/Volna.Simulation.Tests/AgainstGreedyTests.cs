using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Compare;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Simulation.Tests;

/// <summary>What sharing out all customers together is worth against simpler ways at the same budget: by the plan, and in truth.</summary>
public sealed class AgainstGreedyTests : IDisposable
{
    static readonly bool IsNightly = Environment.GetEnvironmentVariable("VOLNA_TEST_SIZE") == "nightly";

    // About what the plan's kinds of slots give a unit of additional turnover beyond its margin.
    const double TurnoverWorth = 0.2;

    readonly string _root = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void At_the_same_budget_the_wave_brings_more_than_greed()
    {
        var options = new WorldOptions { Seed = 1, Customers = IsNightly ? 30_000 : 1_500, Products = IsNightly ? 3_000 : 500, Stores = 10, Weeks = 26 };
        var folder = new DataFolder(Path.Combine(_root, "data"));
        SimulateIntoJob.Run(options, folder, null, TimeProvider.System, null, CancellationToken.None);
        using var state = StateStore.Open(folder);
        using (var history = HistoryStore.Open(folder, state)) new LearnJob(history, new CatalogStore(state), new ModelStore(folder), TimeProvider.System).Run(new DemandOptions(), dryRun: false, null, CancellationToken.None);
        var plan = Path.Combine(_root, "plan.json");
        File.WriteAllText(plan, PlanTemplateStore.Text.Replace("\"holdoutShare\": 0.1", "\"holdoutShare\": 0", StringComparison.Ordinal).Replace("\"explorationShare\": 0.05", "\"explorationShare\": 0", StringComparison.Ordinal));
        var wave = NewWaveJob.Create(folder, state, plan, options.EndDay, null, "test", 1, dryRun: false, TimeProvider.System);

        var world = World.Build(options);
        var (population, catalog) = (new Population(world), new CatalogStore(state).Load(wave.Validity.Start));
        for (var week = 0; week < options.Weeks; week++) population.Live(7 * week, 7, (_, _) => { });
        var free = CompareWaveJob.Compare(folder, state, wave.Id, options.Customers, null, 2, null, CancellationToken.None).Results[0];
        foreach (var share in IsNightly ? [0.1, 0.3, 0.6] : (double[])[0.3])
        {
            var budget = new Money((long)(free.CostMinor * share));
            var compared = CompareWaveJob.Compare(folder, state, wave.Id, options.Customers, budget, 2, null, CancellationToken.None);
            Tell($"budget {share:P0} of {free.CostMinor / 100:N0}");
            var truth = new double[compared.Results.Length];
            foreach (var result in compared.Results)
            {
                Assert.InRange(result.CostMinor, 0, budget.Minor);
                var brought = Truth(world, population, catalog, wave, compared, result.Method);
                truth[(int)result.Method] = brought.Margin.Minor + (TurnoverWorth * brought.Spend.Minor);
                Tell($"{result.Method,-14} offers {result.Offers,8:N0} cost {result.CostMinor / 100,9:N0} value {result.ValueMinor / 100,9:N0}; true turnover {brought.Spend.Major,9:N0} margin {brought.Margin.Major,9:N0} value {truth[(int)result.Method] / 100,9:N0}");
            }

            var (volna, greedy) = (compared.Results[0].ValueMinor, compared.Results[(int)WaveMethod.GreedyByScore].ValueMinor);
            Tell($"by the plan {(volna / greedy) - 1:P1} above greed");
            Assert.True(volna > greedy * 1.1, $"{volna} against {greedy}");
            Assert.True(truth[0] > 1.1 * Math.Max(0, truth[(int)WaveMethod.GreedyByScore]), $"in truth {truth[0]} against {truth[(int)WaveMethod.GreedyByScore]}");
        }
    }

    static void Tell(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>What the offers truly bring, against the same days without any.</summary>
    static Takings Truth(World world, Population population, Catalog catalog, Wave wave, ComparedWave compared, WaveMethod method)
    {
        var goods = world.Assortment.Goods.ToDictionary(good => good.Key, good => good.Number);
        var offers = compared.Offers(method).ToDictionary(one => one.Customer.Value - 1, one => one.Offers);
        return Counterfactual.OfWave(
            world, population,
            shopper => ShopperOffers.Of(world, shopper, [.. offers[shopper.Number].Select(offer => WorldOffer.Of(goods[catalog.Product(offer.Target).Key], offer))], wave.Validity),
            wave.Validity).Total;
    }
}
