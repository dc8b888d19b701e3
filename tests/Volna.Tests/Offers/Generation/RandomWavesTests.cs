using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Redemptions;

namespace Volna.Tests.Offers.Generation;

/// <summary>Random plans in random shops, judged from the pack by rules written down once more.</summary>
public sealed class RandomWavesTests
{
    [Fact]
    public void No_wave_breaks_a_rule()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var (waves, offers, baskets) = (TestSize.Of(25, 1_000), 0L, 0L);
        // Some plans leave few offers or none: there are more waves until there are offers enough to judge.
        for (var number = 0; number < waves || offers <= waves * 30 || baskets <= waves; number++)
        {
            Assert.True(number < 4 * waves, $"only {offers} offers, {baskets} on whole baskets");
            var (all, whole) = Check(seed + (ulong)number);
            (offers, baskets) = (offers + all, baskets + whole);
        }
    }

    static (long Offers, long Baskets) Check(ulong seed)
    {
        using var folder = new TemporaryFolder();
        var shop = new MadeShop(seed, customers: 120, products: 80);
        PayShelfPrices(shop);
        // The same goods with more customers: fewer make no portraits.
        var portraits = LearnPortraits.Run(PurchaseSource.Of([.. new MadeShop(seed, customers: 200, products: 80).Histories[1..]]), shop.Catalog, MadeShop.Day, null, seed, TestContext.Current.CancellationToken)!;
        var plan = MakePlan(new Draw(seed, "plan", 0), portraits);
        var wave = MadeShop.MadeWave("w", seed);
        var inputs = shop.Inputs(wave, plan) with { Portraits = portraits };
        var finder = new PortraitFinder(portraits, shop.Catalog);
        using var before = plan.ChannelContacts.IsEmpty ? null : MakeBefore(folder, shop, portraits, seed, plan);
        if (before is not null) inputs = inputs with { Earlier = [before], EarlierChannels = [Channels.App | Channels.Email] };
        var (_, statistics) = GenerateWaveJob.Run(inputs, new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);
        using var pack = OfferPackStore.Open(folder.Data, "w");
        Assert.Equal(Enumerable.Range(1, 120).Where(number => !UniversalHoldout.Includes(plan.UniversalHoldoutShare, shop.Profiles[number].KeyHash)), Enumerable.Range(0, pack.Customers).Select(place => pack.At(place).Customer.Value).Order());
        var facts = new CustomerFacts();
        var offers = new List<(Product? Product, Store? Store)>();
        for (var place = 0; place < pack.Customers; place++)
        {
            var (customer, own) = (pack.At(place), pack.OffersAt(place));
            var profile = shop.Profiles[customer.Customer.Value];
            Assert.Equal(WaveHoldout.Includes(seed, plan.HoldoutShare, profile.KeyHash), customer.HeldOut);
            if (customer.HeldOut) Assert.Empty(own);
            if (plan.Segments[0].When is { Portraits: [var name] })
                Assert.Equal(customer.Segment == 0, finder.Of(shop.Histories[profile.Id.Value].Before(MadeShop.Day), MadeShop.Day)?.Name.Russian == name);
            facts.Take(profile, shop.Histories[profile.Id.Value].Before(MadeShop.Day), shop.Catalog);
            var closed = plan.ChannelContacts.Where(limit => limit.Value is { Most: 1, Days: > 7 } && limit.Key != Channels.Print && before?.Find(customer.KeyHash) is >= 0 and var then && before.At(then).Offers > 0).Aggregate(Channels.None, (all, limit) => all | limit.Key);
            Assert.Equal((seed, customer.HeldOut ? Channels.None : closed), (seed, customer.Closed));
            if (own.Count > 0) Assert.True((profile.Consents & plan.Channels & ~closed) != Channels.None, $"seed {seed}: {customer} has offers and no channel");
            foreach (var offer in own)
                if (offer.TargetKind == TargetKind.Basket) CheckBasket(seed, shop, plan, profile, facts, offer);
                else CheckOffer(seed, shop, plan, profile, facts, offer);
            offers.AddRange(own.Select(offer => (shop.Catalog.Products[offer.Target], shop.Catalog.Stores[facts.MainStore])));
            foreach (var kind in own.GroupBy(offer => offer.Slot))
                Assert.True(kind.Count() <= plan.Segments[customer.Segment].Slots.Where(slot => slot.Kind == kind.Key).Sum(slot => slot.Count), $"seed {seed}: {kind.Count()} offers in {kind.Key}");
            Assert.Equal(own.Count, own.DistinctBy(offer => offer.Target).Count());
            own = [.. own.Where(offer => offer.TargetKind == TargetKind.Product)];
            Assert.All(own.GroupBy(offer => shop.Catalog.Product(offer.Target).Category.Value).Where(group => group.Key != 0), group => Assert.True(group.Count() <= plan.MostPerCategory, $"seed {seed}"));
            if (plan.MostPerBrand is { } perBrand) Assert.All(own.GroupBy(offer => shop.Catalog.Product(offer.Target).Brand), group => Assert.True(group.Count() <= perBrand, $"seed {seed}"));
            if (plan.MostPerPriceLevel is { } perLevel) Assert.All(own.GroupBy(offer => Level(shop, offer.Target)), group => Assert.True(group.Count() <= perLevel, $"seed {seed}"));
        }

        foreach (var limit in plan.Limits) CheckLimit(seed, shop, limit, offers, statistics);
        Assert.All(statistics.Limits, limit => Assert.InRange(limit.Used, limit.Least, limit.Most));
        Assert.Equal(statistics.Candidates, statistics.Offers + statistics.Refusals.Values.Sum());
        Assert.Equal(statistics.Slots.Sum(slot => slot.Wanted - slot.Filled), statistics.EmptySlots.Sum(empty => empty.Count));
        return (pack.Offers, offers.Count(offer => offer.Product is null));
    }

    /// <summary>The wave a week before, which went out by app and letter.</summary>
    static OfferPackStore MakeBefore(TemporaryFolder folder, MadeShop shop, PortraitSet portraits, ulong seed, Plan plan)
    {
        var wave = MadeShop.MadeWave("before", seed + 1) with { Validity = new Period(MadeShop.Day.AddDays(-7), MadeShop.Day) };
        GenerateWaveJob.Run(shop.Inputs(wave, plan with { Limits = [], ChannelContacts = plan.ChannelContacts.Clear() }) with { Portraits = portraits }, new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);
        return OfferPackStore.Open(folder.Data, wave.Id);
    }

    static void CheckLimit(ulong seed, MadeShop shop, PlanLimit limit, List<(Product? Product, Store? Store)> offers, WaveStatistics statistics)
    {
        var concerned = offers.Where(offer => limit.Of == TargetKind.Basket || (offer.Product is { } product && (product.Brand == limit.Value || (limit.Of == TargetKind.Category && product.Category.Value != 0)))).ToList();
        if (limit.Where is { } where)
            concerned.RemoveAll(offer => offer.Store is null || (!(where.Stores.IsEmpty && where.Cities.IsEmpty) && !where.Stores.Contains(offer.Store.Key) && !where.Cities.Contains(offer.Store.City, StringComparer.OrdinalIgnoreCase)));
        foreach (var group in concerned.GroupBy(offer => limit.Where?.Each switch { StoreUnit.Store => offer.Store!.Key, StoreUnit.City => offer.Store!.City, _ => "" }))
            Assert.True(group.Count() <= (limit.MostOffers ?? int.MaxValue), $"seed {seed}: {limit} has {group.Count()} offers for {group.Key}");
        if (limit is { IsForAll: true, Budget: { } budget }) Assert.True(statistics.ExpectedDiscountMinor <= budget.Minor, $"seed {seed}: {statistics.ExpectedDiscountMinor} of {budget}");
        // No other supplier pays anything.
        if (limit is { Of: TargetKind.Supplier, Budget: { } paid }) Assert.True(statistics.ExpectedBySuppliersMinor <= paid.Minor, $"seed {seed}: {statistics.ExpectedBySuppliersMinor} of {paid}");
        if (limit.MostOfStock is not { } share) return;
        // Only the first store sends its stock.
        foreach (var group in concerned.Where(offer => offer is { Product: not null, Store.Id.Value: 1 }).GroupBy(offer => offer.Product!.Id.Value))
            Assert.True(group.Count() <= share * shop.Catalog.Stock[(1, group.Key)].Amount, $"seed {seed}: {group.Count()} offers of {group.Key}, stock {shop.Catalog.Stock[(1, group.Key)].Amount} times {share}");
    }

    static void CheckOffer(ulong seed, MadeShop shop, Plan plan, CustomerProfile profile, CustomerFacts facts, Offer offer)
    {
        var (product, about) = (shop.Catalog.Product(offer.Target), $"seed {seed}: customer {profile.Id.Value}, {offer}");
        var price = shop.Catalog.Price(offer.Target, facts.MainStore)!.Value;
        var terms = plan.SlotKinds[offer.Slot];
        var reduced = offer.Mechanic switch { Mechanic.AmountOff => price - offer.Amount, Mechanic.FixedPrice => offer.Amount, _ => terms.After(price, offer.Depth) };
        Assert.Equal(terms.Mechanic, offer.Mechanic);
        Assert.True(offer.RegularPrice == price && reduced >= offer.Floor, about);

        // Floors.
        Assert.True(product.Floor != FloorPolicy.NoDiscount, about);
        if (product.Floor == FloorPolicy.MinimumPrice && offer.Mechanic != Mechanic.Points) Assert.True(product.FloorPrice is { } floor && reduced >= floor, about);
        if (product.Cost is { } cost) Assert.True((reduced - cost).Minor >= plan.LeastMargin.Share * reduced.Minor - 1e-6, about);

        // Who may get what.
        Assert.True((profile.Consents & plan.Channels) != Channels.None, about);
        Assert.DoesNotContain("tobacco", product.Tags);
        if (product.Tags.Contains("alcohol")) Assert.True(product is { Floor: FloorPolicy.MinimumPrice, FloorPrice: not null } && profile.BirthDate is { } born && born.AddYears(18) <= MadeShop.Day, about);
        Assert.True(product.Brand != "B1" && product.Key != "p7", about);
        if (shop.Catalog.Dislikes.ContainsKey(profile.Id.Value)) Assert.True(!product.Tags.Contains("pork") && product.Brand != "B3", about);
        int[] stores = [.. facts.Stores];
        Assert.True(!shop.Catalog.MassPromotions.Any(one => one.Product == product.Id && (one.Store.Value == 0 || stores.Contains(one.Store.Value))), about);
        Assert.True(stores.Length == 0 || stores.Any(store => store != 1 || shop.Catalog.Stock[(1, offer.Target)].Thousandths > 0), about);
        var isNew = !shop.Histories[profile.Id.Value].Before(MadeShop.Day).ToArray().Any(line => line.Product == offer.Target && !line.IsReturn);
        if (offer.Slot is SlotKind.Discovery or SlotKind.Complement) Assert.True(isNew, about);
        if (offer.Slot is SlotKind.Habit or SlotKind.Winback) Assert.False(isNew, about);
        if (offer.Slot == SlotKind.Complement) Assert.True(offer is { Reason: CandidateReason.GoesWith, Because: > 0 }, about);
        if (offer.Slot == SlotKind.Supplier) Assert.Equal("B4", product.Brand);

        // The till takes off what was decided.
        var pieces = Math.Max(1, offer.Buy + offer.Free);
        var line = new ReceiptLine(product.Id, new Quantity(pieces * 1_000), price, price, PriceFloor.ByPolicy(product, price));
        var (discount, points, refusal) = Pricing.Discount(line, offer);
        Assert.Equal(TillRefusal.None, refusal);
        Assert.Equal(offer.Mechanic == Mechanic.Points, points > Money.Zero);
        if (offer.Mechanic != Mechanic.NPlusM) Assert.Equal(price - reduced, discount + points);
        else Assert.InRange((discount.Minor / (double)pieces) - (price - reduced).Minor, -1, 1 + (price.Minor / 10_000.0));
        if (!terms.IsInMoney)
        {
            Assert.Contains(offer.Depth, plan.StepsOf(offer.Slot));
        }
        else
        {
            Assert.Contains(plan.StepsOf(offer.Slot), step => terms.After(price, step) == reduced);
            Assert.Equal(offer.Amount.Minor / terms.RoundTo.Minor * terms.RoundTo.Minor, offer.Amount.Minor);
            Assert.Equal(10_000.0 * offer.Amount.Minor / price.Minor, offer.Mechanic == Mechanic.AmountOff ? offer.Depth.BasisPoints : 10_000 - offer.Depth.BasisPoints, 0.5001);
        }

        Assert.True(offer.Propensity is > 0 and <= 1, about);
    }

    /// <summary>So that what is usual leaves a margin.</summary>
    static void PayShelfPrices(MadeShop shop)
    {
        for (var number = 1; number < shop.Histories.Length; number++)
            shop.Histories[number] = new CustomerHistory(
                shop.Histories[number].Customer, [.. shop.Histories[number].Lines.ToArray().Select(line => line with { PaidMinor = shop.Catalog.Product(line.Product).Price?.Minor * line.QuantityThousandths / 1_000 ?? line.PaidMinor })]);
    }

    static void CheckBasket(ulong seed, MadeShop shop, Plan plan, CustomerProfile profile, CustomerFacts facts, Offer offer)
    {
        var (terms, about) = (plan.SlotKinds[SlotKind.Basket], $"seed {seed}: customer {profile.Id.Value}, {offer}");
        Assert.Equal((SlotKind.Basket, terms.Mechanic, 0), (offer.Slot, offer.Mechanic, offer.Target));
        if (terms.IsInMoney) Assert.Contains(plan.StepsOf(SlotKind.Basket), step => terms.AmountOf(offer.LeastTotal, step) == offer.Amount && terms.DepthOf(offer.LeastTotal, step) == offer.Depth);
        else Assert.Contains(offer.Depth, plan.StepsOf(SlotKind.Basket));

        // A step above what she usually spends at once on goods that count.
        bool Counts(Product product) => !product.Tags.Intersect(["tobacco", "alcohol"]).Any() && product.Brand != "B1" && product.Key != "p7" && product.Floor != FloorPolicy.NoDiscount;
        var receipts = shop.Histories[profile.Id.Value].Before(MadeShop.Day).ToArray()
            .Where(line => !line.IsReturn && line.Day >= MadeShop.Day.AddDays(-180) && Counts(shop.Catalog.Product(line.Product)))
            .GroupBy(line => line.Receipt).Select(receipt => receipt.Sum(line => line.PaidMinor)).Order().ToList();
        Assert.True(receipts.Count >= 5, about);
        var (usual, least) = (receipts[receipts.Count / 2], offer.LeastTotal.Minor);
        Assert.True(least >= usual * 1.5 - 1 && least < usual * 1.5 + 10_000 && least % 10_000 == 0, $"{about}: usually {usual}");
        var discount = terms.IsInMoney ? offer.Amount : offer.LeastTotal - terms.After(offer.LeastTotal, offer.Depth);
        Assert.True((least - discount.Minor) * (1 - plan.LeastMargin.Share) >= (least * (1 - (facts.UsualMargin ?? 1 - plan.AssumedCost!.Value.Share))) - 1, about);

        // The till takes off what was decided, from the sum on, and never from goods that are left out.
        BasketPrice Price(params ReceiptLine[] lines) => Pricing.Price(lines, true, [new HeldOffer("w", offer, TillRefusal.None)]);
        ReceiptLine Line(long minor) => new(new ProductId(1), Quantity.One, new Money(minor), new Money(minor), Money.Zero);
        var price = Price(Line(least));
        Assert.Equal((discount, offer.Mechanic == Mechanic.Points), (price.Discount + price.Points, price.Points > Money.Zero));
        Assert.Null(Price(Line(least - 1), Line(least) with { IsLeftOut = true }, Line(least) with { Floor = offer.LeastTotal }).Offer);
        var other = Price(Line(least), Line(1_000) with { IsLeftOut = true });
        Assert.Equal((discount, new Money(1_000)), (other.Discount + other.Points, other.Lines[1].Total));
    }

    /// <summary>The third of its category, by price, in which a product stands.</summary>
    static int Level(MadeShop shop, int number)
    {
        var alike = shop.Catalog.Products.Where(product => product is { Price: not null } && product.Category == shop.Catalog.Product(number).Category)
            .OrderBy(product => product!.Price!.Value.Minor).ThenBy(product => product!.Key, StringComparer.Ordinal).Select(product => product!.Id.Value).ToList();
        return Math.Max(0, alike.IndexOf(number)) * 3 / Math.Max(1, alike.Count);
    }

    static Plan MakePlan(Draw draw, PortraitSet portraits)
    {
        var sample = MadeShop.SamplePlan;
        ImmutableArray<Slot> Slots()
        {
            // No more than a plan's file may ask for.
            var left = PlanFile.MostOffers;
            return [.. Enum.GetValues<SlotKind>().Reverse().Select(kind => new Slot(kind, kind == SlotKind.Basket ? Math.Min(1, Some()) : Some())).Where(slot => slot.Count > 0).DefaultIfEmpty(new Slot(SlotKind.Habit, 1))];

            int Some()
            {
                var count = Math.Min(left, draw.NextBelow(4));
                left -= count;
                return count;
            }
        }

        var limits = new List<PlanLimit>();
        if (draw.NextBelow(2) == 0) limits.Add(new PlanLimit("all", TargetKind.Basket, "", new Money(draw.NextBelow(30_000)), draw.NextBelow(2) == 0 ? draw.NextBelow(200) : null, null));
        for (var brand = 2; brand < 2 + draw.NextBelow(4); brand++) limits.Add(new PlanLimit($"B{brand}", TargetKind.Brand, $"B{brand}", draw.NextBelow(2) == 0 ? new Money(draw.NextBelow(5_000)) : null, draw.NextBelow(20), null));
        if (draw.NextBelow(2) == 0) limits.Add(new PlanLimit("s1 and Omsk", TargetKind.Basket, "", new Money(draw.NextBelow(8_000)), draw.NextBelow(60), null) { Where = new StoreRule(["s1"], ["omsk"], StoreUnit.Together) });
        if (draw.NextBelow(2) == 0) limits.Add(new PlanLimit("each", TargetKind.Category, "Food", null, draw.NextBelow(25), null) { Where = new StoreRule([], [], (StoreUnit)(1 + draw.NextBelow(2))) });
        if (draw.NextBelow(2) == 0) limits.Add(new PlanLimit("stock", TargetKind.Basket, "", null, null, null) { MostOfStock = draw.NextBelow(5) / 2m, Where = draw.NextBelow(2) == 0 ? null : new StoreRule([], ["Kazan"], StoreUnit.Together) });
        SlotTerms Any() => sample.SlotKinds[SlotKind.Discovery] with { Mechanic = (Mechanic)draw.NextBelow(4), RoundTo = new Money(draw.NextBelow(2) == 0 ? 1 : 500) };
        var worth = new Money(draw.NextBelow(2) * draw.NextBelow(2_000));
        return sample with
        {
            Cannibalisation = draw.NextBelow(2) * draw.NextUnit(),
            SlotKinds = sample.SlotKinds
                .SetItem(SlotKind.Discovery, sample.SlotKinds[SlotKind.Discovery] with { TrialWorth = worth })
                .SetItem(SlotKind.Winback, sample.SlotKinds[SlotKind.Winback] with { RetentionWorth = worth })
                .SetItem(SlotKind.Habit, Any() with { Mechanic = (Mechanic)draw.NextBelow(3), RoundTo = new Money(1 + draw.NextBelow(2_000)) })
                .Add(SlotKind.Supplier, Any() with { Goods = [new GoodsRule(TargetKind.Brand, "b4")] })
                .Add(SlotKind.Complement, Any() with { Mechanic = Mechanic.NPlusM, Sets = [(3, 1), (2, 1)], DiscountSteps = [new Percent(2_500), new Percent(3_333)] })
                .Add(SlotKind.Points, Any() with { Mechanic = Mechanic.Points })
                .Add(SlotKind.Basket, Any() with
                {
                    OddsPerTenPercent = 30,
                    Mechanic = draw.NextBelow(3) switch { 0 => Mechanic.PercentOff, 1 => Mechanic.AmountOff, _ => Mechanic.Points },
                    AboveUsual = new Percent(5_000),
                    LeastBasketStep = new Money(10_000),
                }),
            HoldoutShare = draw.NextUnit() * 0.5,
            UniversalHoldoutShare = draw.NextBelow(2) * 0.2,
            ExplorationShare = draw.NextUnit(),
            Channels = (Channels)(1 + draw.NextBelow(7)),
            LeastMargin = new Percent(draw.NextBelow(3_000)),
            AssumedCost = draw.NextBelow(2) == 0 ? null : new Percent(7_000),
            MostPerCategory = 1 + draw.NextBelow(3),
            MostPerBrand = draw.NextBelow(3) is > 0 and var perBrand ? perBrand : null,
            MostPerPriceLevel = draw.NextBelow(3) == 0 ? 2 : null,
            Segments =
            [
                .. draw.NextBelow(2) == 0 ? [] : (Segment[])[new Segment("alike", new SegmentRule(null, null, null, null) { Portraits = [portraits.Portraits[draw.NextBelow(portraits.Portraits.Length)].Name.Russian] }, Slots())],
                .. sample.Segments.Select(segment => segment with { Slots = Slots() }),
            ],
            Limits = draw.NextBelow(2) == 0 ? [.. limits] : [.. limits, new PlanLimit("S1", TargetKind.Supplier, "s1", new Money(draw.NextBelow(200_000)), null, null)],
            SupplierShares = draw.NextBelow(2) == 0 ? sample.SupplierShares : sample.SupplierShares.Add("S1", new Percent(draw.NextBelow(10_001))),
            ChannelContacts = draw.NextBelow(2) == 0
                ? ImmutableDictionary<Channels, ContactLimit>.Empty
                : sample.ChannelContacts.Add((Channels)(1 << draw.NextBelow(3)), new ContactLimit(7 + draw.NextBelow(3), 1 + (draw.NextBelow(4) / 3))),
        };
    }
}
