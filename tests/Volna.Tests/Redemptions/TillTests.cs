using System.Diagnostics;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Ledger;
using Volna.Redemptions.Life;

namespace Volna.Tests.Redemptions;

public sealed class TillTests
{
    [Fact]
    public void A_closed_receipt_spends_the_offer_and_pricing_doesnt()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 2, 100_00));

        for (var i = 0; i < 3; i++) Assert.Equal(160_00, till.Price(receipt).Total.Minor);
        Assert.Empty(new RedemptionStore(shop.State).OfWave("w"));

        var answer = till.Close(receipt);
        Assert.Equal((160_00L, 40_00L), (answer.Total.Minor, answer.Discount.Minor));
        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{10}$", answer.Lines[0].Offer);
        var spent = Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
        Assert.Equal(new Redemption("w", new CustomerId(1), 0, "r1", "1", "S", new DateOnly(2026, 11, 27), Quantity.Of(2), new Money(160_00), new Money(40_00)), spent);

        var second = till.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00)));
        Assert.Equal((100_00L, TillRefusal.OfferUsed), (second.Total.Minor, second.Lines[0].Refusal));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_byte_for_byte_also_from_a_new_process_and_after_a_stop()
    {
        using var shop = Milk();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        string first;
        using (var till = shop.OpenTill()) first = Encoding.UTF8.GetString((await till.CloseAsync(receipt)).Body);
        new WaveStore(shop.State).Move("w", WaveStatus.Published, WaveStatus.Stopped, "bob", Shop.Now);
        using (var till = shop.OpenTill())
        {
            Assert.Equal(first, Encoding.UTF8.GetString((await till.CloseAsync(receipt)).Body));
            Assert.Equal(first, Encoding.UTF8.GetString(TillMessages.Write(till.Price(receipt))));
        }

        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
    }

    [Fact]
    public async Task A_receipt_is_known_as_well_when_only_the_tables_have_it()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        var answers = new List<(TillReceipt Receipt, string Answer)>();
        for (var number = 1; number <= 3; number++)
        {
            var receipt = Shop.Receipt($"r{number}", "anna", ("milk", 1, 100_00));
            answers.Add((receipt, Encoding.UTF8.GetString((await till.CloseAsync(receipt)).Body)));
            for (var waited = Stopwatch.StartNew(); Places() < number; await Task.Delay(20, TestContext.Current.CancellationToken)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "the tables don't follow");

            // Those before the last one are out of memory by now.
            foreach (var (before, answer) in answers)
            {
                Assert.Equal("receipt-differs", Assert.Throws<GuardException>(() => till.Close(before with { Customer = "boris" })).Code);
                Assert.Equal(answer, Encoding.UTF8.GetString((await till.CloseAsync(before)).Body));
            }
        }

        long Places()
        {
            using var connection = shop.State.Connect();
            return connection.ExecuteScalar<long>("select count(*) from till_place");
        }
    }

    [Fact]
    public void The_same_id_with_other_content_is_refused_and_named()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        till.Close(receipt);
        foreach (var other in (TillReceipt[])[
            receipt with { Customer = "boris" }, receipt with { Store = "T" }, receipt with { Time = receipt.Time.AddSeconds(1) },
            receipt with { Lines = [receipt.Lines[0] with { Id = "2" }] }, receipt with { Lines = [receipt.Lines[0] with { UnitPrice = new Money(99_99) }] },
            receipt with { Lines = [receipt.Lines[0] with { Quantity = new Quantity(1_001) }] }, receipt with { Lines = [.. receipt.Lines, receipt.Lines[0] with { Id = "2" }] }])
        {
            Assert.Equal("receipt-differs", Assert.Throws<GuardException>(() => till.Close(other)).Code);
            Assert.Equal("receipt-differs", Assert.Throws<GuardException>(() => till.Price(other)).Code);
        }

        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
    }

    [Fact]
    public async Task Many_tills_closing_one_receipt_have_one_effect_and_equal_answers()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        using var start = new ManualResetEventSlim();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        var closes = Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait(TestContext.Current.CancellationToken);
                return Encoding.UTF8.GetString(till.CloseAsync(receipt).Result.Body);
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        start.Set();
        Assert.Single((await Task.WhenAll(closes)).Distinct());
        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
    }

    [Fact]
    public async Task One_offer_in_many_receipts_at_once_is_spent_once()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        using var start = new ManualResetEventSlim();
        var closes = Enumerable.Range(0, 64).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.Wait(TestContext.Current.CancellationToken);
                return till.Close(Shop.Receipt($"r{i}", "anna", ("milk", 1, 100_00)));
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        start.Set();
        var answers = await Task.WhenAll(closes);
        Assert.Single(answers, answer => answer.Discount == new Money(20_00));
        Assert.Equal(63, answers.Count(answer => answer.Lines[0].Refusal == TillRefusal.OfferUsed && answer.Discount == Money.Zero));
        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    [Fact]
    public void One_process_serves_the_tills_of_a_folder_and_others_may_only_look()
    {
        using var shop = Milk();
        using var other = shop.OpenTill();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        using (var till = shop.OpenTill())
        {
            till.Close(receipt);
            Assert.Equal("till-taken", Assert.Throws<GuardException>(() => other.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00)))).Code);
            Assert.Equal(80_00, other.Price(Shop.Receipt("r3", "anna", ("milk", 1, 100_00))).Total.Minor);
        }

        // Whoever takes over begins with what the one before left.
        Assert.Equal(100_00, other.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00))).Total.Minor);
        Assert.Equal(80_00, other.Close(receipt).Total.Minor);
    }

    [Fact]
    public async Task A_bad_receipt_among_many_doesnt_touch_the_others()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        till.Close(Shop.Receipt("r1", "boris", ("milk", 1, 100_00)));
        var good = till.CloseAsync(Shop.Receipt("r2", "anna", ("milk", 1, 100_00)));
        var bad = till.CloseAsync(Shop.Receipt("r1", "anna", ("milk", 1, 100_00)));
        var alsoGood = till.CloseAsync(Shop.Receipt("r3", "anna", ("milk", 1, 100_00)));
        Assert.Equal(80_00, (await good).Answer.Total.Minor);
        await Assert.ThrowsAsync<GuardException>(() => bad);
        Assert.Equal(100_00, (await alsoGood).Answer.Total.Minor);
    }

    [Fact]
    public async Task A_batch_that_cant_be_stored_didnt_happen_and_may_be_asked_again()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        till.Close(Shop.Receipt("r1", "boris", ("milk", 1, 100_00)));
        var receipts = ((string[])["r2", "r3"]).Select(id => Shop.Receipt(id, "anna", ("milk", 1, 100_00))).ToArray();
        shop.RunInJournal("create trigger full before insert on batch begin select raise(abort, 'the disk is full'); end");
        foreach (var close in receipts.Select(receipt => till.CloseAsync(receipt)).ToArray())
            Assert.Contains("the disk is full", (await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => close)).Message, StringComparison.Ordinal);
        Assert.Equal(80_00, till.Price(Shop.Receipt("x", "anna", ("milk", 1, 100_00))).Total.Minor);
        Assert.Empty(new RedemptionStore(shop.State).OfWave("w"));

        shop.RunInJournal("drop trigger full");
        Assert.Equal([80_00L, 100_00], receipts.Select(receipt => till.Close(receipt).Total.Minor));
        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
    }

    [Fact]
    public void Random_sequences_agree_with_a_slow_and_obvious_model()
    {
        const int Sequences = 200;
        using var shop = new Shop();
        shop.AddStore(1, "S");
        for (var product = 1; product <= 3; product++) shop.AddProduct(product, $"p{product}");
        // Each sequence has three customers of its own; each of them has an offer for each product.
        var percents = Enumerable.Range(1, Sequences * 3).ToDictionary(customer => customer, customer => Enumerable.Range(1, 3).Select(product => 5 + (customer * product % 45)).ToArray());
        shop.AddPublishedWave("w", [.. percents.Select(customer => (customer.Key, $"c{customer.Key}",
            (IReadOnlyList<Offer>?)[.. customer.Value.Select((percent, i) => Shop.Offer(customer.Key, i, i + 1, percent))]))]);
        using var till = shop.OpenTill();

        var spent = new HashSet<(int Customer, int Product)>();
        for (var seed = 0; seed < Sequences; seed++)
        {
            var random = new Random(seed);
            var closed = new Dictionary<string, (string Content, long Total)>();
            for (var step = 0; step < 20; step++)
            {
                var (id, customer, product, quantity) = ($"s{seed}-r{random.Next(8)}", (seed * 3) + random.Next(1, 4), random.Next(1, 4), random.Next(1, 3));
                var content = $"{customer} {product} {quantity}";
                var receipt = Shop.Receipt(id, $"c{customer}", ($"p{product}", quantity, 100_00));
                var close = random.Next(3) > 0;

                long? expected = spent.Contains((customer, product)) ? quantity * 100_00 : quantity * (100_00 - (percents[customer][product - 1] * 100));
                if (closed.TryGetValue(id, out var earlier)) expected = earlier.Content == content ? earlier.Total : null;

                long? found;
                try
                {
                    found = (close ? till.Close(receipt) : till.Price(receipt)).Total.Minor;
                }
                catch (GuardException)
                {
                    found = null;
                }

                Assert.True(expected == found, $"seed {seed}, step {step}, {(close ? "close" : "price")} {id} {content}: expected {expected}, found {found}");
                if (!close || expected is null || closed.ContainsKey(id)) continue;
                closed[id] = (content, expected.Value);
                if (expected != quantity * 100_00) spent.Add((customer, product));
            }
        }

        Assert.Equal(spent.Order(), new RedemptionStore(shop.State).OfWave("w").Select(redemption => (redemption.Customer.Value, redemption.OfferIndex + 1)).Order());
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    [Fact]
    public async Task Publication_and_stop_count_from_the_next_receipt_on()
    {
        using var shop = Milk(WaveStatus.Approved);
        using var till = shop.OpenTill();
        long Pays(string id) => till.Close(Shop.Receipt(id, "anna", ("milk", 1, 100_00), ("bread", 1, 50_00))).Total.Minor;

        Assert.Equal(150_00, Pays("before"));
        new WaveStore(shop.State).Move("w", WaveStatus.Approved, WaveStatus.Published, "bob", Shop.Now);
        // A till looks whether waves changed each five milliseconds.
        await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(130_00, till.Price(Shop.Receipt("x", "anna", ("milk", 1, 100_00), ("bread", 1, 50_00))).Total.Minor);
        new WaveStore(shop.State).Move("w", WaveStatus.Published, WaveStatus.Stopped, "bob", Shop.Now);
        await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(150_00, Pays("after"));
    }

    [Theory]
    [InlineData("2026-11-25T23:59:00+03:00", "S", false)]
    [InlineData("2026-11-26T00:00:00+03:00", "S", true)]
    [InlineData("2026-12-02T23:59:00+03:00", "S", true)]
    [InlineData("2026-12-03T00:00:00+03:00", "S", false)]
    // In Vladivostok it is seven hours later than in Moscow, whatever offset the till sends.
    [InlineData("2026-11-25T17:00:00+03:00", "V", true)]
    [InlineData("2026-11-25T16:59:00+03:00", "V", false)]
    [InlineData("2026-12-02T17:00:00+03:00", "V", false)]
    public void Offers_hold_on_the_stores_own_business_days(string time, string store, bool live)
    {
        using var shop = Milk();
        shop.AddStore(2, "V", "Asia/Vladivostok");
        using var till = shop.OpenTill();
        var receipt = Shop.Receipt("r", "anna", ("milk", 1, 100_00)) with { Store = store, Time = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) };
        Assert.Equal(live ? 80_00 : 100_00, till.Price(receipt).Total.Minor);
    }

    [Fact]
    public void Held_out_unknown_and_anonymous_customers_pay_the_shelf_price_and_are_told_apart()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        (long, TillRefusal) Close(string customer)
        {
            var answer = till.Close(Shop.Receipt("r-" + customer, customer, ("milk", 1, 100_00)));
            return (answer.Total.Minor, answer.Lines[0].Refusal);
        }

        Assert.Equal((100_00, TillRefusal.NoOfferForProduct), Close("boris"));
        Assert.Equal((100_00, TillRefusal.NoOfferForProduct), Close("clara"));
        Assert.Equal((100_00, TillRefusal.CustomerUnknown), Close("nobody"));
        Assert.Equal((100_00, TillRefusal.CustomerUnknown), Close(""));
        Assert.False(till.Offers("nobody", "S", Shop.Now).Known);
        Assert.Empty(till.Offers("boris", "S", Shop.Now).Offers);
    }

    [Fact]
    public void Todays_promotion_and_floor_of_the_catalogue_hold()
    {
        using var shop = Milk();
        shop.AddProduct(3, "vodka", floor: FloorPolicy.MinimumPrice, floorPrice: 95_00);
        shop.AddProduct(4, "tobacco", floor: FloorPolicy.NoDiscount);
        shop.AddProduct(5, "tea");
        shop.AddPromotion(5, store: 1, percent: 15);
        shop.AddPublishedWave("w2", (1, "anna", [Shop.Offer(1, 0, 3, 20), Shop.Offer(1, 1, 4, 20), Shop.Offer(1, 2, 5, 20)]));
        using var till = shop.OpenTill();
        var answer = till.Close(Shop.Receipt("r", "anna", ("vodka", 1, 100_00), ("tobacco", 1, 100_00), ("tea", 1, 85_00)));
        Assert.Equal([95_00L, 100_00, 80_00], answer.Lines.Select(line => line.Total.Minor));
        Assert.Equal([TillRefusal.None, TillRefusal.FloorReached, TillRefusal.None], answer.Lines.Select(line => line.Refusal));
    }

    [Theory]
    [InlineData("update money_account set debits_minor = debits_minor + 1 where name like 'discount:%'")]
    [InlineData("update money_account set debits_minor = debits_minor + 1, credits_minor = credits_minor - 1; update money_account set debits_minor = debits_minor - 2 where name like 'wave:%'")]
    [InlineData("delete from redemption")]
    [InlineData("update redemption set discount_minor = discount_minor + 1")]
    [InlineData("update redemption set points_minor = points_minor + 1")]
    public void Books_that_dont_balance_keep_the_till_shut(string damage)
    {
        using var shop = Milk();
        using (var till = shop.OpenTill()) till.Close(Shop.Receipt("r", "anna", ("milk", 1, 100_00)));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
        shop.Run(damage);
        Assert.Equal("books-unbalanced", Assert.Throws<BadInputException>(() => shop.OpenTill()).Code);
    }

    [Fact]
    public async Task A_price_tells_of_a_close_only_when_the_close_is_on_the_disk()
    {
        using var shop = Milk();
        using var till = shop.OpenTill();
        till.TakeWriter();
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        Task<TillReply> close;
        Task<TillAnswer> price;
        using (var other = StateStore.Connect($"Data Source={shop.Data.TillJournal}"))
        {
            other.Execute("begin immediate");
            close = till.CloseAsync(receipt);
            price = till.PriceAsync(receipt);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.False(close.IsCompleted || price.IsCompleted);
            other.Execute("rollback");
        }

        Assert.Equal((80_00, ReceiptState.Closed), ((await price).Total.Minor, (await price).State));
        Assert.Equal((await close).Body, TillMessages.Write(await price));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_one_who_takes_goods_back_waits_for_the_day_to_load_the_others_go_on(bool cancels)
    {
        using var shop = Milk();
        using var halting = new HaltingClock();
        using var live = new LiveDayStore(shop.Data, shop.State, halting);
        var clock = new SetClock(Shop.Now);
        using var till = Till.Open(shop.Data, shop.State, live, clock);
        till.Close(Shop.Receipt("r1", "anna", ("milk", 1, 100_00)));
        clock.Now += TimeSpan.FromDays(1);

        var back = OnOneMoreThread(() =>
        {
            halting.HaltAtCall(1);
            return cancels ? till.CancelAsync("r1") : till.ReturnAsync(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1))]));
        });
        Assert.True(halting.Halted.Wait(10_000, TestContext.Current.CancellationToken));
        var other = OnOneMoreThread(() => till.CloseAsync(Shop.Receipt("r2", "clara", ("milk", 1, 100_00))));
        var answered = await Task.WhenAny(other, Task.Delay(5_000, TestContext.Current.CancellationToken)) == other;
        halting.GoOn.Set();

        await back;
        Assert.True(answered);
        Assert.Equal(new RightCounts(1, 1, 0, 0, 0), till.Rights("w"));

        static Task<T> OnOneMoreThread<T>(Func<Task<T>> call) => Task.Factory.StartNew(call, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    [Fact]
    public async Task Tables_that_cant_be_written_for_a_while_follow_later_and_if_they_cant_for_long_the_till_stops()
    {
        const string Full = "create trigger full before insert on till_place begin select raise(fail, 'database or disk is full'); end";
        using var shop = Milk();
        var clock = new SetClock(Shop.Now);
        using var till = shop.OpenTill(clock);
        shop.Run(Full);
        till.Close(Shop.Receipt("r1", "anna", ("milk", 1, 100_00)));
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.Equal(TillRefusal.OfferUsed, till.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00))).Lines[0].Refusal);
        shop.Run("drop trigger full");
        for (var waited = Stopwatch.StartNew(); Places() < 2; await Task.Delay(20, TestContext.Current.CancellationToken)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "the tables don't follow");

        shop.Run(Full);
        till.Close(Shop.Receipt("r3", "anna", ("milk", 1, 100_00)));
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.False(till.Broken.IsCompleted);
        clock.Now += TimeSpan.FromMinutes(5);
        await Assert.ThrowsAsync<SqliteException>(() => till.Broken.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        shop.Run("drop trigger full");

        int Places()
        {
            using var connection = shop.State.Connect();
            return connection.ExecuteScalar<int>("select count(*) from till_place");
        }
    }

    [Fact]
    public async Task Rights_that_came_back_after_their_time_are_expired_after_a_restart_too()
    {
        using var shop = Milk();
        var clock = new SetClock(Shop.Now);
        var (redeemed, expired) = (new RightCounts(1, 0, 0, 1, 0), new RightCounts(1, 0, 0, 0, 1));
        var receipt = Shop.Receipt("r1", "anna", ("milk", 1, 100_00));
        using (var till = shop.OpenTill(clock))
        {
            till.Close(receipt);
            clock.Now += TimeSpan.FromDays(7);
            await till.CancelAsync("r1");
            Assert.Equal(expired, till.Rights("w"));
        }

        // A receipt of then that comes only now uses it all the same.
        using (var till = shop.OpenTill(clock))
        {
            Assert.Equal(expired, till.Rights("w"));
            Assert.Equal(80_00, till.Close(receipt with { Id = "r2" }).Total.Minor);
            Assert.Equal(redeemed, till.Rights("w"));
        }

        using (var till = shop.OpenTill(clock)) Assert.Equal(redeemed, till.Rights("w"));
    }

    static Shop Milk(WaveStatus status = WaveStatus.Published)
    {
        var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddProduct(2, "bread");
        shop.AddCustomer(1, "anna");
        shop.AddCustomer(2, "boris");
        shop.AddCustomer(3, "clara");
        shop.AddWave("w", [(1, "anna", [Shop.Offer(1, 0, product: 1, percent: 20)]), (2, "boris", null)], status: status);
        return shop;
    }
}
