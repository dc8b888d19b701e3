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
    public TriedCustomer Of(ReadOnlySpan<TrialOffer> offers, ReadOnlySpan<PurchaseLine> bought, ReadOnlySpan<PurchaseLine> before, float share)
    {
        var tried = new TriedOffer[offers.Length];
        for (var at = 0; at < tried.Length; at++)
        {
            ref readonly var offer = ref offers[at];
            var category = CategoryOf(offer.Product);
            tried[at] = new TriedOffer(
                offer.Slot, offer.Depth, offer.Chance, offer.PriceMinor, PurchaseLine.HasBought(bought, offer.Product), (float)Alike(bought, category, offers), (float)(Alike(before, category, offers) * share));
        }

        return new TriedCustomer(offers[0].IsGhost, Rest(bought, offers), Rest(before, offers) * share, tried);
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

    /// <summary>Margin of all beside the categories of her offers.</summary>
    double Rest(ReadOnlySpan<PurchaseLine> lines, ReadOnlySpan<TrialOffer> offers)
    {
        double margin = 0;
        foreach (ref readonly var line in lines)
        {
            var category = CategoryOf(line.Product);
            var beside = !IsOffered(line.Product, offers);
            if (category != 0)
                foreach (ref readonly var offer in offers)
                    beside &= CategoryOf(offer.Product) != category;
            if (beside) margin += Margin(line);
        }

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
