using Volna.Kernels;

namespace Volna.Offers;

/// <summary>Customers who get nothing in a wave, so that its effect can be measured: drawn by a hash, the same ones on every machine, through any crash.</summary>
public static class WaveHoldout
{
    /// <param name="seed">The wave's.</param>
    /// <param name="share">Of all customers, 0 to 1.</param>
    /// <param name="keyHash">XXH64 of the customer's key.</param>
    public static bool Includes(ulong seed, double share, ulong keyHash) => new Draw(seed, "holdout", keyHash).NextUnit() < share;
}
