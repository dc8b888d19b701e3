using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers.Forecast;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Forecast;

public sealed class WhatIfTests
{
    static readonly Plan Plan = MadeShop.SamplePlan with
    {
        Limits = [new PlanLimit("Lactis", TargetKind.Supplier, "Lactis", Money.FromMajor(40_000), 5_000, 2_000), new PlanLimit("new.yoghurt", TargetKind.Product, "p1", null, 100, null)],
    };

    [Fact]
    public void A_limit_is_changed_added_or_lifted()
    {
        Assert.Equal(Money.FromMajor(1_200_000.5m), Changed("all.budget=1200000.5").Single(limit => limit.Name == "all").Budget);
        Assert.Equal(TargetKind.Basket, Changed("all.mostOffers=7").Single(limit => limit.Name == "all").Of);
        Assert.Equal(Plan.Limits[0] with { Budget = Money.Zero }, Changed("Lactis.budget=0")[0]);
        Assert.Equal(Plan.Limits[0] with { LeastOffers = null }, Changed("Lactis.leastOffers=none")[0]);
        Assert.Equal(Plan.Limits[1] with { MostOffers = 5 }, Changed(" new.yoghurt.mostOffers = 5 ")[1]);
        Assert.Equal(Plan.Limits[0], Assert.Single(Changed("new.yoghurt.mostOffers=none")));
        Assert.Equal(Plan.Limits.AsEnumerable(), Changed("all.budget=none"));
    }

    [Theory]
    [InlineData("budget", "--what-if budget: found 'budget', expected a limit, a dot, one of budget, mostOffers, leastOffers, then = and a number or none, such as all.budget=1200000.")]
    [InlineData("all.budget=", "--what-if all.budget=: found 'all.budget=', expected a limit, a dot, one of budget, mostOffers, leastOffers, then = and a number or none, such as all.budget=1200000.")]
    [InlineData("Lactos.budget=1", "--what-if Lactos.budget=1: found limit 'Lactos', expected one of Lactis, new.yoghurt, all.")]
    [InlineData("all.money=1", "--what-if all.money=1: found 'money', expected budget, mostOffers or leastOffers.")]
    [InlineData("all.budget=-1", "--what-if all.budget=-1: found '-1', expected an amount such as 1200000 or 999.50, at most 1000000000000, or none.")]
    [InlineData("all.mostOffers=1.5", "--what-if all.mostOffers=1.5: found '1.5', expected a number of offers such as 5000, or none.")]
    [InlineData("Lactis.mostOffers=1999", "--what-if Lactis.mostOffers=1999: found 2000 promised and at most 1999 offers, expected a promise that isn't above the most.")]
    public void Each_mistake_has_its_sentence(string change, string sentence)
    {
        var mistake = Assert.Throws<BadInputException>(() => WhatIf.Apply(Plan, change));
        Assert.Equal(("what-if", sentence), (mistake.Code, mistake.Sentence.English));
        Assert.NotEqual(sentence, mistake.Sentence.Russian);
    }

    static ImmutableArray<PlanLimit> Changed(string change) => WhatIf.Apply(Plan, change).Limits;
}
