using Volna.Redemptions.Life;

namespace Volna.Redemptions;

/// <summary>
/// How money is booked: what a discount costs is debited to the wave and credited to who pays for it, the supplier or the retailer; points given are
/// debited to the wave and credited to what is owed to customers. A return books the other way round, so both sides only grow.
/// </summary>
static class MoneyBooks
{
    /// <summary>What one step of a receipt costs, or gives back where negative: only redeemed rights cost money.</summary>
    public static (long Discount, long Points) Cost(in Use use)
    {
        static long Redeemed(RightState right, long amount) => right == RightState.Redeemed ? amount : 0;
        return (Redeemed(use.Is, use.Value.Discount) - Redeemed(use.Was, use.Before.Discount), Redeemed(use.Is, use.Value.Points) - Redeemed(use.Was, use.Before.Points));
    }

    /// <summary>The transfers for steps that cost so much together.</summary>
    /// <param name="supplier">Who pays, or empty for the retailer.</param>
    public static IEnumerable<(string Debit, string Credit, long Amount)> Postings(string wave, string supplier, long discount, long points)
    {
        var (cost, payer) = ($"discount:{wave}", supplier.Length == 0 ? $"wave:{wave}" : $"supplier:{supplier}");
        if (discount != 0) yield return discount > 0 ? (cost, payer, discount) : (payer, cost, -discount);
        if (points != 0) yield return points > 0 ? ($"points:{wave}", "points-owed", points) : ("points-owed", $"points:{wave}", -points);
    }

    /// <summary>Looks whether what the rights of a closed receipt cost is what its lines were reduced by: both are reckoned apart.</summary>
    /// <exception cref="InvalidOperationException">They differ; the message has the values.</exception>
    public static void Check(Receipt receipt)
    {
        var ofUses = default(UseValue);
        foreach (var use in receipt.Uses)
            if (use.Is == RightState.Redeemed)
                ofUses += use.Value;
        var left = receipt.State.IsClosed() ? receipt.Left : default;
        if (ofUses.Discount != left.Discount || ofUses.Points != left.Points)
            throw new InvalidOperationException(
                $"Receipt {receipt.Id}: its rights come to a discount of {ofUses.Discount} and {ofUses.Points} points, its lines to {left.Discount} and {left.Points}.");
    }

    /// <summary>What is wrong with the books, or null: the accounts' two sides have to agree, and what waves cost with the redemptions.</summary>
    public static Text? Difference(BookSums sums)
    {
        if (sums.Debits != sums.Credits)
            return Differ("the accounts' debits", sums.Debits, "their credits", sums.Credits, "дебет счетов", "их кредит");
        if (sums.Discounts != sums.RedeemedDiscounts)
            return Differ("the accounts of discounts", sums.Discounts, "the redemptions", sums.RedeemedDiscounts, "счета скидок", "сумма погашений");
        return sums.Points == sums.RedeemedPoints ? null : Differ("the accounts of points", sums.Points, "the redemptions", sums.RedeemedPoints, "счета баллов", "сумма погашений");
    }

    static Text Differ(string english, Money a, string otherEnglish, Money b, string russian, string otherRussian) => new(
        $"the books don't balance: {english} are {a}, {otherEnglish} {b}.",
        $"книги не сходятся: {russian} — {a}, {otherRussian} — {b}.");
}

/// <summary>Sums over all accounts and redemptions.</summary>
readonly record struct BookSums(Money Debits, Money Credits, Money Discounts, Money RedeemedDiscounts, Money Points, Money RedeemedPoints);
