using System.Text.Json.Nodes;

namespace Volna.Simulation.Loop;

/// <summary>A list made by hand: who is on it, and from which shelf its five offers are.</summary>
/// <param name="When">The rule as in a plan; null for everybody else.</param>
/// <param name="Department">From whose best-selling goods the offers are taken; null for all.</param>
sealed record HandMadeList(Text Name, JsonObject? When, Text? Department, int Percent);

/// <summary>
/// What an analyst does without a model: eleven lists by simple rules, the first that fits holds, and for each the best-selling goods of a department at
/// one discount. A fortnight's goods rest for a month, so that the lists don't grow stale.
/// </summary>
static class HandMadeLists
{
    public const int OffersOfList = 5;

    /// <summary>So many sets of goods take turns.</summary>
    public const int Turns = 3;

    public static HandMadeList[] All =>
    [
        new(new("gone quiet", "притихшие"), new JsonObject { ["recencyDays"] = AtLeast(30), ["receipts"] = Within(365, AtLeast(5)) }, null, 20),
        new(new("newcomers", "новички"), new JsonObject { ["receipts"] = Within(365, new JsonObject { ["atMost"] = 3 }) }, null, 15),
        Buyers(new("pets", "питомцы"), new("Children and pets", "Дети и питомцы"), 60),
        Buyers(new("beauty", "красота"), new("Beauty and hygiene", "Красота и гигиена"), 30),
        Buyers(new("household", "хозяйство"), new("Home", "Дом и быт"), 30),
        Buyers(new("frozen food", "заморозка"), new("Frozen", "Заморозка"), 21),
        new(new("big spenders", "крупные чеки"), new JsonObject { ["spent"] = Within(28, AtLeast(5_000)) }, null, 15),
        Buyers(new("sweet tooth", "сладкоежки"), new("Sweets and snacks", "Сладости и снеки"), 14),
        Buyers(new("meat and fish", "мясо и рыба"), new("Meat and fish", "Мясо и рыба"), 14),
        Buyers(new("dairy", "молочное"), new("Dairy", "Молочные продукты"), 14),
        new(new("everybody else", "все остальные"), null, null, 15),
    ];

    /// <summary>The lists as a plan: its segments are the lists; the kind of slot only gives the offers a name.</summary>
    public static string Plan(Language language)
    {
        var plan = LoopPlan.Template(language, new Text("Hand-made", "Ручная"));
        plan["validityDays"] = 7;
        plan["holdoutShare"] = 0;
        plan["corridors"] = new JsonObject();
        plan["segments"] = new JsonArray([.. All.Select(list => Segment(list, language))]);
        plan["slots"] = new JsonObject(All.Select(list => KeyValuePair.Create<string, JsonNode?>(list.Name.In(language), new JsonObject { ["habit"] = OffersOfList })));
        return plan.ToJsonString();
    }

    static HandMadeList Buyers(Text name, Text department, int days) => new(name, new JsonObject { ["bought"] = new JsonObject { ["withinDays"] = days } }, department, 15);

    static JsonObject Segment(HandMadeList list, Language language)
    {
        var segment = new JsonObject { ["name"] = list.Name.In(language) };
        if (list.When is null) return segment;
        if (list.When["bought"] is { } bought) bought["anyOf"] = new JsonArray(list.Department!.In(language));
        segment["when"] = list.When;
        return segment;
    }

    static JsonObject AtLeast(int value) => new() { ["atLeast"] = value };

    static JsonObject Within(int days, JsonObject band)
    {
        band["withinDays"] = days;
        return band;
    }
}
