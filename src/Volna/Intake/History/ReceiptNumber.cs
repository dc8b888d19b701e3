using Volna.Kernels;

namespace Volna.Intake.History;

/// <summary>The number by which the history knows a receipt.</summary>
public static class ReceiptNumber
{
    /// <summary>Tills count their receipts anew, so the same number in another store or on another day is another receipt.</summary>
    /// <param name="key">The receipt's own number, UTF-8.</param>
    /// <param name="store">Key of the store; empty if not known.</param>
    /// <param name="minute">See <see cref="Clock"/>.</param>
    public static ulong Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> store, int minute) => OnDay(InStore(key, store), minute);

    internal static ulong InStore(ReadOnlySpan<byte> key, ReadOnlySpan<byte> store) => Hash64.Of(key, seed: store.IsEmpty ? 0 : Hash64.Of(store));

    internal static ulong OnDay(ulong inStore, int minute) => inStore ^ unchecked((ulong)(minute / 1440));
}
