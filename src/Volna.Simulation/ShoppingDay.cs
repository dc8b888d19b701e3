namespace Volna.Simulation;

/// <summary>
/// One day of one customer: does she come, which needs does she fill, with which products, how many. A nested logit: the better value of a
/// category's goods today (<c>ln sum of weights</c>) raises the chance that she buys there at all, and within it the goods share by weight.
/// A discount of r raises a weight by r^-sensitivity, on the shelf and in an offer alike.
/// </summary>
static class ShoppingDay
{
    /// <summary>How fast full cupboards lower the log-odds of buying: by this for a whole pack at home.</summary>
    const float StockAtHome = 4;

    /// <summary>What staying with a category she tried adds to the log-odds of its need.</summary>
    const float Adopted = 2;

    /// <summary>What one whole (100 %) discount on the basket, known and unspent, adds to the log-odds of each need on a visit.</summary>
    const float BasketStretch = 4;

    public static void Live(World world, Shopper shopper, ShopperState state, ShopperOffers offers, int day, ReceiptBook book)
    {
        if (state.Returns.Count > 0) BringBack(shopper, state, day, book);
        if (offers.Any) offers.Deliver(state, day);
        if (day < shopper.Joins || day >= shopper.Leaves) return;
        var home = world.Shops[shopper.HomeShopOn(day)];
        if (!Comes(world, shopper, state, offers, home.CityNumber, day)) return;

        var shop = shopper.Luck.Unit(Purpose.VisitStore, day, 0) < 0.87 ? home : world.Shops[home.Second];
        var (firstLine, firstReturn) = (book.Lines.Count, state.Returns.Count);
        var promotions = world.MassPromotions(day);
        var season = world.Climate.Need(shop.CityNumber, day);
        var trip = (float)(world.Options.TripSpread * Trip(shopper.Luck.Unit(Purpose.Trip, day, 0)));
        if (offers.Any) trip += (float)(world.Options.OfferStrength * BasketStretch * offers.Stretch(day));
        var knows = offers.IsKnown(day);
        for (var need = 0; need < shopper.Needs.Length; need++)
        {
            // Most needs are covered: what is at home decides without a look at the shelf. Only a known offer can raise a need beyond its bound.
            var logit = shopper.NeedLogit[need] + season[shopper.Needs[need]] + trip;
            if (state.Adopted[need]) logit += Adopted;
            if (state.CoveredUntil[need] > day) logit -= StockAtHome * (state.CoveredUntil[need] - day) / shopper.PackDays[need];
            var luck = shopper.Luck.Unit(Purpose.Need, day, need);
            var lured = knows && offers.Concern(need);
            if (!lured && IsAbove(luck, logit + (world.Options.CategoryResponse * shopper.MostGain))) continue;
            if (day < shopper.NeedFrom[need]) continue;
            Fill(world, shopper, state, offers, day, shop, need, promotions, logit, luck, lured, book);
        }

        offers.AfterVisit(day);
        if (book.Lines.Count == firstLine) return;
        if (offers.Any) offers.TakeOffBasket(world, state, book, firstLine, firstReturn, day);
        var minute = 480 + (int)(840 * shopper.Luck.Unit(Purpose.VisitMinute, day, 0));
        book.Receipts.Add(new Receipt(shopper.Number, day, minute, shop.Number, IsReturn: false, firstLine, book.Lines.Count - firstLine));
    }

    /// <summary>A draw with mean 0 and variance 1, logistic: cheaper than a normal one and much like it.</summary>
    static double Trip(double luck) => Math.Log((luck + 1e-9) / (1 - luck + 1e-9)) * (1.7320508 / Math.PI);

    static bool Comes(World world, Shopper shopper, ShopperState state, ShopperOffers offers, int city, int day)
    {
        double odds = shopper.VisitOdds[world.Weekday(day)] * world.Climate.VisitOdds(city, day);
        var luck = shopper.Luck.Unit(Purpose.Visit, day, 0);
        var knows = offers.IsKnown(day);

        // On most days she doesn't come; what is reckoned below lowers the odds, offers apart.
        if (!knows && luck * (1 + odds) >= odds) return false;
        var shift = -(shopper.Fickleness * world.Climate.Pull(city, day)) - Inbox.Annoyance(world, shopper, state, day);
        if (knows) shift += world.Options.OfferStrength * world.Options.VisitPull * offers.Pull();
        if (shift != 0) odds *= Math.Exp(shift);
        return luck * (1 + odds) < odds;
    }

    static void Fill(
        World world, Shopper shopper, ShopperState state, ShopperOffers offers, int day, Shop shop, int need, byte[] promotions, double logit, double luck, bool lured, ReceiptBook book)
    {
        var start = shopper.NeedStart[need];
        bool[] stocked = shop.Stocked;
        int[] from = world.Assortment.ListedFrom, until = world.Assortment.ListedUntil;
        Span<double> weights = stackalloc double[Shopper.ConsideredMost + Shopper.LaterMost];
        weights = weights[..shopper.Choices(need)];
        var sum = 0.0;
        for (var choice = 0; choice < weights.Length; choice++)
        {
            var place = shopper.PlaceOf(need, choice);
            var product = shopper.Considered[place];
            if (!stocked[product] || day < from[product] || day >= until[product]) continue;
            double weight = shopper.Weight[place];
            if (promotions[product] != 0) weight *= Math.Pow(1 - (promotions[product] / 100.0), -shopper.PriceSensitivity);
            if (state.Last[need] == place - start) weight *= world.HabitWeight;
            if (lured && offers.At(need, place) is >= 0 and var index) weight *= Lure(world, shopper, offers[index], product, promotions[product]);
            weights[choice] = weight;
            sum += weight;
        }

        if (sum == 0) return;
        logit += world.Options.CategoryResponse * (Math.Log(sum) - shopper.LogValue[need]);
        if (lured) logit += world.Options.OfferStrength * world.Options.Reminder;
        if (luck >= Logistic(logit)) return;

        Take(world, shopper, state, offers, day, shop, need, Choose(shopper, day, need, weights), promotions, book);
    }

