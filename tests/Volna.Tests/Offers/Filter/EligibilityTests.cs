using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Filter;

public sealed class EligibilityTests
{
    static readonly DateOnly Day = MadeShop.Day;

    /// <summary>Everything that a case may change; as it stands, milk may be offered.</summary>
    sealed record Case
    {
        public Product Milk { get; init; } = new(new ProductId(1), "milk", "Milk")
        {
            Category = new CategoryId(2),
            Brand = "Cow",
            Supplier = "Farm",
            Price = new Money(10_000),
            Cost = new Money(6_000),
            Tags = ["lactose"],
        };

        public CustomerProfile Customer { get; init; } = new(new CustomerId(1), 77, new StoreId(1), Channels.App, Day.AddYears(-30), Gender.Female);
        public ImmutableArray<Exclusion> Exclusions { get; init; } = [];
        public ImmutableArray<Dislike> Dislikes { get; init; } = [];
        public ImmutableArray<MassPromotion> Promotions { get; init; } = [];
        public ImmutableArray<PurchaseLine> Lines { get; init; } = [Bought(100, product: 1), Bought(80, product: 1), Bought(60, product: 1)];
        public Dictionary<(int, int), Quantity> Stock { get; init; } = [];
        public HashSet<int> StoresWithStock { get; init; } = [];
        public int SoldDaysAgo { get; init; } = 60;
        public DateOnly? FirstPriced { get; init; }
        public int[] OfferedWavesAgo { get; init; } = [];
        public Plan Plan { get; init; } = MadeShop.SamplePlan;
    }

