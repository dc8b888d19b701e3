namespace Volna.Simulation;

/// <summary>A seeded make-believe retailer whose tastes and answers to offers are known: goods, shops, and customers to be made one by one.</summary>
public sealed class World
{
    /// <summary>Weeks beyond the history, for what a demo, a loop or a test lets follow.</summary>
    const int WeeksAfter = 106;

    readonly byte[][] _promotions;
    readonly int _firstWeekday;

    World(WorldOptions options, Assortment assortment, Shop[] shops, Climate climate)
    {
        Options = options;
        Assortment = assortment;
        Shops = shops;
        Climate = climate;
        HabitWeight = Math.Exp(options.Habit);
        _firstWeekday = (int)options.FirstDay.DayOfWeek;
        _promotions = [.. Enumerable.Range(0, options.Weeks + WeeksAfter).Select(week => MassPromotionsOfWeek.Make(options, assortment, week))];
    }

    public WorldOptions Options { get; }

    internal Assortment Assortment { get; }

    internal Shop[] Shops { get; }

    internal Climate Climate { get; }

    /// <exception cref="BadInputException">An option makes no sense.</exception>
    public static World Build(WorldOptions options)
    {
        options.Validate();
        var assortment = Assortment.Build(options);
        return new World(options, assortment, Shop.Build(options, assortment.Goods), new Climate(options, assortment, 7 * (options.Weeks + WeeksAfter)));
    }

    /// <summary>A world of its own, equal to this one, for a retailer who sets other shelf promotions.</summary>
    internal World Fork() => new(Options, Assortment, Shops, Climate);

    /// <summary>Sets the shelf promotions of a week: percent off by product.</summary>
    internal void Promote(int week, byte[] percent) => _promotions[week] = percent;

    internal Shopper Shopper(int number) => Simulation.Shopper.Make(Options, Assortment, Shops, number);

    /// <summary>A customer without what she buys: quick, for what the retailer's files tell of her.</summary>
    internal Shopper Person(int number) => Simulation.Shopper.Make(Options, Assortment, Shops, number, withNeeds: false);

    /// <summary>All customers, as <see cref="Person"/>, one after another.</summary>
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
