namespace Volna.Reports.Statistics;

/// <summary>
/// Compares two arms of unequal size and spread: Welch, "The generalization of Student's problem when several different population variances
/// are involved", Biometrika 34 (1947), with the degrees of freedom of Satterthwaite (1946).
/// </summary>
public static class WelchTest
{
    /// <summary>An estimated difference whose error has two independent parts; null where nothing varies, so that nothing can be said.</summary>
    internal static Effect? Compare(double difference, double varianceA, long countA, double varianceB, long countB)
    {
        var variance = varianceA + varianceB;
        if (!(variance > 0) || countA < 2 || countB < 2) return null;

        var degrees = variance * variance / ((varianceA * varianceA / (countA - 1)) + (varianceB * varianceB / (countB - 1)));
        var error = Math.Sqrt(variance);
        var reach = StudentTail.Reach95(degrees) * error;
        return new Effect(difference, difference - reach, difference + reach, StudentTail.TwoSided(difference / error, degrees));
    }
}
