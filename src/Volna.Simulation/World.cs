namespace Volna.Simulation;

/// <summary>A seeded make-believe retailer whose tastes and answers to offers are known: goods, shops, and customers to be made one by one.</summary>
public sealed class World
{
    /// <summary>Weeks beyond the history, for what a demo, a loop or a test lets follow.</summary>
    const int WeeksAfter = 106;

    readonly byte[][] _promotions;
    readonly int _firstWeekday;

    World(WorldOptions options, int weeksAhead, Assortment assortment, Shop[] shops, Climate climate)
    {
        Options = options;
        WeeksAhead = weeksAhead;
        Assortment = assortment;
        Shops = shops;
        Climate = climate;
        HabitWeight = Math.Exp(options.Habit);
        _firstWeekday = (int)options.FirstDay.DayOfWeek;
        _promotions = [.. Enumerable.Range(0, options.Weeks + WeeksAfter).Select(week => MassPromotionsOfWeek.Make(options, assortment, week))];
    }

    public WorldOptions Options { get; }

    /// <summary>Weeks after the history in which life goes on: goods are launched and delisted, customers join, move, have babies and pets.</summary>
    public int WeeksAhead { get; }

    /// <summary>Customers who join in the weeks ahead, as many as leave; their numbers follow those of the others, in the order in which they join.</summary>
    public int Newcomers => (int)(NewcomersOfWeek(Options) * WeeksAhead);

    internal Assortment Assortment { get; }

    internal Shop[] Shops { get; }

    internal Climate Climate { get; }

    /// <param name="weeksAhead">See <see cref="WeeksAhead"/>; how far one looks ahead changes nothing about the history.</param>
    /// <exception cref="BadInputException">An option makes no sense.</exception>
    public static World Build(WorldOptions options, int weeksAhead = 0)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weeksAhead, WeeksAfter);
        var assortment = Assortment.Build(options, weeksAhead);
        return new World(options, weeksAhead, assortment, Shop.Build(options, assortment.Goods), new Climate(options, assortment, 7 * (options.Weeks + WeeksAfter)));
    }

    internal static double NewcomersOfWeek(WorldOptions options) => options.Leaving * options.Customers / options.Weeks;

    /// <summary>A world of its own, equal to this one, for a retailer who sets other shelf promotions.</summary>
    internal World Fork() => new(Options, WeeksAhead, Assortment, Shops, Climate);

    /// <summary>Sets the shelf promotions of a week: percent off by product.</summary>
    internal void Promote(int week, byte[] percent) => _promotions[week] = percent;

    internal Shopper Shopper(int number) => Simulation.Shopper.Make(Options, Assortment, Shops, number, WeeksAhead);

    /// <summary>A customer without what she buys: quick, for what the retailer's files tell of her.</summary>
    internal Shopper Person(int number) => Simulation.Shopper.Make(Options, Assortment, Shops, number, WeeksAhead, withNeeds: false);

    /// <summary>All customers of the history, as <see cref="Person"/>, one after another.</summary>
    internal IEnumerable<Shopper> People() => Enumerable.Range(0, Options.Customers).Select(Person);

    internal DateOnly Date(int day) => Options.FirstDay.AddDays(day);

    internal int Day(DateOnly date) => date.DayNumber - Options.FirstDay.DayNumber;

    /// <summary>By what habit multiplies a weight.</summary>
    internal double HabitWeight { get; }

    /// <summary>0 for Sunday.</summary>
    internal int Weekday(int day) => (_firstWeekday + day) % 7;

    /// <summary>Percent off on the shelf by product in the week of a day of the world.</summary>
    internal byte[] MassPromotions(int day) => _promotions[day / 7];
}
