using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>A product on the make-believe shelf.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Category">Index into <see cref="Assortment.Categories"/>.</param>
/// <param name="Rank">Place by popularity within its category, from 0.</param>
/// <param name="Popularity">Log-share by Zipf's law, before taste and price.</param>
/// <param name="Taste">Where it lies in the space of tastes.</param>
sealed record Good(
    int Number, string Key, Text Name, int Category, int Rank, double Popularity, Text Brand, Text Supplier, Money Price, Money Cost, Money? FloorPrice, float[] Taste)
{
    /// <summary>ln of its price against the category's mean ln.</summary>
    public double RelativeLogPrice { get; init; }
}

/// <summary>All goods of the make-believe retailer, by category.</summary>
sealed class Assortment
{
    /// <summary>Dimensions of taste: sweet, wholesome, traditional and so on; they have no names here.</summary>
    public const int Tastes = 6;

    Assortment(CategoryTraits[] categories, Good[] goods, int[][] byCategory)
    {
        Categories = categories;
        Goods = goods;
        ByCategory = byCategory;
    }

    public CategoryTraits[] Categories { get; }

    public Good[] Goods { get; }

    /// <summary>Numbers of the goods of each category, the most popular first.</summary>
    public int[][] ByCategory { get; }

    public static Assortment Build(WorldOptions options)
    {
        var all = CategoryTraits.All;
        var categories = all.Take(Math.Min(all.Length, options.Products)).ToArray();
        var goods = new List<Good>(options.Products);
        var byCategory = new int[categories.Length][];
        var suppliers = Math.Max(1, Brands.All.Length / 2);

        // Categories share the goods evenly, the first ones take the remainder; popularity by rank makes the shelf uneven enough.
        for (var category = 0; category < categories.Length; category++)
        {
            var count = (options.Products / categories.Length) + (category < options.Products % categories.Length ? 1 : 0);
            byCategory[category] = [.. Enumerable.Range(goods.Count, count)];
            var names = new HashSet<string>();
            var made = Enumerable.Range(0, count).Select(rank => Make(options, categories[category], category, goods.Count + rank, rank, suppliers, names)).ToList();
            var mean = made.Average(good => Math.Log(good.Price.Minor));
            goods.AddRange(made.Select(good => good with { RelativeLogPrice = Math.Log(good.Price.Minor) - mean }));
        }

        return new Assortment(categories, [.. goods], byCategory);
    }

    static Good Make(WorldOptions options, CategoryTraits traits, int category, int number, int rank, int suppliers, HashSet<string> names)
    {
        var draw = new Draw(options.Seed, "good", (ulong)number);
        var brandIndex = draw.NextBelow(Brands.All.Length);
        var brand = Brands.All[brandIndex];
        var (name, priceFactor) = Name(traits, brand, ref draw, names);

        // Within a category prices spread log-normally; the ending is the retailer's habit.
        var spread = Math.Log(traits.PriceHigh / traits.PriceLow) / 4;
        var rubles = Math.Sqrt(traits.PriceLow * traits.PriceHigh) * Math.Exp(spread * draw.NextNormal()) * priceFactor;
        var price = new Money(((long)Math.Round(Math.Max(rubles, 5)) * 100) - (draw.NextUnit() < 0.5 ? 1 : 10));
        var margin = Math.Clamp(traits.Margin * Math.Exp(0.25 * draw.NextNormal()), 0.02, 0.7);
        var cost = new Money(Math.Min((long)Math.Round(price.Minor * (1 - margin)), price.Minor - 1));

        // A minimum retail price a tenth below the shelf price, as for wine and spirits.
        Money? floor = traits.Floor == FloorPolicy.MinimumPrice ? new Money(Math.Max(cost.Minor, price.Minor * 9 / 10)) : null;

        var taste = new float[Tastes];
        var inCategory = new Draw(options.Seed, "category-taste", (ulong)category);
        var inBrand = new Draw(options.Seed, "brand-taste", (ulong)brandIndex);
        for (var t = 0; t < Tastes; t++)
            taste[t] = (float)((0.4 * inCategory.NextNormal()) + (0.6 * inBrand.NextNormal()) + (0.6 * draw.NextNormal()));

        var supplier = (brandIndex % suppliers) + 1;
        return new Good(
            number, $"P{number + 1:00000}", name, category, rank, -options.PopularityExponent * Math.Log(rank + 1), brand, new Text($"Supplier {supplier:00}", $"Поставщик {supplier:00}"), price, cost, floor, taste);
    }

    /// <summary>A name not yet used in the category, and how its pack's size moves the price.</summary>
    static (Text Name, double PriceFactor) Name(CategoryTraits traits, Text brand, ref Draw draw, HashSet<string> names)
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
            if (names.Add(name.English)) return (name, Math.Pow(1.6, size - ((traits.Sizes.Length - 1) / 2.0)));
        }
    }
}
