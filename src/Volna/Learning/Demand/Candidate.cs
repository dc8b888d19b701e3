namespace Volna.Learning.Demand;

/// <summary>Whether a customer knows a product.</summary>
public enum CandidateKind
{
    /// <summary>She bought it before.</summary>
    Habit = 0,

    /// <summary>She never bought it.</summary>
    Discovery = 1,
}

/// <summary>The strongest reason for a candidate; stored and sent, so numbers are never reused.</summary>
public enum CandidateReason : byte
{
    /// <summary>She buys it often.</summary>
    BoughtOften = 0,

    /// <summary>She buys it at a rhythm, and it's time.</summary>
    CycleDue = 1,

    /// <summary>She bought it lately.</summary>
    BoughtLately = 2,

    /// <summary>It goes with what she bought: <see cref="Candidate.Because"/>.</summary>
    GoesWith = 3,

    /// <summary>Many buy it; the fallback where nothing leads from what she bought to it, and her store and city are not known either.</summary>
    Popular = 4,

    /// <summary>She bought it, seldom and long ago.</summary>
    BoughtBefore = 5,

    /// <summary>It costs about what she usually pays.</summary>
    PriceFits = 6,

    /// <summary>Those who try it buy it again.</summary>
    BoughtAgain = 7,

    /// <summary>It was launched lately; what isn't known of it yet is borrowed from goods like it. <see cref="Candidate.Because"/> tells what of hers those go with.</summary>
    New = 8,

    /// <summary>Many buy it in her store; the fallback as <see cref="Popular"/>.</summary>
    PopularInStore = 9,

    /// <summary>Many buy it in her city; the fallback where too few customers of her store are known.</summary>
    PopularInCity = 10,

    /// <summary>By weather, events or another series more of it is expected to be bought.</summary>
    TimeIsRight = 11,

    /// <summary>Nobody bought it yet, and its first price just began: all that is known of it is borrowed from goods like it. <see cref="Candidate.Because"/> as with <see cref="New"/>.</summary>
    NotBoughtYet = 12,

    /// <summary>Of no product: the sum of the basket is a step above what she usually spends at once.</summary>
    LargerBasket = 13,
}

/// <summary>A reason for a chance; see <see cref="Candidate.Because"/>.</summary>
public readonly record struct Explanation(CandidateReason Reason, int Because);

/// <summary>A product a customer might buy.</summary>
/// <param name="Product">Number of the product, or <see cref="WholeBasket"/>.</param>
/// <param name="Chance">Probability that she buys it within the model's window without any offer, 0 to 1, calibrated on a past window.</param>
/// <param name="Because">With <see cref="CandidateReason.GoesWith"/>, <see cref="CandidateReason.New"/> and <see cref="CandidateReason.NotBoughtYet"/> the product she bought, or 0 without one; with <see cref="CandidateReason.CycleDue"/> her rhythm in days; with <see cref="CandidateReason.LargerBasket"/> the sum, in minor units; else 0.</param>
public readonly record struct Candidate(int Product, CandidateKind Kind, float Chance, CandidateReason Reason, int Because)
{
    /// <summary>Stands for the whole basket where products have their numbers.</summary>
    public const int WholeBasket = 0;
}
