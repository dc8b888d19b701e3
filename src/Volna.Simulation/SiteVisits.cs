namespace Volna.Simulation;

/// <summary>What a visitor of the retailer's site did with a product.</summary>
enum SiteDeed
{
    View = 0,
    Favourite = 1,
    Basket = 2,
}

/// <summary>One act on the site.</summary>
/// <param name="Minute">Of the day, by the clock of her shop.</param>
readonly record struct SiteEvent(int Shopper, int Day, int Minute, int Product, SiteDeed Deed);

/// <summary>
/// Sessions on the retailer's site, of the customers who use it: mostly she looks at what is running out at home, among the goods she would take; now
/// and then at something else. What she does there tells of her needs and changes nothing about them.
/// </summary>
static class SiteVisits
{
    /// <summary>Chance of a session on a day; of a view to be of what runs out; of a viewed product to become a favourite, to go into the basket.</summary>
    const double Session = 0.12, RunsOut = 0.7, Favourite = 0.06, Basket = 0.1;

    public static void Live(World world, Shopper shopper, ShopperState state, int day, List<SiteEvent> to)
    {
        if (!shopper.UsesSite || shopper.Needs.Length == 0 || day < shopper.Joins || day >= shopper.Leaves) return;
        if (shopper.Luck.Unit(Purpose.SiteDay, day, 0) >= Session) return;
        var minute = 420 + (int)(900 * shopper.Luck.Unit(Purpose.SiteDay, day, 1));
        var views = 1 + (int)(-4 * Math.Log(1 - shopper.Luck.Unit(Purpose.SiteDay, day, 2)));
        var shop = world.Shops[shopper.HomeShopOn(day)];
        for (var view = 0; view < Math.Min(views, 40); view++)
        {
            if (Looked(world, shopper, state, shop, day, view) is not { } product) continue;
            var deed = shopper.Luck.Unit(Purpose.SiteDeed, day, view);
            to.Add(new SiteEvent(shopper.Number, day, minute + view, product, SiteDeed.View));
            if (deed < Favourite) to.Add(new SiteEvent(shopper.Number, day, minute + view, product, SiteDeed.Favourite));
            else if (deed < Favourite + Basket) to.Add(new SiteEvent(shopper.Number, day, minute + view, product, SiteDeed.Basket));
        }
    }

    static int? Looked(World world, Shopper shopper, ShopperState state, Shop shop, int day, int view)
    {
        double what = shopper.Luck.Unit(Purpose.SiteView, day, 2 * view), which = shopper.Luck.Unit(Purpose.SiteView, day, (2 * view) + 1);
        if (what >= RunsOut)
        {
            // Anything in the shop, the better known goods of a category first.
            var goods = world.Assortment.ByCategory[(int)((what - RunsOut) / (1 - RunsOut) * world.Assortment.ByCategory.Length)];
            return Sold(goods[(int)(which * which * goods.Length)]);
        }

        // From a need drawn at random on to the next that runs out within two days.
        var first = (int)(what / RunsOut * shopper.Needs.Length);
        for (var step = 0; step < shopper.Needs.Length; step++)
        {
            var need = (first + step) % shopper.Needs.Length;
            if (state.CoveredUntil[need] > day + 2 || day < shopper.NeedFrom[need]) continue;
            var (start, end) = (shopper.NeedStart[need], shopper.NeedStart[need + 1]);
            return Sold(shopper.Considered[start + (int)(which * which * (end - start))]);
        }

        return null;

        int? Sold(int product) => shop.Stocked[product] && world.Assortment.Goods[product].IsListed(day) ? product : null;
    }
}
