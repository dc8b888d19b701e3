namespace Volna.Redemptions;

/// <summary>A receipt as the till sends it. The till chooses the id and keeps it over repeats.</summary>
/// <param name="Id">Unique for ever; 1 to 64 characters.</param>
/// <param name="Store">The retailer's key of the store.</param>
/// <param name="Customer">The retailer's key of the customer (card number); empty where she showed none.</param>
/// <param name="Time">When it was rung up, with the store's offset.</param>
public sealed record TillReceipt(string Id, string Store, string Customer, DateTimeOffset Time, IReadOnlyList<TillLine> Lines);

/// <summary>A line of a receipt.</summary>
/// <param name="Id">Unique within the receipt.</param>
/// <param name="Product">The retailer's key of the product.</param>
/// <param name="UnitPrice">The shelf price of one piece or kilogram, mass promotion already in it.</param>
public sealed record TillLine(string Id, string Product, Quantity Quantity, Money UnitPrice);

/// <summary>What a receipt costs.</summary>
/// <param name="Lines">In the order asked, one for each line.</param>
public sealed record TillAnswer(string Id, Money Total, Money Discount, IReadOnlyList<TillLineAnswer> Lines);

/// <param name="Total">What is to be paid for the line.</param>
/// <param name="Discount">What the personal offer takes off.</param>
/// <param name="Offer">Code of the offer used, or null.</param>
/// <param name="Refusal">Why no offer was used on the line, or <see cref="TillRefusal.None"/>.</param>
public sealed record TillLineAnswer(string Id, Money Total, Money Discount, string? Offer, TillRefusal Refusal);
