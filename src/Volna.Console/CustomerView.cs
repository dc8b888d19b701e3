using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Generation;

namespace Volna.Console;

/// <summary>A wave in the list.</summary>
/// <param name="Statistics">Null before generation.</param>
public sealed record WaveRow(Wave Wave, WaveStatistics? Statistics);

/// <summary>What the console shows of a customer.</summary>
public sealed record CustomerView
{
    public required Contact Contact { get; init; }
    public required Catalog Catalog { get; init; }

    /// <summary>The latest ones only.</summary>
    public required IReadOnlyList<ShownReceipt> Receipts { get; init; }

    /// <summary>All of them, returns aside.</summary>
    public required int ReceiptCount { get; init; }
    public required long SpentMinor { get; init; }
    public required DateOnly? FirstDay { get; init; }
    public required DateOnly? LastDay { get; init; }

    /// <summary>Ids of the waves that can be looked at.</summary>
    public required IReadOnlyList<string> Waves { get; init; }
    public required Wave? Wave { get; init; }

    /// <summary>Null if she isn't assigned to the wave.</summary>
    public required PlaceInWave? Place { get; init; }

    /// <summary>Why not others; null where it wasn't asked for.</summary>
    public required WaveAnswer? Why { get; init; }

    /// <summary>Lines by receipt, the newest receipt first.</summary>
    public static IReadOnlyList<ShownReceipt> NewestFirst(IReadOnlyList<PurchaseLine> oldestFirst, int most) =>
        [.. oldestFirst.GroupBy(line => line.Receipt).Reverse().Take(most).Select(receipt => new ShownReceipt([.. receipt]))];
}

/// <summary>A receipt of her history.</summary>
public sealed record ShownReceipt(IReadOnlyList<PurchaseLine> Lines)
{
    public PurchaseLine First => Lines[0];

    public Money Paid => new(Lines.Sum(line => line.PaidMinor));
}

/// <summary>A customer's part in a wave.</summary>
public sealed record PlaceInWave(bool HeldOut, IReadOnlyList<ShownOffer> Offers);

/// <param name="Code">As printed for her.</param>
/// <param name="Redeemed">True once it was spent at a till.</param>
public sealed record ShownOffer(Offer Offer, string Code, bool Redeemed);
