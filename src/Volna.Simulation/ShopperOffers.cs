using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Simulation;

/// <summary>What the simulation must know of a published offer.</summary>
/// <param name="Product">Number of the good in the world, from 0.</param>
/// <param name="Depth">The discount as a share of the price, as she sees it.</param>
/// <param name="Floor">No unit price below this.</param>
public sealed record WorldOffer(int Product, Percent Depth, Money Floor)
{
    /// <summary>As in the offer, like the next four.</summary>
    public Mechanic Mechanic { get; init; }

    public Money Amount { get; init; }

    public int Buy { get; init; }

    public int Free { get; init; }

    public Quantity MostPieces { get; init; }

    /// <summary>The least that gets the offer: a piece, or a whole set.</summary>
    internal Quantity Least => new(1_000 * Math.Max(1, Buy + Free));

    internal static WorldOffer Of(int product, Offer offer) => new(product, offer.Depth, offer.Floor)
    {
        Mechanic = offer.Mechanic,
        Amount = offer.Amount,
        Buy = offer.Buy,
        Free = offer.Free,
        MostPieces = offer.MostPieces,
    };

    /// <summary>
    /// What a line costs with the offer, as the till reckons: it counts from the regular price, and a shelf promotion isn't added to it,
    /// the lower price holds; never below the floor, never above the shelf. Of a large quantity only a part may be discounted.
    /// </summary>
    internal Money Paid(Quantity quantity, Money regularPrice, Money shelfPrice)
    {
        var (total, part) = (quantity.Times(shelfPrice), Part(quantity));
        if (Mechanic == Mechanic.Points) return total;
        var regular = part.Times(regularPrice);
        var personal = Mechanic switch
        {
            Mechanic.PercentOff => regular - Depth.OfRoundedDown(regular),
            Mechanic.AmountOff => regular - part.Times(Amount),
            Mechanic.FixedPrice => part.Times(Amount),
            Mechanic.NPlusM => (part.Thousandths % 1_000 == 0 ? new Quantity(part.Thousandths - (part.Thousandths / Least.Thousandths * Free * 1_000)) : part).Times(regularPrice),
            _ => throw new ArgumentOutOfRangeException(nameof(quantity), Mechanic, "No such mechanic."),
        };
        var lowest = new Money((long)((((Int128)Floor.Minor * part.Thousandths) + 999) / 1_000));
        return total - Money.Max(part.Times(shelfPrice) - Money.Max(personal, lowest), Money.Zero);
    }

    /// <summary>The points that a line brings, each worth a minor unit.</summary>
    internal Money Points(Quantity quantity, Money shelfPrice) =>
        Mechanic != Mechanic.Points ? Money.Zero : Amount > Money.Zero ? Part(quantity).Times(Amount) : Depth.OfRoundedDown(Part(quantity).Times(shelfPrice));

    Quantity Part(Quantity quantity) => MostPieces.Thousandths > 0 && MostPieces.Thousandths < quantity.Thousandths ? MostPieces : quantity;
}

/// <summary>
/// A customer's offers of one wave, as she meets them: from which day she knows them, which concern goods she would take at all, and which are
/// spent. An offer she doesn't know still lowers what the till asks.
/// </summary>
sealed class ShopperOffers
{
    readonly World? _world;
    readonly Shopper? _shopper;
    readonly WorldOffer[] _offers;
    readonly (int Need, int Place)?[] _at;
    readonly bool[] _spent;
    readonly Channels _open;
    WorldBasketOffer? _basket;
    bool _readsPrint;
    bool _isDelivered;

    public static readonly ShopperOffers None = new(null, null, [], 0, 0, Channels.None, null);

