using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Compare;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Simulation;

namespace Volna.Server.Bench;

/// <summary>What generating a wave took.</summary>
/// <param name="Seconds">From the packed history to the offer pack, durable; learning not in it.</param>
/// <param name="PeakBytes">Of the process; where the world was made in the same run, making and learning included.</param>
/// <param name="Gap">How far at most from the best possible, as a share.</param>
/// <param name="Violations">Limits exceeded or promises broken, counted from the pack.</param>
/// <param name="Options">Ways to offer something, weighed for all customers together.</param>
/// <param name="Steps">Of the generation.</param>
/// <param name="WorldSeconds">Null, as <paramref name="LearnSeconds"/>, where a world was used again.</param>
sealed record WaveBenchFigures(
    int Customers, long PurchaseLines, long Offers, double Seconds, double ProcessorSeconds, long PeakBytes, double Gap, int Violations, string Digest, int Limits, long Options,
    double ValueMinor, double BoundMinor, IReadOnlyDictionary<string, StepFigures> Steps, double? WorldSeconds, double? LearnSeconds);

/// <summary>
/// Generates a wave for a make-believe chain of any size with hundreds of limits, by the product's own jobs. How tight the limits are is taken from a
/// sample of the same wave without any.
/// </summary>
static class WaveBench
{
    const int PilotCustomers = 5_000, Limits = 500;

    // Of what a wave without limits would use.
    const double Tightness = 0.6;

    const string Maker = "bench";

    /// <param name="place">Empty, or with what an earlier run with the same options left there, which is used again.</param>
    /// <exception cref="BadInputException">An earlier run left something else.</exception>
    public static WaveBenchFigures Run(DirectoryInfo place, int customers, int products, ulong seed, int threads, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var options = World(customers, products, seed);
        var folder = new DataFolder(Path.Combine(place.FullName, "data"));
        var (readyPath, planPath) = (Path.Combine(place.FullName, "world.json"), Path.Combine(place.FullName, "plan.json"));
        var ready = JsonSerializer.Serialize(options);
        if (File.Exists(readyPath))
        {
            if (File.ReadAllText(readyPath) != ready)
                throw new BadInputException("other-world", new Text(
                    $"{place.FullName}: holds a world made with other options; expected one made with these, or an empty folder.",
                    $"{place.FullName}: здесь мир с другими параметрами; ожидался мир с этими же параметрами или пустая папка."));
            return Generate(folder, options, planPath, threads, time, progress, stop);
        }

        Directory.CreateDirectory(place.FullName);
        var (worldSeconds, learnSeconds) = MakeWorld(folder, options, time, progress, stop);
        File.WriteAllText(planPath, PlanTemplateStore.Text);
        File.WriteAllText(planPath, WithLimits(folder, planPath, options, threads, time, stop));
        File.WriteAllText(readyPath, ready);
        GC.Collect();
        return Generate(folder, options, planPath, threads, time, progress, stop) with { WorldSeconds = worldSeconds, LearnSeconds = learnSeconds };
    }

    /// <summary>A chain with some sixty lines of receipts a customer.</summary>
    internal static WorldOptions World(int customers, int products, ulong seed) => new() { Seed = seed, Customers = customers, Products = products, Stores = 300, Weeks = 19 };

    static (double World, double Learn) MakeWorld(DataFolder folder, WorldOptions options, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        SimulateIntoJob.Run(options, folder, null, time, progress, stop);
        var worldSeconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var state = StateStore.Open(folder);
        using var history = HistoryStore.Open(folder, state);
        new LearnJob(history, new CatalogStore(state), new ModelStore(folder), time).Run(new DemandOptions(), dryRun: false, progress, stop);
        return (Math.Round(worldSeconds, 2), Math.Round(clock.Elapsed.TotalSeconds, 2));
    }

    static WaveBenchFigures Generate(DataFolder folder, WorldOptions options, string plan, int threads, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var state = StateStore.Open(folder);
        var before = new WaveStore(state).List();
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var steps = new StepClock(progress);
        var clock = Stopwatch.StartNew();
        var wave = NewWaveJob.Create(folder, state, plan, options.EndDay, $"bench-{before.Count + 1}", Maker, options.Seed, dryRun: false, time);
        var statistics = GenerateWaveJob.Generate(folder, state, wave.Id, Maker, time, threads, steps, stop);
        var seconds = clock.Elapsed.TotalSeconds;
        process.Refresh();
        var (processorSeconds, peak) = ((process.TotalProcessorTime - processor).TotalSeconds, process.PeakWorkingSet64);

        foreach (var old in before)
            if (Directory.Exists(folder.Wave(old.Id))) Directory.Delete(folder.Wave(old.Id), recursive: true);
        using var history = HistoryStore.Open(folder, state);
        var offers = Count(folder, wave.Id, new CatalogStore(state).LoadGoodsAndStores(options.EndDay));
        return new WaveBenchFigures(
            options.Customers, history.Snapshot().Lines, statistics.Offers, Math.Round(seconds, 2), Math.Round(processorSeconds, 2), peak,
            statistics.Gap, Violations(statistics, offers), new WaveStore(state).Get(wave.Id).Digest!, statistics.Limits.Length, statistics.Options,
            statistics.ValueMinor, statistics.BoundMinor, steps.Steps(), null, null);
    }

    static Dictionary<string, long> Count(DataFolder folder, string wave, Catalog catalog)
    {
        using var pack = OfferPackStore.Open(folder, wave);
        var byProduct = new long[catalog.Products.Length];
        for (var place = 0; place < pack.Customers; place++)
            foreach (var offer in pack.OffersAt(place))
                byProduct[offer.Target]++;

        return Targets(byProduct, catalog);
    }

    /// <summary>Offers by what limits can name: <c>kind:value</c>.</summary>
    static Dictionary<string, long> Targets(long[] byProduct, Catalog catalog)
    {
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
    static string WithLimits(DataFolder folder, string planPath, WorldOptions options, int threads, TimeProvider time, CancellationToken stop)
    {
        using var state = StateStore.Open(folder);
        var catalog = new CatalogStore(state).LoadGoodsAndStores(options.EndDay);
        var wave = NewWaveJob.Create(folder, state, planPath, options.EndDay, "pilot", Maker, options.Seed, dryRun: false, time);
        var pilot = CompareWaveJob.Compare(folder, state, wave.Id, PilotCustomers, null, threads, null, stop);
        var unlimited = pilot.Results.Single(result => result.Method == WaveMethod.Volna);
        var byProduct = new long[catalog.Products.Length];
        foreach (var (_, offers) in pilot.Offers(WaveMethod.Volna))
            foreach (var offer in offers) byProduct[offer.Target]++;

        var perOffer = unlimited.CostMinor / 100 / unlimited.Offers;
        var limits = new JsonArray { new JsonObject { ["name"] = "all", ["of"] = "all", ["budget"] = Math.Round(Tightness * unlimited.CostMinor / 100, 2) } };
        foreach (var (target, count) in Targets(byProduct, catalog).OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal))
        {
            if (limits.Count == Limits) break;
            var (of, value) = (target[..target.IndexOf(':', StringComparison.Ordinal)], target[(target.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            var limit = new JsonObject { ["name"] = target, ["of"] = of, ["value"] = value };
            if (limits.Count % 2 == 0) limit["mostOffers"] = (int)(Tightness * pilot.Each * count) + 1;
            else limit["budget"] = Math.Round(Tightness * pilot.Each * count * perOffer, 2) + 1;
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
