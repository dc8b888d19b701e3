namespace Volna.Simulation;

/// <summary>What a stretch of festive days does: to visits, and to the need of some categories, in log-odds.</summary>
/// <param name="Categories">English names of categories and departments; those not named stay as they are.</param>
sealed record Festivity(DateOnly First, DateOnly Last, double Visits, double Need, string[] Categories);

/// <summary>
/// The Russian year: New Year with its stocking up and its empty first days, Defender's Day, Women's Day, Orthodox Easter, the May days, school. How
/// much each moves visits and goods is an assumption; that and when it does is common knowledge.
/// </summary>
static class Holidays
{
    static readonly string[]
        Feast = ["Citrus", "Crab sticks", "Mayonnaise", "Smoked sausage", "Salted fish", "Hard cheese", "Canned vegetables", "Box of sweets", "Cake", "Wine", "Vodka", "Cognac"],
        ForHim = ["Beer", "Cognac", "Smoked sausage", "Crisps"],
        ForHer = ["Cake", "Box of sweets", "Chocolate bar", "Wine", "Face cream", "Berries"],
        Paskha = ["Eggs", "Curd", "Cake", "Butter", "Flour", "Wine"],
        Picnic = ["Pork", "Chicken", "Mince", "Ketchup", "Cucumbers", "Tomatoes", "Greens", "Beer", "Kvass", "Lavash", "Water"],
        School = ["Juice", "Wafers", "Biscuits", "Yoghurt", "Chocolate bar"];

    public static IEnumerable<Festivity> Of(int year)
    {
        var easter = OrthodoxEaster(year);
        return
        [
            new(new(year, 1, 1), new(year, 1, 1), -1.6, 0, []),
            new(new(year, 1, 2), new(year, 1, 8), -0.35, 0.2, ["Water", "Kvass", "Citrus", "Sweets and snacks"]),
            new(new(year, 2, 20), new(year, 2, 23), 0.08, 0.5, ForHim),
            new(new(year, 3, 5), new(year, 3, 8), 0.12, 0.8, ForHer),
            new(easter.AddDays(-6), easter, 0.1, 0.9, Paskha),
            new(new(year, 4, 29), new(year, 5, 10), -0.1, 0.6, Picnic),
            new(new(year, 8, 25), new(year, 9, 2), 0.05, 0.3, School),
            new(new(year, 12, 18), new(year, 12, 31), 0.3, 0.8, Feast),
        ];
    }

    /// <summary>By the Julian computus of Meeus (Astronomical Algorithms, chapter 8), 13 days moved on, which holds until 2099.</summary>
    public static DateOnly OrthodoxEaster(int year)
    {
        int a = year % 4, b = year % 7, c = year % 19, d = ((19 * c) + 15) % 30, e = ((2 * a) + (4 * b) - d + 34) % 7;
        var month = (d + e + 114) / 31;
        return new DateOnly(year, month, ((d + e + 114) % 31) + 1).AddDays(13);
    }
}
