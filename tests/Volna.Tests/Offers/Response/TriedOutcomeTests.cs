using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Response;

public sealed class TriedOutcomeTests
{
    /// <summary>In the days of the offer only goods beside it count against it; afterwards the product itself does, too.</summary>
    [Fact]
    public void What_is_bought_after_the_offer_counts_for_the_whole_category()
    {
        var catalog = new MadeShop(1).Catalog;
        var goods = catalog.Products.Where(product => product is { Cost: not null, Category.Value: > 0 }).Select(product => product!).ToList();
        var (offered, other) = goods.GroupBy(product => product.Category).Where(group => group.Count() > 1).Select(group => (group.First(), group.Last())).First();
        var elsewhere = goods.First(product => product.Category != offered.Category);
        PurchaseLine[] all = [Line(offered.Id.Value), Line(other.Id.Value), Line(elsewhere.Id.Value)];
        double Margin(Volna.Intake.Catalog.Product product) => 100_000 - product.Cost!.Value.Minor;
        TrialOffer[] offers = [new TrialOffer(1, offered.Id.Value, SlotKind.Habit, false, 1_000, 0.1f, 1, 100_000, 1)];

        var tried = new TriedOutcome(catalog, null).Of(offers, all, all, 0.5f, all, 0.25f).Offers[0];
        Assert.Equal((Margin(offered), Margin(other), Margin(other) / 2), (tried.MarginMinor, tried.AlikeMarginMinor, tried.UsualAlikeMarginMinor));
        Assert.Equal((Margin(offered) + Margin(other), (Margin(offered) + Margin(other)) / 4), (tried.LaterMarginMinor, tried.UsualLaterMarginMinor));
        var unfinished = new TriedOutcome(catalog, null).Of(offers, all, all, 0.5f).Offers[0];
        Assert.Equal((0, 0), (unfinished.LaterMarginMinor, unfinished.UsualLaterMarginMinor));

        static PurchaseLine Line(int product) => new(1, Clock.Minute(MadeShop.Day), 1, product, 1_000, 100_000, 0);
    }
}
