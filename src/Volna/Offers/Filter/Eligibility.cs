using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Plans;

namespace Volna.Offers.Filter;

/// <summary>Whether a product may be offered to a customer in a wave, and at what terms. Reads nothing, changes nothing.</summary>
sealed class Eligibility(Goods goods, Plan plan, DateOnly day)
{
    /// <summary>The first reason against any offer of the product to her, prices aside, or <see cref="OfferRefusal.None"/>.</summary>
    public OfferRefusal Check(int product, CustomerFacts customer, PastOffers past) =>
        Check(customer, past) is var refusal and not OfferRefusal.None ? refusal : CheckProduct(product, customer, past);

    /// <summary>The first reason against any offer to her.</summary>
    public OfferRefusal Check(CustomerFacts customer, PastOffers past)
    {
        if ((customer.Profile.Consents & plan.Channels) == Channels.None) return OfferRefusal.NoConsent;
        if (plan.LeastAge > 0 && customer.Profile.BirthDate is { } born && born.AddYears(plan.LeastAge) > day) return OfferRefusal.UnderAge;
        if (plan.Contacts is { } contacts && past.Contacts >= contacts.Most) return OfferRefusal.ContactLimit;
        if ((customer.Profile.Consents & plan.Channels & ~past.Closed) == Channels.None) return OfferRefusal.ContactLimit;
        if (customer.BaseConversion >= plan.NotDisturbedFrom) return OfferRefusal.ComesAnyway;
        return OfferRefusal.None;
    }

    /// <summary>The first reason in the product, for a customer who may be offered something.</summary>
    public OfferRefusal CheckProduct(int product, CustomerFacts customer, PastOffers past)
    {
        ref readonly var facts = ref goods[product];
        if (facts.ForbiddenByLaw) return OfferRefusal.ForbiddenByLaw;
        if (facts.LeastAge > 0 && !IsOfAge(customer.Profile.BirthDate, facts.LeastAge)) return OfferRefusal.TooYoung;
        if (facts.Excluded != OfferRefusal.None) return facts.Excluded;
        if (Veto(product, customer) is var veto && veto != OfferRefusal.None) return veto;
        if (goods.IsPromoted(product, customer.Stores)) return OfferRefusal.InMassPromotion;
        if (!facts.SoldLately) return OfferRefusal.NotSoldLately;
        if (!IsInHerStores(product, customer)) return OfferRefusal.NotInHerStores;
        if (past.OfferedRecently(product)) return OfferRefusal.OfferedRecently;
        if (past.IgnoredTwice(product)) return OfferRefusal.IgnoredTwice;
        if (customer.TryBought(product, out var bought) && IsResting(bought)) return OfferRefusal.BoughtJustNow;
        return OfferRefusal.None;
    }

    /// <summary>The first reason in the price against the smallest discount of a ladder, or <see cref="OfferRefusal.None"/> and the terms.</summary>
    /// <param name="store">Whose price holds; 0 for the regular one.</param>
    /// <param name="slot">The kind of slot: how the step is given.</param>
    public OfferRefusal CheckPrice(int product, int store, SlotTerms slot, Percent smallestStep, out PriceTerms terms)
    {
        terms = default;
        var goodsItem = goods.Catalog.Product(product);
        if (goods.Catalog.Price(product, store) is not { Minor: > 0 } price) return OfferRefusal.NoPrice;
        var reduced = slot.After(price, smallestStep);
        var byPolicy = PriceFloor.ByPolicy(goodsItem, price);
        if (byPolicy >= price) return OfferRefusal.DiscountNotAllowed;
        // Points leave the price as it is; what they cost must be earned all the same.
        if (slot.Mechanic == Mechanic.Points) byPolicy = Money.Zero;
        if (reduced < PriceFloor.RoundedUp(byPolicy, plan.PriceStep) || reduced <= Money.Zero) return OfferRefusal.FloorTooNear;
        if ((goodsItem.Cost ?? AssumedCost(price)) is not { } cost) return OfferRefusal.NoCost;
        var floor = PriceFloor.RoundedUp(Money.Max(byPolicy, PriceFloor.ByMargin(cost, plan.LeastMargin)), plan.PriceStep);
        if (reduced < floor) return OfferRefusal.MarginTooLow;
        terms = new PriceTerms(price, cost, floor, CostAssumed: goodsItem.Cost is null) { SupplierShare = slot.Mechanic == Mechanic.Points ? 0 : goods[product].SupplierShare };
        return OfferRefusal.None;
    }

