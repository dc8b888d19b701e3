using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>What the simulation must know of a published offer.</summary>
/// <param name="Product">Number of the good in the world, from 0.</param>
/// <param name="Floor">No unit price below this.</param>
public sealed record WorldOffer(int Product, Percent Depth, Money Floor)
{
    /// <summary>
    /// What a line costs with the offer, as the till reckons: the percentage counts from the regular price, and a shelf promotion isn't added to it,
    /// the lower price holds; never below the floor, never above the shelf.
    /// </summary>
    internal Money Paid(Quantity quantity, Money regularPrice, Money shelfPrice)
    {
        var regular = quantity.Times(regularPrice);
        var lowest = new Money((long)((((Int128)Floor.Minor * quantity.Thousandths) + 999) / 1_000));
        return Money.Min(quantity.Times(shelfPrice), Money.Max(regular - Depth.OfRoundedDown(regular), lowest));
    }
}

/// <summary>
/// A customer's offers of one wave, as she meets them: from which day she knows them, which concern goods she would take at all, and which are
/// spent. An offer she doesn't know still lowers what the till asks.
/// </summary>
sealed class ShopperOffers
{
    readonly WorldOffer[] _offers;
    readonly (int Need, int Place)?[] _at;
    readonly bool[] _spent;
    readonly bool _readsPrint;

    public static readonly ShopperOffers None = new(null, [], 0, 0, int.MaxValue, readsPrint: false);

    ShopperOffers(Shopper? shopper, IReadOnlyList<WorldOffer> offers, int firstDay, int endDay, int knownFrom, bool readsPrint)
    {
        _offers = [.. offers];
        _at = [.. offers.Select(offer => shopper?.Find(offer.Product))];
        _spent = new bool[_offers.Length];
        _readsPrint = readsPrint;
        FirstDay = firstDay;
        EndDay = endDay;
        KnownFrom = knownFrom;
    }

    public int FirstDay { get; }

    public int EndDay { get; }

    /// <summary>The day from which she knows her offers; <see cref="int.MaxValue"/> for never.</summary>
    public int KnownFrom { get; private set; }

    public bool Any => _offers.Length > 0;

    public static ShopperOffers Of(World world, Shopper shopper, IReadOnlyList<WorldOffer> offers, Period validity)
    {
        if (offers.Count == 0) return None;
        var options = world.Options;
        int firstDay = world.Day(validity.Start), endDay = world.Day(validity.End);
        var knownFrom = int.MaxValue;
        if (Seen(Channels.App, options.SeenInApp) is { } app) knownFrom = firstDay + (int)(app * 4);
        if (Seen(Channels.Email, options.SeenInEmail) is { } email) knownFrom = Math.Min(knownFrom, firstDay + (int)(email * 3));
        var readsPrint = Seen(Channels.Print, options.SeenInPrint) is not null;
        return new ShopperOffers(shopper, offers, firstDay, endDay, knownFrom, readsPrint);

        // Whether she sees the channel's message, and if so, where within its first days.
        double? Seen(Channels channel, double chance)
        {
            var luck = shopper.Luck.Unit(Purpose.Aware, firstDay, (int)channel);
            return (shopper.Consents & channel) != 0 && luck < chance ? luck / chance : null;
        }
    }

    public bool IsValid(int day) => Any && day >= FirstDay && day < EndDay;

    public bool IsKnown(int day) => IsValid(day) && day >= KnownFrom;

    /// <summary>After a visit: the offers stood on the receipt.</summary>
    public void AfterVisit(int day)
    {
        if (_readsPrint && IsValid(day)) KnownFrom = Math.Min(KnownFrom, day + 1);
    }

    /// <summary>Summed discounts on goods she would take: what draws her to the shop.</summary>
    public double Pull()
    {
        var pull = 0.0;
        for (var i = 0; i < _offers.Length; i++)
            if (_at[i] is not null && !_spent[i])
                pull += _offers[i].Depth.Share;
        return pull;
    }

    /// <summary>The unspent offer on a product, or -1.</summary>
    public int For(int product)
    {
        for (var i = 0; i < _offers.Length; i++)
            if (_offers[i].Product == product && !_spent[i])
                return i;
        return -1;
    }

    /// <summary>The unspent offer on a place among the goods she would take, or -1.</summary>
    public int At(int need, int place)
    {
        for (var i = 0; i < _offers.Length; i++)
            if (_at[i] is { } at && at.Need == need && at.Place == place && !_spent[i])
                return i;
        return -1;
    }

    public WorldOffer this[int index] => _offers[index];

    public void Spend(int index) => _spent[index] = true;
}
