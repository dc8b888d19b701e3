namespace Volna.Reports.Statistics;

/// <summary>An estimated difference whose error has two independent parts, one from each arm.</summary>
public readonly record struct Contrast(double Difference, double VarianceA, long CountA, double VarianceB, long CountB)
{
    /// <summary>Square of the standard error.</summary>
    public double Variance => VarianceA + VarianceB;

    /// <summary>Looked at once, at a time that was fixed before; null where nothing varies, so that nothing can be said.</summary>
    public Effect? LookedAtOnce() => WelchTest.Compare(Difference, VarianceA, CountA, VarianceB, CountB);

    /// <summary>Looked at as often as one likes.</summary>
    /// <inheritdoc cref="AlwaysValid.Of"/>
    public Effect? LookedAtAnyTime(double plannedVariance) => AlwaysValid.Of(this, plannedVariance);

    /// <summary>The sum with another one whose errors are independent of its own.</summary>
    public Contrast Plus(Contrast other) => new(Difference + other.Difference, VarianceA + other.VarianceA, CountA + other.CountA, VarianceB + other.VarianceB, CountB + other.CountB);

    /// <summary>The same over so many customers, days or units.</summary>
    public Contrast Times(double times) => this with { Difference = Difference * times, VarianceA = VarianceA * times * times, VarianceB = VarianceB * times * times };
}
