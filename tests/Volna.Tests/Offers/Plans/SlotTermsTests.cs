using Volna.Offers;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Plans;

public sealed class SlotTermsTests
{
    // mechanic, rounded to, price, percent -> left to pay
    [Theory]
    [InlineData(Mechanic.PercentOff, 100, 9_990, 15, 8_492)]
    [InlineData(Mechanic.AmountOff, 1, 9_990, 15, 8_492)]
    [InlineData(Mechanic.AmountOff, 500, 9_990, 15, 8_990)]
    [InlineData(Mechanic.AmountOff, 500, 1_990, 5, 1_490)]
    [InlineData(Mechanic.AmountOff, 500, 400, 5, -100)]
    [InlineData(Mechanic.FixedPrice, 1, 9_990, 15, 8_492)]
    [InlineData(Mechanic.FixedPrice, 500, 9_990, 15, 8_500)]
    [InlineData(Mechanic.FixedPrice, 500, 9_990, 1, 9_500)]
    [InlineData(Mechanic.FixedPrice, 500, 400, 5, 0)]
    [InlineData(Mechanic.Points, 500, 9_990, 15, 8_492)]
    [InlineData(Mechanic.NPlusM, 500, 9_000, 25, 6_750)]
    public void What_is_left_to_pay_is_rounded_as_the_mechanic_says(Mechanic mechanic, long roundTo, long price, int percent, long left) =>
        Assert.Equal(left, (MadeShop.SamplePlan.SlotKinds[SlotKind.Habit] with { Mechanic = mechanic, RoundTo = new Money(roundTo) }).After(new Money(price), new Percent(percent * 100)).Minor);

    [Theory]
    [InlineData(Mechanic.PercentOff, 0, "−15%", "−15\u00A0%")]
    [InlineData(Mechanic.AmountOff, 20_00, "−20.00", "−20,00")]
    [InlineData(Mechanic.FixedPrice, 99_00, "for 99.00", "за 99,00")]
    [InlineData(Mechanic.Points, 0, "15% in points", "15\u00A0% баллами")]
    [InlineData(Mechanic.Points, 1_250_00, "1,250 points", "1\u00A0250 баллов")]
    [InlineData(Mechanic.Points, 1_00, "1 point", "1 балл")]
    [InlineData(Mechanic.Points, 22_00, "22 points", "22 балла")]
    [InlineData(Mechanic.Points, 12_50, "12.50 points", "12,50 балла")]
    [InlineData(Mechanic.NPlusM, 0, "2\u00A0+\u00A01 free", "2\u00A0+\u00A01 в\u00A0подарок")]
    public void The_deal_is_told_in_words(Mechanic mechanic, long amount, string english, string russian) => Assert.Equal(
        new Text(english, russian), OfferTexts.Deal(Shop.Offer(1, 0, 1, 15) with { Mechanic = mechanic, Amount = new Money(amount), Buy = 2, Free = 1 }));

    [Fact]
    public void Kinds_and_mechanics_are_read()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"slotKinds\": {", """
            "slotKinds": {
              "supplier": { "oddsPerTenPercent": 1.5, "turnoverWorth": 0.1, "mechanic": "fixedPrice", "roundTo": 1, "goods": [{ "of": "supplier", "value": "Lactis" }, { "of": "tag", "value": "spring" }] },
              "complement": { "oddsPerTenPercent": 1.5, "turnoverWorth": 0.1, "mechanic": "nPlusM", "sets": ["3+1", "2+1"] },
              "points": { "oddsPerTenPercent": 1.3, "turnoverWorth": 0.1, "discountSteps": [10, 20] },
              "basket": { "oddsPerTenPercent": 4, "turnoverWorth": 0.1, "mechanic": "amount", "roundTo": 50, "leastBasket": { "aboveUsualPercent": 40, "roundTo": 100 } },
            """, StringComparison.Ordinal));
        Assert.Equal((Mechanic.FixedPrice, new Money(100)), (plan.SlotKinds[SlotKind.Supplier].Mechanic, plan.SlotKinds[SlotKind.Supplier].RoundTo));
        Assert.Equal(2, plan.SlotKinds[SlotKind.Supplier].Goods.Length);
        Assert.Equal([2_500, 3_333], plan.StepsOf(SlotKind.Complement).Select(step => step.BasisPoints));
        Assert.Equal(Mechanic.Points, plan.SlotKinds[SlotKind.Points].Mechanic);
        Assert.Equal((Mechanic.AmountOff, Percent.Of(40), new Money(10_000)), (plan.SlotKinds[SlotKind.Basket].Mechanic, plan.SlotKinds[SlotKind.Basket].AboveUsual, plan.SlotKinds[SlotKind.Basket].LeastBasketStep));
        var mistakes = PlanFile.Against(plan, "plan.json", new MadeShop(1, customers: 1).Catalog).Select(mistake => mistake.Code).ToList();
        Assert.Equal(["plan-goods-empty", "plan-goods-empty"], mistakes);
    }
}
