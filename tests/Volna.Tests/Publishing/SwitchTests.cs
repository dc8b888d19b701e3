using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Plans;
using Volna.Publishing;

namespace Volna.Tests.Publishing;

/// <summary>Waves go live, are taken back, and break off half-way, while a reader asks a thousand times a second.</summary>
public sealed class SwitchTests
{
    const int Customers = 16, OffersEach = 3, WavesOfStore = 500;

    static readonly DateOnly Day = new(2026, 11, 27);

    [Fact]
    public async Task A_reader_sees_the_offers_of_one_wave_or_none()
    {
        var random = new Random(TestSize.Seed());
        long reads = 0, live = 0;
        for (var left = TestSize.Of(200, 10_000); left > 0; left -= WavesOfStore)
        {
            using var shop = new Shop();
            for (var product = 1; product <= OffersEach; product++) shop.AddProduct(product, $"p{product}");
            for (var customer = 1; customer <= Customers; customer++) shop.AddCustomer(customer, Key(customer), consents: Channels.App);
            using var store = new LiveDayStore(shop.Data, shop.State, TimeProvider.System);
            using var done = new CancellationTokenSource();
            var reader = Task.Run(() => Read(store, done.Token), TestContext.Current.CancellationToken);
            for (var wave = 0; wave < Math.Min(left, WavesOfStore) && !reader.IsCompleted; wave++) Publish(shop, wave, random);
            await done.CancelAsync();
            var (asked, found) = await reader;
            reads += asked;
            live += found;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{reads} reads, {live} of them found a live wave");
        Assert.True(live > TestSize.Of(200, 10_000), $"only {live} of {reads} reads found a live wave");
    }

    static string Key(int customer) => $"c{customer}";

    static bool IsHeldOut(int wave, int customer) => WaveHoldout.Includes((ulong)wave, 0.2, Hash64.Of(Key(customer)));

    static Percent Depth(int wave) => new(100 + wave);

    /// <summary>Publishes a wave, sometimes broken off in between and taken up again, and takes it back.</summary>
    static void Publish(Shop shop, int wave, Random random)
    {
        var id = shop.AddWave($"w{wave}", Enumerable.Range(1, Customers).Select(customer => (customer, Key(customer), IsHeldOut(wave, customer) ? null : (IReadOnlyList<Offer>)[.. Enumerable.Range(0, OffersEach)
            .Select(index => Shop.Offer(customer, index, index + 1, 1) with { Depth = Depth(wave) })])), PlanTemplateStore.Text);
        if (random.Next(3) == 0)
        {
            using var broken = new CancellationTokenSource();
            broken.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => PublishJob.Publish(shop.Data, shop.State, id, new PublishOptions { OutboxLimit = 0 }, Shop.Now, null, broken.Token));
        }

        if (random.Next(4) > 0) PublishJob.Publish(shop.Data, shop.State, id, new PublishOptions { OutboxLimit = 0 }, Shop.Now, null, TestContext.Current.CancellationToken);
        if (new WaveStore(shop.State).Get(id).Status == WaveStatus.Published) ReviewWaveJob.Stop(shop.State, id, "ann", "", dryRun: false, TimeProvider.System);
    }

    static async Task<(long Reads, long Live)> Read(LiveDayStore store, CancellationToken done)
    {
        long reads = 0, live = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!done.IsCancellationRequested)
        {
            var day = store.On(Day);
            reads++;
            Assert.InRange(day.Packs.Count, 0, 1);
            if (day.Packs.Count == 1)
            {
                live++;
                var wave = int.Parse(day.Packs[0].WaveId[1..], System.Globalization.CultureInfo.InvariantCulture);
                for (var customer = 1; customer <= Customers; customer++)
                {
                    var offers = Assert.Single(day.Offers(Key(customer))).Offers;
                    if (IsHeldOut(wave, customer)) Assert.Empty(offers);
                    else Assert.Equal([(1, Depth(wave)), (2, Depth(wave)), (3, Depth(wave))], offers.Select(offer => (offer.Target, offer.Depth)));
                }
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return (reads, live);
    }
}
