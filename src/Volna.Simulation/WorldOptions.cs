using System.Text.Json.Serialization;

namespace Volna.Simulation;

/// <summary>
/// What the make-believe retailer is like. The defaults and where they come from are told in <c>docs/simulation.md</c>.
/// </summary>
public sealed record WorldOptions
{
    /// <summary>The same seed and options give the same world, byte by byte, on any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    public int Customers { get; init; } = 20_000;

    public int Products { get; init; } = 2_000;

    public int Stores { get; init; } = 30;

    /// <summary>Weeks of history.</summary>
    public int Weeks { get; init; } = 78;

    /// <summary>The first day of history.</summary>
    public DateOnly FirstDay { get; init; } = new(2024, 6, 6);

    /// <summary>In which names of goods, people and places are written.</summary>
    [JsonIgnore]
    public Language Language { get; init; } = Language.English;

    /// <summary>Visits a week of the customer in the middle; others spread around her log-normally.</summary>
    public double VisitsPerWeek { get; init; } = 0.75;

    /// <summary>Spread of the customers' visits around the middle: the standard deviation of the logarithm.</summary>
    public double VisitSpread { get; init; } = 0.5;

    /// <summary>Added to the log-odds of every need: above 0 baskets are larger.</summary>
    public double Appetite { get; init; }

    /// <summary>How much trips differ, from a bottle of milk to the stocking up of the week: the standard deviation of what a trip adds to the log-odds of all needs.</summary>
    public double TripSpread { get; init; } = 0.7;

    /// <summary>Share of customers who are already there on the first day; the others join over the first three quarters.</summary>
    public double ThereFromStart { get; init; } = 0.65;

    /// <summary>Share of customers who are leaving for good, at a random time.</summary>
    public double Leaving { get; init; } = 0.15;

    /// <summary>
    /// Price sensitivity of the customer in the middle: how much the logarithm of a product's share grows when the logarithm of its price falls by one.
    /// </summary>
    public double PriceSensitivity { get; init; } = 2.3;

    /// <summary>How much of a category's better value becomes more purchases in the category (the nest's coefficient), 0 to 1.</summary>
    public double CategoryResponse { get; init; } = 0.4;

    /// <summary>What the product bought last gains in log-share: habit.</summary>
    public double Habit { get; init; } = 0.6;

    /// <summary>
    /// How much a customer's own liking for a product, which nothing explains, weighs in her choices: at 0 she varies freely among the goods she
    /// considers, at 1 she comes back to her few favourites.
    /// </summary>
    public double Liking { get; init; } = 0.5;

    /// <summary>Scales all prices; 1 is rubles of 2024.</summary>
    public double PriceLevel { get; init; } = 1;

    /// <summary>Scales how far prices within a category lie apart.</summary>
    public double PriceSpread { get; init; } = 1;

    /// <summary>Scales all margins.</summary>
    public double MarginLevel { get; init; } = 1;

    /// <summary>Share of goods sold by the piece that come in a jumbo pack.</summary>
    public double JumboShare { get; init; } = 0.05;

    /// <summary>Share of goods launched during the history.</summary>
    public double Launches { get; init; } = 0.08;

    /// <summary>Share of goods delisted during the history.</summary>
    public double Delistings { get; init; } = 0.06;

    /// <summary>Scales season, holidays and weather; 0 for a world where all days are alike.</summary>
    public double SeasonStrength { get; init; } = 1;

    /// <summary>Scales what competitors take away.</summary>
    public double CompetitorStrength { get; init; } = 1;

    /// <summary>Chance of a baby, of a pet, and of moving to another shop's neighbourhood, each within a year.</summary>
    public double LifeEvents { get; init; } = 0.03;

    /// <summary>Share of customers who look at the retailer's site.</summary>
    public double SiteUsers { get; init; } = 0.25;

    /// <summary>Exponent of Zipf's law for products within a category.</summary>
    public double PopularityExponent { get; init; } = 0.9;

    /// <summary>Share of goods in a shelf promotion each week, 0 to 1.</summary>
    public double MassPromotionShare { get; init; } = 0.03;

    /// <summary>Share of non-food lines that are brought back; of food a tenth of it.</summary>
    public double Returns { get; init; } = 0.03;

    /// <summary>Share of those who try a category they did not use, and stay with it.</summary>
    public double Adoption { get; init; } = 0.25;

    /// <summary>Share of customers whom messages annoy so much that they come less often.</summary>
    public double Irritable { get; init; } = 0.12;

    /// <summary>What one message more, while it is fresh, takes from the log-odds of an irritable customer's visit; of others' nothing.</summary>
    public double Annoyance { get; init; } = 0.02;

    /// <summary>How annoyance grows with how often a customer comes: the power of her visits over those of the customer in the middle. 0: it does not.</summary>
    public double LoyalAnnoyance { get; init; }

