using System.Collections.Immutable;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;

namespace Volna.Learning;

/// <summary>What is written beside a model: where it comes from and how good it was in the back-test.</summary>
/// <param name="Format">Of the model's file; a program reads only its own.</param>
/// <param name="Checksum">SHA-256 of the model's file in hexadecimal digits. The same data, options and seed give the same.</param>
/// <param name="SnapshotId">The data it was learnt from.</param>
/// <param name="Day">The morning up to which it saw purchases.</param>
public sealed record ModelCard(
    int Format, string Checksum, string SnapshotId, DateOnly Day, DateTimeOffset CreatedAt, DemandOptions Options, ImmutableArray<Text> Remarks, BackTest BackTest)
{
    /// <summary>The options as asked for; null where the card is of an earlier version, which told the shortened window alone.</summary>
    public DemandOptions? Asked { get; init; }

    /// <summary>The way it was learnt in, to learn in the same way again.</summary>
    internal DemandOptions Way => Asked ?? Options;

    /// <summary>Of the customers, as of the same day; null where they were too few, or nobody asked yet.</summary>
    public PortraitSet? Portraits { get; init; }

    /// <summary>Weather, events and other series by day that were there, and whether they were used.</summary>
    public ImmutableArray<SeriesUse> Series { get; init; } = [];
}
