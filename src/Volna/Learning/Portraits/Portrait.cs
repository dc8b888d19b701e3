using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Learning.Portraits;

/// <summary>Customers who buy alike.</summary>
/// <param name="Name">What distinguishes them; it stays while the portrait does, so that plans can name it.</param>
/// <param name="Share">Of the customers who bought within the year.</param>
/// <param name="Centre">The mean of their traits, see <c>CustomerTraits</c>.</param>
public sealed record Portrait(Text Name, double Share, ImmutableArray<double> Centre)
{
    /// <summary>True for its name in either language.</summary>
    public bool IsCalled(string name) => string.Equals(Name.English, name, StringComparison.OrdinalIgnoreCase) || string.Equals(Name.Russian, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Of a typical one of them.</summary>
    public double ReceiptsAYear => Math.Exp(Centre[CustomerTraits.Often]);

    /// <inheritdoc cref="ReceiptsAYear"/>
    public double ReceiptMinor => Math.Exp(Centre[CustomerTraits.LargeReceipts]);

    /// <inheritdoc cref="ReceiptsAYear"/>
    public double DaysSinceLast => Math.Exp(-Centre[CustomerTraits.Lately]) - 1;
}

/// <summary>All portraits of a retailer's customers, as they were learnt with a model.</summary>
/// <param name="Parts">Categories over which money is spread.</param>
/// <param name="Means">Of each trait.</param>
/// <param name="Scales">What counts as one of each trait: its standard deviation; for the parts more, so that all of them together weigh as much as the other traits.</param>
public sealed record PortraitSet(ImmutableArray<string> Parts, ImmutableArray<double> Means, ImmutableArray<double> Scales, ImmutableArray<Portrait> Portraits)
{
    /// <summary>True if a name, in either language, is one of theirs.</summary>
    public bool Has(string name) => Portraits.Any(portrait => portrait.IsCalled(name));

    internal void Scale(Span<double> traits)
    {
        for (var at = 0; at < traits.Length; at++) traits[at] = (traits[at] - Means[at]) / Scales[at];
    }
}

/// <summary>Finds customers' portraits. One instance serves one thread.</summary>
public sealed class PortraitFinder
{
    readonly PortraitSet _portraits;
    readonly CustomerTraits _traits;
    readonly List<double[]> _centres;
    readonly double[] _own;

    public PortraitFinder(PortraitSet portraits, Catalog catalog)
    {
        (_portraits, _traits) = (portraits, new CustomerTraits(catalog, portraits.Parts));
        _own = new double[_traits.Count];
        _centres = [.. portraits.Portraits.Select(portrait =>
        {
            double[] centre = [.. portrait.Centre];
            portraits.Scale(centre);
            return centre;
        })];
    }

    /// <summary>The portrait of a customer, or null if she bought nothing within the year before the day.</summary>
    /// <param name="lines">Her purchases before the day, oldest first.</param>
    public Portrait? Of(ReadOnlySpan<PurchaseLine> lines, DateOnly day)
    {
        if (!_traits.Read(lines, day, _own)) return null;
        _portraits.Scale(_own);
        return _portraits.Portraits[KMeans.Nearest(_own, _centres)];
    }
}
