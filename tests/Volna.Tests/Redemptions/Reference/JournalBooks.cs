using Dapper;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Redemptions.Journal;
using Volna.Redemptions.Life;

namespace Volna.Tests.Redemptions.Reference;

/// <summary>
/// The books of rights and of money, made once more from the journal's receipts alone, record by record; no limit may be overspent after any of them, and
/// at the end the tables, the accounts and the till's own counts have to say the same.
/// </summary>
sealed class JournalBooks
{
    readonly Dictionary<string, Receipt> _receipts = [];

    public static JournalBooks Check(Shop shop, Till till, params IReadOnlyCollection<(string Wave, long Issued, TillRules Rules)> waves)
    {
        // Asking brings the tables up to the journal.
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
        var books = new JournalBooks();
        var rules = waves.ToDictionary(wave => wave.Wave, wave => wave.Rules);
        using (var journal = SqliteJournalStore.Open(shop.Data))
            foreach (var (sequence, body) in journal.After(0))
                foreach (var (_, receipt) in Batch.ReadAll(sequence, body))
                    books.Follow(receipt, rules);

        var byWave = books.Held.ToLookup(one => one.Use.Wave);
        foreach (var (wave, issued, _) in waves)
        {
            var held = byWave[wave].ToArray();
            // Uses off-line beyond the first stand beside the right.
            var (reserved, redeemed) = (held.Count(one => one.Use.Is == RightState.Reserved), held.Count(one => one.Use.Is == RightState.Redeemed && one.Use.Index < 64));
            var rights = till.Rights(wave);
            Assert.Equal((issued, reserved, redeemed, issued - reserved - redeemed), (rights.Issued, rights.Reserved, rights.Redeemed, rights.Free + rights.Expired));
        }

        var paid = books.Held.Where(one => one.Use.Is == RightState.Redeemed).ToArray();
        using var connection = shop.State.Connect();
        Assert.Equal(
            paid.Select(one => (one.Use.Wave, (long)one.Use.Customer, (long)one.Use.Index, one.Receipt.Id, one.Use.Value.Discount, one.Use.Value.Points)).Order(),
            connection.Query<(string, long, long, string, long, long)>("select wave, customer, offer_index, receipt, discount_minor, points_minor from redemption").Order());

        var accounts = new Dictionary<string, long>();
        foreach (var (_, use) in paid)
        {
            void Book(string debit, string credit, long amount)
            {
                accounts[debit] = accounts.GetValueOrDefault(debit) + amount;
                accounts[credit] = accounts.GetValueOrDefault(credit) - amount;
            }

            Book($"discount:{use.Wave}", use.Payer.Length > 0 ? $"supplier:{use.Payer}" : $"wave:{use.Wave}", use.Value.Discount);
            Book($"points:{use.Wave}", "points-owed", use.Value.Points);
        }

        Assert.Equal(
            accounts.Where(account => account.Value != 0).Select(account => (account.Key, account.Value)).Order(),
            connection.Query<(string Name, long Balance)>("select name, debits_minor - credits_minor from money_account where debits_minor <> credits_minor").Order());
        return books;
    }

    public IEnumerable<(Receipt Receipt, Use Use)> Held => _receipts.Values.SelectMany(receipt => receipt.Uses.Where(use => use.Is is RightState.Reserved or RightState.Redeemed).Select(use => (receipt, use)));

    readonly Dictionary<(string Wave, int Customer, int Index), string> _holders = [];
    readonly Dictionary<(string Wave, string Limit, object Of), long> _sums = [];

    /// <summary>One step: what the receipt held before is let go, what it holds now is taken, and each limit is looked at.</summary>
    void Follow(Receipt receipt, Dictionary<string, TillRules> rules)
    {
        if (_receipts.TryGetValue(receipt.Id, out var before))
            foreach (var use in before.Uses.Where(use => use.Is is RightState.Reserved or RightState.Redeemed))
            {
                Assert.True(_holders.Remove((use.Wave, use.Customer, use.Index)));
                Sum(use, before, -1);
            }

        _receipts[receipt.Id] = receipt;
        foreach (var use in receipt.Uses.Where(use => use.Is is RightState.Reserved or RightState.Redeemed))
        {
            Assert.True(_holders.TryAdd((use.Wave, use.Customer, use.Index), receipt.Id), $"{receipt.Id} holds offer {use.Index} of customer {use.Customer} in {use.Wave}, which is held already");
            Sum(use, receipt, 1);
        }

        foreach (var use in receipt.Uses)
        {
            var most = rules[use.Wave];
            long Now(string limit, object of) => _sums.GetValueOrDefault((use.Wave, limit, of));
            var budget = use.Payer.Length > 0 ? most.SupplierBudgets[use.Payer] : most.Budget;
            Assert.False(
                Now("customer", use.Customer) > most.MostPerCustomer || Now("target", use.Target) > most.MostPerTarget || Now("wave", "") > most.MostPerWave || Now("store", receipt.Store) > most.MostPerStore
                || Now("day", receipt.Day) > most.MostPerDay || Now("discount", use.Payer) > budget?.Minor || Now("paid on day", receipt.Day) > most.BudgetPerDay?.Minor || Now("points", "") > most.PointsBudget?.Minor,
                $"{receipt.Id} overspends a limit of {use.Wave}");
        }

        if (receipt.State is not (ReceiptState.Closed or ReceiptState.PartlyReturned or ReceiptState.Returned)) return;
        var held = receipt.Uses.Where(use => use.Is == RightState.Redeemed).ToArray();
        Assert.Equal(receipt.Lines.Sum(line => Left(line, line.Discount) + Left(line, line.BasketDiscount)), held.Sum(use => use.Value.Discount));
        Assert.Equal(receipt.Lines.Sum(line => Left(line, line.Points) + Left(line, line.BasketPoints)), held.Sum(use => use.Value.Points));
    }

    static long Left(SoldLine line, long amount) => amount - (line.Returned == line.Quantity ? amount : (long)Math.Floor((decimal)amount * line.Returned / line.Quantity));

    void Sum(Use use, Receipt receipt, int sign)
    {
        void Add(string limit, object of, long amount) => _sums[(use.Wave, limit, of)] = _sums.GetValueOrDefault((use.Wave, limit, of)) + (sign * amount);
        Add("customer", use.Customer, 1);
        Add("target", use.Target, 1);
        Add("wave", "", 1);
        Add("store", receipt.Store, 1);
        Add("day", receipt.Day, 1);
        Add("discount", use.Payer, use.Value.Discount);
        if (use.Payer.Length == 0) Add("paid on day", receipt.Day, use.Value.Discount);
        Add("points", "", use.Value.Points);
    }
}
