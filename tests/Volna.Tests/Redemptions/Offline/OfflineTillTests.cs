using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Offline;

namespace Volna.Tests.Redemptions.Offline;

public sealed class OfflineTillTests
{
    static readonly DateTimeOffset Now = Shop.Now;

    [Fact]
    public async Task A_pack_is_refused_if_damaged_expired_or_of_another_store_and_the_one_in_hand_stays()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        var pack = await till.PackAsync("S1");
        Assert.Equal(pack, await till.PackAsync("S1"));
        store.Take(pack);
        for (var at = 0; at < pack.Length; at += 1 + (at / 40))
        {
            var damaged = (byte[])pack.Clone();
            damaged[at] ^= 0x10;
            Assert.Contains(Assert.Throws<BadInputException>(() => store.Take(damaged)).Code, (string[])["pack-damaged", "pack-version", "pack-foreign"]);
        }

        Assert.Equal("pack-damaged", Assert.Throws<BadInputException>(() => store.Take(pack[..^1])).Code);
        Assert.Equal("pack-foreign", Assert.Throws<BadInputException>(() => store.Take(till.PackAsync("S2").Result)).Code);
        world.Clock.Now = Now.AddDays(30);
        Assert.Equal("pack-expired", Assert.Throws<BadInputException>(() => store.Take(pack)).Code);
        Assert.Equal(80_00, store.Price(Receipt("r1", "S1", "anna")).Total.Minor);
        Assert.Equal(100_00, store.Price(Receipt("r1", "S1", "anna") with { Time = Now.AddDays(30) }).Total.Minor);
    }

    [Fact]
    public async Task A_store_prices_off_line_as_the_centre_does()
    {
        using var world = new OfflineShop();
        world.AddStores(1);
        world.AddCustomer(1, "anna", 1);
        world.Shop.Run("insert into category (number, path, parent) values (1, 'Food', 0), (2, 'Food/Dairy', 1)");
        for (var product = 1; product <= 8; product++)
            world.Shop.AddProduct(product, $"p{product}", floor: (FloorPolicy)(product % 3), floorPrice: product % 3 == 1 ? 85_00 : null, category: product % 2 == 0 ? 2 : 0);
        world.Shop.AddPromotion(1, 0, 10);
        world.Shop.AddPromotion(2, 1, 10);
        world.Shop.Run("update product set brand = 'B', supplier = 'Acme' where number in (3, 6, 7)");
        // An offer on the whole basket leaves these two out.
        world.Shop.Run("update product set tags = 'tobacco' where number = 4");
        world.Shop.Run("insert into exclusion (kind, value, start_day, end_day, reason) values (0, 'p6', '2026-11-26', '2026-12-03', 1)");
        world.AddWave(
            """ "offline": { "mode": "leased" }, "supplierBudgets": { "Acme": 10000 } """,
            (1, "anna", [
                Shop.Offer(1, 0, 1, 20), Shop.Offer(1, 1, 2, 10, floor: 70_00),
                Shop.Offer(1, 2, 2, 15) with { TargetKind = TargetKind.Category },
                Shop.Offer(1, 3, 3, 5) with { TargetKind = TargetKind.Brand },
                Shop.Offer(1, 4, 0, 0) with { TargetKind = TargetKind.Basket, Mechanic = Mechanic.AmountOff, Amount = new Money(10_01), LeastTotal = new Money(150_00) },
                Shop.Offer(1, 5, 8, 0) with { Mechanic = Mechanic.NPlusM, Buy = 2, Free = 1 }]));
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        Assert.Equal(10_01, till.Price(OfflineShop.Receipt("c1", "S1", "anna", Now, ("p9", 1, 150_00))).Discount.Minor);
        Assert.Equal(0, till.Price(OfflineShop.Receipt("c2", "S1", "anna", Now, ("p9", 1, 149_99), ("p4", 1, 200_00))).BasketDiscount.Minor);
        Assert.Equal(0, till.Price(OfflineShop.Receipt("c3", "S1", "anna", Now, ("p9", 1, 149_99), ("p6", 1, 200_00))).BasketDiscount.Minor);
        var seed = TestSize.Seed();
        var draw = new Draw((ulong)seed, "baskets", 0);
        for (var i = 0; i < 500; i++)
        {
            var lines = new List<(string, decimal, long)>();
            for (var line = 0; line <= draw.NextBelow(5); line++) lines.Add(($"p{1 + draw.NextBelow(9)}", (1 + draw.NextBelow(4_000)) / 1_000m, 50_00 + draw.NextBelow(6_000)));
            if (i % 2 == 0) lines.Add(("p8", 3 + draw.NextBelow(3), 100_00));
            var receipt = OfflineShop.Receipt($"r{i}", "S1", "anna", Now, [.. lines]);
            Assert.Equal(TillMessages.Write(till.Price(receipt)), TillMessages.Write(store.Price(receipt)));
        }
    }

    [Fact]
    public async Task What_was_told_survives_a_power_loss_and_a_torn_record_wasnt_told()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        var receipt = Receipt("r1", "S1", "anna");
        byte[] first;
        using (var store = world.OpenStore("S1"))
        {
            store.Take(await till.PackAsync("S1"));
            first = TillMessages.Write(store.Close(receipt));
            store.Close(Receipt("r2", "S1", "boris"));
        }

        var journal = Directory.GetFiles(world.Disk("S1"), "*.journal", SearchOption.AllDirectories).Single();
        var whole = File.ReadAllBytes(journal);
        for (var length = whole.Length - 1; length >= whole.Length - 60; length -= 3)
        {
            File.WriteAllBytes(journal, [.. whole[..length], .. new byte[length % 3]]);
            using (var store = world.OpenStore("S1"))
            {
                Assert.Equal(first, TillMessages.Write(store.Close(receipt)));
                Assert.Equal(1, store.Leases[0].Receipts);
                Assert.Equal(100_00, store.Price(Receipt("r3", "S1", "anna")).Total.Minor);
                Assert.Equal(80_00, store.Close(Receipt("r2", "S1", "boris")).Total.Minor);
            }

            using var again = world.OpenStore("S1");
            Assert.Equal(2, again.Leases[0].Receipts);
        }

        whole[20] ^= 1;
        File.WriteAllBytes(journal, whole);
        Assert.Equal("till-journal-damaged", Assert.Throws<BadInputException>(() => world.OpenStore("S1")).Code);
    }

    [Fact]
    public async Task A_repeat_gets_the_first_answer_and_other_content_is_refused()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        Assert.Equal("pack-none", Assert.Throws<GuardException>(() => store.Close(Receipt("r1", "S1", "anna"))).Code);
        store.Take(await till.PackAsync("S1"));
        var first = store.Close(Receipt("r1", "S1", "anna"));
        Assert.Equal(TillMessages.Write(first), TillMessages.Write(store.Close(Receipt("r1", "S1", "anna"))));
        Assert.Equal("receipt-differs", Assert.Throws<GuardException>(() => store.Close(Receipt("r1", "S1", "boris"))).Code);
        Assert.Equal("store-foreign", Assert.Throws<GuardException>(() => store.Close(Receipt("r2", "S2", "boris"))).Code);
        store.Leases[0].Seal();
        Assert.Equal("lease-sealed", Assert.Throws<GuardException>(() => store.Close(Receipt("r2", "S1", "boris"))).Code);
        Assert.Equal("pack-none", (await Assert.ThrowsAsync<GuardException>(() => till.PackAsync("S1", Volna.Tests.Shop.Week.End))).Code);
        Assert.Equal("store-unknown", (await Assert.ThrowsAsync<GuardException>(() => till.PackAsync("nowhere"))).Code);
    }

    [Fact]
    public async Task A_leased_right_is_refused_elsewhere_until_its_store_settled()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        var elsewhere = till.Price(Receipt("x", "S2", "anna"));
        Assert.Equal((100_00L, TillRefusal.OfferLeased), (elsewhere.Total.Minor, elsewhere.Lines[0].Refusal));
        Assert.Empty(till.Offers("anna", "S2", Now).Offers);
        Assert.EndsWith("\"offers\":[]}", TillLookUpTests.Written(till, "anna", "S2", Now), StringComparison.Ordinal);
        Assert.Contains("\"used\":false", TillLookUpTests.Written(till, "anna", "S1", Now), StringComparison.Ordinal);
        Assert.Equal(80_00, till.Price(Receipt("x", "S2", "carl")).Total.Minor);

        // On-line in her own store it is hers, and the store remembers that.
        var answer = till.Close(Receipt("r1", "S1", "anna"));
        store.NoteUsed([answer.Lines[0].Offer!]);
        Assert.False(store.MustSellFromPack);
        Assert.Equal(TillRefusal.OfferUsed, store.Close(Receipt("r2", "S1", "anna")).Lines[0].Refusal);
        Assert.Equal(80_00, store.Close(Receipt("r3", "S1", "boris")).Total.Minor);
        Assert.True(store.MustSellFromPack);

        using (var again = world.Shop.OpenTill(world.Clock)) Assert.Equal(TillRefusal.OfferLeased, again.Price(Receipt("x", "S2", "boris")).Lines[0].Refusal);
        await OfflineShop.Settle(till, store);
        Assert.Equal(TillRefusal.OfferUsed, till.Price(Receipt("x", "S2", "boris")).Lines[0].Refusal);
        Assert.Equal(80_00, till.Price(Receipt("x", "S2", "dora")).Total.Minor);
        store.Take(await till.PackAsync("S1"));
        Assert.Equal(TillRefusal.OfferUsed, store.Price(Receipt("r4", "S1", "boris")).Lines[0].Refusal);
        Assert.Empty(new ExtraUseStore(world.Shop.State).List(null));
    }

    [Theory]
    [InlineData("budget", TillRefusal.BudgetSpent)]
    [InlineData("budgetPerDay", TillRefusal.DayBudgetSpent)]
    public async Task A_slice_of_the_budget_is_the_stores_alone_until_it_settles(string budget, TillRefusal spent)
    {
        // Two stores: a quarter of 160 for one of them.
        using var world = Milk($$""" "{{budget}}": 160, "offline": { "mode": "packs" } """);
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        Assert.Equal(80_00, store.Close(Receipt("r1", "S1", "anna")).Total.Minor);
        Assert.Equal(80_00, store.Close(Receipt("r2", "S1", "boris")).Total.Minor);
        Assert.Equal(TillRefusal.BudgetSpent, store.Close(Receipt("r3", "S1", "dora")).Lines[0].Refusal);

        // The others have 120: six times 20.
        Assert.Equal(60_00, till.Close(Receipt("r4", "S2", "carl") with { Lines = Lines(3) }).Discount.Minor);
        Assert.Equal(60_00, till.Close(Receipt("r5", "S2", "emma") with { Lines = Lines(3) }).Discount.Minor);
        Assert.Equal(spent, till.Close(Receipt("r6", "S2", "dora")).Lines[0].Refusal);
        await OfflineShop.Settle(till, store);
        Assert.Equal(spent, till.Close(Receipt("r7", "S2", "dora")).Lines[0].Refusal);
        Assert.Null(new RedemptionStore(world.Shop.State).BooksDifference());

        // A return makes room, and the next lease gets its part of it.
        await till.CancelAsync("r1");
        Assert.Equal(80_00, till.Close(Receipt("r8", "S2", "dora")).Total.Minor);
    }

    [Theory]
    [InlineData("waits", false)]
    [InlineData("ran out", false)]
    [InlineData("ran out", true)]
    [InlineData("reopened", false)]
    [InlineData("reopened", true)]
    [InlineData("ran out, restarted", false)]
    [InlineData("reopened, restarted", true)]
    public async Task A_receipt_whose_on_line_price_got_lost_is_booked_when_it_comes_from_the_pack(string reservation, bool isTakenByAnother)
    {
        using var world = Milk(""" "offline": { "mode": "packs" } """);
        var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        await till.ReserveAsync(Receipt("r1", "S1", "anna"));
        Assert.Equal(80_00, store.Close(Receipt("r1", "S1", "anna")).Total.Minor);
        if (reservation.StartsWith("reopened", StringComparison.Ordinal)) await till.ReopenAsync("r1");
        else if (reservation != "waits") world.Clock.Now += TimeSpan.FromMinutes(16);
        // What is free again another receipt may reserve, and keeps it.
        if (isTakenByAnother) await till.ReserveAsync(Receipt("r2", "S2", "anna") with { Time = world.Clock.Now });

        if (reservation.EndsWith("restarted", StringComparison.Ordinal))
        {
            till.Dispose();
            till = world.Shop.OpenTill(world.Clock);
        }

        var answer = Assert.Single((await OfflineShop.Upload(till, store.Leases[0].Seal()[0])).Receipts);
        Assert.Equal(("closed", isTakenByAnother ? 1 : 0), (answer.State, answer.ExtraUses!.Count));
        Assert.False(till.Broken.IsFaulted);
        if (isTakenByAnother) Assert.Equal(80_00, (await till.CloseAsync(Receipt("r2", "S2", "anna") with { Time = world.Clock.Now })).Answer.Total.Minor);
        await OfflineShop.Settle(till, store);
        Assert.Equal((1, 0), (till.Rights("w").Redeemed, till.Rights("w").Reserved));
        Assert.Equal(isTakenByAnother ? ["r1", "r2"] : ["r1"], new RedemptionStore(world.Shop.State).OfWave("w").Select(one => one.Receipt).Order());
        Assert.Null(new RedemptionStore(world.Shop.State).BooksDifference());
        till.Dispose();
    }

    [Fact]
    public async Task An_offer_kept_elsewhere_isnt_one_that_she_used()
    {
        using var world = new OfflineShop();
        world.AddStores(2);
        for (var product = 1; product <= 3; product++) world.Shop.AddProduct(product, $"p{product}");
        world.AddCustomer(1, "anna", 1);
        world.AddWave(""" "mostPerCustomer": 2, "offline": { "mode": "packs" } """, (1, "anna", [Shop.Offer(1, 0, 1, 20), Shop.Offer(1, 1, 2, 20), Shop.Offer(1, 2, 3, 20)]));
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        var all = OfflineShop.Receipt("r1", "S1", "anna", Now, ("p1", 1, 100_00), ("p2", 1, 100_00), ("p3", 1, 100_00));
        await till.ReserveAsync(all with { Id = "r0", Store = "S2", Lines = [all.Lines[0]] });
        store.Take(await till.PackAsync("S1"));
        Assert.Equal([0L, 20_00, 20_00], store.Price(all).Lines.Select(line => line.Discount.Minor));

        // One that she used counts, off-line as on-line.
        till.Close(all with { Id = "r0", Store = "S2", Lines = [all.Lines[0]] });
        store.Take(await till.PackAsync("S1"));
        Assert.Equal([0L, 20_00, 0], store.Price(all).Lines.Select(line => line.Discount.Minor));
    }

    [Fact]
    public async Task What_a_power_loss_brings_back_of_a_settled_lease_sells_nothing()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        store.Close(Receipt("r1", "S1", "anna"));
        await OfflineShop.Settle(till, store);
        var pack = Directory.GetFiles(world.Disk("S1"), "store.pack", SearchOption.AllDirectories).Single();
        var settled = File.ReadAllBytes(pack);
        store.Take(await till.PackAsync("S1"));
        store.Dispose();
        // The new pack's name wasn't on the disk yet.
        File.WriteAllBytes(pack, settled);
        using var again = world.OpenStore("S1");
        Assert.False(again.MustSellFromPack);
        Assert.Equal("lease-sealed", Assert.Throws<GuardException>(() => again.Close(Receipt("r2", "S1", "boris"))).Code);
        again.Take(await till.PackAsync("S1"));
        Assert.Equal(80_00, again.Close(Receipt("r2", "S1", "boris")).Total.Minor);
    }

    [Fact]
    public async Task A_lease_ends_when_the_receipts_that_the_centre_refused_are_named()
    {
        using var world = Milk(""" "offline": { "mode": "packs" } """);
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        store.Close(Receipt("r1", "S1", "anna"));
        store.Close(Receipt("r2", "S1", "boris"));
        // Its id was used before.
        till.Close(Receipt("r2", "S2", "carl"));
        var lease = store.Leases[0];
        var upload = Assert.Single(lease.Seal());
        var answer = await till.UploadAsync(OfflineMessages.ReadUpload(upload), Language.English);
        async Task<string> Settle() => (await Assert.ThrowsAsync<GuardException>(() => till.SettleAsync(OfflineMessages.ReadSettle(lease.Settlement())))).Code;
        Assert.Equal("lease-incomplete", await Settle());
        Assert.Equal(("r2", "receipt-closed"), lease.Refused(answer).Select(refused => (refused.Id, refused.Code!)).Single());
        Assert.Equal("lease-incomplete", (await Assert.ThrowsAsync<GuardException>(() => till.SettleAsync(new SettleMessage { Store = "S1", Lease = lease.Id, Receipts = 2, Refused = ["r2", "r1"] }))).Code);
        Assert.Equal("lease-incomplete", (await Assert.ThrowsAsync<GuardException>(() => till.SettleAsync(new SettleMessage { Store = "S1", Lease = lease.Id, Receipts = 3, Refused = ["r2", "r2"] }))).Code);
        await till.SettleAsync(OfflineMessages.ReadSettle(lease.Settlement()));
        lease.Settled();
        Assert.Empty(till.OpenLeases());
        await till.SettleAsync(OfflineMessages.ReadSettle(lease.Settlement()));
        store.Take(await till.PackAsync("S1"));
        Assert.False(store.MustSellFromPack);
    }

    [Fact]
    public async Task An_upload_that_another_process_has_to_take_is_refused_whole()
    {
        using var world = Milk(""" "offline": { "mode": "packs" } """);
        byte[] upload;
        using (var till = world.Shop.OpenTill(world.Clock))
        using (var store = world.OpenStore("S1"))
        {
            store.Take(await till.PackAsync("S1"));
            store.Close(Receipt("r1", "S1", "anna"));
            upload = store.Leases[0].Seal()[0];
        }

        using var writer = world.Shop.OpenTill(world.Clock);
        writer.TakeWriter();
        using var other = world.Shop.OpenTill(world.Clock);
        Assert.Equal("till-taken", (await Assert.ThrowsAsync<GuardException>(() => other.UploadAsync(OfflineMessages.ReadUpload(upload), Language.English))).Code);
    }

    [Fact]
    public async Task An_extra_use_is_named_booked_and_can_be_taken_back()
    {
        using var world = Milk(""" "offline": { "mode": "packs", "copies": 2 } """);
        using var till = world.Shop.OpenTill(world.Clock);
        using OfflineTill home = world.OpenStore("S1"), near = world.OpenStore("S2");
        home.Take(await till.PackAsync("S1"));
        near.Take(await till.PackAsync("S2"));
        var code = till.Close(Receipt("r0", "S2", "anna")).Lines[0].Offer;
        Assert.Equal(80_00, home.Close(Receipt("r1", "S1", "anna")).Total.Minor);
        Assert.Equal(80_00, near.Close(Receipt("r2", "S2", "anna")).Total.Minor);
        var answer = Assert.Single((await OfflineShop.Upload(till, home.Leases[0].Seal()[0])).Receipts);
        Assert.Equal(("closed", code), (answer.State, Assert.Single(answer.ExtraUses!)));
        await OfflineShop.Settle(till, home);
        await OfflineShop.Settle(till, near);

        var report = new ExtraUseStore(world.Shop.State).List("w");
        Assert.Equal(
            ["anna r1 S1 r0 2000", "anna r2 S2 r0 2000"], report.Select(extra => $"{extra.Customer} {extra.Receipt} {extra.Store} {extra.FirstReceipt} {extra.DiscountMinor}"));
        Assert.All(report, extra => Assert.Equal(code, extra.Offer));
        Assert.Equal(3, new RedemptionStore(world.Shop.State).OfWave("w").Count);
        Assert.Equal(1, till.Rights("w").Redeemed);

        using (var again = world.Shop.OpenTill(world.Clock)) Assert.Equal(TillRefusal.OfferUsed, again.Price(Receipt("x", "S2", "anna")).Lines[0].Refusal);
        await till.CancelAsync("r1");
        Assert.Equal("r2", Assert.Single(new ExtraUseStore(world.Shop.State).List("w")).Receipt);
        Assert.Null(new RedemptionStore(world.Shop.State).BooksDifference());
    }

    [Fact]
    public async Task While_an_extra_use_stands_no_store_gets_the_offer_again_even_if_an_earlier_one_was_returned()
    {
        using var world = Milk(""" "offline": { "mode": "packs", "copies": 2 } """);
        using var till = world.Shop.OpenTill(world.Clock);
        using OfflineTill home = world.OpenStore("S1"), near = world.OpenStore("S2");
        home.Take(await till.PackAsync("S1"));
        near.Take(await till.PackAsync("S2"));
        till.Close(Receipt("r0", "S2", "anna"));
        home.Close(Receipt("r1", "S1", "anna"));
        near.Close(Receipt("r2", "S2", "anna"));
        await OfflineShop.Settle(till, home);
        await OfflineShop.Settle(till, near);
        await till.CancelAsync("r1");
        await till.CancelAsync("r0");
        Assert.Equal("r2", Assert.Single(new ExtraUseStore(world.Shop.State).List("w")).Receipt);
        home.Take(await till.PackAsync("S1"));
        Assert.Equal(TillRefusal.OfferUsed, home.Price(Receipt("r3", "S1", "anna")).Lines[0].Refusal);
        Assert.Equal(80_00, till.Price(Receipt("r3", "S2", "anna")).Total.Minor);
    }

    [Fact]
    public async Task Goods_brought_back_off_line_are_refunded_as_the_centre_would_and_travel_with_their_receipt()
    {
        using var world = Milk();
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        var three = Receipt("r1", "S1", "anna") with { Lines = [new TillLine("1", "milk", Quantity.Of(3), new Money(33_35))] };
        Assert.Equal(80_04, store.Close(three).Total.Minor);
        store.Close(Receipt("r2", "S1", "boris"));

        var first = store.Return(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1.25m))]));
        Assert.Equal(("partly-returned", 33_35L, 8_33L), (first.State, first.RefundMinor, first.DiscountMinor));
        var last = store.Return(new TillReturn("r1", "b2", [new ReturnedLine("1", Quantity.Of(1.75m))]));
        Assert.Equal(("returned", 80_04L - 33_35, 20_01L - 8_33), (last.State, last.RefundMinor, last.DiscountMinor));
        Assert.Equal(TillMessages.Write(first), TillMessages.Write(store.Return(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1.250m))]))));
        string Code(TillReturn goods) => Assert.ThrowsAny<Exception>(() => store.Return(goods)) switch { GuardException refusal => refusal.Code, BadInputException bad => bad.Code, var other => $"{other}" };
        ReturnedLine[] one = [new ReturnedLine("1", Quantity.Of(1))];
        Assert.Equal("return-differs", Code(new TillReturn("r1", "b1", one)));
        Assert.Equal("receipt-returned", Code(new TillReturn("r1", "b3", one)));
        Assert.Equal("receipt-unknown", Code(new TillReturn("r9", "b1", one)));
        Assert.Equal("return-empty", Code(new TillReturn("r2", "b1", [])));
        Assert.Equal("line-unknown", Code(new TillReturn("r2", "b1", [new ReturnedLine("2", Quantity.Of(1))])));
        Assert.Equal("return-too-much", Code(new TillReturn("r2", "b1", [new ReturnedLine("1", Quantity.Of(1.001m))])));
        // Until the settlement the offer stays used in the store, so that its slice of the budget holds whatever comes back.
        Assert.Equal(TillRefusal.OfferUsed, store.Price(Receipt("r3", "S1", "anna")).Lines[0].Refusal);

        var upload = OfflineMessages.ReadUpload(store.Leases[0].Seal()[0]);
        Assert.Equal("lease-sealed", Code(new TillReturn("r2", "b1", one)));
        async Task<UploadedReceiptMessage> Sent(params ReturnMessage?[] returns) =>
            (await OfflineShop.Upload(till, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(upload with { Receipts = [upload.Receipts![0]! with { Returns = returns }] }, OfflineJson.Default.UploadMessage))).Receipts[0];
        var (b1, b2) = (upload.Receipts![0]!.Returns![0]!, upload.Receipts[0]!.Returns![1]!);
        Assert.Equal("receipt-doubtful", (await Sent(b1, b1)).Code);
        Assert.Equal("receipt-doubtful", (await Sent(b1 with { Id = "r2" })).Code);
        Assert.Equal("receipt-returned", (await Sent(b1, b2, b2 with { Return = "b3" })).Code);
        Assert.Equal("return-too-much", (await Sent(b2, b2 with { Return = "b3" })).Code);
        Assert.Equal("field-missing", (await Sent((ReturnMessage?)null)).Code);
        Assert.Empty(new RedemptionStore(world.Shop.State).OfWave("w"));

        Assert.Equal("receipt-unknown", (await Assert.ThrowsAsync<GuardException>(() => till.ReturnAsync(new TillReturn("r1", "b1", one)))).Code);
        Assert.Equal(["returned", "closed"], (await OfflineShop.Upload(till, store.Leases[0].Seal()[0])).Receipts.Select(receipt => receipt.State));
        Assert.Equal("receipt-differs", (await Sent(b1)).Code);
        Assert.Equal(TillMessages.Write(first), (await till.ReturnAsync(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1.25m))]))).Body);
        await OfflineShop.Settle(till, store);
        Assert.Equal(80_00, till.Price(Receipt("r3", "S2", "anna")).Total.Minor);
        Assert.Single(new RedemptionStore(world.Shop.State).OfWave("w"));
        Assert.Null(new RedemptionStore(world.Shop.State).BooksDifference());
    }

    [Theory]
    [InlineData("leased")]
    [InlineData("packs")]
    public async Task A_store_that_is_off_line_when_a_wave_ends_sells_with_the_next_ones_offers(string mode)
    {
        var plan = $$""" "offline": { "mode": "{{mode}}" } """;
        using var world = Milk(plan);
        var next = new Period(Shop.Week.End, Shop.Week.End.AddDays(7));
        world.Shop.AddWave("next", [(1, "anna", [Shop.Offer(1, 0, 1, 30)]), (4, "dora", [Shop.Offer(4, 0, 1, 30)])], $$"""{ "till": { {{plan}} } }""", WaveStatus.Published, next);
        var midnight = new DateTimeOffset(next.Start.ToDateTime(default), Now.Offset);
        world.Clock.Now = midnight.AddHours(-4);
        using var till = world.Shop.OpenTill(world.Clock);

        // For each day the pack of that day holds every offer that is live then: waves share no days.
        using (var live = new LiveDayStore(world.Shop.Data, world.Shop.State, world.Clock))
            for (var day = Shop.Week.End.AddDays(-1); day <= Shop.Week.End.AddDays(2); day = day.AddDays(1))
                Assert.Equal(Assert.Single(live.On(day).Packs).WaveId, StorePackFile.Lease(await till.PackAsync("S1", day)).Split('/')[0]);

        var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1", next.Start));
        store.Take(await till.PackAsync("S1"));
        Assert.Equal(["next", "w"], store.Leases.Select(lease => lease.Id.Split('/')[0]).Order());
        TillReceipt At(string id, string customer, TimeSpan after) => Receipt(id, "S1", customer) with { Time = midnight + after };
        TillReceipt[] sold = [At("r1", "anna", TimeSpan.FromSeconds(-1)), At("r2", "anna", TimeSpan.Zero), At("r3", "anna", TimeSpan.FromHours(1)), At("r4", "boris", TimeSpan.FromHours(-1))];
        byte[][] told = [.. sold.Select(receipt => TillMessages.Write(store.Close(receipt)))];
        Assert.Equal([80_00, 70_00, 100_00, 80_00], sold.Select(receipt => store.Close(receipt).Total.Minor));
        store.Dispose();
        using var again = world.OpenStore("S1");
        world.Clock.Now = midnight.AddHours(2);
        Assert.Equal(told, sold.Select(receipt => TillMessages.Write(again.Close(receipt))));
        Assert.Equal("receipt-differs", Assert.Throws<GuardException>(() => again.Close(At("r1", "anna", TimeSpan.Zero))).Code);
        Assert.Equal(80_00, again.Return(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1))])).RefundMinor);
        Assert.Equal(mode == "leased" ? TillRefusal.OfferLeased : TillRefusal.None, till.Price(Receipt("x", "S2", "dora") with { Time = world.Clock.Now }).Lines[0].Refusal);

        foreach (var lease in again.Leases.Reverse()) Assert.All((await OfflineShop.Upload(till, lease.Seal()[0])).Receipts, receipt => Assert.Null(receipt.Code));
        await OfflineShop.Settle(till, again);
        Assert.False(again.MustSellFromPack);
        Assert.Equal("r4", Used("w"));
        Assert.Equal("r2", Used("next"));
        Assert.Empty(new ExtraUseStore(world.Shop.State).List(null));
        Assert.Empty(till.OpenLeases());
        Assert.Null(new RedemptionStore(world.Shop.State).BooksDifference());

        // What is over goes from the disk with the next pack.
        again.Take(await till.PackAsync("S1"));
        Assert.Equal("next/2/S1", Assert.Single(again.Leases).Id);
        using var last = world.OpenStore("S1");
        Assert.Single(last.Leases);

        string Used(string wave) => Assert.Single(new RedemptionStore(world.Shop.State).OfWave(wave)).Receipt;
    }

    [Fact]
    public async Task An_upload_that_contradicts_itself_or_the_centre_has_no_effect()
    {
        using var world = Milk(""" "budget": 160, "offline": { "mode": "leased" } """);
        using var till = world.Shop.OpenTill(world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await till.PackAsync("S1"));
        var foreign = till.Price(Receipt("x", "S2", "carl")).Lines[0].Offer;
        store.Close(Receipt("r1", "S1", "anna"));
        var upload = OfflineMessages.ReadUpload(store.Leases[0].Seal()[0]);
        var good = upload.Receipts![0]!;
        async Task<string?> Code(UploadMessage changed) => OfflineMessages.ReadUpload(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(changed, OfflineJson.Default.UploadMessage)) is var read
            ? System.Text.Json.JsonDocument.Parse(await till.UploadAsync(read, Language.English)).RootElement.GetProperty("receipts")[0] is var answer && answer.TryGetProperty("code", out var code) ? code.GetString() : null : null;
        UploadMessage With(Func<OfflineLineMessage, OfflineLineMessage> change) => upload with { Receipts = [good with { Lines = [change(good.Lines![0]!)] }] };

        Assert.Equal("lease-unknown", await Code(upload with { Lease = "w/9/S1" }));
        Assert.Equal("lease-unknown", await Code(upload with { Store = "S2" }));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { Offer = foreign })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { Offer = null })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { DiscountMinor = 100_01 })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { DiscountMinor = -1 })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { BasketDiscountMinor = 1 })));
        Assert.Equal("slice-overspent", await Code(With(line => line with { DiscountMinor = 40_01 })));
        Assert.Equal("line-quantity", await Code(With(line => line with { Quantity = -1 })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { Product = "bread" })));
        Assert.Equal("receipt-doubtful", await Code(With(line => line with { Offer = null, DiscountMinor = 0 }) is var basket ? basket with { Receipts = [basket.Receipts![0]! with { BasketOffer = good.Lines![0]!.Offer }] } : upload));
        Assert.Equal("receipt-doubtful", await Code(upload with { Receipts = [good with { Time = new DateTimeOffset(Shop.Week.Start.ToDateTime(default), Now.Offset).AddHours(-3) }] }));
        Assert.Equal("receipt-doubtful", await Code(upload with { Receipts = [good with { Customer = "boris" }] }));
        Assert.Equal("lease-incomplete", (await Assert.ThrowsAsync<GuardException>(() => till.SettleAsync(OfflineMessages.ReadSettle(store.Leases[0].Settlement())))).Code);
        Assert.Empty(new RedemptionStore(world.Shop.State).OfWave("w"));

        Assert.Null(await Code(upload));
        Assert.Equal("receipt-differs", await Code(With(line => line with { DiscountMinor = 19_99 })));
        Assert.Equal("receipt-closed", Assert.Throws<GuardException>(() => till.Close(Receipt("r1", "S1", "anna"))).Code);
        await till.SettleAsync(OfflineMessages.ReadSettle(store.Leases[0].Settlement()));
        Assert.Equal("lease-settled", await Code(upload with { Receipts = [good with { Id = "r9" }] }));
        Assert.Single(new RedemptionStore(world.Shop.State).OfWave("w"));
    }

    static TillReceipt Receipt(string id, string store, string customer) => OfflineShop.Receipt(id, store, customer, Now, ("milk", 1, 100_00));

    static TillLine[] Lines(decimal quantity) => [new TillLine("1", "milk", Quantity.Of(quantity), new Money(100_00))];

    /// <summary>Two stores of one city; anna, boris and dora are at home in S1, carl and emma in S2; each has 20 % off milk.</summary>
    static OfflineShop Milk(string till = """ "offline": { "mode": "leased" } """)
    {
        var world = new OfflineShop();
        world.AddStores(2);
        world.Shop.AddProduct(1, "milk");
        (int Number, string Key, int Home)[] customers = [(1, "anna", 1), (2, "boris", 1), (3, "carl", 2), (4, "dora", 1), (5, "emma", 2)];
        foreach (var (number, key, home) in customers) world.AddCustomer(number, key, home);
        world.AddWave(till, [.. customers.Select(one => (one.Number, one.Key, (IReadOnlyList<Offer>?)[Shop.Offer(one.Number, 0, 1, 20)]))]);
        return world;
    }
}
