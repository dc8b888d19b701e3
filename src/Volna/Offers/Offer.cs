using Volna.Intake.Catalog;
using Volna.Learning.Demand;

namespace Volna.Offers;

/// <summary>The goal of a slot in the plan.</summary>
public enum SlotKind : byte
{
    /// <summary>What she buys often.</summary>
    Habit = 0,

    /// <summary>Something she never bought, from categories new to her first.</summary>
    Discovery = 1,

    /// <summary>A product with a higher margin than she usually buys.</summary>
    Margin = 2,

    /// <summary>To bring her back: what she used to buy and stopped.</summary>
    Winback = 3,

    /// <summary>Goods of a supplier's campaign.</summary>
    Supplier = 4,

    /// <summary>Something she never bought that goes with what she buys.</summary>
    Complement = 5,

    /// <summary>Points instead of a lower price.</summary>
    Points = 6,

    /// <summary>Off the whole basket, from a sum above what she usually spends at once.</summary>
    Basket = 7,
}

/// <summary>How a discount works at the till.</summary>
public enum Mechanic : byte
{
    /// <summary>A percentage off the product's price.</summary>
    PercentOff = 0,

    /// <summary>An amount off each piece or kilogram, or once off the basket.</summary>
    AmountOff = 1,

    /// <summary>Each piece or kilogram costs an amount.</summary>
    FixedPrice = 2,

    /// <summary>Points instead of a lower price: a percentage of it, or an amount for each piece, or once for the basket.</summary>
    Points = 3,

    /// <summary>Of each N + M pieces M are free.</summary>
    NPlusM = 4,
}

/// <summary>A personal offer: one customer, one target, one mechanic, one validity (its wave's).</summary>
public sealed record Offer
{
    public required CustomerId Customer { get; init; }

    /// <summary>Its place among the customer's offers, from 0.</summary>
    public required int Index { get; init; }
    public TargetKind TargetKind { get; init; }

    /// <summary>Number of the product or category; for a brand the number of any product of it, for the basket 0.</summary>
    public required int Target { get; init; }

    /// <summary>What a limit per target counts: kind and number.</summary>
    public long TargetKey => ((long)TargetKind << 32) | (uint)Target;
    public Mechanic Mechanic { get; init; }

    /// <summary>The step of the plan's ladder; of an amount off or a fixed price what it really takes off, see <see cref="Plans.SlotTerms.DepthOf"/>.</summary>
    public required Percent Depth { get; init; }
    public required SlotKind Slot { get; init; }
    public required CandidateReason Reason { get; init; }

    /// <inheritdoc cref="Candidate.Because"/>
    public int Because { get; init; }

    /// <summary>The probability with which the policy chose this depth, so that another policy can be valued offline; in (0, 1].</summary>
    public required double Propensity { get; init; }

    /// <summary>No unit price below this at the till: floor price, cost and least margin, as at the time of decision. Zero where nothing limits it.</summary>
    public Money Floor { get; init; }

    /// <summary>The shelf price at decision time.</summary>
    public Money RegularPrice { get; init; }

    /// <summary>Amount off, fixed price, or points, as the mechanic says.</summary>
    public Money Amount { get; init; }

    /// <summary>What one piece costs with it; points and free pieces leave the price as it is.</summary>
    public Money Price => Mechanic switch
    {
        Mechanic.PercentOff => PriceFloor.After(RegularPrice, Depth),
        Mechanic.AmountOff => Money.Max(RegularPrice - Amount, Money.Zero),
        Mechanic.FixedPrice => Amount,
        _ => RegularPrice,
    };

    /// <summary>Pieces paid for each <see cref="Free"/> ones; for N + M only.</summary>
    public int Buy { get; init; }

    /// <inheritdoc cref="Buy"/>
    public int Free { get; init; }

    /// <summary>At most so much of a line is discounted; zero for all of it.</summary>
    public Quantity MostPieces { get; init; }

    /// <summary>For the basket: what the goods in it that may be discounted have to come to at shelf prices.</summary>
    public Money LeastTotal { get; init; }
}
