namespace Volna.Offers.Pack;

/// <summary>
/// A wave's result as an immutable, checksummed, memory-mapped file: every assigned customer with her arm and her offers. Safe for any
/// number of readers.
/// </summary>
public sealed class OfferPackStore : IDisposable
{
    public static OfferPackStore Open(string path) => throw new NotImplementedException(path);

    /// <summary>Customers assigned to the wave, held-out ones included.</summary>
    public int Customers => throw new NotImplementedException();

    public int Offers => throw new NotImplementedException();

    /// <summary>SHA-256 of the content, hexadecimal.</summary>
    public string Digest => throw new NotImplementedException();

    /// <summary>A customer's place in the pack by the hash of her key, or -1 if she isn't assigned to the wave.</summary>
    public int Find(ulong keyHash) => throw new NotImplementedException();

    /// <summary>The customer at a place, 0 to <see cref="Customers"/> - 1.</summary>
    public PackedCustomer At(int place) => throw new NotImplementedException();

    /// <summary>The offers of the customer at a place; none for a held-out one.</summary>
    public IReadOnlyList<Offer> OffersAt(int place) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

/// <summary>A customer in an offer pack.</summary>
/// <param name="Segment">Index of her segment in the plan.</param>
/// <param name="HeldOut">True if she gets no offer, so that the effect can be measured.</param>
public readonly record struct PackedCustomer(CustomerId Customer, ulong KeyHash, int Segment, bool HeldOut, int Offers);
