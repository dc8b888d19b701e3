using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Learning.Portraits;

/// <summary>
/// What portraits see of a customer's last year: how lately, how often and how much she buys, how dear for their categories, and how her money is spread over the parts of the
/// assortment. Square roots of shares are compared (Hellinger's distance), so that a small share counts as well.
/// </summary>
sealed class CustomerTraits
{
    public const int Lately = 0, Often = 1, LargeReceipts = 2, Dear = 3, FirstPart = 4;

    const int Days = 365, FewestParts = 4, MostParts = 24;

    // By product.
    readonly int[] _parts;
    readonly double[] _dearness;

    /// <param name="parts">Paths of categories.</param>
    public CustomerTraits(Catalog catalog, ImmutableArray<string> parts)
    {
        Count = FirstPart + parts.Length;
        var partOf = catalog.Categories.Select(category => category is null ? -1 : parts.ToList().FindIndex(part => category.Path == part || category.Path.StartsWith(part + "/", StringComparison.Ordinal))).ToArray();
        _parts = [.. catalog.Products.Select(product => product is { Category.Value: > 0 and var category } ? FirstPart + partOf[category] : 0)];

        // From 0 for the cheapest of its category to 1 for the dearest; not a number without a price or a category.
        _dearness = new double[catalog.Products.Length];
        Array.Fill(_dearness, double.NaN);
        foreach (var category in catalog.Products.OfType<Product>().Where(product => product.Price is not null && product.Category.Value != 0).GroupBy(product => product.Category))
        {
            var byPrice = category.OrderBy(product => product.Price!.Value.Minor).ThenBy(product => product.Key, StringComparer.Ordinal).ToList();
            for (var rank = 0; rank < byPrice.Count; rank++) _dearness[byPrice[rank].Id.Value] = (rank + 0.5) / byPrice.Count;
        }
    }

    public int Count { get; }

    /// <summary>The parts of an assortment: its uppermost categories, or those below where these are too few.</summary>
    public static ImmutableArray<string> PartsOf(Catalog catalog)
    {
        var paths = catalog.Products.OfType<Product>().Where(product => product.Category.Value != 0).Select(product => catalog.Categories[product.Category.Value]!.Path.Split('/')).ToList();
        for (var depth = 1; ; depth++)
        {
            var parts = paths.GroupBy(path => string.Join('/', path.Take(depth)), StringComparer.Ordinal).ToList();
            if (parts.Count >= FewestParts || paths.TrueForAll(path => path.Length <= depth))
                return [.. parts.OrderByDescending(part => part.Count()).ThenBy(part => part.Key, StringComparer.Ordinal).Take(MostParts).Select(part => part.Key).Order(StringComparer.Ordinal)];
        }
    }

    /// <param name="lines">Her purchases before the day, oldest first.</param>
    /// <param name="traits">Filled.</param>
    /// <returns>False where she bought nothing within the year.</returns>
    public bool Read(ReadOnlySpan<PurchaseLine> lines, DateOnly day, Span<double> traits)
    {
        var first = Clock.Minute(day.AddDays(-Days));
        while (lines.Length > 0 && lines[0].Minute < first) lines = lines[1..];
        traits.Clear();
        var (latest, paid, dearness, priced) = (0, 0L, 0.0, 0);
        foreach (ref readonly var line in lines)
        {
            if (line.IsReturn || line.PaidMinor <= 0 || (uint)line.Product >= (uint)_dearness.Length) continue;
            latest = line.Day.DayNumber;
            paid += line.PaidMinor;
            if (_parts[line.Product] is >= FirstPart and var part) traits[part] += line.PaidMinor;
            if (double.IsNaN(_dearness[line.Product])) continue;
            dearness += _dearness[line.Product];
            priced++;
        }

        if (paid == 0) return false;
        var receipts = PurchaseLine.CountReceipts(lines);
        traits[Lately] = -Math.Log(1 + day.DayNumber - latest);
        traits[Often] = Math.Log(receipts);
        traits[LargeReceipts] = Math.Log((double)paid / receipts);
        traits[Dear] = priced == 0 ? 0.5 : dearness / priced;
        for (var part = FirstPart; part < traits.Length; part++) traits[part] = Math.Sqrt(traits[part] / paid);
        return true;
    }
}
