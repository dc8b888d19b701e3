namespace Volna.Redemptions;

/// <summary>An offer spent at a till.</summary>
/// <param name="OfferIndex">Its place among the customer's offers in the wave, from 0.</param>
/// <param name="Receipt">Id of the till's receipt.</param>
/// <param name="Day">The store's business day.</param>
/// <param name="Discount">What the offer took off the line.</param>
/// <param name="Paid">What the customer paid for the line.</param>
public sealed record Redemption(string Wave, CustomerId Customer, int OfferIndex, string Receipt, string Line, string Store, DateOnly Day, Quantity Quantity, Money Paid, Money Discount);