    ShopperOffers(World? world, Shopper? shopper, IReadOnlyList<WorldOffer> offers, int firstDay, int endDay, Channels closed, WorldBasketOffer? basket)
    {
        _basket = basket;
        Any = offers.Count > 0 || basket is not null;
        _world = world;
        _shopper = shopper;
        _offers = [.. offers];
        _at = [.. offers.Select(offer => shopper?.Find(offer.Product))];
        _spent = new bool[_offers.Length];
        FirstDay = firstDay;
        EndDay = endDay;
        KnownFrom = int.MaxValue;
        if (!Any) return;

        // A letter to a dead mailbox isn't seen by anybody.
        _open = shopper!.Consents & ~closed & ~(MailOutcomes.IsDead(shopper) ? Channels.Email : Channels.None);
        Notice(_open, fatigue: 0);
    }

    public int FirstDay { get; }

    public int EndDay { get; }

    /// <summary>The day from which she knows her offers; <see cref="int.MaxValue"/> for never.</summary>
    public int KnownFrom { get; private set; }

    public bool Any { get; }

    /// <param name="closed">Channels that these offers don't go by.</param>
    /// <param name="basket">Hers on the whole basket, or null.</param>
    public static ShopperOffers Of(World world, Shopper shopper, IReadOnlyList<WorldOffer> offers, Period validity, Channels closed = Channels.None, WorldBasketOffer? basket = null) =>
        offers.Count == 0 && basket is null ? None : new ShopperOffers(world, shopper, offers, world.Day(validity.Start), world.Day(validity.End), closed, basket);

    /// <summary>
    /// The morning on which the messages come: what she notices depends on the channels she has left and on how many messages she has had lately;
    /// and they may annoy her.
    /// </summary>
    public void Deliver(ShopperState state, int day)
    {
        if (_isDelivered || !IsValid(day)) return;
        _isDelivered = true;
        var tired = Inbox.Tiredness(_world!, state, day);
        var open = _open & ~state.Left;
        if (tired > 0 || state.Left != 0) Notice(open, tired);
        Inbox.Receive(_world!, _shopper!, state, open, FirstDay, day);
    }

    public bool IsValid(int day) => day >= FirstDay && day < EndDay;

    public bool IsKnown(int day) => day >= KnownFrom && IsValid(day);

    /// <summary>After a visit: the offers stood on the receipt.</summary>
    public void AfterVisit(int day)
    {
        if (_readsPrint && IsValid(day)) KnownFrom = Math.Min(KnownFrom, day + 1);
    }

    /// <summary>By how much a known offer on the whole basket makes her fill it: its unspent discount, as a share.</summary>
    public double Stretch(int day) => _basket is { } basket && IsKnown(day) ? basket.Depth.Share : 0;

    /// <summary>The till takes an unspent offer on the whole basket off the receipt written last, whether she knows it or not.</summary>
    public void TakeOffBasket(World world, ShopperState state, ReceiptBook book, int firstLine, int firstReturn, int day)
    {
        if (_basket is { } basket && IsValid(day) && basket.TakeOff(world, state, book, firstLine, firstReturn, offer => _offers[offer].Floor)) _basket = null;
    }

    /// <summary>Summed discounts on goods she would take: what draws her to the shop.</summary>
    public double Pull()
    {
        var pull = _basket?.Depth.Share ?? 0.0;
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

    /// <summary>Whether an unspent offer stands on one of a need's goods.</summary>
    public bool Concern(int need)
    {
        for (var i = 0; i < _offers.Length; i++)
            if (_at[i] is { } at && at.Need == need && !_spent[i])
                return true;
        return false;
    }

    public WorldOffer this[int index] => _offers[index];

    public void Spend(int index) => _spent[index] = true;

    void Notice(Channels channels, double fatigue)
    {
        KnownFrom = int.MaxValue;
        if (Inbox.Sees(_world!, _shopper!, Channels.App, channels, fatigue, FirstDay) is { } app) KnownFrom = FirstDay + (int)(app * 4);
        if (Inbox.Sees(_world!, _shopper!, Channels.Email, channels, fatigue, FirstDay) is { } email) KnownFrom = Math.Min(KnownFrom, FirstDay + (int)(email * 3));
        _readsPrint = Inbox.Sees(_world!, _shopper!, Channels.Print, channels, fatigue, FirstDay) is not null;
    }
}
