using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Reports;

/// <summary>
/// The goods that a wave offered most, half of its offers together, and what stands beside them: other goods of the same categories, at whose cost they may sell,
/// and goods of other categories, which may gain with them.
/// </summary>
sealed class OfferedGoods
{
    /// <summary>Products told by themselves.</summary>
    const int MostProducts = 30;

    // By product: its place among the beside-groups in the two lowest bits, one more than its place among the products above them; 0 for none.
    readonly ushort[] _places;

    /// <param name="offers">Offers of each product.</param>
    public OfferedGoods(Catalog catalog, IEnumerable<(int Product, long Offers)> offers)
    {
        _places = new ushort[catalog.Products.Length];
        var ordered = offers.Where(one => (uint)one.Product < (uint)catalog.Products.Length && catalog.Products[one.Product] is not null).OrderByDescending(one => one.Offers).ThenBy(one => one.Product).ToList();
        if (ordered.Count == 0)
        {
            Names = [];
            return;
        }

        long all = ordered.Sum(one => one.Offers), sum = 0;
        var offered = ordered.TakeWhile(one => (sum += one.Offers) - one.Offers < all / 2).Select(one => one.Product).ToHashSet();
        var categories = offered.Select(product => catalog.Products[product]!.Category).ToHashSet();
        for (var product = 0; product < _places.Length; product++)
            if (catalog.Products[product] is { } known)
                _places[product] = (ushort)(1 + (offered.Contains(product) ? 0 : categories.Contains(known.Category) ? 1 : 2));
        var told = ordered.Take(MostProducts).Select(one => one.Product).ToList();
        for (var i = 0; i < told.Count; i++) _places[told[i]] |= (ushort)((i + 1) << 2);
        Names = [.. Beside.Names.Select(name => (Dimension.Beside, name)), .. told.Select(product => (Dimension.Product, catalog.Products[product]!.Name))];
    }

    public ImmutableArray<(Dimension Dimension, string Name)> Names { get; }

    /// <summary>Places among <see cref="Names"/>, -1 for none.</summary>
    public (int Beside, int Product) Of(int product)
    {
        var place = (uint)product < (uint)_places.Length ? _places[product] : 0;
        return ((place & 3) - 1, place >> 2 == 0 ? -1 : Beside.Names.Length - 1 + (place >> 2));
    }
}

/// <summary>Goods by how they stand to those that a wave offered most; names as kept.</summary>
public static class Beside
{
    public const string Offered = "offered", SameCategories = "sameCategories", OtherCategories = "otherCategories";

    public static ImmutableArray<string> Names { get; } = [Offered, SameCategories, OtherCategories];

    public static Text Name(string name) => name switch
    {
        Offered => new("goods offered most", "чаще всего предлагавшиеся"),
        SameCategories => new("other goods of their categories", "другие товары тех же категорий"),
        OtherCategories => new("goods of other categories", "товары других категорий"),
        _ => new(name, name),
    };
}