    [Fact]
    public void Every_reason_works_and_its_edge_does_not()
    {
        var week = new Period(Day, Day.AddDays(7));
        var cases = new Dictionary<string, Case>
        {
            ["None: nothing against it"] = new(),
            ["NoConsent: agreed to nothing"] = new() { Customer = new Case().Customer with { Consents = Channels.None } },
            ["NoConsent: agreed to other channels than the plan's"] = new() { Plan = MadeShop.SamplePlan with { Channels = Channels.Email } },
            ["UnderAge: sixteen tomorrow"] = new() { Plan = MadeShop.SamplePlan with { LeastAge = 16 }, Customer = Born(Day.AddYears(-16).AddDays(1)) },
            ["None: sixteen today"] = new() { Plan = MadeShop.SamplePlan with { LeastAge = 16 }, Customer = Born(Day.AddYears(-16)) },
            ["None: a least age, and hers isn't known"] = new() { Plan = MadeShop.SamplePlan with { LeastAge = 16 }, Customer = Born(null) },
            ["ContactLimit: two waves of late"] = new() { Plan = MadeShop.SamplePlan with { Contacts = new ContactLimit(14, 2) }, OfferedWavesAgo = [3, 4] },
            ["ContactLimit: written to through her only channel once of late"] = new() { Plan = OncePer(Channels.App), OfferedWavesAgo = [3] },
            ["None: through another one"] = new() { Plan = OncePer(Channels.Email), OfferedWavesAgo = [3] },
            ["None: through one of two"] = new() { Plan = OncePer(Channels.App), OfferedWavesAgo = [3], Customer = new Case().Customer with { Consents = Channels.App | Channels.Print } },
            ["ContactLimit: through one of two, and the plan doesn't use the other"] = new()
            {
                Plan = OncePer(Channels.App) with { Channels = Channels.App | Channels.Email },
                OfferedWavesAgo = [3],
                Customer = new Case().Customer with { Consents = Channels.App | Channels.Print },
            },
            ["IgnoredTwice: two waves of late, and three allowed"] = new() { Plan = MadeShop.SamplePlan with { Contacts = new ContactLimit(14, 3) }, OfferedWavesAgo = [3, 4] },
            ["ComesAnyway: in each of the last 26 weeks"] = new() { Plan = MadeShop.SamplePlan with { NotDisturbedFrom = 0.98 }, Lines = Weekly(26) },
            ["None: in 25 of them"] = new() { Plan = MadeShop.SamplePlan with { NotDisturbedFrom = 0.98 }, Lines = [.. Weekly(26).Where((_, at) => at != 9)] },
            ["None: in each of seven, which tells too little"] = new() { Plan = MadeShop.SamplePlan with { NotDisturbedFrom = 0.5 }, Lines = Weekly(7) },
            ["None: weekly, and everybody is disturbed"] = new() { Lines = Weekly(26) },
            ["ForbiddenByLaw: tobacco"] = Tagged("tobacco"),
            ["ForbiddenByLaw: nicotine"] = Tagged("nicotine"),
            ["ForbiddenByLaw: medicine"] = Tagged("medicine"),
            ["ForbiddenByLaw: infant formula"] = Tagged("infant-formula"),
            ["ForbiddenByLaw: alcohol without minimum price"] = Tagged("alcohol"),
            ["None: alcohol with minimum price for an adult"] = new() { Milk = Alcohol },
            ["DiscountNotAllowed: alcohol whose policy says so"] = new() { Milk = Alcohol with { Floor = FloorPolicy.NoDiscount } },
            ["None: eighteen today"] = new() { Milk = Alcohol, Customer = Born(Day.AddYears(-18)) },
            ["TooYoung: eighteen tomorrow"] = new() { Milk = Alcohol, Customer = Born(Day.AddYears(-18).AddDays(1)) },
            ["TooYoung: age unknown"] = new() { Milk = Alcohol, Customer = Born(null) },
            ["TooYoung: other goods for adults"] = Tagged("18+") with { Customer = Born(null) },
            ["Forbidden: the product"] = Excluded(TargetKind.Product, "milk", ExclusionReason.Forbidden, week),
            ["LowMarginGoods: the category"] = Excluded(TargetKind.Category, "Food/Milk", ExclusionReason.LowMargin, week),
            ["LowMarginGoods: a category above"] = Excluded(TargetKind.Category, "Food", ExclusionReason.LowMargin, week),
            ["None: another category"] = Excluded(TargetKind.Category, "Home", ExclusionReason.LowMargin, week),
            ["Excluded: the brand in other letters"] = Excluded(TargetKind.Brand, "COW", ExclusionReason.Other, week),
            ["Forbidden: the supplier"] = Excluded(TargetKind.Supplier, "Farm", ExclusionReason.Forbidden, week),
            ["Forbidden: the tag"] = Excluded(TargetKind.Tag, "lactose", ExclusionReason.Forbidden, week),
            ["None: excluded until the day before"] = Excluded(TargetKind.Product, "milk", ExclusionReason.Forbidden, new Period(Day.AddDays(-9), Day)),
            ["Forbidden: excluded from the last day"] = Excluded(TargetKind.Product, "milk", ExclusionReason.Forbidden, new Period(Day.AddDays(6), Day.AddDays(30))),
            ["None: excluded from the day after"] = Excluded(TargetKind.Product, "milk", ExclusionReason.Forbidden, new Period(Day.AddDays(7), Day.AddDays(30))),
            ["Disliked: her feedback on the product"] = Vetoed(TargetKind.Product, "milk", DislikeReason.Feedback),
            ["AgainstEthics: the category"] = Vetoed(TargetKind.Category, "Food", DislikeReason.Ethics),
            ["AgainstEthics: the brand"] = Vetoed(TargetKind.Brand, "Cow", DislikeReason.Ethics),
            ["Allergy: the tag"] = Vetoed(TargetKind.Tag, "lactose", DislikeReason.Allergy),
            ["Disliked: the supplier"] = Vetoed(TargetKind.Supplier, "Farm", DislikeReason.Feedback),
            ["None: another brand"] = Vetoed(TargetKind.Brand, "Goat", DislikeReason.Ethics),
            ["InMassPromotion: in all stores"] = Promoted(store: 0, week),
            ["InMassPromotion: in her store, from the last day"] = Promoted(store: 1, new Period(Day.AddDays(6), Day.AddDays(9))),
            ["None: in a store that isn't hers"] = Promoted(store: 2, week),
            ["None: in her store until the day before"] = Promoted(store: 1, new Period(Day.AddDays(-5), Day)),
            ["NotSoldLately: nobody bought it for 61 days"] = new() { SoldDaysAgo = 61 },
            ["None: nobody bought it yet, its first price begins with the wave"] = new() { SoldDaysAgo = Day.DayNumber, FirstPriced = Day },
            ["NotSoldLately: its first price begins the day after"] = new() { SoldDaysAgo = Day.DayNumber, FirstPriced = Day.AddDays(1) },
            ["NotSoldLately: its first price begins, and the plan doesn't offer such goods"] = new() { SoldDaysAgo = Day.DayNumber, FirstPriced = Day, Plan = MadeShop.SamplePlan with { OffersAnnounced = false } },
            ["NotSoldLately: nobody bought it yet"] = new() { SoldDaysAgo = Day.DayNumber },
            ["NotInHerStores: new, and not on stock yet"] = new() { SoldDaysAgo = Day.DayNumber, FirstPriced = Day, StoresWithStock = [1] },
            ["NotInHerStores: none on stock"] = new() { StoresWithStock = [1], Stock = { [(1, 1)] = default } },
            ["NotInHerStores: not on the store's list"] = new() { StoresWithStock = [1] },
            ["None: on stock"] = new() { StoresWithStock = [1], Stock = { [(1, 1)] = Quantity.One } },
            ["None: another store has none"] = new() { StoresWithStock = [2] },
            ["None: on stock in the other store she visits"] = new() { StoresWithStock = [1, 2], Stock = { [(2, 1)] = Quantity.One }, Lines = [Bought(80, product: 2), Bought(60, product: 2, store: 2)] },
            ["NotInHerStores: not on stock in the store that the retailer gave"] = new() { StoresWithStock = [1], Lines = [] },
            ["None: no store is known"] = new() { StoresWithStock = [1], Lines = [], Customer = new Case().Customer with { HomeStore = default } },
            ["OfferedRecently: in the last wave"] = new() { OfferedWavesAgo = [0] },
            ["OfferedRecently: in the last wave but one"] = new() { OfferedWavesAgo = [1] },
            ["None: in the one before"] = new() { OfferedWavesAgo = [2] },
            ["IgnoredTwice: in two before"] = new() { OfferedWavesAgo = [2, 3] },
            ["BoughtJustNow: 9 days ago at a rhythm of 20"] = new() { Lines = [Bought(49, product: 1), Bought(29, product: 1), Bought(9, product: 1)] },
            ["None: 10 days ago at a rhythm of 20"] = new() { Lines = [Bought(50, product: 1), Bought(30, product: 1), Bought(10, product: 1)] },
            ["BoughtJustNow: once, 2 days ago"] = new() { Lines = [Bought(2, product: 1)] },
            ["None: once, 3 days ago"] = new() { Lines = [Bought(3, product: 1)] },
            ["None: returned 2 days ago"] = new() { Lines = [Bought(2, product: 1) with { QuantityThousandths = -1_000 }] },
            ["NoPrice: none is known"] = new() { Milk = new Case().Milk with { Price = null } },
            ["NoPrice: zero"] = new() { Milk = new Case().Milk with { Price = Money.Zero } },
            ["DiscountNotAllowed: by its policy"] = new() { Milk = new Case().Milk with { Floor = FloorPolicy.NoDiscount } },
            ["DiscountNotAllowed: its minimum price is the shelf price"] = Floored(10_000),
            ["FloorTooNear: no room for 5 %"] = Floored(9_501),
            ["None: just room for 5 %"] = Floored(9_500),
            ["NoCost: unknown and not assumed"] = new() { Milk = new Case().Milk with { Cost = null }, Plan = MadeShop.SamplePlan with { AssumedCost = null } },
            ["None: assumed"] = new() { Milk = new Case().Milk with { Cost = null } },
            ["MarginTooLow: assumed too high"] = new() { Milk = new Case().Milk with { Cost = null }, Plan = MadeShop.SamplePlan with { AssumedCost = new Percent(9_500) } },
            ["None: cost leaves 3 % after 5 % off"] = new() { Milk = new Case().Milk with { Cost = new Money(9_215) } },
            ["MarginTooLow: cost leaves a kopeck less"] = new() { Milk = new Case().Milk with { Cost = new Money(9_216) } },
        };

        foreach (var (name, one) in cases)
            Assert.True(name.StartsWith(Check(one) + ":", StringComparison.Ordinal), $"'{name}' gave {Check(one)}");
        Assert.Equal(
            Enum.GetNames<OfferRefusal>().Where(refusal => Enum.Parse<OfferRefusal>(refusal) is < OfferRefusal.NoSlotOfItsKind and not OfferRefusal.NoUsualReceipt),
            cases.Keys.Select(name => name[..name.IndexOf(':', StringComparison.Ordinal)]).Distinct().OrderBy(Enum.Parse<OfferRefusal>));
    }

