using System.Globalization;
using System.Text;
using Dapper;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports;
using Volna.Reports.Experiments;
using Volna.Reports.Page;
using Volna.Reports.Suppliers;

namespace Volna.Tests.Reports.Suppliers;

public sealed class SupplierPilotJobTests : IDisposable
{
    static readonly DateTimeOffset After = new(2026, 12, 5, 9, 0, 0, TimeSpan.FromHours(3));
    const int Customers = 900;

    readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_pilot_that_moves_sales_within_the_category_is_seen_as_that()
    {
        // A third is held out; of the others, those who would have bought Other's milk buy Big's.
        Sell(takesOver: true);
        AddWave();
        var pilot = Judge();
        Assert.Equal((NoVerdict.None, 600, 300), (pilot.Verdict, pilot.Treated, pilot.HeldOut));
        Assert.Equal(["Food"], pilot.Categories);
        var goods = pilot[PilotMetric.Goods];
        Assert.True(goods.IsSure && goods.Difference!.Difference > 0);
        Assert.True(pilot[PilotMetric.Others] is { IsSure: true, Difference.Difference: < 0 });
        Assert.False(pilot[PilotMetric.Category].IsSure);
        Assert.True(pilot[PilotMetric.NewBuyers].IsSure);
        Assert.Contains("partly taken from other goods", PilotHeadline.Of(pilot).English, StringComparison.Ordinal);

        // As a plain count of the receipts says.
        var sold = _sold.Where(one => one.Product == "P1" && one.Day >= Shop.Week.Start && one.Day < Shop.Week.End).ToList();
        foreach (var heldOut in (bool[])[false, true])
        {
            var arm = sold.Where(one => IsHeldOut(one.Customer) == heldOut).ToList();
            double size = heldOut ? 300 : 600;
            Assert.Equal(arm.Sum(one => one.Paid) * 100 / size, heldOut ? goods.HeldOut : goods.Treated, 6);
            Assert.Equal(arm.Select(one => one.Customer).Distinct().Count() / size, heldOut ? pilot[PilotMetric.Buyers].HeldOut : pilot[PilotMetric.Buyers].Treated, 9);
            var before = _sold.Where(one => one.Product == "P1" && one.Day < Shop.Week.Start).Select(one => one.Customer).ToHashSet();
            Assert.Equal(arm.Select(one => one.Customer).Distinct().Count(customer => !before.Contains(customer)) / size, heldOut ? pilot[PilotMetric.NewBuyers].HeldOut : pilot[PilotMetric.NewBuyers].Treated, 9);
        }
    }