    /// <summary>Whether a chance drawn is no less than that of a logit; most are, and seen by e^-x >= 1 - x + x^2/2 for x &lt;= 0 already.</summary>
    static bool IsAbove(double luck, double x) => (x <= 0 && luck * (2 - x + (x * x / 2)) >= 1) || luck >= Logistic(x);

    static double Logistic(double logit) => 1 / (1 + Math.Exp(-logit));

    /// <summary>By how much a known offer raises a product's weight.</summary>
    static double Lure(World world, Shopper shopper, WorldOffer offer, int product, byte promotion)
    {
        var regular = world.Assortment.Goods[product].Price;
        var shelf = MassPromotionsOfWeek.Price(regular, promotion);
        return Math.Exp(world.Options.OfferStrength * (world.Options.Attention + (shopper.PriceSensitivity * Cut(offer, regular, shelf))));
    }

    /// <summary>By how much an offer makes a piece seem cheaper, in a set where it takes one; points are as good as money.</summary>
    static double Cut(WorldOffer offer, Money regular, Money shelf) => Cut(offer.Paid(offer.Least, regular, shelf) - offer.Points(offer.Least, shelf), offer.Least.Times(shelf));

    static double Cut(Money price, Money regular) => -Math.Log((double)price.Minor / regular.Minor);

    /// <summary>
    /// A race of exponential clocks, one a product: the product with weight w wins with chance w/sum, and raising one weight can only turn
    /// choices towards that product, never between two others.
    /// </summary>
    static int Choose(Shopper shopper, int day, int need, ReadOnlySpan<double> weights)
    {
        var (winner, best) = (-1, double.PositiveInfinity);
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] == 0) continue;

            // -ln(1 - u) is never below u: whoever loses by u already needs no logarithm.
            var luck = shopper.Luck.Unit(Purpose.Product, day, shopper.LuckOf(shopper.PlaceOf(need, k)));
            if (luck >= best * weights[k]) continue;
            var time = -Math.Log(1 - luck) / weights[k];
            if (time < best) (winner, best) = (k, time);
        }

        return shopper.PlaceOf(need, winner);
    }

    static void Take(
        World world, Shopper shopper, ShopperState state, ShopperOffers offers, int day, Shop shop, int need, int place, byte[] promotions, ReceiptBook book)
    {
        var product = shopper.Considered[place];
        var good = world.Assortment.Goods[product];
        var traits = world.Assortment.Categories[good.Category];
        var shelf = MassPromotionsOfWeek.Price(good.Price, promotions[product]);
        var offer = offers.IsValid(day) ? offers.For(product) : -1;

        // A low price fills the cupboard: an offer only if she knows it.
        var cut = Cut(shelf, good.Price);
        if (offer >= 0 && offers.IsKnown(day)) cut += world.Options.OfferStrength * Cut(offers[offer], good.Price, shelf);
        var luck = shopper.Luck.Unit(Purpose.Quantity, day, need);
        int thousandths;
        double packs;
        if (traits.ByWeight)
        {
            thousandths = (int)((300 + (1200 * luck)) * (1 + (0.5 * cut)));
            packs = thousandths / 700.0;
        }
        else
        {
            var more = Math.Min(0.15 + (0.6 * cut), 0.8);
            packs = luck >= more ? 1 : luck >= more / 4 ? 2 : 3;
            thousandths = 1000 * (int)packs;
        }

        var quantity = new Quantity(thousandths);
        var paid = quantity.Times(shelf);
        if (offer >= 0 && offers[offer].Paid(quantity, good.Price, shelf) is var withOffer && (withOffer < paid || offers[offer].Points(quantity, shelf) > Money.Zero))
        {
            paid = withOffer;
            offers.Spend(offer);
        }
        else
        {
            // The till spends an offer only where it helps.
            offer = -1;
        }

        var line = new BasketLine(product, thousandths, good.Price, shelf, paid, offer);
        book.Lines.Add(line);
        state.CoveredUntil[need] = (float)(Math.Max(state.CoveredUntil[need], day) + (packs * good.Packs * shopper.PackDays[need]));
        if (shopper.IsNew[need] && shopper.Luck.Unit(Purpose.Adopt, 0, need) < world.Options.Adoption) state.Adopted[need] = true;
        state.Last[need] = (short)(place - shopper.NeedStart[need]);

        var returned = traits.IsFood ? world.Options.Returns / 10 : world.Options.Returns;
        if (shopper.Luck.Unit(Purpose.Return, day, need) < returned)
            state.Returns.Add(new PendingReturn(day + 1 + (int)(10 * shopper.Luck.Unit(Purpose.ReturnDelay, day, need)), shop.Number, line));
    }

    static void BringBack(Shopper shopper, ShopperState state, int day, ReceiptBook book)
    {
        var firstLine = book.Lines.Count;
        var shop = -1;
        for (var i = 0; i < state.Returns.Count;)
        {
            var pending = state.Returns[i];
            if (pending.Day > day)
            {
                i++;
                continue;
            }

            if (shop < 0) shop = pending.Shop;
            book.Lines.Add(pending.Line.AsReturn());
            state.Returns.RemoveAt(i);
        }

        if (shop >= 0) book.Receipts.Add(new Receipt(shopper.Number, day, 480 + (int)(240 * shopper.Luck.Unit(Purpose.VisitMinute, day, 1)), shop, IsReturn: true, firstLine, book.Lines.Count - firstLine));
    }
}
