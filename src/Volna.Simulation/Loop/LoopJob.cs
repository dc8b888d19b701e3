using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Offers;

namespace Volna.Simulation.Loop;

/// <summary>
/// Runs the real program week by week on a make-believe retailer, once for each policy, in the same world with the same luck. What a policy brought is known
/// exactly: the life of each customer under it, less her life without any offers.
/// </summary>
public sealed class LoopJob
{
    /// <summary>A customer with so many receipts in the 90 days before the start came often; as in the plan's segment.</summary>
    const int FrequentReceipts = 12, FrequentDays = 90;

    readonly LoopOptions _options;
    readonly string _work;
    readonly IProgress<StepProgress>? _progress;
    readonly CancellationToken _stop;

    LoopJob(LoopOptions options, string work, IProgress<StepProgress>? progress, CancellationToken stop) => (_options, _work, _progress, _stop) = (options, work, progress, stop);

    /// <summary>Runs the loop. Broken off anywhere, it leaves nothing behind.</summary>
    /// <param name="folder">New or empty; gets the page, the figures and each policy's data folder. Null to keep nothing.</param>
    /// <exception cref="BadInputException">An option makes no sense, or the folder holds something already.</exception>
    public static LoopResult Run(LoopOptions options, string? folder, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        options.Validate();
        if (folder is null)
        {
            var temporary = Directory.CreateTempSubdirectory("volna-loop-");
            try
            {
                return new LoopJob(options, temporary.FullName, progress, stop).Run();
            }
            finally
            {
                SqliteConnection.ClearAllPools();
                temporary.Delete(recursive: true);
            }
        }

        using var target = new NewFolder(folder);
        try
        {
            var result = new LoopJob(options, target.Work, progress, stop).Run();
            LoopStore.Save(target.Work, result, options.World.Language);
            SqliteConnection.ClearAllPools();
            target.Keep();
            return result;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    /// <inheritdoc cref="NewFolder.RequireEmpty"/>
    public static void RequireEmpty(string folder) => NewFolder.RequireEmpty(folder);

    LoopResult Run()
    {
        var world = World.Build(_options.World, _options.Weeks);
        var population = new Population(world);
        var history = MakeHistory(world, population);
        var groups = Groups(history, population);

        var without = Alone(world, population, groups);
        var results = new Dictionary<LoopPolicy, PolicyResult>();
        IReadOnlyList<WeekFigures>? paidFor = null;

        // Mass promotion comes last: it may spend what Volna's offers cost.
        foreach (var policy in _options.Policies.OrderBy(policy => policy == LoopPolicy.Mass).ThenByDescending(policy => policy))
        {
            _stop.ThrowIfCancellationRequested();
            var folder = new DataFolder(Path.Combine(_work, policy.Code()));
            Copy(history.Root, folder.Root);
            Func<int, double>? budget = policy == LoopPolicy.Mass ? week => Budget(week, paidFor, without) : null;
            using var life = new PolicyLifeJob(_options, policy, folder, world, population, groups, budget, _progress, _stop);
            results[policy] = life.Run(without);
            if (policy != LoopPolicy.None) paidFor ??= life.Weeks;
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(history.Root, recursive: true);
        return new LoopResult(
            _options.World.Seed, _options.Weeks, _options.World.Customers, world.Newcomers, _options.World.EndDay, _options.World.EndDay.AddDays(7 * _options.Weeks),
            groups.Count(group => group != Group.HeldOut), groups.Count(group => group == Group.HeldOut), groups.Count(group => group == Group.Frequent),
            [.. LoopRemarks.Of(_options, results)], [.. _options.Policies.Select(policy => results[policy])]);
    }

    /// <summary>The retailer's past, imported: where every policy starts from.</summary>
    DataFolder MakeHistory(World world, Population population)
    {
        var folder = new DataFolder(Path.Combine(_work, "history"));
        var retailer = Path.Combine(_work, "retailer");
        var reference = RetailerFeed.WriteReference(world, population, retailer, _stop);
        var (receipts, _) = RetailerFeed.WriteHistory(world, population, retailer, _progress, _stop);
        using var state = StateStore.Open(folder);
        var result = ImportJob.Run(
            folder, state, new ImportRequest([.. reference, .. receipts]) { Language = _options.World.Language }, _options.World.EndDay.ToDateTime(default), _progress, _stop);
        if (result.Files.FirstOrDefault(file => file.Failure is not null)?.Failure is { } failure) throw new BadInputException("loop-import", failure);
        Directory.Delete(retailer, recursive: true);
        return folder;
    }

    Group[] Groups(DataFolder folder, Population population)
    {
        using var state = StateStore.Open(folder);
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        var numbers = population.Shoppers.ToDictionary(shopper => Hash64.Of(shopper.Key), shopper => shopper.Number);
        var profiles = new CatalogStore(state).LoadProfiles();
        var groups = new Group[population.Shoppers.Length];
        foreach (var shopper in population.Shoppers)
            groups[shopper.Number] = UniversalHoldout.Includes(LoopOptions.UniversalHoldoutShare, Hash64.Of(shopper.Key)) ? Group.HeldOut : Group.Other;
        var before = new Period(_options.World.EndDay.AddDays(-FrequentDays), _options.World.EndDay);
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
        {
            foreach (var customer in history.ReadShard(snapshot, shard))
            {
                ref var group = ref groups[numbers[profiles[customer.Customer.Value].KeyHash]];
                if (group == Group.Other && PurchaseLine.CountReceipts(customer.Within(before)) >= FrequentReceipts) group = Group.Frequent;
            }
        }

        return groups;
    }

    /// <summary>The weeks without any offers.</summary>
    List<WeekFigures> Alone(World world, Population population, Group[] groups)
    {
        var alone = population.Fork(world);
        var weeks = new List<WeekFigures>();
        for (var week = 0; week < _options.Weeks; week++)
        {
            _stop.ThrowIfCancellationRequested();
            var figures = new WeekFigures(world, groups);
            var gate = new Lock();
            alone.Live(7 * (_options.World.Weeks + week), 7, (_, books) =>
            {
                // Whole numbers, so the order in which chunks come doesn't matter.
                lock (gate)
                    foreach (var book in books.Span)
                        figures.Add(book);
            });
            weeks.Add(figures);
        }

        return weeks;
    }

    /// <summary>What mass promotion may have spent by the end of a week: as much as Volna's offers, or hand-made ones, cost; where neither ran, 1 % of the turnover.</summary>
    static double Budget(int week, IReadOnlyList<WeekFigures>? paidFor, List<WeekFigures> without) => Enumerable.Range(0, week + 1).Sum(
        one => paidFor is not null ? paidFor[one].Compared.DiscountMinor : without[one].Compared.SpendMinor / 100.0);

    static void Copy(string from, string to)
    {
        SqliteConnection.ClearAllPools();
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
