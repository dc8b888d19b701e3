using Volna.Intake.History;
using Volna.Kernels;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class CompareTests(ITestOutputHelper output)
{
    static readonly Metric[] Judged = [Metric.SpendPerCustomer, Metric.MarginPerCustomer, Metric.ReceiptsPerCustomer, Metric.AverageCheck, Metric.BuyerShare];

    const int Experiments = 1_000, TreatedCustomers = 4_000, HeldOutCustomers = 1_000;

    [Fact]
    public void Without_an_effect_a_difference_is_sure_in_about_one_of_twenty_experiments()
    {
        var alarms = new int[Enum.GetValues<Metric>().Length];
        for (var run = 0; run < Experiments; run++)
        {
            var everyone = Everyone(Arm(run, "treated", TreatedCustomers, treated: false), Arm(run, "held-out", HeldOutCustomers, treated: false));
            foreach (var figures in Judged.Select(metric => everyone[metric]))
                if (figures.Difference!.PValue < 0.05)
                    alarms[(int)figures.Metric]++;
        }

        foreach (var metric in Judged)
        {
            var share = (double)alarms[(int)metric] / Experiments;
            output.WriteLine($"{metric}: false alarms {share:P1}");
            Assert.True(share is >= 0.03 and <= 0.07, $"{metric}: false alarms in {share:P1} of the experiments; seeds 0 to {Experiments - 1}.");
        }
    }

    [Fact]
    public void A_known_effect_lies_within_its_interval_in_about_nineteen_of_twenty_experiments()
    {
        int[] covered = new int[Judged.Length], relativeCovered = new int[Judged.Length];
        for (var run = 0; run < Experiments; run++)
        {
            var everyone = Everyone(Arm(run, "treated", TreatedCustomers, treated: true), Arm(run, "held-out", HeldOutCustomers, treated: false));
            foreach (var figures in Judged.Select(metric => everyone[metric]))
            {
                double with = Truth(figures.Metric, treated: true), without = Truth(figures.Metric, treated: false);
                if (figures.Difference!.Lower <= with - without && with - without <= figures.Difference.Upper) covered[(int)figures.Metric]++;
                if (figures.Relative!.Lower <= (with / without) - 1 && (with / without) - 1 <= figures.Relative.Upper) relativeCovered[(int)figures.Metric]++;
            }
        }

        foreach (var metric in Judged)
        {
            double share = (double)covered[(int)metric] / Experiments, relative = (double)relativeCovered[(int)metric] / Experiments;
            output.WriteLine($"{metric}: difference covered {share:P1}, relative difference {relative:P1}");
            Assert.True(share is >= 0.93 and <= 0.97, $"{metric}: the interval of the difference covers the truth in {share:P1}.");
            Assert.True(relative is >= 0.93 and <= 0.97, $"{metric}: the interval of the relative difference covers the truth in {relative:P1}.");
        }
    }

    // Skewed and full of zeros: one customer in five is heavy; a heavy one buys with 60 %, a light one with 15 %. Receipts of one customer are
    // alike (her own level), so that the average check needs the delta method. An effect raises the chance by a fifth and the check by a tenth.
    const double HeavyShare = 0.2, Cost = 0.7, CheckSigma = 0.8;

    static WaveOutcome Arm(int run, string name, int customers, bool treated)
    {
        var outcome = new WaveOutcome();
        for (var customer = 0; customer < customers; customer++)
        {
            var draw = new Draw((ulong)run, name, (ulong)customer);
            var heavy = draw.NextUnit() < HeavyShare;
            if (draw.NextUnit() >= Chance(heavy, treated))
            {
                outcome.Add(default);
                continue;
            }

            var receipts = 1 + draw.NextBelow(heavy ? 4 : 2);
            var level = Math.Exp(draw.NextNormal() * CheckSigma);
            var spend = (long)(receipts * level * Check(heavy, treated));
            outcome.Add(new CustomerOutcome(spend, (long)(spend * (1 - Cost)), spend, receipts));
        }

        return outcome;
    }

    static double Chance(bool heavy, bool treated) => (heavy ? 0.6 : 0.15) * (treated ? 1.2 : 1);

    static double Check(bool heavy, bool treated) => (heavy ? 80_000 : 40_000) * (treated ? 1.1 : 1);

    static double Truth(Metric metric, bool treated)
    {
        var buyers = Mixed(heavy => Chance(heavy, treated));
        var receipts = Mixed(heavy => Chance(heavy, treated) * (heavy ? 2.5 : 1.5));
        var spend = Mixed(heavy => Chance(heavy, treated) * (heavy ? 2.5 : 1.5) * Check(heavy, treated)) * Math.Exp(CheckSigma * CheckSigma / 2);
        return metric switch
        {
            Metric.SpendPerCustomer => spend,
            Metric.MarginPerCustomer => spend * (1 - Cost),
            Metric.ReceiptsPerCustomer => receipts,
            Metric.AverageCheck => spend / receipts,
            _ => buyers,
        };

        static double Mixed(Func<bool, double> of) => (HeavyShare * of(true)) + ((1 - HeavyShare) * of(false));
    }

    /// <summary>As a report judges them: adjusted by the days before, with all figures, the spend with the highest cut and the spend on some goods.</summary>
    [Fact]
    public void Adjusted_by_what_was_before_each_figure_the_cut_spend_and_goods_cover_the_truth_likewise()
    {
        var covered = new Dictionary<string, int>();
        for (var run = 0; run < Experiments; run++)
        {
            var (treated, heldOut) = (new Customers(run, "before-treated", TreatedCustomers, treated: true), new Customers(run, "before-held-out", HeldOutCustomers, treated: false));
            var compare = new Compare(BeforeDays: 56, ShareOver: 1, ValidityDays: 14, IsAfterOver: true);
            var everyone = compare.Customers(Dimension.Everyone, "", treated.Outcome.Moments, heldOut.Outcome.Moments);
            foreach (var figures in everyone.Metrics)
            {
                var (with, without) = (TruthBefore(figures.Metric, true), TruthBefore(figures.Metric, false));
                Count($"{figures.Metric}", figures.Difference!, with - without);
                Count($"{figures.Metric}, relative", figures.Relative!, (with / without) - 1);
            }

            var sums = new CappedSums();
            foreach (var (arm, heldOutArm) in ((Customers, int)[])[(treated, 0), (heldOut, 1)])
                foreach (var (spend, before) in arm.Spends)
                    sums.Add(heldOutArm, spend, before);
            var capped = CappedSums.Whole([sums], [TreatedCustomers, HeldOutCustomers])!;
            Count("cut", compare.Capped(capped, NoVerdict.None).Spend.Difference!, CutTruth(capped.BoundMinor, true) - CutTruth(capped.BoundMinor, false));
            var goods = compare.Goods(Dimension.Category, "Food", treated.Goods, heldOut.Goods, NoVerdict.None)[Metric.SpendPerCustomer];
            Count("goods", goods.Difference!, GoodsShare * (TruthBefore(Metric.SpendPerCustomer, true) - TruthBefore(Metric.SpendPerCustomer, false)));
        }

        foreach (var (name, count) in covered)
        {
            output.WriteLine($"{name}: covered {(double)count / Experiments:P1}");
            Assert.True((double)count / Experiments is >= 0.93 and <= 0.97, $"{name}: the interval covers the truth in {(double)count / Experiments:P1}; seeds 0 to {Experiments - 1}.");
        }

        Assert.Equal((2 * Enum.GetValues<Metric>().Length) + 2, covered.Count);

        void Count(string name, Volna.Reports.Statistics.Effect effect, double truth) =>
            covered[name] = covered.GetValueOrDefault(name) + (effect.Lower <= truth && truth <= effect.Upper ? 1 : 0);
    }

    const double GoodsShare = 0.3;

    /// <summary>Customers of one arm who bought in the days before, too, the heavy ones more often; after the wave they buy as within it, untouched.</summary>
    sealed class Customers
    {
        public WaveOutcome Outcome { get; } = new();

        public VectorMoments Goods { get; } = new(2);

        public List<(long Spend, long Before)> Spends { get; } = [];

        public Customers(int run, string name, int customers, bool treated)
        {
            for (var customer = 0; customer < customers; customer++)
            {
                var draw = new Draw((ulong)run, name, (ulong)customer);
                var heavy = draw.NextUnit() < HeavyShare;
                var within = Bought(ref draw, heavy, treated);
                var before = Bought(ref draw, heavy, treated: false);
                Outcome.Add(within, before, Bought(ref draw, heavy, treated: false), Bought(ref draw, heavy, treated));
                Goods.Add([draw.NextUnit() < GoodsShare ? within.SpendMinor : 0, draw.NextUnit() < GoodsShare ? before.SpendMinor : 0]);
                Spends.Add((within.SpendMinor, before.SpendMinor));
            }
        }

        static CustomerOutcome Bought(ref Draw draw, bool heavy, bool treated)
        {
            if (draw.NextUnit() >= Chance(heavy, treated)) return default;
            var receipts = 1 + draw.NextBelow(heavy ? 4 : 2);
            var spend = (long)(receipts * Math.Exp(draw.NextNormal() * CheckSigma) * Check(heavy, treated));
            return new CustomerOutcome(spend, (long)(spend * (1 - Cost)), spend, receipts, 3 * receipts);
        }
    }

    static double TruthBefore(Metric metric, bool treated) => metric switch
    {
        Metric.SpendAfter => Truth(Metric.SpendPerCustomer, treated),
        Metric.ItemsPerCustomer => 3 * Truth(Metric.ReceiptsPerCustomer, treated),

        // Of a heavy one's receipts three of four are more than one, of a light one's one of two.
        Metric.RepeatShare => (HeavyShare * 0.75 * Chance(true, treated)) + ((1 - HeavyShare) * 0.5 * Chance(false, treated)),
        Metric.KeptShare => ((HeavyShare * Chance(true, treated) * Chance(true, false)) + ((1 - HeavyShare) * Chance(false, treated) * Chance(false, false))) / Truth(Metric.BuyerShare, false),
        _ => Truth(metric, treated),
    };

    /// <summary>Mean of the smaller of a customer's spend and the bound; a spend is lognormal for each number of receipts.</summary>
    static double CutTruth(long bound, bool treated)
    {
        double mean = 0;
        foreach (var (heavy, share, most) in ((bool, double, int)[])[(true, HeavyShare, 4), (false, 1 - HeavyShare, 2)])
            for (var receipts = 1; receipts <= most; receipts++)
            {
                var median = receipts * Check(heavy, treated);
                var at = Math.Log(bound / median) / CheckSigma;
                mean += share * Chance(heavy, treated) / most * ((median * Math.Exp(CheckSigma * CheckSigma / 2) * Normal(at - CheckSigma)) + (bound * Normal(-at)));
            }

        return mean;

        static double Normal(double z) => 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2));
    }

    [Fact]
    public void Every_assigned_customer_counts_buyer_or_not()
    {
        var everyone = Everyone(Buyers(50, 1_000).AddNonBuyers(50), Buyers(20, 1_000).AddNonBuyers(80));
        Assert.Equal(100, everyone.Treated);
        Assert.Equal(100, everyone.HeldOut);
        Assert.Equal(500, everyone[Metric.SpendPerCustomer].Treated);
        Assert.Equal(200, everyone[Metric.SpendPerCustomer].HeldOut);
        Assert.Equal(0.5, everyone[Metric.BuyerShare].Treated);
        Assert.Equal(300, everyone[Metric.SpendPerCustomer].Difference!.Difference, 9);
        Assert.Equal(30_000, everyone[Metric.SpendPerCustomer].Total!.Difference, 6);
        Assert.Equal(1.5, everyone[Metric.SpendPerCustomer].Relative!.Difference, 9);
    }

    [Fact]
    public void What_cannot_be_said_is_a_verdict_and_never_a_zero()
    {
        var cases = """
            treated  treated buyers  held out  held-out buyers  over   verdict
            100      50              0         0                true   NoHeldOut
            0        0               100       50               true   NoHeldOut
            100      50              100       50               false  WaveNotOver
            100      50              29        10               true   TooFewCustomers
            100      50              30        10               true   None
            100      50              3         0                true   TooFewCustomers
            100      0               100       0                true   NoPurchases
            100      50              100       4                true   TooFewBuyers
            100      50              100       5                true   None
            """;
        foreach (var line in cases.Split('\n').Skip(1))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int Cell(int at) => int.Parse(cells[at], System.Globalization.CultureInfo.InvariantCulture);
            var everyone = Everyone(Buyers(Cell(1), 1_000).AddNonBuyers(Cell(0) - Cell(1)), Buyers(Cell(3), 1_000).AddNonBuyers(Cell(2) - Cell(3)), bool.Parse(cells[4]) ? 1 : 0.5);
            var spend = everyone[Metric.SpendPerCustomer];
            Assert.True(cells[5] == spend.Verdict.ToString(), $"{line}: was {spend.Verdict}");
            Assert.Equal(spend.Verdict == NoVerdict.None, spend.Difference is not null);
            Assert.Equal(spend.Verdict == NoVerdict.None, spend.Total is not null);
        }
    }

    [Fact]
    public void Without_any_known_cost_there_is_no_margin()
    {
        var outcome = new WaveOutcome().AddNonBuyers(60);
        for (var i = 0; i < 40; i++) outcome.Add(new CustomerOutcome(1_000 + i, 0, 0, 1));
        var everyone = Everyone(outcome, outcome);
        Assert.Equal(NoVerdict.NoCosts, everyone[Metric.MarginPerCustomer].Verdict);
        Assert.Null(everyone[Metric.MarginPerCustomer].Treated);
        Assert.Equal(1, everyone.UnknownCostShare);
        Assert.Equal(NoVerdict.None, everyone[Metric.SpendPerCustomer].Verdict);
    }

    [Fact]
    public void A_customer_s_outcome_takes_returns_off_and_counts_receipts_once()
    {
        Money?[] costs = [null, new Money(60), null];
        PurchaseLine[] lines =
        [
            new(Receipt: 11, Minute: 1, Store: 1, Product: 1, QuantityThousandths: 2_000, PaidMinor: 200, DiscountMinor: 0),
            new(Receipt: 11, Minute: 1, Store: 1, Product: 2, QuantityThousandths: 1_000, PaidMinor: 50, DiscountMinor: 0),
            new(Receipt: 12, Minute: 2, Store: 1, Product: 1, QuantityThousandths: -1_000, PaidMinor: -100, DiscountMinor: 0),
            new(Receipt: 13, Minute: 3, Store: 1, Product: 2, QuantityThousandths: 1_000, PaidMinor: 70, DiscountMinor: 0),
            new(Receipt: 11, Minute: 4, Store: 1, Product: 2, QuantityThousandths: 1_000, PaidMinor: 5, DiscountMinor: 0),
        ];

        Assert.Equal(new CustomerOutcome(SpendMinor: 225, MarginMinor: 200 - 120 - 100 + 60, SpendWithCostMinor: 100, Receipts: 2, Items: 4), CustomerOutcome.Of(lines, costs));
        Assert.Equal(default, CustomerOutcome.Of([], costs));
        Assert.Equal(new CustomerOutcome(-100, -40, -100, 0, -1), CustomerOutcome.Of(lines.AsSpan(2, 1), costs));
    }

    static WaveOutcome Buyers(int count, long spend)
    {
        var outcome = new WaveOutcome();
        for (var i = 0; i < count; i++) outcome.Add(new CustomerOutcome(spend, spend / 4, spend, 1));
        return outcome;
    }

    static Population Everyone(WaveOutcome treated, WaveOutcome heldOut, double shareOver = 1) =>
        new Compare(BeforeDays: 0, shareOver, ValidityDays: 14).Customers(Dimension.Everyone, "", treated.Moments, heldOut.Moments);
}
