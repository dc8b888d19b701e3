using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Tests.Offers.Choice;

namespace Volna.Tests.Offers.Generation;

public sealed class GenerateWaveJobTests
{
    [Fact]
    public void Any_number_of_threads_gives_the_same_digest_and_counts()
    {
        var shop = new MadeShop(21);
        var results = new List<(string Digest, string Statistics)>();
        foreach (var threads in (int[])[1, 2, 7, 1])
        {
            using var folder = new TemporaryFolder();
            var (digest, statistics) = GenerateWaveJob.Run(shop.Inputs(), new WavePartsStore(folder.Data, MadeShop.MadeWave()), threads, null, TestContext.Current.CancellationToken);
            results.Add((digest, statistics.ToJson()));
        }

        Assert.Single(results.Distinct());
    }

    /// <summary>What was shared out and what is told of it are reckoned apart: value is margin, turnover at its worth, and what is worth beside both.</summary>
    [Fact]
    public void The_value_is_what_the_figures_come_to()
    {
        using var folder = new TemporaryFolder();
        var (shop, sample) = (new MadeShop(22), OfferValuationTests.WithAllWorths(MadeShop.SamplePlan with { ExplorationShare = 0 }));
        var (_, statistics) = GenerateWaveJob.Run(shop.Inputs(plan: sample), new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        Assert.True(statistics is { Offers: > 100, ExpectedBySuppliersMinor: > 0, ExpectedBesideMinor: not 0 });
        Assert.Equal(statistics.ExpectedMarginMinor + (0.2 * statistics.ExpectedTurnoverMinor) + statistics.ExpectedBesideMinor, statistics.ValueMinor, statistics.Offers * 0.002);
    }

    [Fact]
    public void Another_seed_gives_another_digest()
    {
        using var folder = new TemporaryFolder();
        var shop = new MadeShop(21);
        string Digest(string id, ulong seed) =>
            GenerateWaveJob.Run(shop.Inputs(MadeShop.MadeWave(id, seed)), new WavePartsStore(folder.Data, MadeShop.MadeWave(id, seed)), 2, null, TestContext.Current.CancellationToken).Digest;
        Assert.Equal(Digest("a", 1), Digest("b", 1));
        Assert.NotEqual(Digest("c", 2), Digest("d", 3));
    }

    [Fact]
    public void The_pack_holds_every_customer_once()
    {
        using var folder = new TemporaryFolder();
        var shop = new MadeShop(22);
        var (digest, statistics) = GenerateWaveJob.Run(shop.Inputs(), new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        using var pack = OfferPackStore.Open(folder.Data, "w");
        Assert.Equal((300, digest, statistics.Offers), (pack.Customers, pack.Digest, pack.Offers));
        Assert.Equal(Enumerable.Range(1, 300), Enumerable.Range(0, 300).Select(place => pack.At(place).Customer.Value).Order());
        Assert.Equal((300, (long)Enumerable.Range(0, 300).Count(place => pack.At(place).HeldOut)), (statistics.Customers, statistics.HeldOut));
        Assert.Equal(statistics.DistinctProducts, Enumerable.Range(0, 300).SelectMany(pack.OffersAt).Select(offer => offer.Target).Distinct().Count());
    }

    [Fact]
    public void A_customer_held_out_of_all_waves_is_in_none_and_the_others_get_what_they_would_have_got()
    {
        var shop = new MadeShop(22);
        Dictionary<int, (bool HeldOut, string Offers)> Waves(ulong seed, double share, out long heldOutOfAll)
        {
            using var folder = new TemporaryFolder();
            var wave = MadeShop.MadeWave("w", seed);
            var (_, statistics) = GenerateWaveJob.Run(shop.Inputs(wave, MadeShop.SamplePlan with { UniversalHoldoutShare = share }), new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);
            using var pack = OfferPackStore.Open(folder.Data, "w");
            heldOutOfAll = statistics.UniversallyHeldOut;
            Assert.Equal(statistics.Customers, pack.Customers);
            return Enumerable.Range(0, pack.Customers).ToDictionary(place => pack.At(place).Customer.Value, place => (pack.At(place).HeldOut, string.Join(' ', pack.OffersAt(place))));
        }

        var all = Waves(1, 0, out var none);
        var (some, again, more) = (Waves(1, 0.2, out var fifth), Waves(2, 0.2, out _), Waves(1, 0.4, out var twoFifths));
        Assert.Equal((0, 300 - some.Count, 300 - more.Count), (none, fifth, twoFifths));
        Assert.InRange(fifth, 35, 85);
        Assert.Equal(some.Keys.Order(), again.Keys.Order());
        Assert.Superset(more.Keys.ToHashSet(), some.Keys.ToHashSet());
        Assert.All(some, customer => Assert.Equal(all[customer.Key], customer.Value));
    }

    [Fact]
    public void In_however_many_parts_shards_are_worked_on_the_offers_are_the_same()
    {
        var shop = new MadeShop(21);
        string Digest(int partsOfShard)
        {
            using var folder = new TemporaryFolder();
            var (digest, statistics) = GenerateWaveJob.Run(
                shop.Inputs(plan: MadeShop.SamplePlan with { Limits = [] }) with { PartsOfShard = partsOfShard }, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
            Assert.Equal(300, statistics.Customers);
            return digest;
        }

        var one = Digest(1);
        Assert.Equal(one, Digest(2));
        Assert.Equal(one, Digest(7));
    }

    [Theory]
    [InlineData(1, 80)]
    [InlineData(3, 30)]
    public void A_generation_broken_off_anywhere_goes_on_and_gives_the_same_digest(int partsOfShard, int mostAgain)
    {
        var shop = new MadeShop(23);
        string expected;
        using (var folder = new TemporaryFolder())
            expected = GenerateWaveJob.Run(shop.Inputs() with { PartsOfShard = partsOfShard }, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 1, null, TestContext.Current.CancellationToken).Digest;

        foreach (var stopAfter in (int[])[1, 60, 120, 200, 265])
        {
            using var folder = new TemporaryFolder();
            using var stop = new CancellationTokenSource();
            var broken = new MadeShop(23);
            var inputs = broken.Inputs() with { PartsOfShard = partsOfShard };
            inputs = inputs with
            {
                Score = (history, day, candidates, homeStore) =>
                {
                    broken.Score(history, day, candidates, homeStore);
                    if (broken.Scored == stopAfter) stop.Cancel();
                },
            };
            Assert.ThrowsAny<OperationCanceledException>(() => GenerateWaveJob.Run(inputs, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 1, null, stop.Token));
            Assert.False(File.Exists(folder.Data.Pack("w")));
            var before = broken.Scored;

            Assert.Equal(expected, GenerateWaveJob.Run(broken.Inputs() with { PartsOfShard = partsOfShard }, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 1, null, TestContext.Current.CancellationToken).Digest);
            // At most one part of five shards', or of fifteen, is done again.
            Assert.InRange(broken.Scored - before, 0, shop.Scored - before + mostAgain);
        }
    }

    [Theory]
    [InlineData("valued-03.bin")]
    [InlineData("valued-03.json")]
    [InlineData("ghosts-03.bin")]
    [InlineData("03.pack")]
    [InlineData("03.json")]
    [InlineData("trial-03.bin")]
    public void A_damaged_part_is_named_and_the_next_generation_makes_it_anew(string name)
    {
        using var folder = new TemporaryFolder();
        var shop = new MadeShop(23);
        (string Digest, WaveStatistics Statistics) Generate() => GenerateWaveJob.Run(shop.Inputs(), new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        var whole = Generate().Digest;
        foreach (var damage in (Action<FileStream>[])[file => file.SetLength(file.Length / 2), file => file.Write([255, 255, 255, 127, 9])])
        {
            var part = Assert.Single(Directory.GetFiles(folder.Data.Wave("w"), name, SearchOption.AllDirectories));
            using (var file = File.OpenWrite(part)) damage(file);
            // While its pack stands, nobody looks at what a part was made of.
            if (!name.StartsWith("03", StringComparison.Ordinal) && !name.StartsWith("trial", StringComparison.Ordinal)) File.Delete(Path.Combine(Path.GetDirectoryName(part)!, "03.json"));
            var told = Assert.ThrowsAny<Exception>(() => Generate());
            var refusal = Assert.IsType<GuardException>(told is AggregateException { InnerException: { } inner } ? inner : told);
            Assert.Equal("wave-part-damaged", refusal.Code);
            Assert.Equal(
                new Text(
                    $"{part}: is damaged; `volna wave generate w` makes this part of the wave anew, `volna wave reject w` gives the wave up.",
                    $"{part}: файл повреждён; `volna wave generate w` сформирует эту часть волны заново, `volna wave reject w` отменит волну."),
                refusal.Sentence);
            Assert.Equal(whole, Generate().Digest);
        }
    }

    [Fact]
    public void Two_processes_cannot_generate_one_wave()
    {
        using var folder = new TemporaryFolder();
        using (new WavePartsStore(folder.Data, MadeShop.MadeWave()).Lock())
            Assert.Equal("wave-busy", Assert.Throws<GuardException>(() => new WavePartsStore(folder.Data, MadeShop.MadeWave()).Lock()).Code);
        new WavePartsStore(folder.Data, MadeShop.MadeWave()).Lock().Dispose();
    }

    [Fact]
    public void What_earlier_waves_offered_is_not_offered_again()
    {
        using var folder = new TemporaryFolder();
        var shop = new MadeShop(24);
        var first = MadeShop.MadeWave("first") with { Validity = new Period(MadeShop.Day.AddDays(-7), MadeShop.Day) };
        GenerateWaveJob.Run(shop.Inputs(first), new WavePartsStore(folder.Data, first), 2, null, TestContext.Current.CancellationToken);
        using var earlier = OfferPackStore.Open(folder.Data, "first");
        GenerateWaveJob.Run(shop.Inputs() with { Earlier = [earlier] }, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        using var pack = OfferPackStore.Open(folder.Data, "w");
        var repeated = 0;
        for (var place = 0; place < pack.Customers; place++)
            repeated += pack.OffersAt(place).Select(offer => offer.Target).Intersect(earlier.OffersAt(earlier.Find(pack.At(place).KeyHash)).Select(offer => offer.Target)).Count();
        Assert.True(pack.Offers > 100);
        Assert.Equal(0, repeated);
    }

    // Letters at most once in ten days: the second wave goes without letters to whoever got one in the first, the third with them again.
    [Fact]
    public void Who_was_written_to_often_enough_through_a_channel_gets_her_offers_by_the_others_or_none()
    {
        var shop = new MadeShop(29);
        using var folder = new TemporaryFolder();
        const Channels Both = Channels.App | Channels.Email;
        var plan = MadeShop.SamplePlan with { Channels = Both, RepeatAfterWaves = 0, ChannelContacts = ImmutableDictionary<Channels, ContactLimit>.Empty.Add(Channels.Email, new ContactLimit(10, 1)) };
        var packs = new List<OfferPackStore>();
        var refused = new List<long>();
        foreach (var number in (int[])[1, 2, 3])
        {
            // The hold-out is drawn alike, so that only contacts differ.
            var wave = MadeShop.MadeWave($"w{number}") with { Validity = new Period(MadeShop.Day.AddDays(7 * (number - 1)), MadeShop.Day.AddDays(7 * number)) };
            var inputs = shop.Inputs(wave, plan) with { Earlier = [.. packs.AsEnumerable().Reverse()], EarlierChannels = [.. packs.Select(_ => Both)] };
            var (_, statistics) = GenerateWaveJob.Run(inputs, new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);
            refused.Add(statistics.Refusals.GetValueOrDefault(OfferRefusal.ContactLimit));
            packs.Add(OfferPackStore.Open(folder.Data, wave.Id));
        }

        var (others, none) = (0, 0);
        for (var place = 0; place < packs[0].Customers; place++)
        {
            var (first, second, third) = (packs[0].At(place), packs[1].At(place), packs[2].At(place));
            Assert.Equal((first.Customer, Channels.None), (third.Customer, first.Closed));
            if (first.Offers == 0) continue;
            var consents = shop.Profiles[first.Customer.Value].Consents & Both;
            Assert.Equal(Channels.Email, second.Closed);
            if (consents == Channels.Email)
            {
                Assert.Equal(0, second.Offers);
                none++;
            }
            else if (second.Offers > 0) others++;

            Assert.Equal(second.Offers > 0 ? Channels.None : third.Closed, third.Closed);
        }

        packs.ForEach(pack => pack.Dispose());
        Assert.True(others > 30 && none > 30, $"{others} by other channels, {none} by none");
        Assert.True(refused is [0, > 0, 0], string.Join(' ', refused));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(26)]
    public void A_wave_keeps_its_limits(ulong seed)
    {
        var shop = new MadeShop(seed);
        using var folder = new TemporaryFolder();
        var (_, free) = GenerateWaveJob.Run(shop.Inputs(), new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        var plan = MadeShop.SamplePlan with
        {
            ExplorationShare = 0.3,
            Limits =
            [
                new PlanLimit("all", TargetKind.Basket, "", new Money((long)(free.ExpectedDiscountMinor / 2)), null, null),
                new PlanLimit("B3", TargetKind.Brand, "B3", null, 10, null),
                new PlanLimit("B4", TargetKind.Brand, "B4", null, null, 60),
            ],
        };

        var wave = MadeShop.MadeWave("limited");
        var (_, statistics) = GenerateWaveJob.Run(shop.Inputs(wave, plan), new WavePartsStore(folder.Data, wave), 2, null, TestContext.Current.CancellationToken);

        using var pack = OfferPackStore.Open(folder.Data, "limited");
        var brands = Enumerable.Range(0, pack.Customers).SelectMany(pack.OffersAt).Select(offer => shop.Catalog.Product(offer.Target).Brand).ToList();
        Assert.True(statistics.ExpectedDiscountMinor <= free.ExpectedDiscountMinor / 2);
        Assert.InRange(brands.Count(brand => brand == "B3"), 1, 10);
        Assert.True(brands.Count(brand => brand == "B4") >= 60);
        Assert.True(statistics.ValueMinor < free.ValueMinor && statistics.Gap < 0.02, $"seed {seed}: gap {statistics.Gap:P3}");
        Assert.Equal(["all", "B3", "B4"], statistics.Limits.Select(limit => limit.Name));
        Assert.True(statistics.Limits[0].Price > 0 && statistics.Limits[1].Price > 0, $"seed {seed}: {string.Join(' ', statistics.Limits)}");
        Assert.True(statistics.Refusals.ContainsKey(OfferRefusal.LimitReached));
    }

    // Enough customers for a sample that tells the prices: while they are valued, what is needed at none of these is left out.
    [Fact]
    public void Why_something_is_not_offered_is_found_again_as_the_wave_counted_it()
    {
        var shop = new MadeShop(31, customers: 4_200, products: 60);
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { HoldoutShare = 0.8, MessageCost = 0.2, Limits = [new PlanLimit("all", TargetKind.Basket, "", Money.FromMajor(500), null, null)] };
        var (inputs, parts) = (shop.Inputs(plan: plan), new WavePartsStore(folder.Data, MadeShop.MadeWave()));
        var (_, statistics) = GenerateWaveJob.Run(inputs, parts, 2, null, TestContext.Current.CancellationToken);
        parts.Clear();

        var (goods, limits) = (inputs.Goods(parts.ReadLastSold()!), new SharedLimits(plan, shop.Catalog));
        var prices = parts.ReadPrices(limits.Limits.Length);
        var counted = new SortedDictionary<OfferRefusal, long>();
        using var pack = OfferPackStore.Open(folder.Data, "w");
        for (var place = 0; place < pack.Customers; place++)
        {
            var (customer, offers) = (pack.At(place), pack.OffersAt(place));
            if (customer.HeldOut) continue;
            var number = customer.Customer.Value;
            var judged = WhyJob.Judge(inputs, goods, limits, prices, statistics.Limits, shop.Profiles[number], shop.Histories[number], offers);
            Assert.Equal(offers.Select(offer => offer.Target).Order(), judged.Where(one => one.Refusal == OfferRefusal.None).Select(one => one.Candidate.Product).Order());
            foreach (var one in judged.Where(one => one.Refusal != OfferRefusal.None)) counted[one.Refusal] = counted.GetValueOrDefault(one.Refusal) + 1;
        }

        Assert.Equal(statistics.Refusals, counted);
        Assert.All((OfferRefusal[])[OfferRefusal.Outranked, OfferRefusal.LimitReached], refusal => Assert.True(counted.GetValueOrDefault(refusal) > 50, $"{refusal}: {counted.GetValueOrDefault(refusal)}"));
    }

    // In a currency of small units an offer on a phone may cost more than is kept of its cost.
    [Fact]
    public void A_budget_holds_whatever_an_offer_costs()
    {
        var shop = new MadeShop(28, customers: 100);
        var dear = new Catalog { Categories = shop.Catalog.Categories, Stores = shop.Catalog.Stores, Products = [.. shop.Catalog.Products.Select(product => product is null ? null : product with { Price = product.Price * 100_000, Cost = product.Cost * 100_000, FloorPrice = product.FloorPrice * 100_000 })] };
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("all", TargetKind.Basket, "", Money.FromMajor(20_000_000), null, null)] };
        var (_, statistics) = GenerateWaveJob.Run(shop.Inputs(plan: plan) with { Catalog = dear }, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        Assert.True(statistics.Offers > 0);
        Assert.InRange(statistics.ExpectedDiscountMinor, 0, 2_000_000_000);
    }

    [Fact]
    public void A_promise_that_cannot_be_kept_stops_the_wave_by_name()
    {
        var shop = new MadeShop(27);
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("launch", TargetKind.Product, "p7", null, null, 50)] };
        var refusal = Assert.Throws<GuardException>(() => GenerateWaveJob.Run(shop.Inputs(plan: plan), new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken));
        Assert.Equal("promise-infeasible", refusal.Code);
        Assert.StartsWith("launch: 50 offers are promised", refusal.Sentence.English, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Data.Pack("w")));
    }

    [Fact]
    public void A_promise_above_what_all_slots_hold_is_named_before_any_customer_is_looked_at()
    {
        var shop = new MadeShop(27);
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("launch", TargetKind.Basket, "", null, null, 10_000)] };
        var inputs = shop.Inputs(plan: plan);
        var refusal = Assert.Throws<GuardException>(() => GenerateWaveJob.Run(inputs, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken));
        Assert.Equal(("promise-infeasible", 0), (refusal.Code, shop.Scored));
        var possible = long.Parse(refusal.Sentence.English.Split("no more than ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var slots = plan.Segments.Max(segment => segment.Slots.Sum(slot => slot.Count));
        var customers = shop.Profiles.Count(profile => profile.Id.Value != 0);
        Assert.InRange(possible, customers * slots / 2, customers * slots);
    }

    [Fact]
    public void A_promise_in_some_stores_counts_who_buys_there_whatever_home_store_she_gave()
    {
        var shop = new MadeShop(27);
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { Limits = [new PlanLimit("launch", TargetKind.Basket, "", null, null, 20) { Where = new StoreRule([], ["Omsk"], StoreUnit.Together) }] };
        var inputs = shop.Inputs(plan: plan);
        inputs = inputs with { Profiles = Array.ConvertAll(inputs.Profiles, profile => profile with { HomeStore = default }) };
        var (_, statistics) = GenerateWaveJob.Run(inputs, new WavePartsStore(folder.Data, MadeShop.MadeWave()), 2, null, TestContext.Current.CancellationToken);
        Assert.True(statistics.Limits.Single(limit => limit.Name == "launch").Used >= 20);
    }
}
