using Volna.Kernels;

namespace Volna.Offers;

/// <summary>
/// Customers who get nothing in any wave. A wave draws its own hold-out anew, so its report tells what that wave added; what all waves together
/// brought, habits and weariness included, only customers can show who never got any. The draw depends on the customer alone, so whoever is in
/// for a share is in for any larger one too.
/// </summary>
public static class UniversalHoldout
{
    /// <param name="share">Of all customers, 0 to 1.</param>
    /// <param name="keyHash">XXH64 of the customer's key.</param>
    public static bool Includes(double share, ulong keyHash) => new Draw(0, "universal-holdout", keyHash).NextUnit() < share;
}
