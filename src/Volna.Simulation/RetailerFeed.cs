using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>Writes what a retailer would send: reference files and receipts in Volna's own formats.</summary>
static class RetailerFeed
{
    /// <summary>Weeks of receipts in one file.</summary>
    const int WeeksOfFile = 13;

    /// <summary>Writes the reference files as they are on the last day of history.</summary>
    /// <returns>Paths, in the order in which they are best imported.</returns>
    internal static IReadOnlyList<string> WriteReference(World world, Population population, string folder, CancellationToken stop) =>
        WriteReference(world, population.Shoppers.Take(world.Options.Customers), folder, stop);

    /// <inheritdoc cref="WriteReference(World, Population, string, CancellationToken)"/>
    /// <param name="people">May be a stream; it is gone through more than once.</param>
    internal static IReadOnlyList<string> WriteReference(World world, IEnumerable<Shopper> people, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        return
        [
            Save("products.csv", csv => Products(world, 0, 7 * world.Options.Weeks, csv)),
            Save("stores.csv", csv => Stores(world, csv)),
            Save("customers.csv", csv => Customers(world, people, csv, stop)),
            Save("stock.csv", csv => Stock(world, 7 * world.Options.Weeks, csv)),
            // Those of the history and, as a retailer plans ahead, of some weeks after it.
            Save("mass-promotions.csv", csv => MassPromotions(world, 0, world.Options.Weeks + MassPromotionsOfWeek.WeeksPlanned, csv)),
            Save("exclusions.csv", csv => Exclusions(world, 7 * world.Options.Weeks, csv)),
            Save("dislikes.csv", csv => Dislikes(people, csv, stop)),
        ];

        string Save(string name, Action<CsvBuffer> fill)
        {
            var path = Path.Combine(folder, name);
            using var file = File.Create(path);
            var csv = new CsvBuffer(file);
            fill(csv);
            csv.FlushTo(file);
            return path;
        }
    }

    /// <summary>Lets the history pass and writes its receipts, sorted by day. The population stands at the end of history afterwards.</summary>
    internal static (IReadOnlyList<string> Paths, long Lines) WriteHistory(
        World world, Population population, string folder, IProgress<StepProgress>? progress = null, CancellationToken stop = default) =>
        WriteHistory(world, population, folder, "", progress, stop);

    /// <inheritdoc cref="WriteHistory(World, Population, string, IProgress{StepProgress}?, CancellationToken)"/>
    /// <param name="part">Ends the files' names, where there are several for the same days.</param>
    internal static (IReadOnlyList<string> Paths, long Lines) WriteHistory(
        World world, Population population, string folder, string part, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        var lines = 0L;
        var rows = new ReceiptRows(world, population.Chunks);
        for (var firstWeek = 0; firstWeek < world.Options.Weeks; firstWeek += WeeksOfFile)
        {
            var path = Path.Combine(folder, $"receipts-{CsvBuffer.Iso(world.Date(firstWeek * 7))}{part}.csv");
            using var file = Create(path);
            for (var week = firstWeek; week < Math.Min(firstWeek + WeeksOfFile, world.Options.Weeks); week++)
            {
                stop.ThrowIfCancellationRequested();
                population.Live(week * 7, 7, rows.Add);
                lines += rows.Flush(file);
                progress?.Report(new StepProgress(new("Receipts", "Чеки"), lines, null, new("lines", "строк")));
            }

            paths.Add(path);
        }

        return (paths, lines);
    }

    /// <summary>
    /// Lives the history once more and writes what happened on the site. It goes into a folder of its own, for those who load such events; an import of
    /// the retailer's files does not know them.
    /// </summary>
    internal static string WriteSite(World world, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "site-events.csv");
        using var file = File.Create(path);
        var csv = new CsvBuffer(file).Row("customer", "time", "event", "product");
        var events = new List<SiteEvent>();
        var book = new ReceiptBook();
        for (var number = 0; number < world.Options.Customers; number++)
        {
            stop.ThrowIfCancellationRequested();
            if (!world.Person(number).UsesSite) continue;
            var shopper = world.Shopper(number);
            var state = new ShopperState(shopper);
            events.Clear();
            book.Clear();
            for (var day = 0; day < world.Options.Weeks * 7; day++)
            {
                SiteVisits.Live(world, shopper, state, day, events);
                ShoppingDay.Live(world, shopper, state, ShopperOffers.None, day, book);
            }

            foreach (var deed in events)
            {
                var time = world.Date(deed.Day).ToDateTime(TimeOnly.MinValue).AddMinutes(deed.Minute);
                csv.Row(
                    shopper.Key, time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                    deed.Deed switch { SiteDeed.View => "view", SiteDeed.Favourite => "favourite", _ => "basket" }, world.Assortment.Goods[deed.Product].Key);
            }
        }

