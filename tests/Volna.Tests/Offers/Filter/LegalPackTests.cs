using Volna.Intake.Catalog;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Filter;

public sealed class LegalPackTests
{
    // Whether there may be offers, with a minimum price and without one, and from which age.
    [Fact]
    public void Each_countrys_law_holds()
    {
        const string Table = """
            country     tag             floor  may be offered
            Russia      alcohol         yes    from 18
            Russia      alcohol         no     never
            Russia      tobacco         yes    never
            Russia      nicotine        yes    never
            Russia      medicine        yes    never
            Russia      infant-formula  yes    never
            Russia      18+             no     from 18
            Russia      lactose         no     to all
            Kazakhstan  alcohol         yes    never
            Kazakhstan  alcohol         no     never
            Kazakhstan  tobacco         yes    never
            Kazakhstan  nicotine        yes    never
            Kazakhstan  medicine        yes    never
            Kazakhstan  infant-formula  yes    never
            Kazakhstan  18+             no     from 18
            Kazakhstan  lactose         no     to all
            Belarus     alcohol         yes    from 18
            Belarus     alcohol         no     never
            Belarus     tobacco         yes    never
            Belarus     nicotine        yes    never
            Belarus     medicine        yes    never
            Belarus     infant-formula  yes    never
            Belarus     18+             no     from 18
            Belarus     lactose         no     to all
            """;
        Assert.All(Table.Split('\n').Skip(1), line =>
        {
            var words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var product = new Product(new ProductId(1), "p", "") { Tags = [words[1]], Floor = words[2] == "yes" ? FloorPolicy.MinimumPrice : FloorPolicy.None, FloorPrice = words[2] == "yes" ? new Money(100) : null };
            var catalog = new Catalog { Categories = [null], Products = [null, product], Stores = [null] };
            var facts = new Goods(catalog, MadeShop.SamplePlan with { Country = Enum.Parse<Country>(words[0]) }, new Period(MadeShop.Day, MadeShop.Day.AddDays(7)), [0, MadeShop.Day.DayNumber])[1];
            Assert.Equal((line, words[3]), (line, facts.ForbiddenByLaw ? "never" : facts.LeastAge > 0 ? $"from {facts.LeastAge}" : "to all"));
        });
    }

    [Fact]
    public void A_plan_names_its_country_and_Russia_is_meant_where_it_names_none()
    {
        Plan With(string country) => PlanFile.Parse("plan.json", PlanTemplateStore.Text.Replace("\"validityDays\"", $"\"country\": {country}, \"validityDays\"", StringComparison.Ordinal));
        Assert.Equal(Country.Russia, MadeShop.SamplePlan.Country);
        Assert.Equal((Country.Russia, Country.Kazakhstan, Country.Belarus), (With("\"RU\"").Country, With("\"KZ\"").Country, With("\"BY\"").Country));
        Assert.Equal("plan.json: country: found \"FR\", expected one of RU, KZ, BY.", Assert.Throws<BadInputException>(() => With("\"FR\"")).Sentence.English);
    }

    [Fact]
    public void Every_pack_has_rules_for_the_same_goods_and_every_law_stands_in_the_documents()
    {
        foreach (var country in Enum.GetValues<Country>())
        {
            Assert.Equal(LegalPack.Of(Country.Russia).Select(rule => rule.Tag), LegalPack.Of(country).Select(rule => rule.Tag));
            foreach (var page in (string[])["plan.md", "plan.ru.md"])
            {
                var text = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", page));
                Assert.All(LegalPack.Of(country), rule => Assert.Contains(rule.Source, text, StringComparison.Ordinal));
            }
        }
    }
}
