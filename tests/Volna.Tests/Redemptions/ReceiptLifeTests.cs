using System.Text;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Redemptions;
using Volna.Redemptions.Ledger;

namespace Volna.Tests.Redemptions;

/// <summary>The calls on one receipt, through the till and its journal.</summary>
public sealed class ReceiptLifeTests
{
    [Fact]
    public async Task A_priced_receipt_holds_its_offer_until_it_is_closed_reopened_cancelled_or_runs_out()
    {
        using var shop = Milk();
        var clock = new SetClock(Shop.Now);
        using var till = shop.OpenTill(clock);
        var (mine, other) = (Shop.Receipt("mine", "anna", ("milk", 1, 100_00)), Shop.Receipt("other", "anna", ("milk", 1, 100_00)));

        async Task<(long, TillRefusal)> Price(TillReceipt receipt)
        {
            var answer = (await till.ReserveAsync(receipt)).Answer;
            return (answer.Total.Minor, answer.Lines[0].Refusal);
        }

        Assert.Equal((80_00, TillRefusal.None), await Price(mine));
        Assert.Equal(new RightCounts(1, 0, 1, 0, 0), till.Rights("w"));
        Assert.Equal((100_00, TillRefusal.OfferReserved), await Price(other));
        await till.ReopenAsync("mine");
        await till.ReopenAsync("other");
        Assert.Equal((80_00, TillRefusal.None), await Price(other));
        await till.CancelAsync("other");
        Assert.Equal((80_00, TillRefusal.None), await Price(mine));

        clock.Now += TimeSpan.FromMinutes(15);
        var third = Shop.Receipt("third", "anna", ("milk", 1, 100_00));
        Assert.Equal((80_00, TillRefusal.None), await Price(third));
        // Late: what is still free is kept, and that offer isn't.
        var late = till.Close(mine);
        Assert.Equal((100_00, TillRefusal.OfferReserved), (late.Total.Minor, late.Lines[0].Refusal));
        Assert.Equal(80_00, till.Close(third).Total.Minor);
        Assert.Equal(new RightCounts(1, 0, 0, 1, 0), till.Rights("w"));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    [Fact]
    public async Task Returned_parts_sum_to_the_whole_and_the_last_one_frees_the_offer()
    {
        using var shop = Milk();
        using var till = shop.OpenTill(new SetClock(Shop.Now));
        Assert.Equal(266_64, till.Close(Shop.Receipt("r", "anna", ("milk", 3, 111_10), ("bread", 1, 10_00))).Total.Minor - 10_00);

        var refunds = new List<long>();
        for (var i = 1; i <= 3; i++)
        {
            var answer = await Return($"back{i}", ("1", 1));
            refunds.Add(answer.GetProperty("refundMinor").GetInt64());
            Assert.Equal(answer.ToString(), (await Return($"back{i}", ("1", 1))).ToString());
            Assert.Equal(i == 3 ? 1 : 0, till.Rights("w").Free);
        }

        Assert.Equal(266_64, refunds.Sum());
        Assert.Equal("return-differs", (await Assert.ThrowsAsync<GuardException>(() => Return("back1", ("2", 1)))).Code);
        Assert.Equal("return-too-much", (await Assert.ThrowsAsync<GuardException>(() => Return("back4", ("1", 1)))).Code);
        Assert.Equal("line-unknown", (await Assert.ThrowsAsync<GuardException>(() => Return("back4", ("9", 1)))).Code);
        var state = JsonDocument.Parse((await till.StateAsync("r"))!).RootElement;
        Assert.Equal(("partly-returned", 10_00L), (state.GetProperty("state").GetString(), state.GetProperty("totalMinor").GetInt64()));
        await Return("rest", ("2", 1));
        Assert.Equal("receipt-returned", (await Assert.ThrowsAsync<GuardException>(() => till.CancelAsync("r"))).Code);
        Assert.Empty(new RedemptionStore(shop.State).OfWave("w"));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());

        async Task<JsonElement> Return(string id, params (string Line, decimal Quantity)[] lines) =>
            JsonDocument.Parse((await till.ReturnAsync(new TillReturn("r", id, [.. lines.Select(line => new ReturnedLine(line.Line, Quantity.Of(line.Quantity)))]))).Body).RootElement;
    }