    [Fact]
    public void The_first_reason_in_the_order_of_checks_is_told()
    {
        var all = Tagged("tobacco") with
        {
            Customer = Born(null),
            Exclusions = Excluded(TargetKind.Product, "milk", ExclusionReason.Forbidden, new Period(Day, Day.AddDays(1))).Exclusions,
            SoldDaysAgo = 100,
        };
        Assert.Equal(OfferRefusal.ForbiddenByLaw, Check(all));
        Assert.Equal(OfferRefusal.NoConsent, Check(all with { Customer = all.Customer with { Consents = Channels.None } }));
    }

    [Fact]
    public void Every_refusal_has_words_in_both_languages()
    {
        foreach (var refusal in Enum.GetValues<OfferRefusal>()) Assert.NotEqual(refusal.Words().English, refusal.Words().Russian);
    }

    [Fact]
    public void Points_may_be_given_where_the_price_may_not_fall_but_not_where_no_discount_is_allowed()
    {
        var points = Slot with { Mechanic = Mechanic.Points };
        OfferRefusal Of(Case one) => new Eligibility(GoodsOf(one), MadeShop.SamplePlan, Day).CheckPrice(1, 1, points, new Percent(1_000), out _);
        Assert.Equal(OfferRefusal.FloorTooNear, Check(Floored(9_900)));
        Assert.Equal(OfferRefusal.None, Of(Floored(9_900)));
        Assert.Equal(OfferRefusal.DiscountNotAllowed, Of(new Case { Milk = new Case().Milk with { Floor = FloorPolicy.NoDiscount } }));
        Assert.Equal(OfferRefusal.MarginTooLow, Of(new Case { Milk = new Case().Milk with { Cost = new Money(9_500) } }));
    }

