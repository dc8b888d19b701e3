using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Volna.Intake.Catalog;

namespace Volna.Simulation.Tests;

public sealed partial class WorldTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_same_seed_gives_the_same_files_with_any_number_of_threads()
    {
        var one = Digests(SmallWorld.Options, threads: 1);
        Assert.Equal(8, one.Count);
        Assert.Equal(one, Digests(SmallWorld.Options, threads: 2));
        Assert.Equal(one, Digests(SmallWorld.Options, threads: 3));
        Assert.Equal(one, Digests(SmallWorld.Options, threads: 8));
    }

    [Fact]
    public void Another_seed_is_another_world()
    {
        var one = Digests(SmallWorld.Options, threads: null);
        var other = Digests(SmallWorld.Options with { Seed = 12 }, threads: null);

        // The shops stand where they stood and the tags that are excluded stay; all else differs.
        Assert.Equal(["exclusions.csv", "stores.csv"], one.Keys.Where(file => one[file] == other[file]).Order());
    }

    [Fact]
    public void Every_price_lies_above_its_cost_and_no_lower_than_its_floor()
    {
        foreach (var seed in (ulong[])[1, 2, 3])
        {
            var world = World.Build(new WorldOptions { Seed = seed });
            Assert.Equal(2_000, world.Assortment.Goods.Length);
            Assert.All(world.Assortment.Goods, good =>
            {
                Assert.True(good.Cost > Money.Zero && good.Price > good.Cost, good.ToString());
                if (good.FloorPrice is { } floor) Assert.True(floor >= good.Cost && floor <= good.Price, good.ToString());
            });
            Assert.Equal(2_000, world.Assortment.Goods.Select(good => good.Name.English).Distinct().Count());
            Assert.Contains(world.Assortment.Categories, category => category.Floor == FloorPolicy.NoDiscount);
            Assert.Contains(world.Assortment.Categories, category => category.Floor == FloorPolicy.MinimumPrice);
        }
    }

    [Fact]
    public void Names_are_in_the_language_asked_for()
    {
        SimulateJob.Write(SmallWorld.Options with { Weeks = 1 }, Path.Combine(_folder, "en"), null, null, TestContext.Current.CancellationToken);
        SimulateJob.Write(SmallWorld.Options with { Weeks = 1, Language = Language.Russian }, Path.Combine(_folder, "ru"), null, null, TestContext.Current.CancellationToken);
        foreach (var file in (string[])["products.csv", "stores.csv", "customers.csv"])
        {
            Assert.DoesNotMatch(Cyrillic(), File.ReadAllText(Path.Combine(_folder, "en", file)));
            Assert.All(File.ReadLines(Path.Combine(_folder, "ru", file)).Skip(1), row => Assert.Matches(Cyrillic(), row));
        }

        Assert.Equal(Directory.GetFiles(Path.Combine(_folder, "en"), "receipts*").Select(File.ReadAllText), Directory.GetFiles(Path.Combine(_folder, "ru"), "receipts*").Select(File.ReadAllText));
    }

    [Fact]
    public void Marginals_are_those_of_a_food_retailer()
    {
        // Wide bands of what is told of food shops with loyalty cards: four to ten lines a receipt would need more weeks of stock-up trips than we model.
        var world = World.Build(new WorldOptions { Customers = 1_500, Weeks = 40 });
        var lines = SmallWorld.History(world);
        var sales = lines.Where(line => !line.Receipt.IsReturn).ToList();
        var receipts = sales.Select(line => line.Receipt.Id).Distinct().Count();

        Assert.InRange((double)sales.Count / receipts, 3, 8);
        Assert.InRange(receipts / (1_500 * 40.0), 0.4, 1.2);
        Assert.InRange(sales.Sum(line => line.Line.Paid.Minor) / 100.0 / receipts, 400, 1_500);
        Assert.InRange((double)(lines.Count - sales.Count) / lines.Count, 0.001, 0.03);

        var seen = new HashSet<(int, int)>();
        var again = sales.OrderBy(line => line.Receipt.Day).Count(line => !seen.Add((line.Receipt.Shopper, line.Line.Product)));
        Assert.InRange((double)again / sales.Count, 0.25, 0.7);

        var top = sales.CountBy(line => line.Line.Product).OrderByDescending(product => product.Value).Take(200).Sum(product => product.Value);
        Assert.InRange((double)top / sales.Count, 0.3, 0.7);
        Assert.InRange((double)sales.Count(line => line.Line.ShelfPrice < line.Line.RegularPrice) / sales.Count, 0.015, 0.1);
    }

    [Fact]
    public void Goods_are_sold_between_their_launch_and_their_delisting_only()
    {
        var world = World.Build(SmallWorld.Options with { Launches = 0.2, Delistings = 0.2 });
        foreach (var (receipt, line) in SmallWorld.History(world).Where(line => !line.Receipt.IsReturn))
            Assert.True(world.Assortment.Goods[line.Product].IsListed(receipt.Day));
        Assert.InRange(world.Assortment.Goods.Count(good => good.ListedFrom > 0), 40, 110);
        Assert.InRange(world.Assortment.Goods.Count(good => good.ListedUntil < int.MaxValue), 30, 100);
    }

    [Fact]
    public void A_jumbo_pack_lasts_longer_and_costs_less_for_what_it_holds()
    {
        var world = World.Build(new WorldOptions { JumboShare = 0.3 });
        Assert.InRange(world.Assortment.Goods.Count(good => good.Name.English.Contains("in one", StringComparison.Ordinal)), 300, 700);
        double Mean(Func<Good, bool> which) => world.Assortment.Goods.Where(which).Average(good => good.RelativeLogPrice);
        Assert.True(Mean(good => good.Packs > 2.5) < Mean(good => good.Packs <= 2.5) - 0.1);

        // After a jumbo pack of something the next purchase in its category comes later.
        var population = new Population(World.Build(SmallWorld.Options with { JumboShare = 0.5, SeasonStrength = 0 }));
        var gaps = (Small: new List<int>(), Large: new List<int>());
        var goods = World.Build(SmallWorld.Options with { JumboShare = 0.5, SeasonStrength = 0 }).Assortment.Goods;
        foreach (var bought in SmallWorld.Live(population, 0, 84).Where(line => !line.Receipt.IsReturn).GroupBy(line => (line.Receipt.Shopper, goods[line.Line.Product].Category)))
        {
            var lines = bought.OrderBy(line => line.Receipt.Day).ToList();
            for (var i = 1; i < lines.Count; i++)
                (goods[lines[i - 1].Line.Product].Packs > 2.5 ? gaps.Large : gaps.Small).Add(lines[i].Receipt.Day - lines[i - 1].Receipt.Day);
        }

        Assert.True(gaps.Large.Average() > gaps.Small.Average() + 2, $"{gaps.Large.Average():F1} days against {gaps.Small.Average():F1}");
    }

    [Fact]
    public void Holidays_stand_on_their_days_and_move_visits()
    {
        Assert.Equal(new DateOnly(2024, 5, 5), Holidays.OrthodoxEaster(2024));
        Assert.Equal(new DateOnly(2025, 4, 20), Holidays.OrthodoxEaster(2025));
        Assert.Equal(new DateOnly(2026, 4, 12), Holidays.OrthodoxEaster(2026));

        var world = World.Build(new WorldOptions { Customers = 2_000, Products = 400, Weeks = 34 });
        var receipts = SmallWorld.History(world).Select(line => line.Receipt).Where(receipt => !receipt.IsReturn).Distinct().CountBy(receipt => world.Date(receipt.Day)).ToDictionary();
        Assert.True(receipts[new(2024, 12, 30)] > 1.1 * receipts[new(2024, 12, 9)]);
        Assert.True(receipts[new(2025, 1, 1)] < 0.5 * receipts[new(2024, 12, 11)]);
        Assert.True(world.Climate.VisitOdds(0, world.Day(new(2025, 1, 1))) < 0.3);
    }

    [Fact]
    public void Competitors_draw_the_fickle_away()
    {
        int Lines(double strength) => SmallWorld.History(World.Build(SmallWorld.Options with { CompetitorStrength = strength })).Count;
        var (alone, among) = (Lines(0), Lines(3));
        Assert.True(among < 0.97 * alone, $"{among} against {alone}");
    }

    [Fact]
    public void Nobody_buys_for_a_baby_before_it_is_born()
    {
        var world = World.Build(SmallWorld.Options with { LifeEvents = 1 });
        var population = new Population(world);
        var (early, late) = (0, 0);
        foreach (var (receipt, line) in SmallWorld.Live(population, 0, 84).Where(line => !line.Receipt.IsReturn))
        {
            var shopper = population.Shoppers[receipt.Shopper];
            var from = shopper.NeedFrom[shopper.Find(line.Product)!.Value.Need];
            if (from == 0) early++;
            else late++;
            Assert.True(receipt.Day >= from);
        }

        Assert.True(late > 50 && early > late);
        Assert.InRange(population.Shoppers.Count(shopper => shopper.Moves.Day < 84), 150, 450);
    }

    [Fact]
    public void Nobody_buys_what_she_vetoes_or_what_the_shop_does_not_carry()
    {
        var world = World.Build(SmallWorld.Options);
        var population = new Population(world);
        var vetoes = 0;
        foreach (var (receipt, line) in SmallWorld.Live(population, 0, 84))
        {
            if (!receipt.IsReturn) Assert.True(world.Shops[receipt.Shop].Stocked[line.Product]);
            Assert.Equal(receipt.IsReturn, line.Paid < Money.Zero);
            Assert.NotEqual(Money.Zero, line.Paid);
            foreach (var veto in population.Shoppers[receipt.Shopper].Vetoes)
            {
                vetoes++;
                Assert.DoesNotContain(veto.Tag, world.Assortment.Categories[world.Assortment.Goods[line.Product].Category].Tags);
            }
        }

        Assert.True(vetoes > 100);
    }

    [Theory]
    [InlineData("customers", 0)]
    [InlineData("customers", -5)]
    [InlineData("products", 0)]
    [InlineData("stores", 0)]
    [InlineData("weeks", -1)]
    [InlineData("massPromotionShare", 1.5)]
    [InlineData("seenInApp", -0.1)]
    [InlineData("returns", double.NaN)]
    [InlineData("visitsPerWeek", double.PositiveInfinity)]
    public void Nonsense_is_refused_with_one_sentence_and_nothing_is_written(string name, double value)
    {
        var options = name switch
        {
            "customers" => new WorldOptions { Customers = (int)value },
            "products" => new WorldOptions { Products = (int)value },
            "stores" => new WorldOptions { Stores = (int)value },
            "weeks" => new WorldOptions { Weeks = (int)value },
            "massPromotionShare" => new WorldOptions { MassPromotionShare = value },
            "seenInApp" => new WorldOptions { SeenInApp = value },
            "returns" => new WorldOptions { Returns = value },
            "visitsPerWeek" => new WorldOptions { VisitsPerWeek = value },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        var refusal = Assert.Throws<BadInputException>(() => SimulateJob.Write(options, Path.Combine(_folder, "out"), null, null, TestContext.Current.CancellationToken));
        Assert.Equal("world-options", refusal.Code);
        Assert.Contains(name, refusal.Sentence.English, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        var refusal = Assert.Throws<BadInputException>(() => SimulateJob.Write(SmallWorld.Options, _folder, null, null, TestContext.Current.CancellationToken));
        Assert.Equal("out-not-empty", refusal.Code);
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void An_empty_folder_is_filled_and_not_replaced_by_another()
    {
        // As a mounted disk: what leads to it must go on leading to it.
        var disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        var link = Directory.CreateSymbolicLink(Path.Combine(_folder, "link"), disk).FullName;
        Directory.CreateDirectory(Path.Combine(disk, ".unfinished", "of a killed run"));
        var summary = SimulateJob.Write(SmallWorld.Options with { Customers = 50, Weeks = 1 }, link, withSite: true, null, null, TestContext.Current.CancellationToken);
        Assert.All(summary.Files, file => Assert.True(File.Exists(Path.Combine(disk, Path.GetRelativePath(link, file))), file));
        Assert.Equal(Path.Combine(link, "site", "site-events.csv"), summary.Files[^1]);
        Assert.False(Directory.Exists(Path.Combine(disk, ".unfinished")));
    }

    [Fact]
    public void A_run_that_is_stopped_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() => SimulateJob.Write(SmallWorld.Options, Path.Combine(_folder, "out"), null, null, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    Dictionary<string, string> Digests(WorldOptions options, int? threads)
    {
        var folder = Path.Combine(_folder, Guid.NewGuid().ToString());
        var summary = SimulateJob.Write(options, folder, threads, null, TestContext.Current.CancellationToken);
        return summary.Files.ToDictionary(file => Path.GetFileName(file)!, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
    }

    [GeneratedRegex("[а-яА-ЯёЁ]")]
    private static partial Regex Cyrillic();
}
