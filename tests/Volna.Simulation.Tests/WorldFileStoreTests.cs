namespace Volna.Simulation.Tests;

public sealed class WorldFileStoreTests
{
    // what the file says | what the sentence must name
    const string Nonsense = """
        {"customers": -5} | customers
        {"customers": 0} | customers
        {"customers": 1.5} | customers
        {"products": 0} | products
        {"stores": 0} | stores
        {"weeks": 0} | weeks
        {"visitsPerWeek": 0} | visitsPerWeek
        {"visitsPerWeek": 50} | visitsPerWeek
        {"visitSpread": -1} | visitSpread
        {"tripSpread": 99} | tripSpread
        {"marginLevel": -1} | marginLevel
        {"marginLevel": 0} | marginLevel
        {"priceLevel": 0} | priceLevel
        {"priceLevel": -2} | priceLevel
        {"priceSpread": -1} | priceSpread
        {"priceSensitivity": -2} | priceSensitivity
        {"leaving": 1.01} | leaving
        {"launches": 2} | launches
        {"delistings": -0.1} | delistings
        {"jumboShare": 1.2} | jumboShare
        {"irritable": 3} | irritable
        {"annoyance": -1} | annoyance
        {"unsubscribes": 1.5} | unsubscribes
        {"complaints": -1} | complaints
        {"adoption": 7} | adoption
        {"massPromotionShare": 1.5} | massPromotionShare
        {"seasonStrength": -1} | seasonStrength
        {"competitorStrength": 1e300} | competitorStrength
        {"seenInApp": NaN} | w.json
        {"seenInApp": "NaN"} | seenInApp
        {"seenInApp": null} | seenInApp
        {"customers": "many"} | customers
        {"customers": 5, "customers": 7} | customers
        {"custommers": 5} | custommers
        {"language": "ru"} | language
        {"firstDay": "2024-13-01"} | firstDay
        {"firstDay": "0001-01-01"} | firstDay
        {"customers": 5 | w.json
        [1, 2] | w.json
        "world" | w.json
        null | w.json
        """;

    public static TheoryData<string, string> Table() =>
        [.. Nonsense.Split('\n').Select(line => line.Split(" | ")).Select(cells => new TheoryDataRow<string, string>(cells[0], cells[1]))];

    [Theory]
    [MemberData(nameof(Table))]
    public void Nonsense_in_a_world_file_is_told_in_one_sentence(string text, string named)
    {
        var refusal = Assert.Throws<BadInputException>(() => WorldFileStore.Parse(text, "w.json"));
        foreach (var sentence in (string[])[refusal.Sentence.English, refusal.Sentence.Russian])
        {
            Assert.Contains(named, sentence, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', sentence);
        }
    }

    [Fact]
    public void A_file_may_have_comments_and_leave_fields_out()
    {
        var options = WorldFileStore.Parse("""
            // A small one.
            { "customers": 300, "visitsPerWeek": 1.5, }
            """, "w.json");
        Assert.Equal(new WorldOptions { Customers = 300, VisitsPerWeek = 1.5 }, options);
    }
}