    /// <summary>Points are the retailer's own; the till books them so whoever supplies the goods.</summary>
    [Fact]
    public void The_terms_carry_what_the_supplier_pays_but_not_of_points()
    {
        var plan = MadeShop.SamplePlan with { SupplierShares = ImmutableDictionary<string, Percent>.Empty.Add("Lactis", new Percent(4_000)) };
        double Share(string supplier, SlotTerms slot)
        {
            var one = new Case { Milk = new Case().Milk with { Supplier = supplier }, Plan = plan };
            new Eligibility(GoodsOf(one), plan, Day).CheckPrice(1, 1, slot, new Percent(500), out var terms);
            return terms.SupplierShare;
        }

        Assert.Equal((0.4, 0, 0), (Share("Lactis", Slot), Share("Lactis", Slot with { Mechanic = Mechanic.Points }), Share("North", Slot)));
    }

    [Fact]
    public void The_terms_carry_the_higher_of_the_floors()
    {
        var eligibility = new Eligibility(GoodsOf(Floored(9_000)), MadeShop.SamplePlan with { PriceStep = new Money(100) }, Day);
        Assert.Equal(OfferRefusal.None, eligibility.CheckPrice(1, 1, Slot, new Percent(500), out var terms));
        Assert.Equal(new PriceTerms(new Money(10_000), new Money(6_000), new Money(9_000), CostAssumed: false), terms);
        eligibility = new Eligibility(GoodsOf(new Case()), MadeShop.SamplePlan with { PriceStep = new Money(100) }, Day);
        eligibility.CheckPrice(1, 1, Slot, new Percent(500), out terms);
        Assert.Equal(new Money(6_200), terms.Floor);
    }

