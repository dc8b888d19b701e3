namespace Volna.Redemptions;

/// <summary>How money is booked: each redemption debits what the wave's discounts cost and credits who pays for the wave.</summary>
static class MoneyBooks
{
    public static (string Cost, string Payer) Accounts(string wave) => ($"discount:{wave}", $"wave:{wave}");

    /// <summary>What is wrong with the books, or null. All sums have to agree: the accounts with each other and with the transfers, the transfers with the redemptions.</summary>
    public static Text? Difference(BookSums sums)
    {
        if (sums.AccountDebits != sums.AccountCredits)
            return Differ("the accounts' debits", sums.AccountDebits, "their credits", sums.AccountCredits, "дебет счетов", "их кредит");
        if (sums.AccountDebits != sums.Transfers)
            return Differ("the accounts' debits", sums.AccountDebits, "the transfers", sums.Transfers, "дебет счетов", "сумма проводок");
        if (sums.Transfers != sums.Redemptions)
            return Differ("the transfers", sums.Transfers, "the redemptions", sums.Redemptions, "сумма проводок", "сумма погашений");
        return sums.UnmatchedRedemptions == 0 ? null : new Text(
            $"the books don't balance: {sums.UnmatchedRedemptions} redemptions have no transfer of the same amount.",
            $"книги не сходятся: у {sums.UnmatchedRedemptions} {Languages.Plural(sums.UnmatchedRedemptions, "погашения", "погашений", "погашений")} нет проводки на ту же сумму.");
    }

    static Text Differ(string english, Money a, string otherEnglish, Money b, string russian, string otherRussian) => new(
        $"the books don't balance: {english} are {a}, {otherEnglish} {b}.",
        $"книги не сходятся: {russian} — {a}, {otherRussian} — {b}.");
}

/// <summary>Sums over all accounts, transfers and redemptions.</summary>
readonly record struct BookSums(Money AccountDebits, Money AccountCredits, Money Transfers, Money Redemptions, long UnmatchedRedemptions);
