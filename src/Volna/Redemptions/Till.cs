namespace Volna.Redemptions;

/// <summary>
/// The checkout's counterpart, in process; HTTP is a thin layer over it. Any call may be repeated: a repeat gets the first answer.
/// </summary>
public sealed class Till : IDisposable
{
    public static Till Open(DataFolder folder, StateStore state, TimeProvider time) => throw new NotImplementedException(folder.Root + state + time);

    /// <summary>What the receipt would cost with the customer's offers; changes nothing.</summary>
    public TillAnswer Price(TillReceipt receipt) => throw new NotImplementedException(receipt.Id);

    /// <summary>Closes the receipt: its offers are spent, durably, when this returns.</summary>
    /// <exception cref="GuardException">Code <c>receipt-differs</c>: the id was closed with other content.</exception>
    public TillAnswer Close(TillReceipt receipt) => throw new NotImplementedException(receipt.Id);

    public void Dispose() => throw new NotImplementedException();
}
