using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>
/// What a retailer wants of a wave: who gets how many offers of which kind, how deep, under which rules. Read from a file by
/// <see cref="PlanFile"/>, which checks it; <c>docs/plan.md</c> tells each setting.
/// </summary>
public sealed record Plan
{
    public required string Name { get; init; }

    /// <summary>For customers of whom no language is known.</summary>
    public required Language Language { get; init; }

    /// <summary>Whose law the offers keep.</summary>
    public Country Country { get; init; }

    /// <summary>In which all money of the retailer is, as reports name it; null where nobody said.</summary>
    public string? Currency { get; init; }

    /// <summary>Days from the first in which the offers can be redeemed.</summary>
    public required int ValidityDays { get; init; }

    /// <summary>Share of customers who get no offer, so that the effect can be measured.</summary>
    public required double HoldoutShare { get; init; }

    /// <summary>Share of customers who get no offer in any wave, so that the effect of all waves together can be measured; see <see cref="UniversalHoldout"/>.</summary>
    public double UniversalHoldoutShare { get; init; }

    /// <summary>Share of offers whose depth is drawn among the allowed ones, so that the answer to other depths can be learnt.</summary>
    public required double ExplorationShare { get; init; }

    /// <summary>Whether the answer to discounts is learnt from earlier waves; otherwise the plan's assumption stays.</summary>
    public bool LearnsResponse { get; init; }

    public required Channels Channels { get; init; }

    /// <summary>The discount ladder, rising.</summary>
    public required ImmutableArray<Percent> DiscountSteps { get; init; }

    /// <summary>What must be left of the price after cost and discount.</summary>
    public required Percent LeastMargin { get; init; }

    /// <summary>Cost as a share of the price where it isn't known; an assumption, counted wherever it is used. Null: no offer without known cost.</summary>
    public required Percent? AssumedCost { get; init; }

    /// <summary>Floors are rounded up to a multiple of it.</summary>
    public required Money PriceStep { get; init; }

    /// <summary>Most offers of one category for a customer.</summary>
    public required int MostPerCategory { get; init; }

    /// <summary>Most offers of one brand for a customer; null doesn't limit.</summary>
    public int? MostPerBrand { get; init; }

    /// <summary>Most offers as dear, for their categories, for a customer; null doesn't limit.</summary>
    public int? MostPerPriceLevel { get; init; }

    /// <summary>A product isn't offered again to the same customer for so many waves; 0 allows it at once.</summary>
    public required int RepeatAfterWaves { get; init; }

    /// <summary>No offer on what she just bought: until this share of her rhythm has passed.</summary>
    public required double RestShareOfRhythm { get; init; }

    /// <summary>The same where she bought it once and has no rhythm yet, in days.</summary>
    public required int RestDays { get; init; }

    /// <summary>Winback is for what she bought repeatedly and then not for so many days, and twice her rhythm.</summary>
    public required int LapsedAfterDays { get; init; }

    /// <summary>A product that nobody bought for so many days is taken for delisted.</summary>
    public required int SoldWithinDays { get; init; }

    /// <summary>False where goods that nobody bought yet aren't offered even if their first price just began; see <see cref="Intake.Catalog.Catalog.Announced"/>.</summary>
    public bool OffersAnnounced { get; init; } = true;

    /// <summary>In order: the first that fits holds. The last fits everybody.</summary>
    public required ImmutableArray<Segment> Segments { get; init; }

    public required ImmutableDictionary<SlotKind, SlotTerms> SlotKinds { get; init; }

    public required Corridors Corridors { get; init; }

    /// <summary>What all customers share.</summary>
    public ImmutableArray<PlanLimit> Limits { get; init; } = [];

    public TillRules Till { get; init; } = TillRules.None;

    /// <summary>Which share of discounts on its goods a supplier refunds, by its name in the catalogue, whatever its case; see <see cref="SupplierShareOf"/>.</summary>
    public ImmutableDictionary<string, Percent> SupplierShares { get; init; } = ImmutableDictionary.Create<string, Percent>(StringComparer.OrdinalIgnoreCase);

    public WatchRules Watch { get; init; } = WatchRules.None;

