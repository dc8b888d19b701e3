using Volna.Kernels;
using Volna.Reports.Statistics;
using Volna.Tests;

namespace Volna.Simulation.Tests.Reports;

/// <summary>Holds every estimator that reports use against a thousand make-believe worlds whose truth is known.</summary>
public sealed class IntervalsTests(ITestOutputHelper output)
{
    const int Customers = 4_000;
    const double TreatedShare = 0.7;

    // Numbers of a customer.
    const int Spend = 0, Visits = 1, Bought = 2, Before = 3, BeforeRoot = 4, Numbers = 5;

    static readonly int[] Covariates = [Before, BeforeRoot];
    static readonly int Worlds = TestSize.Of(commit: 1_000, nightly: 10_000);

    sealed record Estimator(string Name, Func<Arms, Effect?> Effect, Func<Truth, double> Truth);

    static readonly Estimator[] Estimators =
    [
        .. new (string Name, Func<VectorMoments, Figure?> Of, Func<PotentialOutcomes, double> Truth)[]
        {
            ("spend", arm => Figure.OfMean(arm, Spend), all => all.Spend), ("visits", arm => Figure.OfMean(arm, Visits), all => all.Visits),
            ("conversion", arm => Figure.OfMean(arm, Bought), all => all.Bought), ("average check", arm => Figure.OfRatio(arm, Spend, Visits), all => all.Spend / all.Visits),
        }.SelectMany(one => new Estimator[]
        {
            new($"{one.Name}", arms => Plain(arms, one.Of).LookedAtOnce(), truth => one.Truth(truth.With) - one.Truth(truth.Without)),
            new($"{one.Name}, adjusted", arms => Adjusted(arms, one.Of).LookedAtOnce(), truth => one.Truth(truth.With) - one.Truth(truth.Without)),
            new($"{one.Name}, relative", arms => Relative(arms, one.Of, [])?.LookedAtOnce(), truth => (one.Truth(truth.With) / one.Truth(truth.Without)) - 1),
            new($"{one.Name}, relative, adjusted", arms => Relative(arms, one.Of, Covariates)?.LookedAtOnce(), truth => (one.Truth(truth.With) / one.Truth(truth.Without)) - 1),
        }),
        new("spend, stratified", arms => PostStratified.Of([.. arms.Strata.Select(stratum => Plain(stratum, arm => Figure.OfMean(arm, Spend)))])?.LookedAtOnce(), truth => truth.With.Spend - truth.Without.Spend),
    ];

    [Fact]
    public void Intervals_hold_the_true_effect_in_nineteen_of_twenty_worlds_and_adjusting_never_biases()
    {
        int[] covered = new int[Estimators.Length], judged = new int[Estimators.Length];
        double[] error = new double[Estimators.Length], squared = new double[Estimators.Length];
        EachWorld(1_000_000, new PanelEffect(Visits: 0.06, Basket: 0.04), (arms, truth) =>
        {
            for (var i = 0; i < Estimators.Length; i++)
            {
                if (Estimators[i].Effect(arms) is not { } effect) continue;
                var known = Estimators[i].Truth(truth);
                var miss = (effect.Difference - known) / ((effect.Upper - effect.Lower) / 3.92);
                lock (covered)
                {
                    judged[i]++;
                    if (effect.Lower <= known && known <= effect.Upper) covered[i]++;
                    error[i] += miss;
                    squared[i] += miss * miss;
                }
            }
        });

        for (var i = 0; i < Estimators.Length; i++)
        {
            var (share, bias) = ((double)covered[i] / judged[i], error[i] / judged[i]);
            output.WriteLine($"{Estimators[i].Name}: covered {share:P1} of {judged[i]}, bias {bias:F3} standard errors");
        }

        for (var i = 0; i < Estimators.Length; i++)
        {
            Assert.Equal(Worlds, judged[i]);
            Assert.True((double)covered[i] / judged[i] is >= 0.93 and <= 0.97, $"{Estimators[i].Name}: covered {(double)covered[i] / judged[i]:P1}; seeds from 1000000.");
            Assert.True(Math.Abs(error[i] / judged[i]) < 4 / Math.Sqrt(judged[i]), $"{Estimators[i].Name}: off by {error[i] / judged[i]:F3} standard errors on average; seeds from 1000000.");
        }
    }

