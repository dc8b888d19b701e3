using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Redemptions;
using Volna.Tests.Redemptions.Reference;

namespace Volna.Tests.Redemptions;

/// <summary>Hundreds of clients at once: the same receipts from all of them, and all of them after the last offers of a limit.</summary>
public sealed class RacesTests
{
    [Fact]
    public async Task The_same_receipts_from_200_clients_with_half_of_the_answers_lost_have_one_effect_each()
    {
        const int Clients = 200;
        var seed = TestSize.Seed();
        var receipts = TestSize.Of(2_000, 100_000);
        using var shop = new Shop();
        shop.AddStore(1, "S");
        for (var product = 1; product <= 4; product++) shop.AddProduct(product, $"p{product}");
        var customers = receipts / 4;
        shop.AddPublishedWave("w", [.. Enumerable.Range(1, customers).Select(customer => (customer, $"c{customer}",
            (IReadOnlyList<Offer>?)[.. Enumerable.Range(1, 3).Select(product => Shop.Offer(customer, product - 1, product, 10 + product))]))]);
        using var till = shop.OpenTill(new SetClock(Shop.Now));

        var answers = new ConcurrentDictionary<string, byte[]>();
        var (lost, differing) = (0, 0);
        using var clients = new ReleasedTogether(Clients);
        await clients.Run(async client =>
        {
            var random = new Random(unchecked((seed * 31) + client));
            for (var number = 0; number < receipts; number++)
            {
                foreach (var (name, call) in Calls(till, number, customers))
                {
                    var answer = call();
                    if (random.Next(2) == 0)
                    {
                        // The answer is lost on the way, so the till asks again.
                        Interlocked.Increment(ref lost);
                        answer = call();
                    }

                    var body = (await answer).Body;
                    if (!answers.GetOrAdd(name, body).AsSpan().SequenceEqual(body)) Interlocked.Increment(ref differing);
                }

                if (random.Next(100) > 0) continue;
                var other = Receipt(number, customers) with { Customer = "c0" };
                Assert.Equal("receipt-differs", (await Assert.ThrowsAsync<GuardException>(() => till.CloseAsync(other))).Code);
                Assert.Equal("key-differs", (await Assert.ThrowsAsync<GuardException>(() => till.CloseAsync(other, $"k{number}"))).Code);
            }
        });

        Assert.Equal(0, differing);
        Assert.True(lost > Clients * receipts / 4);
        var books = JournalBooks.Check(shop, till, ("w", 3 * customers, TillRules.None));
        // Each offer was wanted by several receipts; of four receipts one is cancelled and one returned for good.
        Assert.Equal(answers.Count(one => one.Key.StartsWith("close", StringComparison.Ordinal)), receipts);
        var spent = answers.Where(one => one.Key.StartsWith("close", StringComparison.Ordinal)).Sum(one => TillMessages.ReadAnswer(one.Value).Discount.Minor);
        var back = answers.Where(one => !one.Key.StartsWith("close", StringComparison.Ordinal)).Sum(one => System.Text.Json.JsonDocument.Parse(one.Value).RootElement.GetProperty("discountMinor").GetInt64());
        Assert.Equal(spent - back, books.Held.Sum(one => one.Use.Value.Discount));
        Assert.True(spent > back);
    }

    /// <summary>Closed by all; then of four receipts one is cancelled, one returned in part and one wholly, in two steps.</summary>
    static IEnumerable<(string Name, Func<Task<TillReply>> Call)> Calls(Till till, int number, int customers)
    {
        var receipt = Receipt(number, customers);
        TillReturn Back(string id, string line, decimal quantity) => new(receipt.Id, id, [new ReturnedLine(line, Quantity.Of(quantity))]);
        yield return ($"close {number}", () => till.CloseAsync(receipt, $"k{number}"));
        if (number % 4 == 1) yield return ($"cancel {number}", () => till.CancelAsync(receipt.Id));
        if (number % 4 >= 2) yield return ($"return {number} 1", () => till.ReturnAsync(Back("b1", "1", 1)));
        if (number % 4 == 3) yield return ($"return {number} 2", () => till.ReturnAsync(Back("b2", "2", 2)));
    }

    static TillReceipt Receipt(int number, int customers) =>
        Shop.Receipt($"r{number}", $"c{1 + (number % customers)}", ($"p{1 + (number % 4)}", 1, 100_00 + number), ($"p{1 + ((number + 1) % 4)}", 2, 33_33));