    /// <summary>Customers known to be younger get no offers; 0 for none.</summary>
    public int LeastAge { get; init; }

    /// <summary>
    /// An assumption: what being written to costs, as a share of what she usually leaves as margin in as many days as the wave is valid, because messages tire and annoy.
    /// Who would be offered less than that is worth gets no offers; 0 writes to all.
    /// </summary>
    public double MessageCost { get; init; }

    /// <summary>
    /// An assumption: how much of what an additional purchase takes from other goods of its category is reckoned with, of what proportional substitution says; 0 to 1, 0 for
    /// nothing. See <see cref="Choice.BesideWorth"/>.
    /// </summary>
    public double Cannibalisation { get; init; }

    /// <summary>How often a customer may be written to; null doesn't limit.</summary>
    public ContactLimit? Contacts { get; init; }

    /// <summary>How often a customer may be written to through a channel; the offers go by her other ones. Who has none left gets no offers.</summary>
    public ImmutableDictionary<Channels, ContactLimit> ChannelContacts { get; init; } = ImmutableDictionary<Channels, ContactLimit>.Empty;

    /// <summary>Customers who come anyway with at least this chance aren't disturbed; null disturbs all.</summary>
    public double? NotDisturbedFrom { get; init; }

    /// <summary>When the server makes waves of it by itself; null for never.</summary>
    public PlanSchedule? Schedule { get; init; }

    public BlackoutDays Blackout { get; init; } = BlackoutDays.None;

    /// <summary>Whether a segment asks for portraits.</summary>
    public bool UsesPortraits => Segments.Any(segment => segment.When is { Portraits.IsEmpty: false });

    /// <summary>Which share of discounts on its goods a supplier pays: all where it has a budget at the tills, because they book it so.</summary>
    public Percent SupplierShareOf(string supplier) => Till.SupplierBudgets.ContainsKey(supplier) ? new Percent(10_000) : SupplierShares.GetValueOrDefault(supplier);

    /// <summary>The ladder of a kind of slot.</summary>
    public ImmutableArray<Percent> StepsOf(SlotKind kind) => SlotKinds[kind].DiscountSteps ?? DiscountSteps;
}

/// <summary>Customers with one business goal.</summary>
/// <param name="When">Null fits everybody.</param>
/// <param name="Slots">In the order in which they are filled and shown.</param>
public sealed record Segment(string Name, SegmentRule? When, ImmutableArray<Slot> Slots);

/// <summary>So many offers of a kind.</summary>
public readonly record struct Slot(SlotKind Kind, int Count);

/// <summary>How offers of a kind are valued.</summary>
/// <param name="OddsPerTenPercent">
/// An assumption, until the answers of customers are learnt: the odds that she buys (p / (1 - p)) grow by this factor for each 10 % off.
/// </param>
/// <param name="TurnoverWorth">
/// An assumption: what one unit of additional turnover is worth beyond the product's own margin, because she comes and buys the rest of the basket.
/// </param>
/// <param name="DiscountSteps">A ladder of its own, or null for the plan's.</param>
public sealed record SlotTerms(double OddsPerTenPercent, double TurnoverWorth, ImmutableArray<Percent>? DiscountSteps)
{
    /// <summary>Logarithm of the factor by which being offered at all raises the odds; learnt, a plan assumes none.</summary>
    public double OfferedLogOdds { get; init; }

    /// <summary>Share of her usual margin that more visits bring, for each 10 % off an offer; learnt, a plan assumes none.</summary>
    public double Pull { get; init; }

    /// <summary>Log odds of buying without an offer are this and <see cref="ChanceSlope"/> times those of the model's chance; learnt, a plan takes the chance as it is.</summary>
    public double ChanceShift { get; init; }

    /// <inheritdoc cref="ChanceShift"/>
    public double ChanceSlope { get; init; } = 1;

    /// <summary>What one more customer who buys a product for the first time is worth beyond it; counts for goods that she never bought.</summary>
    public Money TrialWorth { get; init; }

    /// <summary>What one more customer kept is worth: one who buys something within the wave and would have bought nothing.</summary>
    public Money RetentionWorth { get; init; }