    static Plan OncePer(Channels channel) => MadeShop.SamplePlan with { ChannelContacts = ImmutableDictionary<Channels, ContactLimit>.Empty.Add(channel, new ContactLimit(30, 1)) };

    static SlotTerms Slot => MadeShop.SamplePlan.SlotKinds[SlotKind.Habit];

    static readonly Product Alcohol = new Case().Milk with { Tags = ["alcohol"], Floor = FloorPolicy.MinimumPrice, FloorPrice = new Money(8_000) };

    static CustomerProfile Born(DateOnly? day) => new Case().Customer with { BirthDate = day };

    static Case Tagged(string tag) => new() { Milk = new Case().Milk with { Tags = [tag] } };

    static Case Floored(long minor) => new() { Milk = new Case().Milk with { Floor = FloorPolicy.MinimumPrice, FloorPrice = new Money(minor) } };

    static Case Excluded(TargetKind kind, string value, ExclusionReason reason, Period period) => new() { Exclusions = [new Exclusion(kind, value, reason, period)] };

    static Case Vetoed(TargetKind kind, string value, DislikeReason reason) => new() { Dislikes = [new Dislike(new CustomerId(1), kind, value, reason)] };

    static Case Promoted(int store, Period period) => new() { Promotions = [new MassPromotion("m", new ProductId(1), new StoreId(store), new Percent(1_000), period)] };

    static PurchaseLine Bought(int daysAgo, int product, int store = 1) => new((ulong)daysAgo, Clock.Minute(Day.AddDays(-daysAgo)) + 600, store, product, 1_000, 5_000, 0);

    static ImmutableArray<PurchaseLine> Weekly(int weeks) => [.. Enumerable.Range(1, weeks).Reverse().Select(week => Bought(7 * week, product: 2))];

    static Goods GoodsOf(Case one)
    {
        var catalog = new Catalog
        {
            Categories = [null, new Category(new CategoryId(1), "Food", default), new Category(new CategoryId(2), "Food/Milk", new CategoryId(1)), new Category(new CategoryId(3), "Home", default)],
            Products = [null, one.Milk, new Product(new ProductId(2), "soap", "Soap")],
            Stores = [null, new Store(new StoreId(1), "s1", "", "", ""), new Store(new StoreId(2), "s2", "", "", "")],
            Exclusions = one.Exclusions,
            MassPromotions = one.Promotions,
            Dislikes = ImmutableDictionary<int, ImmutableArray<Dislike>>.Empty.Add(1, one.Dislikes),
            Stock = one.Stock,
            StoresWithStock = one.StoresWithStock,
            Announced = one.FirstPriced is { } first ? new Dictionary<int, Announcement> { [1] = new(first, new Money(10_000)) } : ImmutableDictionary<int, Announcement>.Empty,
        };
        return new Goods(catalog, one.Plan, new Period(Day, Day.AddDays(7)), [0, Day.DayNumber - one.SoldDaysAgo, 0]);
    }

    static OfferRefusal Check(Case one)
    {
        var goods = GoodsOf(one);
        var history = new CustomerHistory(new CustomerId(1), one.Lines);
        var facts = new CustomerFacts();
        facts.Take(one.Customer, history.Before(Day), goods.Catalog);
        if (one.Plan.NotDisturbedFrom is not null) facts.FindBaseConversion(history.Before(Day), Day, 7);
        var past = new PastOffers();
        foreach (var ago in one.OfferedWavesAgo) past.Add([1], ago < one.Plan.RepeatAfterWaves, over: true, [], late: true);
        // All those waves went out by app and letter.
        foreach (var _ in one.OfferedWavesAgo) past.AddContact(Channels.App);
        past.Close(one.Plan.ChannelContacts);
        var eligibility = new Eligibility(goods, one.Plan, Day);
        return eligibility.Check(1, facts, past) is var refusal && refusal != OfferRefusal.None ? refusal : eligibility.CheckPrice(1, facts.MainStore, Slot, one.Plan.DiscountSteps[0], out _);
    }
}
