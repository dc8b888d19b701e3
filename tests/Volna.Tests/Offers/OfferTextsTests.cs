using Volna.Offers;
using Volna.Offers.Filter;

namespace Volna.Tests.Offers;

public sealed class OfferTextsTests
{
    [Fact]
    public void Discovery_is_a_new_product_not_only_a_new_category() => Assert.Equal(new Text("discovery", "новый товар"), SlotKind.Discovery.Name());

    /// <summary>«Покупатель» is masculine.</summary>
    [Fact]
    public void No_refusal_speaks_of_her_in_Russian() =>
        Assert.All(Enum.GetValues<OfferRefusal>(), refusal => Assert.DoesNotMatch(@"\b(она|ей|в её)\b", refusal.Words().Russian));
}
