using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Response;
using Volna.Reports;
using Volna.Reports.Slots;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports;

public sealed class SlotEffectTests(ITestOutputHelper output)
{
    const int Worlds = 1_000, Customers = 1_000;
    const int HabitGood = 1, WinbackGood = 2, OtherGood = 3;

    /// <summary>An offer raises what its good brings; a winback offer takes as much from other goods as half of that.</summary>
    const double HabitEffect = 0.2, WinbackEffect = 0.8, TakenFromOthers = 0.5;

    [Fact]
    public void The_true_effect_of_a_kind_lies_within_its_interval_in_about_nineteen_of_twenty_worlds_though_kinds_go_to_customers_who_differ()
    {
        var covered = new Dictionary<(Dimension, string), int>();
        var naive = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var (groups, allHeldOut) = World(world, effect: true);
            foreach (var group in groups)
            {
                var spend = new Compare(BeforeDays: 56, ShareOver: 1, ValidityDays: 7).Slot(group, 0.5)[Metric.SpendPerCustomer];
                var truth = Truth(group.Dimension, group.Name);
                if (spend.Difference is { } effect && effect.Lower <= truth && truth <= effect.Upper) covered[(group.Dimension, group.Name)] = covered.GetValueOrDefault((group.Dimension, group.Name)) + 1;
                if ((group.Dimension, group.Name) != (Dimension.Slot, "winback")) continue;
                Figure offered = Figure.OfMean(group.Treated, 0)!, heldOut = Figure.OfMean(allHeldOut, 0)!;
                var blind = Adjustment.Of(offered, heldOut, []).Difference(offered, heldOut).LookedAtOnce()!;
                if (blind.Lower <= truth && truth <= blind.Upper) naive++;
            }
        }

        Assert.Equal(4, covered.Count);
        foreach (var ((dimension, name), count) in covered)
        {
            output.WriteLine($"{dimension} {name}: covered {(double)count / Worlds:P1}");
            Assert.True(count is >= (int)(0.93 * Worlds) and <= (int)(0.97 * Worlds), $"{dimension} {name}: the interval covers the truth in {(double)count / Worlds:P1}; seeds 0 to {Worlds - 1}.");
        }

        // Against all held-out customers, as without ghosts, the comparison is of others.
        Assert.True(naive < Worlds / 10, $"{naive}");
    }

    [Fact]
    public void Without_an_effect_a_kind_looks_sure_in_about_one_of_twenty_worlds()
    {
        var alarms = 0;
        for (var world = 0; world < Worlds; world++)
            foreach (var group in World(Worlds + world, effect: false).Groups)
                if (new Compare(56, 1, 7).Slot(group, 0.5)[Metric.SpendPerCustomer].Difference is { IsSure: true })
                    alarms++;
        Assert.InRange(alarms / (4.0 * Worlds), 0.03, 0.07);
    }

    [Fact]
    public void Where_limits_gave_a_kind_to_fewer_customers_than_would_have_got_it_nothing_is_said()
    {
        var (groups, _) = World(1, effect: true);
        var habit = groups.Single(group => (group.Dimension, group.Name) == (Dimension.Slot, "habit"));
        var compare = new Compare(56, 1, 7);
        Assert.Equal(NoVerdict.None, compare.Slot(habit, 0.5)[Metric.SpendPerCustomer].Verdict);
        Assert.Equal(NoVerdict.NotAlike, compare.Slot(habit, 0.4)[Metric.SpendPerCustomer].Verdict);
        Assert.Null(compare.Slot(habit, 0.5)[Metric.SpendPerCustomer].Total);
        Assert.Contains("limits", NoVerdict.NotAlike.Explain().English, StringComparison.Ordinal);
    }

    /// <summary>Heavy customers get a habit offer, lapsed ones a winback offer, and one in four of either both.</summary>
    static (List<GroupCounts> Groups, VectorMoments AllHeldOut) World(int seed, bool effect)
    {
        var trial = new List<TrialOffer>();
        var customers = new List<(int Number, bool HeldOut, bool Heavy, bool Habit, bool Winback)>();
        for (var number = 1; number <= Customers; number++)
        {
            var draw = new Draw((ulong)seed, "who", (ulong)number);
            bool heavy = draw.NextUnit() < 0.5, both = draw.NextUnit() < 0.25, heldOut = draw.NextUnit() < 0.5;
            customers.Add((number, heldOut, heavy, heavy || both, !heavy || both));
            if (heavy || both) trial.Add(new TrialOffer(number, HabitGood, SlotKind.Habit, heldOut, 1_000, 0.5f, 1, 100, 60));
            if (!heavy || both) trial.Add(new TrialOffer(number, WinbackGood, SlotKind.Winback, heldOut, 1_000, 0.5f, 1, 100, 60));
        }

        var tried = new TriedKinds(trial.ToArray());
        var sums = new SlotSums(tried);
        var measures = new double[Measures.Count];
        var all = new VectorMoments(Measures.Count);
        foreach (var (number, heldOut, heavy, habit, winback) in customers)
        {
            var draw = new Draw((ulong)seed, "buys", (ulong)number);
            var level = Level(heavy) * Math.Exp((0.5 * draw.NextNormal()) - 0.125);
            var gives = effect && !heldOut;
            double habitSpend = level * Noise(ref draw) * (gives && habit ? 1 + HabitEffect : 1), winbackBase = level * Noise(ref draw), gained = gives && winback ? WinbackEffect * level : 0;
            long[] now = [(long)habitSpend, (long)(winbackBase + gained), (long)((2 * level * Noise(ref draw)) - (TakenFromOthers * gained))];
            long[] before = [(long)(level * Noise(ref draw)), (long)(level * Noise(ref draw)), (long)(2 * level * Noise(ref draw))];
            Array.Clear(measures);
            (measures[(int)Measure.Spend], measures[(int)Measure.Bought], measures[(int)Measure.Receipts]) = (now.Sum(), 1, 1);
            (measures[(int)Measure.SpendBefore], measures[(int)Measure.ReceiptsBefore], measures[(int)Measure.BoughtBefore]) = (before.Sum(), 1, 1);
            sums.Add(new CustomerId(number), Lines(now), Lines(before), measures);
            if (heldOut) all.Add(measures);
        }

        return ([.. SlotSums.Whole(tried, [sums])], all);

        static double Noise(ref Draw draw) => Math.Exp((0.4 * draw.NextNormal()) - 0.08);
        static PurchaseLine[] Lines(long[] paid) => [.. ((int[])[HabitGood, WinbackGood, OtherGood]).Select((product, i) => new PurchaseLine(1, 1, 1, product, 1_000, paid[i], 0))];
    }

    static double Level(bool heavy) => heavy ? 30_000 : 10_000;

    static double Truth(Dimension dimension, string kind)
    {
        // Of those with a habit offer 0.5 are heavy for 0.125 that aren't; of those with a winback offer the reverse.
        var mix = kind == "habit" ? ((0.5 * Level(true)) + (0.125 * Level(false))) / 0.625 : ((0.125 * Level(true)) + (0.5 * Level(false))) / 0.625;
        if (dimension == Dimension.SlotGoods) return mix * (kind == "habit" ? HabitEffect : WinbackEffect);
        var winback = WinbackEffect * (1 - TakenFromOthers);
        var both = 0.125 * (Level(true) + Level(false)) / 0.625;
        return kind == "habit" ? (mix * HabitEffect) + (both * winback) : (mix * winback) + (both * HabitEffect);
    }
}
