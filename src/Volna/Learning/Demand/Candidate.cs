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

    /// <summary>Many buy it; the fallback for customers of whom little is known.</summary>
    Popular = 4,

    /// <summary>She bought it, seldom and long ago.</summary>
    BoughtBefore = 5,

    /// <summary>It costs about what she usually pays.</summary>
    PriceFits = 6,

    /// <summary>Those who try it buy it again.</summary>
    BoughtAgain = 7,
}

/// <summary>A reason for a chance; see <see cref="Candidate.Because"/>.</summary>
public readonly record struct Explanation(CandidateReason Reason, int Because);

/// <summary>A product a customer might buy.</summary>
/// <param name="Product">Number of the product.</param>
/// <param name="Chance">Probability that she buys it within the model's window without any offer, 0 to 1, calibrated on a past window.</param>
/// <param name="Because">With <see cref="CandidateReason.GoesWith"/> the product she bought, with <see cref="CandidateReason.CycleDue"/> her rhythm in days; else 0.</param>
public readonly record struct Candidate(int Product, CandidateKind Kind, float Chance, CandidateReason Reason, int Because);
