namespace Volna.Redemptions.Life;

/// <summary>Where a receipt stands; stored and sent, numbers and codes are never reused.</summary>
public enum ReceiptState
{
    /// <summary>Nothing is held for it: never priced with reservation, reopened, or its reservation ran out.</summary>
    Open = 0,

    /// <summary>Its rights are reserved, its content is bound.</summary>
    Priced = 1,
    Closed = 2,
    PartlyReturned = 3,

    /// <summary>An end: everything was returned.</summary>
    Returned = 4,

    /// <summary>An end: nothing of it counts.</summary>
    Cancelled = 5,
}

/// <summary>Where the right to use an offer stands. Issued = free + reserved + redeemed + expired.</summary>
enum RightState
{
    Free = 0,
    Reserved = 1,
    Redeemed = 2,

    /// <summary>Given back when the offer wasn't valid any more.</summary>
    Expired = 3,
}

/// <summary>How the states are called.</summary>
public static class ReceiptStates
{
    /// <summary>Stable, for programs, such as <c>partly-returned</c>.</summary>
    public static string Code(this ReceiptState state) => state switch
    {
        ReceiptState.Open => "open",
        ReceiptState.Priced => "priced",
        ReceiptState.Closed => "closed",
        ReceiptState.PartlyReturned => "partly-returned",
        ReceiptState.Returned => "returned",
        ReceiptState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No code for this state."),
    };

    /// <summary>The state of a code.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ReceiptState OfCode(string code) => code switch
    {
        "open" => ReceiptState.Open,
        "priced" => ReceiptState.Priced,
        "closed" => ReceiptState.Closed,
        "partly-returned" => ReceiptState.PartlyReturned,
        "returned" => ReceiptState.Returned,
        "cancelled" => ReceiptState.Cancelled,
        _ => throw new ArgumentException($"'{code}' is no state of a receipt.", nameof(code)),
    };

    public static bool IsClosed(this ReceiptState state) => state is ReceiptState.Closed or ReceiptState.PartlyReturned or ReceiptState.Returned;
}