    /// <summary>By how much one message more, while it is fresh, lowers the logarithm of the chance that the next is noticed: fatigue.</summary>
    public double Fatigue { get; init; } = 0.05;

    /// <summary>Chance that a letter makes its reader unsubscribe, and that she calls it spam, before annoyance.</summary>
    public double Unsubscribes { get; init; } = 0.002;

    /// <inheritdoc cref="Unsubscribes"/>
    public double Complaints { get; init; } = 0.0002;

    /// <summary>Chance that a customer with consent notices her offers in the app within its first days.</summary>
    public double SeenInApp { get; init; } = 0.50;

    /// <summary>Chance that a customer with consent opens the letter.</summary>
    public double SeenInEmail { get; init; } = 0.25;

    /// <summary>Chance that a customer reads the offers printed on her first receipt of the period.</summary>
    public double SeenInPrint { get; init; } = 0.35;

    /// <summary>What an offer's attention alone adds to the log-share of its product, beside the price.</summary>
    public double Attention { get; init; } = 0.5;

    /// <summary>What a known offer adds to the log-odds of need in its category, beside the price: a reminder.</summary>
    public double Reminder { get; init; }

    /// <summary>What one whole (100 %) discount on goods she considers adds to the log-odds of a visit on a day.</summary>
    public double VisitPull { get; init; } = 0.12;

    /// <summary>Scales all that offers do to choice: 1 as above, 0 a world in which offers change nothing but the price paid.</summary>
    public double OfferStrength { get; init; } = 1;

    /// <summary>The first day after the history.</summary>
    [JsonIgnore]
    public DateOnly EndDay => FirstDay.AddDays(7 * Weeks);

    /// <exception cref="BadInputException">A value makes no sense; the sentence names it.</exception>
    public void Validate()
    {
        Within("customers", Customers, 1, 100_000_000);
        Within("products", Products, 1, 1_000_000);
        Within("stores", Stores, 1, 100_000);
        Within("weeks", Weeks, 1, 1_000);
        if (FirstDay.Year is < 2000 or > 2089)
            throw new BadInputException("world-options", new Text(
                $"world option firstDay: found {FirstDay:yyyy-MM-dd}, expected a day from 2000-01-01 to 2089-12-31.",
                $"параметр мира firstDay: указано {FirstDay:yyyy-MM-dd}, ожидается день с 2000-01-01 по 2089-12-31."));
        Within("visitsPerWeek", VisitsPerWeek, 0.001, 5);
        Within("visitSpread", VisitSpread, 0, 3);
        Within("appetite", Appetite, -10, 10);
        Within("tripSpread", TripSpread, 0, 5);
        Within("liking", Liking, 0, 3);
        Within("priceLevel", PriceLevel, 0.001, 1_000);
        Within("priceSpread", PriceSpread, 0, 10);
        Within("marginLevel", MarginLevel, 0.01, 10);
        Within("seasonStrength", SeasonStrength, 0, 3);
        Within("competitorStrength", CompetitorStrength, 0, 10);
        Within("annoyance", Annoyance, 0, 2);
        Within("loyalAnnoyance", LoyalAnnoyance, 0, 5);
        Within("fatigue", Fatigue, 0, 2);
        Within("reminder", Reminder, -5, 5);
        Within("priceSensitivity", PriceSensitivity, 0, 20);
        Within("habit", Habit, 0, 5);
        Within("popularityExponent", PopularityExponent, 0, 5);
        Within("attention", Attention, -5, 5);
        Within("visitPull", VisitPull, -5, 5);
        Within("offerStrength", OfferStrength, 0, 5);
        Share("thereFromStart", ThereFromStart);
        Share("leaving", Leaving);
        Share("jumboShare", JumboShare);
        Share("launches", Launches);
        Share("delistings", Delistings);
        Share("lifeEvents", LifeEvents);
        Share("siteUsers", SiteUsers);
        Share("adoption", Adoption);
        Share("irritable", Irritable);
        Share("unsubscribes", Unsubscribes);
        Share("complaints", Complaints);
        Share("categoryResponse", CategoryResponse);
        Share("massPromotionShare", MassPromotionShare);
        Share("returns", Returns);
        Share("seenInApp", SeenInApp);
        Share("seenInEmail", SeenInEmail);
        Share("seenInPrint", SeenInPrint);
    }

    static void Share(string name, double value) => Within(name, value, 0, 1);

    static void Within(string name, double value, double least, double most)
    {
        if (value >= least && value <= most) return;
        var (found, from, to) = (Show(value), Show(least), Show(most));
        throw new BadInputException("world-options", new Text(
            $"world option {name}: found {found}, expected a number from {from} to {to}.",
            $"параметр мира {name}: указано {found}, ожидается число от {from} до {to}."));
    }

    static string Show(double value) => value.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
