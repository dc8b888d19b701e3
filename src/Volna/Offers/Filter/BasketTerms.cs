namespace Volna.Offers.Filter;

/// <summary>
/// An offer on a customer's whole basket from a sum a step above what she usually spends at once. It is valued as if the step were a product: its price is what the
/// sum lies above her usual receipt, its margin is the share that her purchases usually leave, and the chance that she "buys" it without an offer is that one of the
/// receipts expected within the wave reaches the sum anyway, receipts coming at an even rate (Poisson). The discount counts from the whole sum, so it is given
/// to all who reach it, with or without its help.
/// </summary>
/// <param name="Price">Of the step.</param>
readonly record struct BasketTerms(float Chance, PriceTerms Price)
{
    /// <summary>From which the discount holds.</summary>
    public Money Least => Price.Whole;
}
