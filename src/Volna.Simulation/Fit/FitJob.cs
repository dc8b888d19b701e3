using Volna.Intake.History;

namespace Volna.Simulation.Fit;

/// <summary>Finds a world like an imported history: <c>volna simulate fit</c>.</summary>
public static class FitJob
{
    /// <summary>Less than this tells nothing of a retailer.</summary>
    const int LeastCustomers = 100, LeastLines = 1_000;

    /// <param name="rowShare">Share of rows that the import holds, where it is a sample of rows; else 1.</param>
    /// <exception cref="BadInputException">Too little was imported, or the share makes no sense.</exception>
    public static FitReport Run(DataFolder folder, StateStore state, double rowShare, ulong seed, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        if (!(rowShare > 0 && rowShare <= 1))
            throw new BadInputException("row-share", new Text(
                $"--row-share: found {FitReport.Number(rowShare)}, expected a number above 0 and up to 1.", $"--row-share: указано {FitReport.Number(rowShare)}, ожидается число больше 0 и не больше 1."));
        var (real, weeks) = Real(folder, state, stop);
        var (options, simulated) = WorldFit.Find(real, weeks, rowShare, seed, progress, stop);
        return FitReport.Of(real, simulated, weeks, options with { Customers = new WorldOptions().Customers, Stores = new WorldOptions().Stores });
    }

    /// <inheritdoc cref="NewFolder.RequireFolder"/>
    public static void RequireFolder(string folder) => NewFolder.RequireFolder(folder);

    /// <summary>Writes <c>world.json</c>, <c>fit.csv</c> and <c>fit.html</c>.</summary>
    /// <returns>Their paths.</returns>
    public static IReadOnlyList<string> Save(FitReport report, string folder, Language language)
    {
        Directory.CreateDirectory(folder);
        string world = Path.Combine(folder, "world.json"), csv = Path.Combine(folder, "fit.csv"), page = Path.Combine(folder, "fit.html");
        WorldFileStore.Write(world, report.World);
        File.WriteAllText(csv, report.Csv());
        File.WriteAllText(page, report.Page(language));
        return [world, csv, page];
    }

    static (Marginals Real, int Weeks) Real(DataFolder folder, StateStore state, CancellationToken stop)
    {
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        if (snapshot.FirstDay is not { } first || snapshot.LastDay is not { } last || snapshot.Lines < LeastLines) throw TooLittle(folder, snapshot.Lines);
        var days = last.DayNumber - first.DayNumber + 1;
        var weeks = Math.Clamp((int)Math.Round(days / 7.0), 1, 520);
        var real = new Marginals(Clock.Minute(first) / 1440, days);
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
        {
            foreach (var customer in history.ReadShard(snapshot, shard)) real.Add(customer.Lines);
            stop.ThrowIfCancellationRequested();
        }

        if (real.Customers < LeastCustomers) throw TooLittle(folder, snapshot.Lines);
        if (real.LogPrices.Length == 0)
            throw new BadInputException("fit-no-prices", new Text(
                $"{folder.Root}: no line of receipts cost anything; a fit needs prices.", $"{folder.Root}: ни одна строка чеков ничего не стоила; для подгонки нужны цены."));
        return (real, weeks);
    }

    static BadInputException TooLittle(DataFolder folder, long lines) => new("fit-too-little", new Text(
        $"{folder.Root}: holds {lines} lines of receipts; a fit needs at least {LeastLines} lines of {LeastCustomers} customers.",
        $"{folder.Root}: строк чеков здесь {lines}; для подгонки нужно не меньше {LeastLines} строк от {LeastCustomers} покупателей."));
}
