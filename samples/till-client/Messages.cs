namespace Volna.Samples;

/// <summary>A basket as the till knows it; amounts are kopecks.</summary>
/// <param name="Id">Chosen by the till, unique for ever, the same in every call about this receipt: that is what makes repeats safe.</param>
public sealed record Receipt(string Id, string Store, string? Customer, DateTimeOffset Time, IReadOnlyList<Line> Lines);

/// <param name="UnitPriceMinor">The shelf price of one piece or kilogram.</param>
public sealed record Line(string Id, string Product, decimal Quantity, long UnitPriceMinor)
{
    /// <summary>Half a kopeck up, as Volna rounds.</summary>
    public long TotalMinor => (long)decimal.Round(Quantity * UnitPriceMinor, MidpointRounding.AwayFromZero);
}

/// <summary>What Volna says the receipt costs; the fields that this till needs.</summary>
public sealed record Answer(string Id, long TotalMinor, long DiscountMinor, IReadOnlyList<LineAnswer> Lines, string? BasketOffer = null);

/// <param name="Offer">Code of the offer used, or null.</param>
public sealed record LineAnswer(string Id, long TotalMinor, long DiscountMinor, string? Offer);

/// <summary>Why a receipt is sold without personal offers.</summary>
public enum Fallback
{
    /// <summary>It isn't.</summary>
    None = 0,

    /// <summary>No answer within the budget.</summary>
    TooSlow = 1,

    /// <summary>No connection, or it broke.</summary>
    NotReachable = 2,

    /// <summary>Volna said that it has too much to do, or that something is wrong with it.</summary>
    Unavailable = 3,

    /// <summary>Volna didn't take the call: a mistake in the till or its key, to be looked at.</summary>
    Refused = 4,

    /// <summary>Receipts sold from the store's pack aren't sent yet.</summary>
    Unsent = 5,
}

/// <summary>A receipt ready to be paid.</summary>
/// <param name="Why">For the till's log: what was heard from the server.</param>
public sealed record Priced(long TotalMinor, long DiscountMinor, Fallback Fallback, string Why)
{
    /// <summary>Priced from the store's pack, because the centre didn't answer.</summary>
    public bool IsFromPack { get; init; }

    /// <summary>The pack booked the sale at this total.</summary>
    public bool IsBooked { get; init; }
}
