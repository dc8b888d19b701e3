namespace Volna.Reports.Statistics;

/// <summary>
/// A difference put together from those within strata (segments, cities), each weighted with its share of all customers, so that a chance
/// difference in the mix of the arms doesn't count: Miratrix, Sekhon, Yu, "Adjusting treatment effect estimates by post-stratification in
/// randomized experiments", Journal of the Royal Statistical Society B 75 (2013).
/// </summary>
public static class PostStratified
{
    /// <summary>Null without strata.</summary>
    public static Contrast? Of(IReadOnlyList<Contrast> strata)
    {
        double customers = strata.Sum(stratum => stratum.CountA + stratum.CountB);
        if (customers == 0) return null;
        var whole = default(Contrast);
        foreach (var stratum in strata) whole = whole.Plus(stratum.Times((stratum.CountA + stratum.CountB) / customers));
        return whole;
    }
}
