using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Filter;

namespace Volna.Offers.Choice;

/// <summary>A candidate that may be offered to a customer in a kind of slot and is worth it at some depth. Kept in files as it stands in memory.</summary>
/// <param name="Product"><see cref="Candidate.WholeBasket"/> for the whole basket.</param>
/// <param name="Chance">That she buys without an offer, within the wave's validity.</param>
/// <param name="Because">As <see cref="Offer.Because"/>; for the whole basket the place of its terms in the block.</param>
/// <param name="Drawn">The step of the ladder to be tried for the sake of learning, or <see cref="NotDrawn"/>.</param>
/// <param name="BesideMinor">What a purchase more is worth beside the product's own margin and turnover.</param>
/// <param name="Tier">Of two candidates for a discovery slot the one from a category new to her goes first: 0, else 1.</param>
readonly record struct ValuedCandidate(int Product, float Chance, int Because, CandidateReason Reason, SlotKind Kind, byte Drawn, byte Tier, float BesideMinor)
{
    public const byte NotDrawn = byte.MaxValue;
}

/// <summary>A customer after filtering and valuing, before anything is shared out. Kept in files as it stands in memory.</summary>
/// <param name="MainStore">Whose prices hold for her.</param>
/// <param name="Empties">Why a slot of a kind stays empty where too few candidates are left, a byte for each kind.</param>
/// <param name="UsualMarginMinor">What she usually leaves in as many days as the wave is valid; 0 where nothing depends on it.</param>
readonly record struct ValuedCustomer(CustomerId Customer, ulong KeyHash, int Segment, int MainStore, bool HeldOut, ulong Empties, float UsualMarginMinor)
{
    /// <summary>Channels of the plan through which she was written to often enough.</summary>
    public Channels Closed { get; init; }

    public OfferRefusal Empty(SlotKind kind) => (OfferRefusal)(int)((Empties >> (8 * (int)kind)) & 0xFF);
}
