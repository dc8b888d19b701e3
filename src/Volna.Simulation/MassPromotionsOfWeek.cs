using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>Which goods stand in a shelf promotion in a week, and how deep.</summary>
static class MassPromotionsOfWeek
{
    static readonly byte[] Depths = [10, 15, 20, 25, 30];

    /// <summary>-ln of the price that the deepest promotion leaves.</summary>
    public static readonly double MostLogCut = -Math.Log(1 - (Depths[^1] / 100.0));

    /// <summary>Promotions are told so many weeks before; so what is launched after the history is in none in its first weeks.</summary>
    public const int WeeksPlanned = 4;

    /// <summary>Percent off by product number, 0 for none. Never below cost, and never where the law allows no discount or a minimum price.</summary>
    public static byte[] Make(WorldOptions options, Assortment assortment, int week)
    {
        var percent = new byte[assortment.Goods.Length];
        var draw = new Draw(options.Seed, "mass-promotion", (ulong)week);
        foreach (var good in assortment.Goods)
        {
            double chance = draw.NextUnit();
            var depth = Depths[draw.NextBelow(Depths.Length)];
            if (good.Number >= options.Products && !good.IsListed(7 * (week - WeeksPlanned - 1))) continue;
            if (chance >= options.MassPromotionShare || assortment.Categories[good.Category].Floor != FloorPolicy.None) continue;
            if (Price(good.Price, depth) > good.Cost) percent[good.Number] = depth;
        }

        return percent;
    }

    /// <summary>The shelf price under a promotion, rounded down to the kopeck.</summary>
    public static Money Price(Money regular, int percent) => percent == 0 ? regular : regular - new Percent(percent * 100).OfRoundedDown(regular);
}
