using System.Globalization;
using System.Text;
using System.Text.Json;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Intake.Receipts;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>
/// Makes a world straight into a data folder: reference files go through the import as any others, receipts go into the packed history without
/// becoming text. Each customer lives her whole history at once and is forgotten, so any number of them needs the memory of a few thousand.
/// </summary>
public static class SimulateIntoJob
{
    /// <summary>Customers of one thread's piece of work, and such pieces stored together.</summary>
    const int ChunkSize = 500, ChunksOfGroup = 48;

    /// <param name="threads">Null for all processors; the history is the same with any number.</param>
    /// <exception cref="BadInputException">An option makes no sense, or the folder holds something already.</exception>
    public static SimulateSummary Run(WorldOptions options, DataFolder folder, int? threads, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var world = World.Build(options);
        NewFolder.RequireFolder(folder.Root, "--into");
        var wasThere = Directory.Exists(folder.Root);
        if (wasThere && Directory.EnumerateFileSystemEntries(folder.Root).Any())
            throw new BadInputException("into-not-empty", new Text(
                $"{folder.Root}: holds something already; name a new or empty folder with --into.",
                $"{folder.Root}: уже что-то содержит; укажите в --into новую или пустую папку."));
        try
        {
            using var state = StateStore.Open(folder);
            ImportReference(world, folder, state, time, progress, stop);
            CheckNumbers(world, state);
            var name = $"world {options.Seed}";
            var digest = $"world-{Hash64.Of(JsonSerializer.Serialize(options)):x16}";
            var lines = BulkHistoryJob.Run(folder, state, digest, name, Groups(world, new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount, CancellationToken = stop }), progress, stop);
            return new SimulateSummary(folder.Root, options.Customers, options.Products, options.Stores, options.FirstDay, options.EndDay, lines, []);
        }
        catch
        {
            var root = new DirectoryInfo(folder.Root);
            if (!root.Exists) throw;
            foreach (var inner in root.EnumerateDirectories()) inner.Delete(recursive: true);
            foreach (var file in root.EnumerateFiles()) file.Delete();

            // A folder that was there stays: it may be a mounted disk.
            if (!wasThere) root.Delete();
            throw;
        }
    }

    static void ImportReference(World world, DataFolder folder, StateStore state, TimeProvider time, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var files = Path.Combine(folder.Root, "reference");
        var paths = RetailerFeed.WriteReference(world, world.People(), files, stop);
        var result = ImportJob.Run(folder, state, new ImportRequest([.. paths]) { Language = world.Options.Language }, time.GetLocalNow().DateTime, progress, stop);
        if (result.Files.FirstOrDefault(file => file.Failure is not null || file.Rejected.Count > 0) is { } bad)
            throw new InvalidOperationException($"{bad.File}: the import does not take what the simulation writes ({bad.Failure?.English}).");
        Directory.Delete(files, recursive: true);
    }

    /// <summary>The import numbers keys in the order of files; that is what the lines below are numbered by.</summary>
    static void CheckNumbers(World world, StateStore state)
    {
        using var connection = state.Connect();
        Check("customer", world.Options.Customers, Shopper.KeyOf(world.Options.Customers - 1));
        Check("product", world.Assortment.Goods.Length, world.Assortment.Goods[^1].Key);
        Check("store", world.Shops.Length, world.Shops[^1].Key);

        void Check(string table, int number, string key)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"select key from {table} where number = {number.ToString(CultureInfo.InvariantCulture)}";
            if (command.ExecuteScalar() as string != key) throw new InvalidOperationException($"{table} {number} is not {key}.");
        }
    }

    static IEnumerable<IReadOnlyList<BulkLines>> Groups(World world, ParallelOptions threads)
    {
        var chunks = Enumerable.Range(0, ChunksOfGroup).Select(_ => new BulkLines()).ToArray();
        var storeKeys = world.Shops.Select(shop => Encoding.UTF8.GetBytes(shop.Key)).ToArray();
        for (var first = 0; first < world.Options.Customers; first += ChunkSize * ChunksOfGroup)
        {
            Parallel.For(0, ChunksOfGroup, threads, chunk =>
            {
                var lines = chunks[chunk];
                lines.Clear();
                var book = new ReceiptBook();
                var from = first + (chunk * ChunkSize);
                for (var number = from; number < Math.Min(from + ChunkSize, world.Options.Customers); number++) Live(world, number, book, storeKeys, lines);
            });
            yield return chunks;
        }
    }

    static void Live(World world, int number, ReceiptBook book, byte[][] storeKeys, BulkLines lines)
    {
        book.Clear();
        var shopper = world.Shopper(number);
        var state = new ShopperState(shopper);
        var end = world.Options.Weeks * 7;
        for (var day = 0; day < end; day++) ShoppingDay.Live(world, shopper, state, ShopperOffers.None, day, book);

        Span<byte> id = stackalloc byte[32];
        var firstMinute = Clock.Minute(world.Options.FirstDay);
        foreach (var receipt in book.Receipts)
        {
            var minute = firstMinute + (receipt.Day * 1440) + receipt.Minute;
            var known = ReceiptNumber.Of(id[..receipt.WriteId(id)], storeKeys[receipt.Shop], minute);
            foreach (ref readonly var line in book.LinesOf(receipt))
                lines.Add(known, minute, receipt.Shop + 1, line.Product + 1, new Quantity(line.QuantityThousandths), line.RegularPrice, line.Paid);
        }

        lines.EndCustomer(number + 1, Hash64.Of(shopper.Key));
    }
}
