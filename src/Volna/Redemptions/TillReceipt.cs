using Volna.Redemptions.Life;

namespace Volna.Redemptions;

/// <summary>A receipt as the till sends it. The till chooses the id and keeps it over repeats.</summary>
/// <param name="Id">Unique for ever; 1 to 64 characters.</param>
/// <param name="Store">The retailer's key of the store.</param>
/// <param name="Customer">The retailer's key of the customer (card number); empty where she showed none.</param>
/// <param name="Time">When it was rung up, with the store's offset.</param>
public sealed record TillReceipt(string Id, string Store, string Customer, DateTimeOffset Time, IReadOnlyList<TillLine> Lines)
{
    /// <summary>What the lines come to at shelf prices by the till's own reckoning, so that a line lost on the way is noticed; null where it doesn't tell.</summary>
    public Money? ShelfTotal { get; init; }
}

/// <summary>A line of a receipt.</summary>
/// <param name="Id">Unique within the receipt.</param>
/// <param name="Product">The retailer's key of the product.</param>
/// <param name="UnitPrice">The shelf price of one piece or kilogram, mass promotion already in it.</param>
public sealed record TillLine(string Id, string Product, Quantity Quantity, Money UnitPrice);

/// <summary>Goods brought back.</summary>
/// <param name="Receipt">Id of the receipt they were sold on.</param>
/// <param name="Id">Of this return, chosen by the till, unique within the receipt, kept when the call is repeated.</param>
public sealed record TillReturn(string Receipt, string Id, IReadOnlyList<ReturnedLine> Lines);

/// <param name="Id">Of the receipt's line.</param>
public sealed record ReturnedLine(string Id, Quantity Quantity);

/// <summary>What a receipt costs.</summary>
/// <param name="Lines">In the order asked, one for each line.</param>
public sealed record TillAnswer(string Id, Money Total, Money Discount, IReadOnlyList<TillLineAnswer> Lines)
{
    public ReceiptState State { get; init; }

    /// <summary>Points that the customer earns.</summary>
    public Money Points { get; init; }

    /// <summary>Until when the offers are kept for this receipt; null where nothing is reserved.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>Code of the offer on the whole basket, or null; its discount is in the lines' discounts.</summary>
    public string? BasketOffer { get; init; }
    public Money BasketDiscount { get; init; }
}

/// <param name="Total">What is to be paid for the line.</param>
/// <param name="Discount">What personal offers take off, the share of a discount on the whole basket included.</param>
/// <param name="Offer">Code of the line's own offer, or null.</param>
/// <param name="Refusal">Why no offer was used on the line, or <see cref="TillRefusal.None"/>.</param>
public sealed record TillLineAnswer(string Id, Money Total, Money Discount, string? Offer, TillRefusal Refusal)
{
    public Money Points { get; init; }
}