        csv.FlushTo(file);
        return path;
    }

    /// <summary>A file of receipts with its header.</summary>
    internal static FileStream Create(string path)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        file.Write("receipt,time,store,customer,product,quantity,price,amount\n"u8);
        return file;
    }

    /// <summary>Goods that come onto the shelf on some days.</summary>
    internal static CsvBuffer Products(World world, int firstDay, int lastDay, CsvBuffer csv)
    {
        csv.Row("key", "name", "category", "brand", "supplier", "price", "cost", "floor", "floor_price", "tags");
        var language = world.Options.Language;
        foreach (var good in world.Assortment.Goods.Where(good => good.ListedFrom >= firstDay && good.ListedFrom <= lastDay))
        {
            var traits = world.Assortment.Categories[good.Category];
            var floor = traits.Floor switch { FloorPolicy.MinimumPrice => "minimum-price", FloorPolicy.NoDiscount => "no-discount", _ => "none" };
            csv.Row(
                good.Key, good.Name.In(language), traits.Path.In(language), good.Brand.In(language), good.Supplier.In(language),
                good.Price.ToString(), good.Cost.ToString(), floor, good.FloorPrice?.ToString() ?? "", string.Join(' ', traits.Tags));
        }

        return csv;
    }

    static void Stores(World world, CsvBuffer csv)
    {
        csv.Row("key", "name", "city", "time_zone");
        foreach (var shop in world.Shops)
            csv.Row(shop.Key, shop.Name.In(world.Options.Language), shop.City.Name.In(world.Options.Language), shop.City.TimeZone);
    }

    static void Customers(World world, IEnumerable<Shopper> people, CsvBuffer csv, CancellationToken stop)
    {
        CustomersHeader(csv);
        foreach (var shopper in people)
        {
            stop.ThrowIfCancellationRequested();
            Customer(world, shopper, shopper.HomeShopOn(7 * world.Options.Weeks), shopper.Consents, csv);
        }
    }

    internal static CsvBuffer CustomersHeader(CsvBuffer csv) =>
        csv.Row("key", "first_name", "last_name", "email", "phone", "gender", "birth_date", "home_store", "consents", "language");

    /// <summary>What the retailer knows of a customer.</summary>
    internal static void Customer(World world, Shopper shopper, int homeShop, Channels consents, CsvBuffer csv)
    {
        var language = world.Options.Language;
        csv.Row(
            shopper.Key, shopper.FirstName.In(language), "", $"{shopper.Key.ToLowerInvariant()}@example.org", "",
            shopper.GenderGiven ? shopper.Gender == Gender.Female ? "female" : "male" : "", shopper.BirthDate is { } day ? CsvBuffer.Iso(day) : "",
            world.Shops[homeShop].Key, Consents(consents), language.Code());
    }

    /// <summary>As in a file of customers.</summary>
    static string Consents(Channels channels)
    {
        var names = string.Join(';', new[] { (Channels.App, "app"), (Channels.Email, "email"), (Channels.Print, "print") }
            .Where(channel => (channels & channel.Item1) != 0).Select(channel => channel.Item2));
        return names.Length == 0 ? "none" : names;
    }

    /// <summary>What stands on the shelves on a day of the world.</summary>
    internal static CsvBuffer Stock(World world, int day, CsvBuffer csv)
    {
        csv.Row("store", "product", "quantity");
        foreach (var shop in world.Shops)
        {
            var draw = new Draw(world.Options.Seed, "stock", (ulong)shop.Number);
            foreach (var good in world.Assortment.Goods)
                if (shop.Stocked[good.Number] && good.IsListed(day))
                    csv.Field(shop.Key).Field(good.Key).Field(new Quantity(1000 * (20 + draw.NextBelow(200)))).EndRow();
        }

        return csv;
    }

    internal static CsvBuffer MassPromotions(World world, int firstWeek, int endWeek, CsvBuffer csv)
    {
        csv.Row("key", "product", "store", "discount", "from", "to");
        for (var week = firstWeek; week < endWeek; week++)
        {
            var percent = world.MassPromotions(week * 7);
            foreach (var good in world.Assortment.Goods)
                if (percent[good.Number] != 0)
                    csv.Row(
                        $"W{week + 1:000}", good.Key, "", percent[good.Number].ToString(CultureInfo.InvariantCulture),
                        CsvBuffer.Iso(world.Date(week * 7)), CsvBuffer.Iso(world.Date((week * 7) + 6)));
        }

        return csv;
    }

    /// <summary>What is kept out of all offers, of the goods that come onto the shelf until a day.</summary>
    internal static CsvBuffer Exclusions(World world, int lastDay, CsvBuffer csv)
    {
        csv.Row("kind", "value", "reason", "from", "to");
        csv.Row("tag", "tobacco", "forbidden", "", "").Row("tag", "alcohol", "forbidden", "", "").Row("tag", "baby", "other", "", "");
        foreach (var good in world.Assortment.Goods)
            if (HasLowMargin(good) && good.ListedFrom <= lastDay)
                csv.Row("product", good.Key, "low-margin", "", "");
        return csv;
    }

    static bool HasLowMargin(Good good) => good.Cost.Minor > good.Price.Minor * 0.95;

    /// <summary>Whether the retailer keeps a good out of all offers.</summary>
    public static bool IsExcluded(Good good, CategoryTraits traits) => HasLowMargin(good) || traits.Tags.Intersect(["tobacco", "alcohol", "baby"]).Any();

    static void Dislikes(IEnumerable<Shopper> people, CsvBuffer csv, CancellationToken stop)
    {
        csv.Row("customer", "kind", "value", "reason");
        foreach (var shopper in people)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var veto in shopper.Vetoes) csv.Row(shopper.Key, "tag", veto.Tag, veto.Reason == DislikeReason.Allergy ? "allergy" : "ethics");
        }
    }
}

