using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Offers.Response;

/// <summary>Works out what came of a customer's part in a trial.</summary>
/// <param name="assumedCost">As a share of what was paid, where no cost is known; goods without any count as if they left no margin.</param>
sealed class TriedOutcome(Catalog catalog, Percent? assumedCost)
{
    /// <param name="offers">Hers, made or ghosts.</param>
    /// <param name="bought">Within the wave's validity.</param>
    /// <param name="before">What she bought before it.</param>
    /// <param name="share">Length of the validity as a share of the time before.</param>
    /// <param name="later">What she bought in the weeks after it, as far as they have passed.</param>
    /// <param name="laterShare">Their length as a share of the time before.</param>
    public TriedCustomer Of(
        ReadOnlySpan<TrialOffer> offers, ReadOnlySpan<PurchaseLine> bought, ReadOnlySpan<PurchaseLine> before, float share, ReadOnlySpan<PurchaseLine> later = default, float laterShare = 0)
    {
        var tried = new TriedOffer[offers.Length];
        for (var at = 0; at < tried.Length; at++)
        {
            var category = CategoryOf(offers[at].Product);
            tried[at] = new TriedOffer(
                offers[at], PurchaseLine.HasBought(bought, offers[at].Product), (float)Own(bought, offers[at].Product), (float)Alike(bought, category, offers), (float)(Alike(before, category, offers) * share))
            {
                LaterMarginMinor = (float)Alike(later, category, []),
                UsualLaterMarginMinor = (float)(Alike(before, category, []) * laterShare),
            };
        }

        return new TriedCustomer(offers[0].IsGhost, PurchaseLine.CountReceipts(bought), PurchaseLine.CountReceipts(before) * share, MarginOf(before) * share, tried);
    }

    /// <summary>What purchases left, after their discounts.</summary>
    public double MarginOf(ReadOnlySpan<PurchaseLine> lines)
    {
        double margin = 0;
        foreach (ref readonly var line in lines) margin += Margin(line);
        return margin;
    }

    double Own(ReadOnlySpan<PurchaseLine> lines, int product)
    {
        double margin = 0;
        foreach (ref readonly var line in lines)
            if (line.Product == product)
                margin += Margin(line);
        return margin;
    }

    /// <summary>Margin of a category's goods that aren't offered to her.</summary>
    double Alike(ReadOnlySpan<PurchaseLine> lines, int category, ReadOnlySpan<TrialOffer> offers)
    {
        double margin = 0;
        foreach (ref readonly var line in lines)
            if (category != 0 && CategoryOf(line.Product) == category && !IsOffered(line.Product, offers))
                margin += Margin(line);
        return margin;
    }

    static bool IsOffered(int product, ReadOnlySpan<TrialOffer> offers)
    {
        foreach (ref readonly var offer in offers)
            if (offer.Product == product)
                return true;
        return false;
    }

    int CategoryOf(int product) => catalog.Product(product).Category.Value;

    double Margin(in PurchaseLine line) => catalog.Product(line.Product).Cost is { } cost
        ? line.PaidMinor - (cost.Minor * (line.QuantityThousandths / 1_000.0))
        : assumedCost is { } assumed ? line.PaidMinor * (1 - assumed.Share) : 0;
}
