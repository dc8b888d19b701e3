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