    /// <summary>The first reason against an offer on her whole basket, for a customer who may be offered something, or <see cref="OfferRefusal.None"/> and the terms.</summary>
    /// <param name="days">Length of the wave.</param>
    public OfferRefusal CheckBasket(CustomerFacts customer, PastOffers past, UsualReceipts receipts, int days, SlotTerms slot, Percent smallestStep, out BasketTerms terms)
    {
        terms = default;
        if (past.OfferedRecently(Candidate.WholeBasket)) return OfferRefusal.OfferedRecently;
        if (past.IgnoredTwice(Candidate.WholeBasket)) return OfferRefusal.IgnoredTwice;
        if (!receipts.AreKnown) return OfferRefusal.NoUsualReceipt;
        var usual = receipts.Usual;
        var least = PriceFloor.RoundedUp(usual + Money.Max(slot.AboveUsual.OfRoundedDown(usual), new Money(1)), slot.LeastBasketStep);
        if ((customer.UsualMargin ?? AssumedMargin) is not { } margin) return OfferRefusal.NoCost;
        var smallest = slot.After(least, smallestStep);
        if (smallest <= Money.Zero) return OfferRefusal.FloorTooNear;
        var floor = PriceFloor.RoundedUp(PriceFloor.ByMargin(CostOf(least, margin), plan.LeastMargin), plan.PriceStep);
        if (smallest < floor) return OfferRefusal.MarginTooLow;
        var chance = Math.Min(1 - Math.Exp(-receipts.PerDay * days * receipts.ShareFrom(least)), 0.999999);
        var step = least - usual;
        terms = new BasketTerms((float)chance, new PriceTerms(step, CostOf(step, margin), floor - usual, CostAssumed: customer.UsualMargin is null) { Whole = least });
        return OfferRefusal.None;
    }

    double? AssumedMargin => plan.AssumedCost is { } share ? 1 - share.Share : null;

    static Money CostOf(Money price, double margin) => new((long)Math.Ceiling(price.Minor * (1 - margin)));

    /// <summary>Rounded up, so that a cost is never assumed too low.</summary>
    Money? AssumedCost(Money price) => plan.AssumedCost is { } share ? price - new Percent(10_000 - share.BasisPoints).OfRoundedDown(price) : null;

    /// <summary>The least age is reached on the wave's first day. Whose birth date isn't known, isn't known to be of age.</summary>
    bool IsOfAge(DateOnly? birthDate, int years) => birthDate is { } born && born.AddYears(years) <= day;

    OfferRefusal Veto(int product, CustomerFacts customer)
    {
        var least = OfferRefusal.None;
        foreach (var dislike in customer.Dislikes)
        {
            if (!Goods.Concerns(goods.Catalog, goods.Catalog.Product(product), dislike.Kind, dislike.Value)) continue;
            var refusal = dislike.Reason switch
            {
                DislikeReason.Feedback => OfferRefusal.Disliked,
                DislikeReason.Ethics => OfferRefusal.AgainstEthics,
                DislikeReason.Allergy => OfferRefusal.Allergy,
                _ => throw new InvalidOperationException($"No refusal for the dislike {dislike.Reason}."),
            };
            if (least == OfferRefusal.None || refusal < least) least = refusal;
        }

        return least;
    }

    /// <summary>On stock in a store of hers.</summary>
    bool IsInHerStores(int product, CustomerFacts customer)
    {
        foreach (var store in customer.Stores)
            if (goods.MayBeIn(store, product))
                return true;
        return customer.Stores.Length == 0;
    }

    bool IsResting(BoughtBefore bought) =>
        day.DayNumber - bought.LastDay < (bought.RhythmDays is { } rhythm ? plan.RestShareOfRhythm * rhythm : plan.RestDays);
}

/// <summary>What a product costs in a customer's store, and how low its price may go.</summary>
readonly record struct PriceTerms(Money Price, Money Cost, Money Floor, bool CostAssumed)
{
    /// <summary>Of the discount, what its supplier pays; points are the retailer's alone.</summary>
    public double SupplierShare { get; init; }

    /// <summary>For a whole basket: the sum that the discount counts from; <see cref="Price"/> is only its step above the usual one. Zero for a product.</summary>
    public Money Whole { get; init; }

    /// <summary>What is left to pay of <see cref="Price"/>.</summary>
    public Money After(SlotTerms slot, Percent step) => Whole == Money.Zero ? slot.After(Price, step) : Price - Whole + slot.After(Whole, step);

    /// <summary>What the discount counts from.</summary>
    public Money Base => Whole == Money.Zero ? Price : Whole;
}