    [Fact]
    public void Without_an_effect_one_in_twenty_looks_sure_and_eight_weeks_before_narrow_the_interval()
    {
        var alarms = new int[Estimators.Length];
        double width = 0, adjustedWidth = 0;
        EachWorld(2_000_000, PanelEffect.None, (arms, _) =>
        {
            for (var i = 0; i < Estimators.Length; i++)
                if (Estimators[i].Effect(arms)!.PValue < 0.05)
                    Interlocked.Increment(ref alarms[i]);
            lock (alarms)
            {
                width += Width(Estimators[0].Effect(arms)!);
                adjustedWidth += Width(Estimators[1].Effect(arms)!);
            }
        });

        output.WriteLine($"the adjusted interval of the spend is {adjustedWidth / width:P1} as wide");
        for (var i = 0; i < Estimators.Length; i++)
        {
            output.WriteLine($"{Estimators[i].Name}: false alarms {(double)alarms[i] / Worlds:P1}");
            Assert.True((double)alarms[i] / Worlds <= 0.07, $"{Estimators[i].Name}: false alarms in {(double)alarms[i] / Worlds:P1}; seeds from 2000000.");
        }

        Assert.True(adjustedWidth / width < 0.92);
    }

    /// <summary>How much is gained depends on how much of what customers do lasts: in two weeks chance rules, over months the customer does.</summary>
    [Theory]
    [InlineData(14, 0.92)]
    [InlineData(28, 0.88)]
    [InlineData(84, 0.80)]
    public void Eight_weeks_before_narrow_the_interval_the_more_the_longer_the_wave(int days, double atMost)
    {
        double width = 0, adjustedWidth = 0;
        for (var world = 0UL; world < 50; world++)
        {
            var panel = Simulation.Worlds.Panel(5_000_000 + world, Customers, PanelEffect.None, TreatedShare, days: days);
            var arms = ArmsOf(panel, i => panel.Customers[i].SpendMinor);
            width += Width(Plain(arms, arm => Figure.OfMean(arm, Spend)).LookedAtOnce()!);
            adjustedWidth += Width(Adjusted(arms, arm => Figure.OfMean(arm, Spend)).LookedAtOnce()!);
        }

        output.WriteLine($"{days} days: the adjusted interval of the spend is {adjustedWidth / width:P1} as wide; seeds from 5000000");
        Assert.True(adjustedWidth / width < atMost);
    }

    [Fact]
    public void Looked_at_daily_for_four_weeks_at_most_one_in_twenty_raises_a_false_alarm()
    {
        const int Days = 28;
        int alarms = 0, naive = 0, missed = 0;
        Parallel.For(0, Worlds, world =>
        {
            var panel = Simulation.Worlds.Panel(3_000_000 + (ulong)world, Customers / 2, PanelEffect.None, TreatedShare, days: Days);
            var plannedVariance = Plain(ArmsOf(panel, _ => 0), arm => Figure.OfMean(arm, Before)).Variance / 56 / 56;
            var sums = new long[panel.Customers.Count];
            bool alarm = false, naiveAlarm = false;
            Effect? last = null;
            for (var day = 1; day <= Days; day++)
            {
                for (var i = 0; i < sums.Length; i++) sums[i] += panel.SpendByDay(i)[day - 1];
                var arms = ArmsOf(panel, i => sums[i]);
                var adjusted = Adjusted(arms, arm => Figure.OfMean(arm, Spend));
                last = adjusted.LookedAtAnyTime(plannedVariance * day * day)!;
                alarm |= last.PValue < 0.05;
                naiveAlarm |= adjusted.LookedAtOnce()!.PValue < 0.05;
            }

            if (alarm) Interlocked.Increment(ref alarms);
            if (naiveAlarm) Interlocked.Increment(ref naive);
            if (last!.Lower > 0 || last.Upper < 0) Interlocked.Increment(ref missed);
        });

        output.WriteLine($"false alarms with a look each day: {(double)alarms / Worlds:P1}; with usual intervals {(double)naive / Worlds:P1}; at the end alone {(double)missed / Worlds:P1}");
        Assert.True((double)alarms / Worlds <= 0.05, $"False alarms in {(double)alarms / Worlds:P1}; seeds from 3000000.");
        Assert.True((double)naive / Worlds > 0.1, "Usual intervals would have done as well: the worlds are too easy.");
    }

