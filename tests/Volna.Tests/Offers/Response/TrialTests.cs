using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Tests.Offers.Response;

public sealed class TrialTests
{
    static readonly MadeShop s_shop = new(31);

    [Fact]
    public void A_held_out_customer_gets_nothing_and_the_trial_keeps_exactly_what_she_would_have_got()
    {
        using var folder = new TemporaryFolder();
        var (_, nobody) = Generate(folder.Data, "all", MadeShop.SamplePlan with { HoldoutShare = 0 });
        var (pack, trial) = Generate(folder.Data, "some", MadeShop.SamplePlan with { HoldoutShare = 0.3 });
        Assert.DoesNotContain(nobody, offer => offer.IsGhost);

        var heldOut = pack.Where(customer => customer.HeldOut).ToList();
        Assert.InRange(heldOut.Count, 60, 120);
        Assert.All(heldOut, customer => Assert.Empty(customer.Offers));
        Assert.Subset(heldOut.Select(customer => customer.Customer).ToHashSet(), trial.Where(offer => offer.IsGhost).Select(offer => offer.Customer).ToHashSet());
        Assert.Equal(Rows(nobody), Rows(trial));
        Assert.True(trial.Count(offer => offer.IsGhost) > 100);
        Assert.Equal(Rows(trial.Where(offer => !offer.IsGhost)), pack.SelectMany(customer => customer.Offers.Select(offer => (customer.Customer, offer.Target, offer.Slot, offer.Depth.BasisPoints))).Order());

        static IEnumerable<(int, int, SlotKind, int)> Rows(IEnumerable<TrialOffer> offers) =>
            offers.Select(offer => (offer.Customer, offer.Product, offer.Slot, (int)offer.DepthBasisPoints)).Order();
    }

    /// <summary>Made or withheld, it is the depth of the price that she pays: of an amount off a multiple of 10, whatever step of the ladder it came from.</summary>
    [Fact]
    public void The_depth_is_what_an_amount_really_takes_off()
    {
        using var folder = new TemporaryFolder();
        var amount = MadeShop.SamplePlan.SlotKinds[SlotKind.Habit] with { Mechanic = Mechanic.AmountOff, RoundTo = new Money(1_000) };
        var (pack, trial) = Generate(folder.Data, "w", MadeShop.SamplePlan with { HoldoutShare = 0.3, ExplorationShare = 0.5, SlotKinds = MadeShop.SamplePlan.SlotKinds.SetItem(SlotKind.Habit, amount) });
        var made = pack.SelectMany(customer => customer.Offers).ToDictionary(offer => (offer.Customer.Value, offer.Target));
        var habits = trial.Where(offer => offer.Slot == SlotKind.Habit).ToList();
        Assert.True(habits.Count(offer => offer.IsGhost) > 20 && habits.Count(offer => !offer.IsGhost) > 50);
        foreach (var offer in habits)
        {
            var off = Math.Round(offer.DepthBasisPoints * offer.PriceMinor / 10_000 / 1_000) * 1_000;
            Assert.Equal(10_000 * off / offer.PriceMinor, offer.DepthBasisPoints, 0.5001);
            if (!offer.IsGhost) Assert.Equal(((long)off, (int)offer.DepthBasisPoints), (made[(offer.Customer, offer.Product)].Amount.Minor, made[(offer.Customer, offer.Product)].Depth.BasisPoints));
        }
    }

    [Fact]
    public void What_the_held_out_would_get_uses_none_of_a_limit_and_a_customer_held_out_of_all_waves_has_no_ghosts()
    {
        using var folder = new TemporaryFolder();
        var plan = MadeShop.SamplePlan with { HoldoutShare = 0.3, UniversalHoldoutShare = 0.2, Limits = [new PlanLimit("all", Volna.Intake.Catalog.TargetKind.Basket, "", null, 150, null)] };
        var (pack, trial) = Generate(folder.Data, "w", plan);
        var offers = pack.Sum(customer => customer.Offers.Count);
        Assert.InRange(offers, 140, 150);
        // They pay the same price for an offer as the others, so they'd get as many.
        var (each, ghosts) = ((double)offers / pack.Count(customer => !customer.HeldOut), (double)trial.Count(offer => offer.IsGhost) / pack.Count(customer => customer.HeldOut));
        Assert.InRange(ghosts, each / 2, each * 2);
        Assert.Subset(pack.Select(customer => customer.Customer).ToHashSet(), trial.Select(offer => offer.Customer).ToHashSet());
        Assert.All(s_shop.Profiles.Where(profile => profile.Id.Value != 0 && UniversalHoldout.Includes(0.2, profile.KeyHash)), profile => Assert.DoesNotContain(trial, offer => offer.Customer == profile.Id.Value));
    }

    [Fact]
    public void Of_many_customers_a_sample_is_looked_at_of_either_side()
    {
        var trial = new Trial(3, 0.1, 3_000_000);
        int Count(Func<ulong, bool> looksAt) => Enumerable.Range(0, 100_000).Count(number => looksAt(Kernels.Hash64.Of($"C{number}")));
        Assert.InRange(Count(trial.LooksAtHeldOut) / 100_000.0, 0.08, 0.0866);
        Assert.InRange(Count(trial.LooksAtOffered) / 100_000.0, 0.0086, 0.0099);
        Assert.Equal((0.5, 50_000 / 3_000_000.0), (trial.HeldOutShare, trial.LookedAt));
        var small = new Trial(3, 0.1, 25_000);
        Assert.Equal((100_000, 0.1, 1.0), (Count(small.LooksAtHeldOut), small.HeldOutShare, small.LookedAt));
    }

    [Fact]
    public void A_damaged_trial_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(TrialStore.Find(folder.Data, "w"));
        var path = folder.Data.Trial("w");
        TrialOffer[] offers = [new(1, 2, SlotKind.Habit, true, 1_500, 0.25f, 0.05f, 10_000, 7_000), new(3, 4, SlotKind.Winback, false, 500, 0.5f, 1, 500, 400)];
        TrialStore.Write(path, "w", offers);
        Assert.Equal(offers, TrialStore.Find(folder.Data, "w"));
        Assert.Contains("restore the file", Assert.Throws<BadInputException>(() => TrialStore.Read(path, "v")).Sentence.English, StringComparison.Ordinal);

        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 4;
            File.WriteAllBytes(path, bytes);
            Assert.Throws<BadInputException>(() => TrialStore.Find(folder.Data, "w"));
            bytes[at] ^= 4;
        }

        File.WriteAllBytes(path, bytes[..^1]);
        Assert.Throws<BadInputException>(() => TrialStore.Find(folder.Data, "w"));
        File.WriteAllBytes(path, []);
        Assert.Throws<BadInputException>(() => TrialStore.Find(folder.Data, "w"));
    }

    static (List<(int Customer, bool HeldOut, IReadOnlyList<Offer> Offers)> Pack, TrialOffer[] Trial) Generate(DataFolder folder, string id, Plan plan)
    {
        var wave = MadeShop.MadeWave(id);
        GenerateWaveJob.Run(s_shop.Inputs(wave, plan), new WavePartsStore(folder, wave), 2, null, TestContext.Current.CancellationToken);
        using var pack = OfferPackStore.Open(folder, id);
        return ([.. Enumerable.Range(0, pack.Customers).Select(place => (pack.At(place).Customer.Value, pack.At(place).HeldOut, pack.OffersAt(place)))], TrialStore.Find(folder, id)!);
    }
}