/// <summary>Receipts as rows of CSV, formatted chunk by chunk on many threads and written in the order of days.</summary>
sealed class ReceiptRows
{
    readonly World _world;
    readonly CsvBuffer[,] _buffers;
    readonly long[] _lines;
    readonly byte[][] _goodKeys;
    int _days;

    public ReceiptRows(World world, int chunks)
    {
        _world = world;
        _lines = new long[chunks];
        _goodKeys = [.. world.Assortment.Goods.Select(good => Encoding.UTF8.GetBytes(good.Key))];
        _buffers = new CsvBuffer[chunks, 7];
        foreach (var chunk in Enumerable.Range(0, chunks))
            for (var day = 0; day < 7; day++)
                _buffers[chunk, day] = new CsvBuffer();
    }

    /// <summary>Formats a chunk's books of some days; called on many threads, each with its own chunk.</summary>
    public void Add(int chunk, ReadOnlyMemory<ReceiptBook> books)
    {
        _days = books.Length;
        for (var day = 0; day < books.Length; day++)
        {
            var book = books.Span[day];
            foreach (var receipt in book.Receipts) Format(_buffers[chunk, day], receipt, book.LinesOf(receipt));
            _lines[chunk] += book.Lines.Count;
        }
    }

    /// <summary>Writes what was formatted, and starts anew.</summary>
    /// <returns>How many lines.</returns>
    public long Flush(Stream file)
    {
        for (var day = 0; day < _days; day++)
        {
            for (var chunk = 0; chunk < _lines.Length; chunk++)
            {
                file.Write(_buffers[chunk, day].Written.Span);
                _buffers[chunk, day].Clear();
            }
        }

        var lines = _lines.Sum();
        Array.Clear(_lines);
        return lines;
    }

    void Format(CsvBuffer csv, in Receipt receipt, ReadOnlySpan<BasketLine> lines)
    {
        // What is the same on all lines of a receipt is put together once.
        var time = _world.Date(receipt.Day).ToDateTime(new TimeOnly(receipt.Minute / 60, receipt.Minute % 60));
        Span<byte> head = stackalloc byte[100];
        if (!Utf8.TryWrite(head, CultureInfo.InvariantCulture, $"{receipt.Id},{time:yyyy-MM-dd HH:mm},{_world.Shops[receipt.Shop].Key},{Shopper.KeyOf(receipt.Shopper)}", out var length))
            throw new InvalidOperationException($"The head of receipt {receipt.Id} is longer than {head.Length} bytes.");
        foreach (var line in lines)
            csv.Field(head[..length]).Field(_goodKeys[line.Product]).Field(new Quantity(line.QuantityThousandths)).Field(line.RegularPrice).Field(line.Paid).EndRow();
    }
}
