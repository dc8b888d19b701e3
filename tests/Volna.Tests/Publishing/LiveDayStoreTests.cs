using Volna.Offers;
using Volna.Publishing;

namespace Volna.Tests.Publishing;

public sealed class LiveDayStoreTests
{
    static readonly DateOnly Day = new(2026, 11, 27);

    [Fact]
    public async Task While_one_loads_new_prices_the_others_go_on_with_the_old_ones()
    {
        using var shop = new Shop();
        shop.AddProduct(1, "milk", price: 100_00);
        using var clock = new HaltingClock();
        using var live = new LiveDayStore(shop.Data, shop.State, clock);
        var first = live.On(Day);
        shop.Run("update product set price_minor = 9000");
        clock.Now += TimeSpan.FromMinutes(2);

        var loading = Task.Factory.StartNew(
            () =>
            {
                clock.HaltAtCall(3);
                return live.On(Day);
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(clock.Halted.Wait(10_000, TestContext.Current.CancellationToken));
        var other = Task.Run(() => live.On(Day), TestContext.Current.CancellationToken);
        var answered = await Task.WhenAny(other, Task.Delay(5_000, TestContext.Current.CancellationToken)) == other;
        clock.GoOn.Set();

        Assert.True(answered);
        Assert.Same(first, await other);
        Assert.Equal(new Money(90_00), (await loading).Catalog.Product(1).Price);
        Assert.Same(await loading, live.On(Day));
    }

    [Fact]
    public void Only_what_a_till_needs_is_loaded()
    {
        using var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPromotion(1, store: 1, percent: 10);
        shop.Run("insert into stock (store, product, quantity_thousandths, batch) values (1, 1, 1000, 1)");
        using var live = new LiveDayStore(shop.Data, shop.State, TimeProvider.System);
        var catalog = live.On(Day).Catalog;
        Assert.Empty(catalog.Stock);
        Assert.NotNull(catalog.FindProduct("milk"));
        Assert.NotNull(catalog.FindStore("S"));
        Assert.Single(catalog.MassPromotions);
    }

    [Fact]
    public void A_pack_is_opened_and_checked_once()
    {
        using var shop = new Shop();
        shop.AddPublishedWave("w", (1, "anna", null));
        using var live = new LiveDayStore(shop.Data, shop.State, TimeProvider.System);
        var wave = new WaveStore(shop.State).Get("w");
        Assert.Same(live.Pack(wave), live.Pack(wave));
        Assert.Same(live.Pack(wave), Assert.Single(live.On(Day).Packs));
    }

    [Fact]
    public async Task A_wave_published_or_stopped_meanwhile_counts_within_a_moment()
    {
        using var shop = new Shop();
        shop.AddPublishedWave("a", (1, "anna", null));
        using var live = new LiveDayStore(shop.Data, shop.State, TimeProvider.System);
        Assert.Equal(["a"], live.On(Day).Packs.Select(pack => pack.WaveId));
        shop.AddPublishedWave("b", (2, "boris", null));
        await Becomes(["a", "b"]);
        shop.Run("update wave set status = @stopped where id = 'a'", new { stopped = (int)WaveStatus.Stopped });
        await Becomes(["b"]);

        async Task Becomes(string[] waves)
        {
            for (var left = 100; left > 0 && !live.On(Day).Packs.Select(pack => pack.WaveId).SequenceEqual(waves); left--) await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.Equal(waves, live.On(Day).Packs.Select(pack => pack.WaveId));
        }
    }

    [Fact]
    public void Days_of_late_receipts_and_of_look_ups_far_ahead_leave_today_at_hand()
    {
        using var shop = new Shop();
        var clock = new SetClock(Shop.Now);
        using var live = new LiveDayStore(shop.Data, shop.State, clock);
        var today = live.On(Day);
        foreach (var days in Enumerable.Range(1, 30).SelectMany(days => (int[])[-days, days]))
        {
            clock.Now += TimeSpan.FromMilliseconds(500);
            live.On(Day.AddDays(days));
        }

        Assert.Same(today, live.On(Day));
    }
}
