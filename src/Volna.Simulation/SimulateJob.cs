namespace Volna.Simulation;

/// <summary>Writes a world as files: <c>volna simulate</c>.</summary>
public static class SimulateJob
{
    /// <summary>Customers whose receipts are written together; more of them make several files for the same days, so that memory stays small.</summary>
    const int CustomersOfPart = 50_000;

    /// <summary>Makes the folder with all files of the world; a broken-off run leaves nothing under its name.</summary>
    /// <param name="threads">Null for all processors; the files are the same with any number.</param>
    /// <exception cref="BadInputException">An option makes no sense, or the folder holds something already.</exception>
    public static SimulateSummary Write(WorldOptions options, string folder, int? threads, IProgress<StepProgress>? progress, CancellationToken stop) =>
        Write(options, folder, withSite: false, threads, progress, stop);

    /// <inheritdoc cref="Write(WorldOptions, string, int?, IProgress{StepProgress}?, CancellationToken)"/>
    /// <param name="withSite">True to write what happened on the site too, into the folder <c>site</c>.</param>
    public static SimulateSummary Write(
        WorldOptions options, string folder, bool withSite, int? threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var world = World.Build(options);
        using var target = new NewFolder(folder);
        var reference = RetailerFeed.WriteReference(world, world.People(), target.Work, stop);
        var receipts = new List<string>();
        var lines = 0L;
        for (var first = 0; first < options.Customers; first += CustomersOfPart)
        {
            var population = new Population(world, first, Math.Min(CustomersOfPart, options.Customers - first), threads);
            var part = options.Customers <= CustomersOfPart ? "" : $"-{(first / CustomersOfPart) + 1:000}";
            var (paths, linesOfPart) = RetailerFeed.WriteHistory(world, population, target.Work, part, progress, stop);
            receipts.AddRange(paths);
            lines += linesOfPart;
        }

        string[] site = withSite ? [RetailerFeed.WriteSite(world, Path.Combine(target.Work, "site"), stop)] : [];
        target.Keep();
        return new SimulateSummary(
            folder, options.Customers, options.Products, options.Stores, options.FirstDay, options.EndDay, lines,
            [.. reference.Concat(receipts).Concat(site).Select(path => Path.Combine(folder, Path.GetRelativePath(target.Work, path)))]);
    }
}

/// <summary>What was written.</summary>
/// <param name="EndDay">The first day after the history.</param>
/// <param name="Lines">Lines of receipts.</param>
public sealed record SimulateSummary(
    string Folder, int Customers, int Products, int Stores, DateOnly FirstDay, DateOnly EndDay, long Lines, IReadOnlyList<string> Files);
