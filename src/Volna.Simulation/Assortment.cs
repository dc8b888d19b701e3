using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>A product on the make-believe shelf.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Category">Index into <see cref="Assortment.Categories"/>.</param>
/// <param name="Rank">Place by popularity within its category, from 0.</param>
/// <param name="Popularity">Log-share by Zipf's law, before taste and price.</param>
/// <param name="Packs">How many usual packs of its category it holds: a large bottle more than one, a jumbo pack several.</param>
/// <param name="ListedFrom">First day of the world on which it is sold.</param>
/// <param name="ListedUntil">The day from which it is sold no more.</param>
/// <param name="Taste">Where it lies in the space of tastes.</param>
sealed record Good(
    int Number, string Key, Text Name, int Category, int Rank, double Popularity, Text Brand, Text Supplier, Money Price, Money Cost, Money? FloorPrice, double Packs, int ListedFrom, int ListedUntil, float[] Taste)
{
    /// <summary>ln of its price for a usual pack's content against the category's mean.</summary>
    public double RelativeLogPrice { get; init; }

    public double LogUnitPrice => Math.Log(Price.Minor / Packs);

    public bool IsListed(int day) => day >= ListedFrom && day < ListedUntil;
}

/// <summary>All goods of the make-believe retailer, by category.</summary>
sealed class Assortment
{
    /// <summary>Dimensions of taste: sweet, wholesome, traditional and so on; they have no names here.</summary>
    public const int Tastes = 6;

    /// <summary>The next size of pack holds so many times more; a jumbo pack so many packs; and the price grows with the content's power.</summary>
    const double SizeStep = 1.8, PriceOfSize = 0.8;

    const int JumboPacks = 4;

    Assortment(CategoryTraits[] categories, Good[] goods, int[][] byCategory, int[][] laterByCategory)
    {
        ListedFrom = [.. goods.Select(good => good.ListedFrom)];
        ListedUntil = [.. goods.Select(good => good.ListedUntil)];
        Tables = [.. byCategory.Select(numbers => new CategoryTable(goods[numbers[0]..(numbers[^1] + 1)]))];
        Categories = categories;
        Goods = goods;
        ByCategory = byCategory;
        LaterByCategory = laterByCategory;
    }

    public CategoryTraits[] Categories { get; }

    public Good[] Goods { get; }

    /// <summary>Numbers of the goods of each category that are known by the end of the history, the most popular first.</summary>
    public int[][] ByCategory { get; }

    /// <summary>Numbers of the goods of each category that are launched after it, the earliest first.</summary>
    public int[][] LaterByCategory { get; }

    /// <summary>As in <see cref="Good"/>, by number.</summary>
    public int[] ListedFrom { get; }

    /// <inheritdoc cref="ListedFrom"/>
    public int[] ListedUntil { get; }

    /// <summary>What making a customer looks up, by category.</summary>
    public CategoryTable[] Tables { get; }

    public static Assortment Build(WorldOptions options, int weeksAhead)
    {
        var all = CategoryTraits.All;
        var categories = all.Take(Math.Min(all.Length, options.Products)).ToArray();
        var goods = new List<Good>(options.Products);
        var byCategory = new int[categories.Length][];
        var meansAndNames = new (double Mean, HashSet<string> Names)[categories.Length];
        var suppliers = Math.Max(1, Brands.All.Length / 2);

        // Categories share the goods evenly, the first ones take the remainder; popularity by rank makes the shelf uneven enough.
        for (var category = 0; category < categories.Length; category++)
        {
            var count = (options.Products / categories.Length) + (category < options.Products % categories.Length ? 1 : 0);
            byCategory[category] = [.. Enumerable.Range(goods.Count, count)];
            var names = new HashSet<string>();
            var made = Enumerable.Range(0, count).Select(rank => Make(options, categories[category], category, goods.Count + rank, rank, suppliers, names, weeksAhead)).ToList();
            var mean = made.Average(good => good.LogUnitPrice);
            goods.AddRange(made.Select(good => good with { RelativeLogPrice = good.LogUnitPrice - mean }));
            meansAndNames[category] = (mean, names);
        }

        // After the history launches go on as often as in it, in any category, at any rank but the leader's.
        var ofWeek = options.Launches * options.Products / options.Weeks;
        var later = Enumerable.Range(0, categories.Length).Select(_ => new List<int>()).ToArray();
        for (var launch = 0; launch < (int)(ofWeek * weeksAhead); launch++)
        {
            var draw = new Draw(options.Seed, "launch", (ulong)launch);
            var category = draw.NextBelow(categories.Length);
            var (mean, names) = meansAndNames[category];
            later[category].Add(goods.Count);
            var good = Make(options, categories[category], category, goods.Count, 1 + draw.NextBelow(byCategory[category].Length), suppliers, names, weeksAhead);
            goods.Add(good with { RelativeLogPrice = good.LogUnitPrice - mean, ListedFrom = (7 * options.Weeks) + (int)(7 * (launch + 0.5) / ofWeek), ListedUntil = int.MaxValue });
        }

        return new Assortment(categories, [.. goods], byCategory, [.. later.Select(numbers => numbers.ToArray())]);
    }