    [Fact]
    public async Task A_key_belongs_to_one_call_also_when_asked_again_much_later()
    {
        using var shop = Milk();
        var receipt = Shop.Receipt("r", "anna", ("milk", 1, 100_00));
        string first, cancelled;
        using (var till = shop.OpenTill())
        {
            first = Encoding.UTF8.GetString((await till.CloseAsync(receipt, "k1")).Body);
            cancelled = Encoding.UTF8.GetString((await till.CancelAsync("r", "k2")).Body);
        }

        using (var till = shop.OpenTill())
        {
            Assert.Equal(first, Encoding.UTF8.GetString((await till.CloseAsync(receipt, "k1")).Body));
            Assert.Equal(cancelled, Encoding.UTF8.GetString((await till.CancelAsync("r", "k2")).Body));
            Assert.Equal("key-differs", (await Assert.ThrowsAsync<GuardException>(() => till.CancelAsync("r", "k1"))).Code);
            Assert.Equal("key-differs", (await Assert.ThrowsAsync<GuardException>(() => till.CloseAsync(receipt with { Id = "r2" }, "k1"))).Code);
            Assert.Equal("receipt-unknown", (await Assert.ThrowsAsync<GuardException>(() => till.CancelAsync("r2"))).Code);
            Assert.Equal("receipt-cancelled", (await Assert.ThrowsAsync<GuardException>(() => till.ReturnAsync(new TillReturn("r", "b", [new ReturnedLine("1", Quantity.One)])))).Code);
        }
    }

    [Fact]
    public async Task An_offer_given_back_after_its_time_is_expired_and_a_receipt_that_comes_late_may_still_use_it()
    {
        using var shop = Milk();
        var clock = new SetClock(Shop.Now);
        using var till = shop.OpenTill(clock);
        till.Close(Shop.Receipt("r1", "anna", ("milk", 1, 100_00)));
        clock.Now = Shop.Now.AddDays(10);
        await till.CancelAsync("r1");
        Assert.Equal(new RightCounts(1, 0, 0, 0, 1), till.Rights("w"));
        Assert.Equal(100_00, till.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00)) with { Time = clock.Now }).Total.Minor);
        Assert.Equal(80_00, till.Close(Shop.Receipt("r3", "anna", ("milk", 1, 100_00))).Total.Minor);
        Assert.Equal(new RightCounts(1, 0, 0, 1, 0), till.Rights("w"));
        Assert.Equal(100_00, till.Close(Shop.Receipt("r4", "anna", ("milk", 1, 100_00))).Total.Minor);
    }

    [Fact]
    public void Offers_on_more_than_a_product_are_named()
    {
        using var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk", "Milk", category: 1);
        shop.Run("insert into category (number, path, parent) values (1, 'Food', 0); update product set brand = 'Cow'");
        shop.AddPublishedWave("w", (1, "anna", [.. new (TargetKind Kind, int Target)[] { (TargetKind.Product, 1), (TargetKind.Category, 1), (TargetKind.Brand, 1), (TargetKind.Basket, 0) }
            .Select((on, i) => Shop.Offer(1, i, on.Target, 10) with { TargetKind = on.Kind })]));
        using var till = shop.OpenTill(new SetClock(Shop.Now));
        Assert.Equal([("milk", "Milk"), ("", "Food"), ("", "Cow"), ("", "")], till.Offers("anna", "S", Shop.Now).Offers.Select(offer => (offer.Product, offer.Name)));
    }

    static Shop Milk()
    {
        var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddProduct(2, "bread");
        shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, product: 1, percent: 20)]));
        return shop;
    }
}
