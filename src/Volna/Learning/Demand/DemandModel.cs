using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>What each customer will want within the next days. Immutable; made by <c>Fit</c> or loaded by <see cref="ModelStore"/>.</summary>
public sealed class DemandModel
{
    /// <summary>The days after the scoring day for which <see cref="Candidate.Chance"/> holds.</summary>
    public int WindowDays => throw new NotImplementedException();

    /// <summary>
    /// Candidates for a customer on the morning of a day, likeliest first: all that she bought before, and the likeliest she didn't.
    /// Purchases on that day or later aren't looked at. A customer without history gets the most popular products, named as such.
    /// </summary>
    /// <param name="candidates">Cleared and filled.</param>
    public void Score(CustomerHistory history, DateOnly day, List<Candidate> candidates) => throw new NotImplementedException();
}
