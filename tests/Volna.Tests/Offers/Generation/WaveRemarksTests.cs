using Volna.Intake.Catalog;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Generation;

public sealed class WaveRemarksTests
{
    static readonly DateOnly Day = MadeShop.Day;

    [Fact]
    public void Old_models_and_goods_or_stores_of_which_too_little_is_known_are_named_before_the_run()
    {
        var catalog = new MadeShop(3, customers: 1).Catalog;
        var (priced, costless) = (catalog.StorePrices.Keys.Select(key => key.Product).ToHashSet(), catalog.Products.Count(product => product is { Cost: null }));
        var unpriced = catalog.Products.Count(product => product is { Price: null } && !priced.Contains(product.Id.Value));
        Assert.True(unpriced > 0 && costless > 0);
        Assert.Equal(
            [
                "The model 0001 knows purchases up to 2026-11-10, but the data go up to 2026-11-20; `volna learn` learns from the newer ones too.",
                "The newest purchase is of 2026-11-20: nothing is known of the 5 days before the wave.",
                $"Products without any price: {unpriced}; they can't be offered.",
                $"Products without a known cost: {costless}; the plan assumes 70% of the price.",
                "Stores that sent no stock: 2 (s2, s3); all goods are taken to be there.",
            ],
            WaveRemarks.Of(MadeShop.SamplePlan, catalog, "0001", Day.AddDays(-15), Day.AddDays(-6), Day).Select(remark => remark.English));
        Assert.Contains(
            "The newest purchase is of 2026-11-24: nothing is known of the day before the wave.",
            WaveRemarks.Of(MadeShop.SamplePlan, catalog, "0001", Day, Day.AddDays(-2), Day).Select(remark => remark.English));
        Assert.Contains(
            "they can't be offered, because the plan assumes none",
            string.Join('\n', WaveRemarks.Of(MadeShop.SamplePlan with { AssumedCost = null }, catalog, "0001", Day, Day.AddDays(-1), Day).Select(remark => remark.English)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cap_by_stock_names_the_stores_that_it_does_not_bind()
    {
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("fresh", TargetKind.Basket, "", null, null, null) { MostOfStock = 1, Where = new StoreRule(["s1", "s3"], [], StoreUnit.Together) }] };
        Assert.Contains(
            "Limit 'fresh': stores that sent no stock aren't bound by it: 1 (s3).",
            WaveRemarks.Of(plan, new MadeShop(3, customers: 1).Catalog, "0001", Day, Day.AddDays(-1), Day).Select(remark => remark.English));
    }

    [Fact]
    public void A_model_as_new_as_the_data_is_not_remarked()
    {
        var catalog = new MadeShop(3, customers: 1).Catalog;
        Assert.DoesNotContain("model", string.Join('\n', WaveRemarks.Of(MadeShop.SamplePlan, catalog, "0001", Day, Day.AddDays(-1), Day).Select(remark => remark.English)), StringComparison.OrdinalIgnoreCase);
    }
}
