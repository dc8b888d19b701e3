namespace Volna.Simulation;

/// <summary>A seeded make-believe retailer whose tastes and answers to offers are known: goods, shops, and customers to be made one by one.</summary>
public sealed class World
{
    readonly byte[][] _promotions;
    readonly float[][] _season;

    World(WorldOptions options, Assortment assortment, Shop[] shops)
    {
        Options = options;
        Assortment = assortment;
        Shops = shops;

        // A year beyond the history, for the weeks that a demo or a test lets follow.
        _promotions = [.. Enumerable.Range(0, options.Weeks + 52).Select(week => MassPromotionsOfWeek.Make(options, assortment, week))];
        _season = [.. Enumerable.Range(0, 54).Select(week => assortment.Categories.Select(traits => (float)(traits.Swing * Math.Cos(2 * Math.PI * (week - traits.PeakWeek) / 52.18))).ToArray())];
    }

    public WorldOptions Options { get; }

    internal Assortment Assortment { get; }

    internal Shop[] Shops { get; }

    /// <exception cref="BadInputException">An option makes no sense.</exception>
    public static World Build(WorldOptions options)
    {
        options.Validate();
        var assortment = Assortment.Build(options);
        return new World(options, assortment, Shop.Build(options, assortment.Goods));
    }

    /// <summary>A world of its own, equal to this one, for a retailer who sets other shelf promotions.</summary>
    internal World Fork() => new(Options, Assortment, Shops);

    /// <summary>Sets the shelf promotions of a week: percent off by product.</summary>
    internal void Promote(int week, byte[] percent) => _promotions[week] = percent;

    internal Shopper Shopper(int number) => Simulation.Shopper.Make(Options, Assortment, Shops, number);

    internal DateOnly Date(int day) => Options.FirstDay.AddDays(day);

    internal int Day(DateOnly date) => date.DayNumber - Options.FirstDay.DayNumber;

    /// <summary>Percent off on the shelf by product in the week of a day of the world.</summary>
    internal byte[] MassPromotions(int day) => _promotions[day / 7];

    /// <summary>What the season adds to the log-odds of need, by category.</summary>
    internal float[] Season(int day) => _season[Date(day).DayOfYear / 7];
}
