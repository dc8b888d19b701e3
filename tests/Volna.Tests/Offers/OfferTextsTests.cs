using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Filter;

namespace Volna.Tests.Offers;

public sealed class OfferTextsTests
{
    [Fact]
    public void Discovery_is_a_new_product_not_only_a_new_category() => Assert.Equal(new Text("discovery", "новый товар"), SlotKind.Discovery.Name());

    [Theory]
    [InlineData("Сыр «Российский», 200 г", "подходит к покупке «Сыр „Российский“, 200 г»")]
    [InlineData("Сыр", "подходит к покупке «Сыр»")]
    [InlineData("Сыр \"Российский\"", "подходит к покупке «Сыр \"Российский\"»")]
    public void Quotation_marks_within_others_are_the_inner_ones_in_Russian(string name, string reason)
    {
        using var shop = new Shop();
        shop.AddProduct(1, "cheese", name);
        var catalog = new CatalogStore(shop.State).Load(Shop.Week.Start);
        Assert.Equal(new Text($"goes with {name}", reason), OfferTexts.Reason(CandidateReason.GoesWith, 1, catalog));
        foreach (var other in (CandidateReason[])[CandidateReason.New, CandidateReason.NotBoughtYet])
            Assert.EndsWith(reason, OfferTexts.Reason(other, 1, catalog).Russian, StringComparison.Ordinal);
    }

    /// <summary>«Покупатель» is masculine.</summary>
    [Fact]
    public void No_refusal_speaks_of_her_in_Russian() =>
        Assert.All(Enum.GetValues<OfferRefusal>(), refusal => Assert.DoesNotMatch(@"\b(она|ей|в её)\b", refusal.Words().Russian));
}
