using System.Diagnostics;
using System.Text.Json.Nodes;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Simulation;

namespace Volna.Server.Bench;

/// <summary>What generating a wave took.</summary>
/// <param name="Seconds">From the packed history to the offer pack, durable; learning not in it.</param>
/// <param name="PeakBytes">Of the process, the making of the world and learning included.</param>
/// <param name="Gap">How far at most from the best possible, as a share.</param>
/// <param name="Violations">Limits exceeded or promises broken, counted from the pack.</param>
sealed record WaveBenchFigures(int Customers, long PurchaseLines, long Offers, double Seconds, double ProcessorSeconds, long PeakBytes, double Gap, int Violations, string Digest, int Limits, double WorldSeconds, double LearnSeconds);

/// <summary>
/// Generates a wave for a make-believe chain of any size with hundreds of limits, by the product's own jobs. How tight the limits are is taken from a
/// small wave without any.
/// </summary>
static class WaveBench
{
    const int PilotCustomers = 5_000, Limits = 500;

    // Of what a wave without limits would use.
    const double Tightness = 0.6;

    const string Maker = "bench";

    public static WaveBenchFigures Run(DirectoryInfo place, int customers, int products, ulong seed, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var pilot = MakeWave(new DataFolder(Path.Combine(place.FullName, "pilot")), World(Math.Min(customers, PilotCustomers), products, seed), PlanTemplateStore.Text, time, null, stop);
        var scale = (double)customers / pilot.Statistics.Customers;
        return MakeWave(
            new DataFolder(Path.Combine(place.FullName, "data")), World(customers, products, seed), WithLimits(pilot, scale), time, progress, stop).Figures;
    }

    static WorldOptions World(int customers, int products, ulong seed) => new() { Seed = seed, Customers = customers, Products = products, Stores = 300, Weeks = 26 };

    sealed record Made(WaveBenchFigures Figures, WaveStatistics Statistics, Dictionary<string, long> Targets);

    static Made MakeWave(
        DataFolder folder, WorldOptions options, string planText, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var world = SimulateIntoJob.Run(options, folder, null, time, progress, stop);
        using var state = StateStore.Open(folder);
        var catalog = new CatalogStore(state).Load(options.EndDay);
        var worldSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using (var history = HistoryStore.Open(folder, state)) new LearnJob(history, new CatalogStore(state), new ModelStore(folder), time).Run(new DemandOptions(), dryRun: false, progress, stop);
        var learnSeconds = clock.Elapsed.TotalSeconds;

        var plan = Path.Combine(folder.Root, "plan.json");
        File.WriteAllText(plan, planText);
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        clock.Restart();
        var wave = NewWaveJob.Create(folder, state, plan, options.EndDay, id: null, Maker, options.Seed, dryRun: false, time);
        var statistics = GenerateWaveJob.Generate(folder, state, wave.Id, Maker, time, Environment.ProcessorCount, progress, stop);
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();

        var offers = Count(folder, wave.Id, catalog);
        var figures = new WaveBenchFigures(
            options.Customers, world.Lines, statistics.Offers, Math.Round(seconds, 2), Math.Round((process.TotalProcessorTime - processor).TotalSeconds, 2), process.PeakWorkingSet64,
            statistics.Gap, Violations(statistics, offers), new WaveStore(state).Get(wave.Id).Digest!, statistics.Limits.Length, Math.Round(worldSeconds, 2), Math.Round(learnSeconds, 2));
        return new Made(figures, statistics, offers);
    }

    /// <summary>Offers by what limits can name: <c>kind:value</c>.</summary>
    static Dictionary<string, long> Count(DataFolder folder, string wave, Catalog catalog)
    {
        using var pack = OfferPackStore.Open(folder, wave);
        var byProduct = new long[catalog.Products.Length];
        for (var place = 0; place < pack.Customers; place++)
            foreach (var offer in pack.OffersAt(place))
                byProduct[offer.Target]++;

        var counts = new Dictionary<string, long>();
        foreach (var product in catalog.Products.OfType<Product>())
        {
            var count = byProduct[product.Id.Value];
            if (count == 0) continue;
            foreach (var target in (string[])[$"product:{product.Key}", $"brand:{product.Brand}", $"supplier:{product.Supplier}", $"category:{catalog.Categories[product.Category.Value]?.Path}"])
                if (!target.EndsWith(':'))
                    counts[target] = counts.GetValueOrDefault(target) + count;
        }

        return counts;
    }

    /// <summary>The template's plan with a total budget, and budgets or caps on the goods most offered.</summary>
    static string WithLimits(Made pilot, double scale)
    {
        var perOffer = pilot.Statistics.ExpectedDiscountMinor / 100 / pilot.Statistics.Offers;
        var limits = new JsonArray { new JsonObject { ["name"] = "all", ["of"] = "all", ["budget"] = Math.Round(Tightness * scale * pilot.Statistics.ExpectedDiscountMinor / 100, 2) } };
        foreach (var (target, count) in pilot.Targets.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal))
        {
            if (limits.Count == Limits) break;
            var (of, value) = (target[..target.IndexOf(':', StringComparison.Ordinal)], target[(target.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            var limit = new JsonObject { ["name"] = target, ["of"] = of, ["value"] = value };
            if (limits.Count % 2 == 0) limit["mostOffers"] = (int)(Tightness * scale * count) + 1;
            else limit["budget"] = Math.Round(Tightness * scale * count * perOffer, 2) + 1;
            limits.Add(limit);
        }

        var plan = JsonNode.Parse(PlanTemplateStore.Text, documentOptions: new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip })!;
        plan["limits"] = limits;
        return plan.ToJsonString();
    }

    /// <summary>Caps counted once more from the pack; budgets as the job counted them.</summary>
    static int Violations(WaveStatistics statistics, Dictionary<string, long> offers) =>
        statistics.Limits.Count(limit => limit.Used > limit.Most || limit.Used < limit.Least || (!limit.Money && offers.GetValueOrDefault(limit.Name) > limit.Most));
}