    /// <summary>Truths are those of the draw: a buyer has one or two receipts of the goods, each of an amount with the mean 1,000.</summary>
    [Fact]
    public void Each_figure_of_a_pilot_covers_the_truth_in_about_nineteen_of_twenty_worlds()
    {
        const int Worlds = 1_000, Treated = 1_200, HeldOut = 800;
        int[] covered = new int[6], relative = new int[6];
        for (var world = 0; world < Worlds; world++)
        {
            var figures = PilotSums.Judge(Arm(world, "treated", Treated, 0.30), Arm(world, "held-out", HeldOut, 0.20), isBeforeKnown: true, isJudged: true);
            for (var i = 0; i < figures.Length; i++)
            {
                var (with, without) = (Truth((PilotMetric)i, 0.30), Truth((PilotMetric)i, 0.20));
                if (figures[i].Difference!.Lower <= with - without && with - without <= figures[i].Difference!.Upper) covered[i]++;
                if (figures[i].Relative!.Lower <= (with / without) - 1 && (with / without) - 1 <= figures[i].Relative!.Upper) relative[i]++;
            }
        }

        Assert.All(Enum.GetValues<PilotMetric>(), metric =>
        {
            Assert.True((double)covered[(int)metric] / Worlds is >= 0.93 and <= 0.97, $"{metric}: {(double)covered[(int)metric] / Worlds:P1}; seeds 0 to {Worlds - 1}.");
            Assert.True((double)relative[(int)metric] / Worlds is >= 0.93 and <= 0.97, $"{metric}, relative: {(double)relative[(int)metric] / Worlds:P1}; seeds 0 to {Worlds - 1}.");
        });

        static VectorMoments Arm(int world, string name, int customers, double chance)
        {
            var sums = new PilotSums([false, true, false], [false, true, true]);
            Span<PurchaseLine> within = stackalloc PurchaseLine[3], before = stackalloc PurchaseLine[1];
            for (var customer = 0; customer < customers; customer++)
            {
                var draw = new Draw((ulong)world, name, (ulong)customer);
                var likes = draw.NextUnit() < 0.5;
                var count = 0;
                if (draw.NextUnit() < chance * (likes ? 1.6 : 0.4))
                {
                    within[count++] = Line(ref draw, 1, 1);
                    if (draw.NextUnit() < 0.3) within[count++] = Line(ref draw, 2, 1);
                }

                if (draw.NextUnit() < 0.5 - chance) within[count++] = Line(ref draw, 3, 2);
                before[0] = Line(ref draw, 4, 1);
                sums.Add(within[..count], before[..(draw.NextUnit() < (likes ? 0.6 : 0.1) ? 1 : 0)]);
            }

            return sums.Moments;
        }

        static PurchaseLine Line(ref Draw draw, ulong receipt, int product) => new(receipt, Minute: 1, Store: 1, product, 1_000, PaidMinor: 500 + draw.NextBelow(1_001), DiscountMinor: 0);

        static double Truth(PilotMetric metric, double chance) => metric switch
        {
            PilotMetric.Goods => 1_300 * chance,
            PilotMetric.Others => 1_000 * (0.5 - chance),
            PilotMetric.Category => (1_300 * chance) + (1_000 * (0.5 - chance)),
            PilotMetric.Buyers => chance,

            // Those who like the goods bought them before with 60 %, the others with 10 %.
            PilotMetric.NewBuyers => 0.5 * chance * ((1.6 * 0.4) + (0.4 * 0.9)),
            _ => 0.3 * chance,
        };
    }