    static Good Make(WorldOptions options, CategoryTraits traits, int category, int number, int rank, int suppliers, HashSet<string> names, int weeksAhead)
    {
        var draw = new Draw(options.Seed, "good", (ulong)number);
        var brandIndex = draw.NextBelow(Brands.All.Length);
        var brand = Brands.All[brandIndex];
        var isJumbo = draw.NextUnit() < options.JumboShare && !traits.ByWeight && rank > 0;
        var (name, size) = Name(traits, brand, isJumbo, ref draw, names);
        var packs = Math.Pow(SizeStep, size) * (isJumbo ? JumboPacks : 1);

        // Within a category prices spread log-normally; the ending is the retailer's habit.
        var spread = options.PriceSpread * Math.Log(traits.PriceHigh / traits.PriceLow) / 4;
        var whole = options.PriceLevel * Math.Sqrt(traits.PriceLow * traits.PriceHigh) * Math.Exp(spread * draw.NextNormal()) * Math.Pow(packs, PriceOfSize);
        var price = Shelf(whole, draw.NextUnit());
        var margin = Math.Clamp(options.MarginLevel * traits.Margin * Math.Exp(0.25 * draw.NextNormal()), 0.02, 0.7);
        var cost = new Money(Math.Clamp((long)Math.Round(price.Minor * (1 - margin)), 1, price.Minor - 1));

        // A minimum retail price a tenth below the shelf price, as for wine and spirits.
        Money? floor = traits.Floor == FloorPolicy.MinimumPrice ? new Money(Math.Max(cost.Minor, price.Minor * 9 / 10)) : null;

        var taste = new float[Tastes];
        var inCategory = new Draw(options.Seed, "category-taste", (ulong)category);
        var inBrand = new Draw(options.Seed, "brand-taste", (ulong)brandIndex);
        for (var t = 0; t < Tastes; t++)
            taste[t] = (float)((0.4 * inCategory.NextNormal()) + (0.6 * inBrand.NextNormal()) + (0.6 * draw.NextNormal()));

        // The leader of a category is always there; of the others some come and some go while the world lasts.
        double coming = draw.NextUnit(), going = draw.NextUnit(), when = draw.NextUnit();
        var days = 7 * options.Weeks;
        var from = rank > 0 && coming < options.Launches ? 1 + (int)(when * days) : 0;
        var until = rank > 0 && from == 0 ? Until() : int.MaxValue;

        // Those that outlive the history go on going, as often as in it.
        int Until()
        {
            if (going < options.Delistings) return 1 + (int)(when * days);
            var goes = going / options.Delistings * days;
            return goes < days + (7 * weeksAhead) ? 1 + (int)goes : int.MaxValue;
        }

        var supplier = (brandIndex % suppliers) + 1;
        return new Good(
            number, $"P{number + 1:00000}", name, category, rank, -options.PopularityExponent * Math.Log(rank + 1), brand, new Text($"Supplier {supplier:00}", $"Поставщик {supplier:00}"), price, cost, floor, packs, from, until, taste);
    }

    /// <summary>From the next whole unit of money down to a price as shops write it; what costs a few units has no room for that.</summary>
    static Money Shelf(double whole, double luck) =>
        whole >= 5 ? new(((long)Math.Round(whole) * 100) - (luck < 0.5 ? 1 : 10)) : new(Math.Max((long)Math.Round(whole * 100), 3));

    /// <summary>A name not yet used in the category, and how many steps its pack lies above the usual one.</summary>
    static (Text Name, double Size) Name(CategoryTraits traits, Text brand, bool isJumbo, ref Draw draw, HashSet<string> names)
    {
        for (var attempt = 0; ; attempt++)
        {
            var variant = traits.Variants[draw.NextBelow(traits.Variants.Length)];
            var size = draw.NextBelow(traits.Sizes.Length);
            var serial = attempt < 8 ? "" : $" No. {names.Count + 1}";
            var serialRussian = attempt < 8 ? "" : $" № {names.Count + 1}";
            var name = new Text(
                $"{traits.Name.English} {variant.English}{serial} \"{brand.English}\", {traits.Sizes[size].English}",
                $"{traits.Name.Russian} {variant.Russian}{serialRussian} «{brand.Russian}», {traits.Sizes[size].Russian}");
            if (isJumbo) name = new Text($"{name.English}, {JumboPacks} in one", $"{name.Russian}, {JumboPacks} в одной упаковке");
            if (names.Add(name.English)) return (name, size - ((traits.Sizes.Length - 1) / 2.0));
        }
    }
}

/// <summary>A category's goods in the order of popularity, each number in an array of its own.</summary>
sealed class CategoryTable(Good[] goods)
{
    public int FirstProduct { get; } = goods[0].Number;

    public float[] Popularity { get; } = [.. goods.Select(good => (float)good.Popularity)];

    public float[] RelativeLogPrice { get; } = [.. goods.Select(good => (float)good.RelativeLogPrice)];

    public float[] LogPacks { get; } = [.. goods.Select(good => (float)Math.Log(good.Packs))];

    /// <summary>By dimension of taste.</summary>
    public float[][] Tastes { get; } = [.. Enumerable.Range(0, Assortment.Tastes).Select(taste => goods.Select(good => good.Taste[taste]).ToArray())];
}