    // What limits, and how much of it one redemption takes.
    [Fact]
    public async Task Of_500_clients_at_once_as_many_redeem_as_the_limit_allows()
    {
        const int Clients = 500;
        var seed = TestSize.Seed();
        var random = new Random(seed);
        var rounds = TestSize.Of(50, 1_000);
        string[] kinds = ["customer", "target", "wave", "store", "day", "budget", "supplier", "points", "day budget"];
        using var clients = new ReleasedTogether(Clients);
        // A shop for every fifty rounds, so that a long run needs no more memory than a short one.
        for (var first = 0; first < rounds; first += 50)
        {
            using var shop = new Shop();
            shop.AddStore(1, "S");
            shop.AddStore(2, "T");
            for (var product = 1; product <= 20; product++) shop.AddProduct(product, $"p{product}");
            shop.Run("update product set supplier = 'North' where number = 1");
            var clock = new SetClock(Shop.Now);
            using var till = shop.OpenTill(clock);
            var waves = new List<(string, long, TillRules)>();
            for (var round = first; round < Math.Min(rounds, first + 50); round++)
            {
                clock.Now = Shop.Now.AddDays(round);
                var kind = kinds[round % kinds.Length];
                // One time in five the large limit: it takes as long as all others.
                var limit = (round / kinds.Length % 5) switch { 1 => 10_000, 0 or 3 => 1, _ => 100 };
                if (kind == "customer") limit = random.Next(1, 10);
                var each = kind == "customer" ? 10 : 1;
                var customers = kind == "customer" ? 25 : Math.Max(Clients, limit + (limit / 4));
                var (wave, rules) = ($"w{round:0000}", Rules(kind, limit));
                var issued = (long)customers * each;
                shop.AddWave(
                    wave,
                    [.. Enumerable.Range(1, customers).Select(customer => (customer, $"c{customer}", (IReadOnlyList<Offer>?)[.. Enumerable.Range(0, each).Select(index => NewOffer(customer, index, kind))]))],
                    Plan(rules), WaveStatus.Published, new Period(DateOnly.FromDateTime(clock.Now.DateTime), DateOnly.FromDateTime(clock.Now.DateTime).AddDays(1)));
                waves.Add((wave, issued, rules));

                var redeemed = 0;
                await clients.Run(async client =>
                {
                    var closes = new List<Task<TillReply>>();
                    for (var number = client; number < issued; number += Clients)
                    {
                        var receipt = Shop.Receipt($"{wave}-{number}", $"c{1 + (number / each)}", ($"p{1 + (number % each)}", 1, 100_00)) with { Time = clock.Now };
                        // Half of the clients reserve first, so that reservations compete, too.
                        if (client % 2 == 0) closes.Add(Both(till, receipt));
                        else closes.Add(till.CloseAsync(receipt));
                    }

                    foreach (var close in closes)
                        if ((await close).Answer is var answer && answer.Discount.Minor + answer.Points.Minor > 0)
                            Interlocked.Increment(ref redeemed);
                });

                var expected = kind == "customer" ? Math.Min(limit, each) * customers : Math.Min(limit, customers);
                Assert.True(expected == redeemed && till.Rights(wave).Redeemed == expected, $"VOLNA_TEST_SEED={seed}, round {round}: limit {limit} per {kind}, demand {issued}: {redeemed} redeemed, {till.Rights(wave)}");
            }

            JournalBooks.Check(shop, till, waves);
        }
    }

    static async Task<TillReply> Both(Till till, TillReceipt receipt)
    {
        await till.ReserveAsync(receipt);
        return await till.CloseAsync(receipt);
    }

    static TillRules Rules(string kind, int limit) => kind switch
    {
        "customer" => new TillRules { MostPerCustomer = limit },
        "target" => new TillRules { MostPerTarget = limit },
        "wave" => new TillRules { MostPerWave = limit },
        "store" => new TillRules { MostPerStore = limit },
        "day" => new TillRules { MostPerDay = limit },
        // Not a whole number of discounts of 20.00, so that a rest stays.
        "budget" => new TillRules { Budget = new Money((limit * 20_00) + 19_99) },
        "supplier" => new TillRules { Budget = Money.Zero, SupplierBudgets = ImmutableDictionary<string, Money>.Empty.Add("North", new Money((limit * 20_00) + 1)) },
        "day budget" => new TillRules { BudgetPerDay = new Money((limit * 20_00) + 19_99) },
        _ => new TillRules { PointsBudget = new Money((limit * 20_00) + 19_99) },
    };

    static Offer NewOffer(int customer, int index, string kind) => Shop.Offer(customer, index, index + 1, 20) with { Mechanic = kind == "points" ? Mechanic.Points : Mechanic.PercentOff };

    static string Plan(TillRules rules)
    {
        var till = new StringBuilder("{ \"till\": { \"basketOnTop\": true");
        void Add(string name, object? value)
        {
            if (value is not null) till.Append(System.Globalization.CultureInfo.InvariantCulture, $", \"{name}\": {value}");
        }

        Add("mostPerCustomer", rules.MostPerCustomer);
        Add("mostPerTarget", rules.MostPerTarget);
        Add("mostPerWave", rules.MostPerWave);
        Add("mostPerStore", rules.MostPerStore);
        Add("mostPerDay", rules.MostPerDay);
        Add("budget", rules.Budget);
        Add("budgetPerDay", rules.BudgetPerDay);
        Add("pointsBudget", rules.PointsBudget);
        foreach (var (supplier, budget) in rules.SupplierBudgets) Add("supplierBudgets", $"{{ \"{supplier}\": {budget} }}");
        return till.Append(" } }").ToString();
    }
}
