using Volna.Kernels;

namespace Volna.Offers.Response;

/// <summary>
/// A wave as an experiment. What an offer brings is known only against customers who would have got the same one and didn't: so held-out customers are decided
/// like the others, but nothing of it is offered; such offers are ghosts (Johnson, Lewis and Nubbemeyer, "Ghost ads", Journal of Marketing Research, 2017). A
/// comparison of all offered with all held-out customers would drown the answer in those whom no offer concerns. Of many customers a sample tells enough.
///
/// Customers held out of all waves get no ghosts: what a customer was offered before decides what she is offered next, and they never were offered anything.
/// </summary>
/// <param name="seed">The wave's.</param>
/// <param name="customers">All there are.</param>
sealed class Trial(ulong seed, double holdoutShare, int customers)
{
    /// <summary>About so many of the held-out customers, and of the others.</summary>
    const int MostCustomers = 25_000;

    public bool LooksAtHeldOut(ulong keyHash) => Unit(keyHash) * holdoutShare * customers < MostCustomers;

    public bool LooksAtOffered(ulong keyHash) => Unit(keyHash) * (1 - holdoutShare) * customers < MostCustomers;

    /// <summary>Of all customers so large a share is looked at.</summary>
    public double LookedAt => LookedAtOf(holdoutShare) + LookedAtOf(1 - holdoutShare);

    /// <summary>Of the customers looked at so large a share is held out.</summary>
    public double HeldOutShare => LookedAtOf(holdoutShare) / LookedAt;

    double LookedAtOf(double share) => Math.Min(share, (double)MostCustomers / customers);

    double Unit(ulong keyHash) => new Draw(seed, "trial", keyHash).NextUnit();
}

/// <summary>An offer of a trial. Kept in files as it stands in memory.</summary>
/// <param name="IsGhost">True if it would have been made to a held-out customer.</param>
/// <param name="DepthBasisPoints">As <see cref="Offer.Depth"/>: what is really taken off. Trials of earlier versions have the plan's step for amounts off and fixed prices.</param>
/// <param name="Chance">That she buys without an offer, as the model said.</param>
/// <param name="Propensity">As <see cref="Offer.Propensity"/>.</param>
readonly record struct TrialOffer(int Customer, int Product, SlotKind Slot, bool IsGhost, ushort DepthBasisPoints, float Chance, float Propensity, float PriceMinor, float CostMinor)
{
    /// <summary>In tens of per cent.</summary>
    public double Depth => DepthBasisPoints / 1_000.0;
}