    /// <summary>How the ladder's steps are given.</summary>
    public Mechanic Mechanic { get; init; }

    /// <summary>Amounts off are multiples of it, rounded down, and fixed prices rounded up; at least one of it is taken off.</summary>
    public Money RoundTo { get; init; } = new(1);

    /// <summary>For N + M: the sets, a step each; their discounts in percent are the ladder.</summary>
    public ImmutableArray<(int Buy, int Free)> Sets { get; init; } = [];

    /// <summary>For suppliers' campaigns: their goods.</summary>
    public ImmutableArray<GoodsRule> Goods { get; init; } = [];

    /// <summary>For offers on the whole basket: so much above what she usually spends at once is the sum from which they hold, rounded up to a multiple of <see cref="LeastBasketStep"/>.</summary>
    public Percent AboveUsual { get; init; }

    /// <inheritdoc cref="AboveUsual"/>
    public Money LeastBasketStep { get; init; } = new(1);

    /// <summary>What is left to pay for a piece at a step of the ladder, points taken off.</summary>
    public Money After(Money price, Percent step) => Mechanic switch
    {
        Mechanic.AmountOff => price - Money.Max(RoundTo, new Money(step.OfRoundedDown(price).Minor / RoundTo.Minor * RoundTo.Minor)),
        Mechanic.FixedPrice => Money.Min(PriceFloor.RoundedUp(PriceFloor.After(price, step), RoundTo), new Money((price.Minor - 1) / RoundTo.Minor * RoundTo.Minor)),
        _ => PriceFloor.After(price, step),
    };

    /// <summary>
    /// How deep a step of the ladder really is. Rounding may make an amount off or a fixed price shallower or deeper than the step, and it is what she sees: a percentage
    /// of the price, to the nearest basis point. A percentage, points and sets are what they say; for the whole basket, too, of its whole sum.
    /// </summary>
    public Percent DepthOf(Money price, Percent step) => IsInMoney ? new Percent((int)Math.Round(10_000.0 * (price - After(price, step)).Minor / price.Minor)) : step;

    /// <summary>The amount that an offer names at a step of the ladder: what is taken off, or the price; zero where it names none.</summary>
    public Money AmountOf(Money price, Percent step) => Mechanic switch
    {
        Mechanic.AmountOff => price - After(price, step),
        Mechanic.FixedPrice => After(price, step),
        _ => Money.Zero,
    };

    /// <summary>An offer names money, not a share: steps that leave the same price are the same offer.</summary>
    public bool IsInMoney => Mechanic is Mechanic.AmountOff or Mechanic.FixedPrice;
}

/// <summary>At most so many waves with offers for one customer that began in so many days, the new one included.</summary>
public readonly record struct ContactLimit(int Days, int Most);

/// <summary>Goods that a plan names.</summary>
public readonly record struct GoodsRule(TargetKind Of, string Value);

/// <summary>A limit that all customers of a wave share.</summary>
/// <param name="Of">Which goods count, with <paramref name="Value"/>; <see cref="TargetKind.Basket"/> counts all.</param>
/// <param name="Budget">Most that discounts on them are expected to cost.</param>
/// <param name="MostOffers">Most offers on them.</param>
/// <param name="LeastOffers">Offers on them that are promised.</param>
public sealed record PlanLimit(string Name, TargetKind Of, string Value, Money? Budget, int? MostOffers, int? LeastOffers)
{
    /// <summary>Only offers to customers whose main store is one of these count; null counts all.</summary>
    public StoreRule? Where { get; init; }

    /// <summary>Most offers on each of the goods, as a multiple of the pieces on stock in the stores; null doesn't look at the stock.</summary>
    public decimal? MostOfStock { get; init; }

    /// <summary>True if it counts all goods of all customers.</summary>
    public bool IsForAll => Of == TargetKind.Basket && Where is null;
}

/// <summary>Bounds, both included; null doesn't bound.</summary>
public readonly record struct Band(decimal? AtLeast, decimal? AtMost)
{
    public bool Contains(decimal value) => value >= (AtLeast ?? decimal.MinValue) && value <= (AtMost ?? decimal.MaxValue);
}