    [Fact]
    public void A_skew_of_one_percent_of_a_million_customers_is_caught_and_an_honest_draw_is_not()
    {
        int caughtEven = 0, caughtPoint = 0, falseAlarms = 0;
        for (var run = 0; run < Worlds; run++)
        {
            var draw = new Draw(4_000_000 + (ulong)run, "sizes", 0);
            long HeldOut(double share, double customers) => (long)Math.Round((share * customers) + (Math.Sqrt(customers * share * (1 - share)) * draw.NextNormal()));
            var honest = HeldOut(0.1, 1e6);
            if (SampleRatio.Of(1_000_000 - honest, honest, 0.1)!.Alarm) falseAlarms++;
            var point = HeldOut(0.11, 1e6);
            if (SampleRatio.Of(1_000_000 - point, point, 0.1)!.Alarm) caughtPoint++;
            var even = HeldOut(0.505, 1e6);
            if (SampleRatio.Of(1_000_000 - even, even, 0.5)!.Alarm) caughtEven++;
        }

        output.WriteLine($"caught: 11 % for 10 % {caughtPoint}, 50.5 % for 50 % {caughtEven} of {Worlds}; false alarms {falseAlarms}");
        Assert.Equal((Worlds, Worlds), (caughtPoint, caughtEven));
        Assert.True(falseAlarms <= Worlds / 200, $"{falseAlarms} false alarms; seeds from 4000000.");
    }

    static double Width(Effect effect) => effect.Upper - effect.Lower;

    static Contrast Plain(Arms arms, Func<VectorMoments, Figure?> of) => Difference(arms, of, []);

    static Contrast Adjusted(Arms arms, Func<VectorMoments, Figure?> of) => Difference(arms, of, Covariates);

    static Contrast Difference(Arms arms, Func<VectorMoments, Figure?> of, ReadOnlySpan<int> covariates)
    {
        var (a, b) = (of(arms.Treated)!, of(arms.HeldOut)!);
        return Adjustment.Of(a, b, covariates).Difference(a, b);
    }

    static Contrast? Relative(Arms arms, Func<VectorMoments, Figure?> of, ReadOnlySpan<int> covariates)
    {
        var (a, b) = (of(arms.Treated)!, of(arms.HeldOut)!);
        return Adjustment.Of(a, b, covariates).Relative(a, b);
    }

    static void EachWorld(ulong firstSeed, PanelEffect effect, Action<Arms, Truth> look) => Parallel.For(0, Worlds, world =>
    {
        var panel = Simulation.Worlds.Panel(firstSeed + (ulong)world, Customers, effect, TreatedShare);
        look(ArmsOf(panel, i => panel.Customers[i].SpendMinor), TruthOf(panel));
    });

    static Arms ArmsOf(Panel panel, Func<int, long> spend)
    {
        var arms = new Arms(new VectorMoments(Numbers), new VectorMoments(Numbers));
        var strata = Enumerable.Range(0, 4).Select(_ => new Arms(new VectorMoments(Numbers), new VectorMoments(Numbers))).ToArray();
        Span<double> numbers = stackalloc double[Numbers];
        for (var i = 0; i < panel.Customers.Count; i++)
        {
            var customer = panel.Customers[i];
            numbers[Spend] = spend(i);
            numbers[Visits] = customer.Visits;
            numbers[Bought] = customer.Visits > 0 ? 1 : 0;
            numbers[Before] = customer.BeforeMinor;
            numbers[BeforeRoot] = Math.Sqrt(customer.BeforeMinor);
            arms.Of(customer.Treated).Add(numbers);
            strata[customer.BeforeMinor switch { 0 => 0, < 2_000_00 => 1, < 6_000_00 => 2, _ => 3 }].Of(customer.Treated).Add(numbers);
        }

        return arms with { Strata = strata };
    }

    static Truth TruthOf(Panel panel)
    {
        double customers = panel.Customers.Count;
        double Mean(bool with, Func<PanelCustomer, double> observed, Func<PanelCustomer, double> effect) =>
            panel.Customers.Sum(customer => observed(customer) + (with == customer.Treated ? 0 : with ? effect(customer) : -effect(customer))) / customers;
        PotentialOutcomes Life(bool with) => new(
            Mean(with, customer => customer.SpendMinor, customer => customer.TrueEffectMinor),
            Mean(with, customer => customer.Visits, customer => customer.TrueVisits),
            panel.Customers.Count(customer => customer.Visits + (with == customer.Treated ? 0 : with ? customer.TrueVisits : -customer.TrueVisits) > 0) / customers);
        return new Truth(Life(true), Life(false));
    }

    sealed record Arms(VectorMoments Treated, VectorMoments HeldOut)
    {
        public IReadOnlyList<Arms> Strata { get; init; } = [];

        public VectorMoments Of(bool treated) => treated ? Treated : HeldOut;
    }

    /// <summary>Means over all customers, had all of them got the wave or none.</summary>
    sealed record Truth(PotentialOutcomes With, PotentialOutcomes Without);

    sealed record PotentialOutcomes(double Spend, double Visits, double Bought);
}
