using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Plans;

public sealed class PlanFileTests
{
    static readonly string Samples = Path.Combine(SharedData.Repository, "samples");

    [Fact]
    public void The_sample_says_what_it_means()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text);
        Assert.Equal(("Grocery, weekly", Language.Russian, 7, 0.1, 0.05), (plan.Name, plan.Language, plan.ValidityDays, plan.HoldoutShare, plan.ExplorationShare));
        Assert.Equal(Channels.All, plan.Channels);
        Assert.Equal([500, 1_000, 1_500, 2_000, 2_500, 3_000], plan.DiscountSteps.Select(step => step.BasisPoints));
        Assert.Equal([500, 1_000, 1_500], plan.StepsOf(SlotKind.Habit).Select(step => step.BasisPoints));
        Assert.Equal(["leaving", "frequent", "occasional", "new"], plan.Segments.Select(segment => segment.Name));
        Assert.Equal([new Slot(SlotKind.Habit, 2), new Slot(SlotKind.Discovery, 5), new Slot(SlotKind.Margin, 1)], plan.Segments[1].Slots);
        Assert.Equal(new Band(30, null), plan.Segments[0].When!.RecencyDays);
        Assert.Null(plan.Segments[^1].When);
        Assert.Equal(new Money(1), plan.PriceStep);
        Assert.Equal(new Band(2, 10), plan.Corridors.Bands[LaunchMetric.OffersPerCustomer]);
    }

    [Fact]
    public void The_sample_for_online_retail_reads() =>
        Assert.Null(Record.Exception(() => PlanFile.Parse("plan", File.ReadAllText(Path.Combine(Samples, "plan-online-retail.json")))));

    // What stands in the sample | what stands there instead | what the sentence says
    [Theory]
    [InlineData("\"validityDays\": 7", "\"validityDays\": 0", "plan.json: validityDays: found 0, expected a whole number from 1 to 92.")]
    [InlineData("\"validityDays\": 7", "\"validityDays\": \"7\"", "plan.json: validityDays: found \"7\", expected a whole number from 1 to 92.")]
    [InlineData("\"validityDays\": 7,", "", "plan.json: the plan: 'validityDays' is missing.")]
    [InlineData("\"validityDays\": 7", "\"validDays\": 7", "plan.json: validDays: isn't known here; expected one of name, language,")]
    [InlineData("\"validityDays\": 7", "\"validityDays\": 7, \"validityDays\": 8", "plan.json: validityDays: stands there twice; expected once.")]
    [InlineData("\"name\": \"Grocery, weekly\"", "\"name\": \" \"", "plan.json: name: found \" \", expected a text in quotes.")]
    [InlineData("\"language\": \"ru\"", "\"language\": \"fr\"", "plan.json: language: found \"fr\", expected one of en, ru.")]
    [InlineData("\"holdoutShare\": 0.1", "\"holdoutShare\": 1.1", "plan.json: holdoutShare: found 1.1, expected a number from 0 to 0.9.")]
    [InlineData("\"holdoutShare\": 0.1", "\"holdoutShare\": 0.1, \"universalHoldoutShare\": 0.6", "plan.json: universalHoldoutShare: found 0.6, expected a number from 0 to 0.5.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"shelf\", \"budget\": 1 }], \"mostPerCategory\"", "plan.json: limits[0].of: found \"shelf\", expected one of all, product, category, brand, supplier, tag.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"all\" }], \"mostPerCategory\"", "plan.json: limits[0]: found { \"name\": \"dairy\", \"of\": \"all\" }, expected at least one of budget, mostOffers, leastOffers, mostOfStock.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"all\", \"mostOffers\": 5, \"leastOffers\": 6 }], \"mostPerCategory\"", "plan.json: limits[0].leastOffers: found 6, expected at most 5, the value of 'mostOffers'.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"category\", \"budget\": 1 }], \"mostPerCategory\"", "plan.json: limits[0]: 'value' is missing.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"all\", \"mostOfStock\": -1 }], \"mostPerCategory\"", "plan.json: limits[0].mostOfStock: found -1, expected a number from 0 to 1000.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"all\", \"mostOffers\": 5, \"stores\": [] }], \"mostPerCategory\"", "plan.json: limits[0].stores: found [], expected at least one in quotes.")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"dairy\", \"of\": \"all\", \"mostOffers\": 5, \"each\": \"shelf\" }], \"mostPerCategory\"", "plan.json: limits[0].each: found \"shelf\", expected one of store, city.")]
    [InlineData("\"mostPerCategory\"", "\"messageCostPercent\": 101, \"mostPerCategory\"", "plan.json: messageCostPercent: found 101, expected a number from 0 to 100.")]
    [InlineData("\"mostPerCategory\"", "\"contacts\": {}, \"mostPerCategory\"", "plan.json: contacts: found {}, expected 'days' and 'most', a channel with them, or both.")]
    [InlineData("\"mostPerCategory\"", "\"contacts\": { \"sms\": { \"days\": 7, \"most\": 1 } }, \"mostPerCategory\"", "plan.json: contacts.sms: isn't known here; expected one of days, most, app, email, print.")]
    [InlineData("\"mostPerCategory\"", "\"contacts\": { \"email\": { \"days\": 7 } }, \"mostPerCategory\"", "plan.json: contacts.email: 'most' is missing.")]
    [InlineData("[\"app\", \"email\", \"print\"]", "[\"app\"], \"contacts\": { \"email\": { \"days\": 7, \"most\": 1 } }", "plan.json: contacts.email: found { \"days\": 7, \"most\": 1 }, expected nothing: 'email' isn't among 'channels'.")]
    [InlineData("\"explorationShare\": 0.05", "\"explorationShare\": -0.05", "plan.json: explorationShare: found -0.05, expected a number from 0 to 1.")]
    [InlineData("[\"app\", \"email\", \"print\"]", "[\"sms\"]", "plan.json: channels[0]: found \"sms\", expected one of app, email, print.")]
    [InlineData("[\"app\", \"email\", \"print\"]", "[]", "plan.json: channels: found [], expected at least one of app, email, print.")]
    [InlineData("\"discountSteps\": [5, 10, 15, 20, 25, 30]", "\"discountSteps\": [5, -10]", "plan.json: discountSteps[1]: found -10, expected a number from 0.01 to 99.")]
    [InlineData("\"discountSteps\": [5, 10, 15, 20, 25, 30]", "\"discountSteps\": [10, 10]", "plan.json: discountSteps[1]: found 10, expected more than the step before it, 10%.")]
    [InlineData("\"discountSteps\": [5, 10, 15, 20, 25, 30]", "\"discountSteps\": []", "plan.json: discountSteps: found [], expected at least one step in percent.")]
    [InlineData("\"leastMarginPercent\": 3", "\"leastMarginPercent\": 100", "plan.json: leastMarginPercent: found 100, expected a number from 0 to 99.")]
    [InlineData("\"priceStep\": 0.01", "\"priceStep\": 0", "plan.json: priceStep: found 0, expected a number from 0.01 to 1000.")]
    [InlineData("\"repeatAfterWaves\": 2", "\"repeatAfterWaves\": 13", "plan.json: repeatAfterWaves: found 13, expected a whole number from 0 to 12.")]
    [InlineData("{ \"shareOfRhythm\": 0.5, \"days\": 3 }", "{ \"shareOfRhythm\": 0.5 }", "plan.json: rest: 'days' is missing.")]
    [InlineData("\"leaving\": { \"winback\": 2,", "\"gone\": { \"winback\": 2,", "plan.json: slots.gone: isn't known here; expected one of leaving, frequent, occasional, new.")]
    [InlineData("    \"new\": { \"habit\": 1, \"discovery\": 2 }", "", "plan.json: slots: 'new' is missing.")]
    [InlineData("\"new\": { \"habit\": 1, \"discovery\": 2 }", "\"new\": {}", "plan.json: slots.new: found {}, expected 1 to 10 offers in all.")]
    [InlineData("\"new\": { \"habit\": 1, \"discovery\": 2 }", "\"new\": { \"habit\": 9, \"discovery\": 2 }", "plan.json: slots.new: found { \"habit\": 9, \"discovery\": 2 }, expected 1 to 10 offers in all.")]
    [InlineData("\"new\": { \"habit\": 1,", "\"new\": { \"gift\": 1,", "plan.json: slots.new.gift: isn't known here; expected one of habit, discovery, margin, winback, supplier, complement, points, basket.")]
    [InlineData("    \"margin\": { \"oddsPerTenPercent\": 1.6, \"turnoverWorth\": 0.1 },", "", "plan.json: slots.frequent.margin: isn't known here; expected one of habit, discovery, winback.")]
    [InlineData("{ \"name\": \"new\" }", "{ \"name\": \"leaving\" }", "plan.json: segments[3].name: found \"leaving\", expected a name that no other segment has.")]
    [InlineData("{ \"name\": \"new\" }", "{\"name\":\"new\",\"when\":{\"recencyDays\":{\"atMost\":3}}}", "plan.json: segments[3]: found {\"name\":\"new\",\"when\":{\"recencyDays\":{\"atMost\":3}}}, expected no 'when': the last segment takes everybody else.")]
    [InlineData("{ \"name\": \"new\" }", "{ \"name\": \"new\" }, { \"name\": \"more\" }", "plan.json: segments[3]: found { \"name\": \"new\" }, expected a 'when'")]
    [InlineData("{ \"name\": \"new\" }", "{ \"name\": \"new\", \"when\": {} }", "plan.json: segments[3].when: found {}, expected at least one of recencyDays, receipts, spent, bought, portrait.")]
    [InlineData("\"recencyDays\": { \"atLeast\": 30 }", "\"recencyDays\": { \"atLeast\": 30, \"atMost\": 3 }", "plan.json: segments[0].when.recencyDays.atMost: found 3, expected at least 30, the value of 'atLeast'.")]
    [InlineData("\"recencyDays\": { \"atLeast\": 30 }", "\"recencyDays\": {}", "plan.json: segments[0].when.recencyDays: found {}, expected 'atLeast', 'atMost' or both.")]
    [InlineData("\"recencyDays\": { \"atLeast\": 30 }", "\"bought\": { \"withinDays\": 9, \"anyOf\": [] }", "plan.json: segments[0].when.bought.anyOf: found [], expected at least one category.")]
    [InlineData("{ \"withinDays\": 90, \"atLeast\": 12 }", "{ \"atLeast\": 12 }", "plan.json: segments[1].when.receipts: 'withinDays' is missing.")]
    [InlineData("\"oddsPerTenPercent\": 1.4", "\"oddsPerTenPercent\": 0.5", "plan.json: slotKinds.habit.oddsPerTenPercent: found 0.5, expected a number from 1 to 100.")]
    [InlineData("\"emptySlots\": { \"atMost\": 0.4 }", "\"emptySlot\": { \"atMost\": 0.4 }", "plan.json: corridors.emptySlot: isn't known here; expected one of coverage, offersPerCustomer, distinctProducts, emptySlots, topTenShare, relevance, floorHits, budgetUse, change, leftAlone, leftEmpty, learnt.")]
    [InlineData("\"validityDays\": 7,", "\"validityDays\" 7,", "plan.json: line 5, column 18: isn't JSON; expected a plan as `volna schema plan` prints it.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"mostPerWave\": -1 }, \"mostPerCategory\"", "plan.json: till.mostPerWave: found -1, expected a whole number from 0 to 2000000000.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"mostPerWave\": \"9\" }, \"mostPerCategory\"", "plan.json: till.mostPerWave: found \"9\", expected a whole number from 0 to 2000000000.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"most\": 1 }, \"mostPerCategory\"", "plan.json: till.most: isn't known here; expected one of mostPerCustomer, mostPerTarget,")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"budget\": -0.01 }, \"mostPerCategory\"", "plan.json: till.budget: found -0.01, expected a number from 0 to")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"budget\": 100, \"budgetPerDay\": 100.01 }, \"mostPerCategory\"", "plan.json: till.budgetPerDay: found 100.01, expected at most 100.00, the value of 'budget'.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"supplierBudgets\": { \"North\": true } }, \"mostPerCategory\"", "plan.json: till.supplierBudgets.North: found true, expected a number from 0 to")]
    [InlineData("\"mostPerCategory\"", "\"cannibalisationPercent\": 101, \"mostPerCategory\"", "plan.json: cannibalisationPercent: found 101, expected a number from 0 to 100.")]
    [InlineData("\"mostPerCategory\"", "\"learnResponse\": true, \"cannibalisationPercent\": 50, \"mostPerCategory\"", "plan.json: cannibalisationPercent: found 50, expected 0 or nothing: with 'learnResponse' it is learnt from held-out customers.")]
    [InlineData("\"turnoverWorth\": 0.4", "\"turnoverWorth\": 0.4, \"trialWorth\": 5", "plan.json: slotKinds.winback.trialWorth: found 5, expected nothing: goods of this kind were bought before.")]
    [InlineData("\"turnoverWorth\": 0.4", "\"turnoverWorth\": 0.4, \"retentionWorth\": -1", "plan.json: slotKinds.winback.retentionWorth: found -1, expected a number from 0 to 100000.")]
    [InlineData("\"mostPerCategory\"", "\"supplierPaysPercent\": { \"North\": 101 }, \"mostPerCategory\"", "plan.json: supplierPaysPercent.North: found 101, expected a number from 0 to 100.")]
    [InlineData("\"mostPerCategory\"", "\"supplierPaysPercent\": { \"North\": 10, \"NORTH\": 20 }, \"mostPerCategory\"", "plan.json: supplierPaysPercent.NORTH: found 20, expected 'NORTH' once, whatever its case.")]
    [InlineData("\"mostPerCategory\"", "\"supplierPaysPercent\": { \"north\": 60 }, \"till\": { \"supplierBudgets\": { \"North\": 5 } }, \"mostPerCategory\"", "plan.json: supplierPaysPercent.north: found 60, expected 100: by 'till.supplierBudgets' it pays whole discounts.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"mostPieces\": 0 }, \"mostPerCategory\"", "plan.json: till.mostPieces: found 0, expected a number from 0.001 to 100000.")]
    [InlineData("\"mostPerCategory\"", "\"till\": { \"basketOnTop\": 1 }, \"mostPerCategory\"", "plan.json: till.basketOnTop: found 1, expected")]
    [InlineData("\"mostPerCategory\"", "\"schedule\": { \"weekdays\": [\"thirsday\"], \"time\": \"06:00\" }, \"mostPerCategory\"", "plan.json: schedule.weekdays[0]: found \"thirsday\", expected one of sunday, monday,")]
    [InlineData("\"mostPerCategory\"", "\"schedule\": { \"weekdays\": [\"monday\"], \"time\": \"6\" }, \"mostPerCategory\"", "plan.json: schedule.time: found \"6\", expected a time such as \"06:00\".")]
    [InlineData("\"mostPerCategory\"", "\"schedule\": { \"weekdays\": [\"monday\"], \"time\": \"06:00\", \"timeZone\": \"Moscow\" }, \"mostPerCategory\"", "plan.json: schedule.timeZone: found \"Moscow\", expected an IANA time zone")]
    [InlineData("\"mostPerCategory\"", "\"schedule\": { \"weekdays\": [\"monday\", \"thursday\"], \"time\": \"06:00\" }, \"mostPerCategory\"", "plan.json: validityDays: found 7, expected at most 3, the days between two waves of 'schedule'.")]
    [InlineData("\"mostPerCategory\"", "\"blackout\": { \"days\": [{ \"from\": \"2026-12-31\", \"to\": \"2026-12-30\" }] }, \"mostPerCategory\"", "plan.json: blackout.days[0].to: found \"2026-12-30\", expected 2026-12-31 or later")]
    [InlineData("\"mostPerCategory\"", "\"limits\": [{ \"name\": \"a\", \"of\": \"all\", \"mostOffers\": 5 }, { \"name\": \"b\", \"of\": \"brand\", \"value\": \"B\", \"leastOffers\": 6 }], \"mostPerCategory\"", "plan.json: limits: found [{ \"name\": \"a\"")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"supplier\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0 },", "plan.json: slotKinds.supplier: 'goods' is missing.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"basket\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0 },", "plan.json: slotKinds.basket: 'leastBasket' is missing.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"basket\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"leastBasket\": { \"aboveUsualPercent\": 0, \"roundTo\": 100 } },", "plan.json: slotKinds.basket.leastBasket.aboveUsualPercent: found 0, expected a number from 1 to 100.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"basket\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"leastBasket\": { \"aboveUsualPercent\": 40 } },", "plan.json: slotKinds.basket.leastBasket: 'roundTo' is missing.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"basket\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"fixedPrice\", \"leastBasket\": { \"aboveUsualPercent\": 40, \"roundTo\": 100 } },", "plan.json: slotKinds.basket.mechanic: found \"fixedPrice\", expected percent, amount or points: a whole basket has no other discount.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"basket\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"retentionWorth\": 5, \"leastBasket\": { \"aboveUsualPercent\": 40, \"roundTo\": 100 } },", "plan.json: slotKinds.basket.retentionWorth: found 5, expected nothing: for a whole basket only margin and turnover count.")]
    [InlineData("\"habit\": { \"oddsPerTenPercent\": 1.4,", "\"habit\": { \"leastBasket\": {}, \"oddsPerTenPercent\": 1.4,", "plan.json: slotKinds.habit.leastBasket: found {}, expected nothing: only slots of kind basket have a least sum.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"supplier\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"goods\": [] },", "plan.json: slotKinds.supplier.goods: found [], expected at least one")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"points\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"amount\" },", "plan.json: slotKinds.points.mechanic: found \"amount\", expected points, as the kind says.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"complement\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"nPlusM\" },", "plan.json: slotKinds.complement: 'sets' is missing.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"complement\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"nPlusM\", \"sets\": [\"2+1\", \"3+1\"] },", "plan.json: slotKinds.complement.sets[1]: found \"3+1\", expected a larger discount than the set before it.")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"complement\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"nPlusM\", \"sets\": [\"two\"] },", "plan.json: slotKinds.complement.sets[0]: found \"two\", expected a set such as")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"complement\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"gift\" },", "plan.json: slotKinds.complement.mechanic: found \"gift\", expected one of percent, amount, fixedPrice, points, nPlusM.")]
    public void A_mistake_is_told_in_one_sentence_with_its_place(string right, string wrong, string sentence)
    {
        Assert.Contains(right, PlanTemplateStore.Text, StringComparison.Ordinal);
        var mistaken = PlanTemplateStore.Text.Replace(right, wrong, StringComparison.Ordinal);
        var refusal = Assert.Throws<BadInputException>(() => PlanFile.Parse("plan.json", mistaken)).Sentence;
        Assert.StartsWith(sentence, refusal.English, StringComparison.Ordinal);
        Assert.StartsWith("plan.json: ", refusal.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_that_the_catalogue_does_not_have_is_named()
    {
        var shop = new MadeShop(1, customers: 1);
        Plan With(string path) => PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"recencyDays\": { \"atLeast\": 30 }", $"\"bought\": {{ \"withinDays\": 9, \"anyOf\": [\"{path}\"] }}", StringComparison.Ordinal));
        Assert.Empty(PlanFile.Against(With("Food/C3"), "plan.json", shop.Catalog));
        var refusal = Assert.Single(PlanFile.Against(With("Food/C99"), "plan.json", shop.Catalog));
        Assert.Equal("plan.json: segment 'leaving': the category 'Food/C99' isn't in the catalogue; expected a path such as Food.", refusal.Sentence.English);
    }

    [Fact]
    public void Worths_are_in_major_units_and_nothing_unless_asked_for()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"turnoverWorth\": 0.15", "\"turnoverWorth\": 0.15, \"trialWorth\": 12.5", StringComparison.Ordinal)
            .Replace("\"turnoverWorth\": 0.4", "\"turnoverWorth\": 0.4, \"retentionWorth\": 80", StringComparison.Ordinal).Replace("\"mostPerCategory\"", "\"cannibalisationPercent\": 30, \"mostPerCategory\"", StringComparison.Ordinal));
        Assert.Equal((1_250, 8_000, 0.3), (plan.SlotKinds[SlotKind.Discovery].TrialWorth.Minor, plan.SlotKinds[SlotKind.Winback].RetentionWorth.Minor, plan.Cannibalisation));
        Assert.All(MadeShop.SamplePlan.SlotKinds.Values, terms => Assert.Equal((Money.Zero, Money.Zero), (terms.TrialWorth, terms.RetentionWorth)));
        Assert.Equal(0, MadeShop.SamplePlan.Cannibalisation);
    }

    [Fact]
    public void A_plan_that_is_no_object_is_told_in_a_sentence()
    {
        var (plan, mistakes) = PlanFile.Check("plan.json", "[1]");
        Assert.Null(plan);
        Assert.Equal(new Text("plan.json: the plan: found [1], expected an object { ... }.", "plan.json: план: найдено [1], ожидалось описание в скобках { ... }."), Assert.Single(mistakes));
    }

    /// <summary>The tills look a supplier up exactly; one they don't find would leave the discounts to the retailer.</summary>
    [Fact]
    public void A_suppliers_budget_names_it_as_the_catalogue_does()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"mostPerCategory\"", "\"till\": { \"supplierBudgets\": { \"S2\": 100, \"s3\": 100 } }, \"mostPerCategory\"", StringComparison.Ordinal));
        var mistake = Assert.Single(PlanFile.Against(plan, "plan.json", new MadeShop(1, customers: 1).Catalog)).Sentence;
        Assert.Equal("plan.json: till.supplierBudgets: found the supplier 's3', expected one that products of the catalogue have, written exactly so, such as S1.", mistake.English);
        Assert.StartsWith("plan.json: till.supplierBudgets: найден поставщик «s3»", mistake.Russian, StringComparison.Ordinal);
    }

    /// <summary>In whatever case it is written; a supplier with a budget at the tills pays all.</summary>
    [Fact]
    public void A_supplier_pays_what_the_plan_says()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace(
            "\"mostPerCategory\"", "\"supplierPaysPercent\": { \"s1\": 60, \"S9\": 12.5 }, \"till\": { \"supplierBudgets\": { \"S2\": 100 } }, \"mostPerCategory\"", StringComparison.Ordinal));
        Assert.Equal([6_000, 10_000, 0], ((string[])["S1", "S2", "S3"]).Select(supplier => plan.SupplierShareOf(supplier).BasisPoints));
        Assert.Equal(
            ["plan.json: supplierPaysPercent: found the supplier 'S9', expected one that products of the catalogue have, such as S1."],
            PlanFile.Against(plan, "plan.json", new MadeShop(1, customers: 1).Catalog).Select(mistake => mistake.Sentence.English));
    }

    [Fact]
    public void A_limit_names_its_stores_and_those_that_the_catalogue_does_not_have_are_named()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"mostPerCategory\"", """
            "limits": [
              { "name": "a", "of": "all", "mostOffers": 9, "stores": ["s1", "s9"], "cities": ["omsk", "Tver"] },
              { "name": "b", "of": "all", "mostOfStock": 0.5, "each": "city" },
              { "name": "c", "of": "all", "leastOffers": 10 }
            ],
            "mostPerCategory"
            """, StringComparison.Ordinal));
        Assert.Equal(["s1", "s9"], plan.Limits[0].Where!.Stores);
        Assert.Equal((0.5m, StoreUnit.City, null), (plan.Limits[1].MostOfStock, plan.Limits[1].Where!.Each, plan.Limits[2].Where));
        Assert.Equal(
            [
                "plan.json: limit 'a': found the store 's9', expected a key of the catalogue, such as s1.",
                "plan.json: limit 'a': found the city 'Tver', expected one where a store of the catalogue is, such as Kazan.",
            ],
            PlanFile.Against(plan, "plan.json", new MadeShop(1, customers: 1).Catalog).Select(mistake => mistake.Sentence.English));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_the_first_one_tells_how_many_more_there_are()
    {
        var mistaken = PlanTemplateStore.Text.Replace("\"validityDays\": 7", "\"validityDays\": 0", StringComparison.Ordinal).Replace("\"holdoutShare\"", "\"holdout\"", StringComparison.Ordinal)
            .Replace("\"new\": { \"habit\": 1,", "\"new\": { \"gift\": 1,", StringComparison.Ordinal).Replace("\"rest\": {", "\"test\": {", StringComparison.Ordinal);
        var (plan, mistakes) = PlanFile.Check("plan.json", mistaken);
        Assert.Null(plan);
        Assert.Equal(
            [
                "plan.json: holdout: isn't known here;", "plan.json: test: isn't known here;", "plan.json: the plan: 'rest' is missing.", "plan.json: validityDays: found 0,", "plan.json: the plan: 'holdoutShare' is missing.",
                "plan.json: slots.new.gift: isn't known here;",
            ],
            mistakes.Select(mistake => mistake.English[..(mistake.English.IndexOfAny([';', ',']) is > 0 and var end ? end + 1 : mistake.English.Length)]));
        Assert.EndsWith("There are 5 more mistakes; `volna plan check` tells them all.", Assert.Throws<BadInputException>(() => PlanFile.Parse("plan.json", mistaken)).Sentence.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"name\": \"new\" }", "{ \"name\": 5 }", "segments[3].name: found 5, expected a text in quotes.")]
    [InlineData("[5, 10, 15, 20, 25, 30]", "5", "discountSteps: found 5, expected a list [ ... ].")]
    [InlineData("[\"app\", \"email\", \"print\"]", "\"app\"", "channels: found \"app\", expected a list [ ... ].")]
    [InlineData("{ \"withinDays\": 90, \"atLeast\": 12 }", "12", "segments[1].when.receipts: found 12, expected an object { ... }.")]
    [InlineData("{ \"withinDays\": 90, \"atLeast\": 12 }", "{ \"withinDays\": 90, \"withinDays\": 90, \"atLeast\": 12 }", "segments[1].when.receipts.withinDays: stands there twice; expected once.")]
    [InlineData("\"mostPerCategory\"", "\"blackout\": { \"days\": 5 }, \"mostPerCategory\"", "blackout.days: found 5, expected a list [ ... ].")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"complement\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"mechanic\": \"nPlusM\", \"sets\": 3 },", "slotKinds.complement.sets: found 3, expected a list [ ... ].")]
    [InlineData("\"slotKinds\": {", "\"slotKinds\": { \"supplier\": { \"oddsPerTenPercent\": 2, \"turnoverWorth\": 0, \"goods\": \"Lactis\" },", "slotKinds.supplier.goods: found \"Lactis\", expected a list [ ... ].")]
    public void One_mistake_is_told_once(string right, string wrong, string sentence)
    {
        Assert.Contains(right, PlanTemplateStore.Text, StringComparison.Ordinal);
        var (_, mistakes) = PlanFile.Check("plan.json", PlanTemplateStore.Text.Replace(right, wrong, StringComparison.Ordinal));
        // A segment without a name has no slots either, which are then of no segment.
        Assert.Equal(["plan.json: " + sentence], mistakes.Select(mistake => mistake.English).Where(mistake => !mistake.StartsWith("plan.json: slots.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Black_out_days_may_have_no_end()
    {
        var plan = PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"mostPerCategory\"", "\"blackout\": { \"days\": [{ \"from\": \"2026-12-31\", \"to\": \"9999-12-31\" }] }, \"mostPerCategory\"", StringComparison.Ordinal));
        Assert.Null(plan.Blackout.Fit(new Period(new DateOnly(2027, 1, 7), new DateOnly(2027, 1, 14))));
        Assert.NotNull(plan.Blackout.Fit(new Period(new DateOnly(2026, 12, 24), new DateOnly(2026, 12, 31))));
    }
}
