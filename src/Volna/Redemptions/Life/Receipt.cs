namespace Volna.Redemptions.Life;

/// <summary>A receipt as the till's journal keeps it: where it stands, what it sold, which rights it holds, and every answer that was given about it.</summary>
sealed record Receipt
{
    public required string Id { get; init; }

    /// <summary>Hash of what the till sent, so that a repeat is told from another receipt under the same id.</summary>
    public UInt128 Content { get; init; }
    public ReceiptState State { get; init; }
    public string Store { get; init; } = "";

    /// <summary>The store's business day, as a day number.</summary>
    public int Day { get; init; }

    /// <summary>When the reservation ends, in milliseconds since 1970; 0 where nothing is reserved.</summary>
    public long ReservedUntil { get; init; }
    public SoldLine[] Lines { get; init; } = [];

    /// <summary>Rights held, and those that were given back by the step which made this state.</summary>
    public Use[] Uses { get; init; } = [];
    public Answered[] Answers { get; init; } = [];

    /// <summary>What is left of the receipt after returns.</summary>
    public UseValue Left
    {
        get
        {
            var sum = default(UseValue);
            foreach (var line in Lines) sum += line.Left;
            return sum;
        }
    }
}

/// <summary>A line as it was decided.</summary>
/// <param name="Quantity">In thousandths, as all quantities here.</param>
/// <param name="Total">To be paid, in minor units, as all amounts here.</param>
/// <param name="Discount">What the line's own offer takes off.</param>
/// <param name="BasketDiscount">Its share of the discount on the whole basket.</param>
/// <param name="BasketPoints">Its share of the points for the whole basket.</param>
/// <param name="Returned">Quantity brought back so far.</param>
readonly record struct SoldLine(string Id, long Quantity, long Total, long Discount, long BasketDiscount, long Points, long BasketPoints, long Returned)
{
    /// <summary>
    /// What of an amount falls to the part brought back: in proportion, rounded down; the last part takes what is left. So however a line is
    /// returned piece by piece, the parts sum to the whole.
    /// </summary>
    public long Share(long amount) => Returned == 0 ? 0 : Returned == Quantity ? amount : (long)((Int128)amount * Returned / Quantity);

    /// <summary>After returns, all discounts together.</summary>
    public UseValue Left => new(Quantity - Returned, Total - Share(Total), OfLine.Discount + OfBasket.Discount, OfLine.Points + OfBasket.Points);

    /// <summary>After returns, what the line's own offer gives.</summary>
    public UseValue OfLine => new(Quantity - Returned, Total - Share(Total), Discount - Share(Discount), Points - Share(Points));

    /// <summary>After returns, the line's share of what the offer on the whole basket gives.</summary>
    public UseValue OfBasket => new(Quantity - Returned, Total - Share(Total), BasketDiscount - Share(BasketDiscount), BasketPoints - Share(BasketPoints));
}

/// <param name="Paid">What was paid for the goods that the offer was used on.</param>
readonly record struct UseValue(long Quantity, long Paid, long Discount, long Points)
{
    public static UseValue operator +(UseValue a, UseValue b) => new(a.Quantity + b.Quantity, a.Paid + b.Paid, a.Discount + b.Discount, a.Points + b.Points);

    public static UseValue operator -(UseValue a, UseValue b) => new(a.Quantity - b.Quantity, a.Paid - b.Paid, a.Discount - b.Discount, a.Points - b.Points);
}

/// <summary>An offer in use on a receipt, with its last step: from which state to which, from which amounts to which. The ledger books exactly that.</summary>
/// <param name="Index">The offer's place among the customer's offers in the wave.</param>
/// <param name="Target">What a limit per target counts: kind and number of the target.</param>
/// <param name="Payer">Supplier who pays, or empty for the retailer.</param>
/// <param name="Line">Place of the line, -1 for the whole basket.</param>
readonly record struct Use(
    string Wave, int Customer, int Index, long Target, string Payer, int Line, RightState Was, RightState Is, UseValue Before, UseValue Value)
{
    public const int Basket = -1;

    public bool IsHeld => Is is RightState.Reserved or RightState.Redeemed;

    public Use MovedTo(RightState next) => this with { Was = Is, Is = next, Before = Value };
}

/// <summary>A call that had an effect, with its answer for repeats.</summary>
/// <param name="Key">The caller's Idempotency-Key, or empty.</param>
/// <param name="Part">Id of the return; empty for other calls.</param>
/// <param name="Content">Hash of what was asked.</param>
sealed record Answered(TillCall Call, string Key, string Part, UInt128 Content, byte[] Body);

/// <summary>The calls of a till that have an effect.</summary>
enum TillCall
{
    Price = 1,
    Close = 2,
    Cancel = 3,
    Return = 4,
    Reopen = 5,

    /// <summary>A receipt sold off-line comes in.</summary>
    Offline = 6,

    /// <summary>No call on a receipt: a lease as the journal keeps it.</summary>
    Lease = 7,
}