    [Fact]
    public void A_pilot_without_any_effect_is_not_called_one()
    {
        Sell(takesOver: false);
        AddWave();
        Assert.All(Judge().Figures, figure => Assert.False(figure.IsSure));
        Assert.Contains("may be chance", PilotHeadline.Of(Judge()).English, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_paid_is_what_the_ledger_says()
    {
        Sell(takesOver: false);
        AddWave();
        Redeem(1, "Big", 1_000);
        Redeem(2, "", 300);
        Redeem(3, "Other", 9_999, product: 2);
        var pilot = Judge();
        Assert.Equal((2, 1_000, 300), (pilot.Redeemed, pilot.PaidBySupplierMinor, pilot.PaidByRetailerMinor));
    }

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Russian)]
    public void The_supplier_s_page_shows_nothing_of_the_retailer_or_of_other_suppliers(Language language)
    {
        Sell(takesOver: true);
        AddWave();
        Redeem(2, "", 777_700);
        var pilot = Judge();
        var page = SupplierPage.Of(pilot, language);
        Assert.Contains("Big", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Other", page, StringComparison.Ordinal);
        foreach (var secret in (double[])[pilot.PaidByRetailerMinor, pilot[PilotMetric.Category].Total!.Difference, pilot[PilotMetric.Others].Total!.Difference])
            Assert.DoesNotContain(FigureText.SignedTotal(secret, language).TrimStart('+', '−'), page, StringComparison.Ordinal);
        foreach (var level in (double[])[pilot[PilotMetric.Category].Treated, pilot[PilotMetric.Category].HeldOut, pilot[PilotMetric.Others].Treated, pilot[PilotMetric.Others].HeldOut])
            Assert.DoesNotContain($">{FigureText.Of(MetricUnit.Money, level, language)}<", page, StringComparison.Ordinal);
        foreach (var count in (long[])[pilot.Treated, pilot.HeldOut]) Assert.DoesNotContain($">{FigureText.Count(count, language)}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pilot_is_planned_from_the_purchases_of_the_supplier_s_goods_alone()
    {
        Sell(takesOver: false);
        var (customers, baselines) = BaselineJob.Read(_shop.Data, _shop.State, 14, "Big", null, TestContext.Current.CancellationToken);
        var last = _sold.Max(one => one.Day);
        var spend = baselines.Single(baseline => baseline.Metric == Metric.SpendPerCustomer);
        Assert.Equal(Customers, customers);
        Assert.Equal(_sold.Where(one => one.Product == "P1" && one.Day > last.AddDays(-14)).Sum(one => one.Paid) * 100.0 / Customers, spend.Mean, 6);
        Assert.InRange(spend.ExplainedShare, 0.01, 0.9);
    }

    [Fact]
    public void A_supplier_nobody_knows_is_told_with_those_there_are()
    {
        Sell(takesOver: false);
        AddWave();
        var refusal = Assert.Throws<BadInputException>(() => SupplierPilotJob.Judge(_shop.Data, _shop.State, "w", "Bigg", After, null, TestContext.Current.CancellationToken));
        Assert.Contains("Big, Other", refusal.Sentence.English, StringComparison.Ordinal);
    }

    readonly List<(int Customer, DateOnly Day, string Product, int Paid)> _sold = [];

    static bool IsHeldOut(int customer) => customer % 3 == 0;

    SupplierPilot Judge() => SupplierPilotJob.Judge(_shop.Data, _shop.State, "w", "Big", After, null, TestContext.Current.CancellationToken);

    void Redeem(int customer, string payer, long discount, int product = 1) => _shop.Run(
        "insert into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor, target, payer) values ('w', @customer, 0, 'r', '1', 'S1', '2026-11-27', 1000, 9000, @discount, @product, @payer)",
        new { customer, discount, product, payer });

    void AddWave()
    {
        using var connection = _shop.State.Connect();
        var customers = connection.Query<(int Number, string Key)>("select number, key from customer").ToList();
        _shop.AddWave(
            "w", customers.Select(customer => (customer.Number, customer.Key, IsHeldOut(int.Parse(customer.Key[1..], CultureInfo.InvariantCulture)) ? null : (IReadOnlyList<Offer>?)[Shop.Offer(customer.Number, 0, 1, 10)])),
            PlanTemplateStore.Text.Replace("\"holdoutShare\": 0.1", "\"holdoutShare\": 0.33", StringComparison.Ordinal), WaveStatus.Published);
    }

    void Sell(bool takesOver)
    {
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = new DateOnly(2026, 9, 1); day <= new DateOnly(2026, 12, 3); day = day.AddDays(1))
            for (var customer = 0; customer < Customers; customer++)
            {
                var draw = new Draw(31, "sales", (ulong)((day.DayNumber * 10_000L) + customer));
                if (draw.NextUnit() > 0.08) continue;
                var product = customer % 5 == 0 ? "P1" : customer % 5 < 4 ? "P2" : "P3";
                if (takesOver && !IsHeldOut(customer) && product == "P2" && day >= Shop.Week.Start && draw.NextUnit() < 0.5) product = "P1";
                var paid = 80 + draw.NextBelow(40);
                _sold.Add((customer, day, product, paid));
                receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{customer},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:000},{product},1,{paid},{paid}\n");
            }

        _shop.Import(
            new DateTime(2026, 12, 4),
            ("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\n"),
            ("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\nP1,a,Food/Milk,,Big,10,6,none,,\nP2,b,Food/Milk,,Other,10,6,none,,\nP3,c,Home,,Other,10,6,none,,\n"),
            ("customers.csv", "key,home_store,consents\n" + string.Concat(Enumerable.Range(0, Customers).Select(i => $"C{i:000},S1,app\n"))), ("receipts.csv", receipts.ToString()));
    }
}
