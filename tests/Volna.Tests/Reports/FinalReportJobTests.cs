using System.Globalization;
using System.Text;
using Dapper;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class FinalReportJobTests : IDisposable
{
    static readonly DateTimeOffset After = new(2026, 12, 4, 6, 0, 0, TimeSpan.FromHours(3));

    readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_wave_gets_its_final_report_once_when_it_is_over_and_its_receipts_are_in()
    {
        Sell(until: new DateOnly(2026, 12, 1));
        AddWave("w", WaveStatus.Published);
        Assert.Empty(Make());

        Sell(until: new DateOnly(2026, 12, 3));
        var outcome = Assert.Single(Make());
        Assert.Equal(("w", true), (outcome.Wave, outcome.Report!.IsOver));
        Assert.Equal(WaveStatus.Reported, new WaveStore(_shop.State).Get("w").Status);
        Assert.True(File.Exists(ReportStore.SlidesPath(_shop.Data, "w")) && File.Exists(ReportStore.PagePath(_shop.Data, "w")) && File.Exists(ReportStore.CsvPath(_shop.Data, "w")));
        LinkedFigures.Check(File.ReadAllText(ReportStore.PagePath(_shop.Data, "w")));
        Assert.Contains("lang=\"ru\"", File.ReadAllText(ReportStore.PagePath(_shop.Data, "w")), StringComparison.Ordinal);
        Assert.Empty(Make());

        // Once more when as many days after it are past: what was only bought in advance shows then.
        Sell(until: new DateOnly(2026, 12, 9));
        var late = new DateTimeOffset(2026, 12, 10, 6, 0, 0, TimeSpan.FromHours(3));
        Assert.Equal(NoVerdict.None, Assert.Single(FinalReportJob.Make(_shop.Data, _shop.State, late, null, TestContext.Current.CancellationToken)).Report!.Everyone[Metric.SpendAfter].Verdict);
        Assert.Empty(FinalReportJob.Make(_shop.Data, _shop.State, late, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_stopped_wave_is_reported_too_and_stays_stopped()
    {
        Sell(until: new DateOnly(2026, 12, 3));
        AddWave("w", WaveStatus.Published);
        new WaveStore(_shop.State).Move("w", WaveStatus.Published, WaveStatus.Stopped, "bob", Shop.Now);
        Assert.Equal(NoVerdict.StoppedTooSoon, Assert.Single(Make()).Report!.Everyone[Metric.SpendPerCustomer].Verdict);
        Assert.Equal(WaveStatus.Stopped, new WaveStore(_shop.State).Get("w").Status);
        Assert.Empty(Make());
    }

    [Fact]
    public void A_wave_whose_offers_are_gone_does_not_keep_the_others_waiting()
    {
        Sell(until: new DateOnly(2026, 12, 3));
        AddWave("a", WaveStatus.Published);
        AddWave("b", WaveStatus.Published);
        File.Delete(_shop.Data.Pack("a"));
        var outcomes = Make();
        Assert.Equal(["a", "b"], outcomes.Select(outcome => outcome.Wave).Order(StringComparer.Ordinal));
        Assert.Contains("offers.pack", outcomes.Single(outcome => outcome.Wave == "a").Failure!.English, StringComparison.Ordinal);
        Assert.NotNull(outcomes.Single(outcome => outcome.Wave == "b").Report);
    }

    IReadOnlyList<FinalReportJob.Outcome> Make() => FinalReportJob.Make(_shop.Data, _shop.State, After, null, TestContext.Current.CancellationToken);

    void AddWave(string id, WaveStatus status)
    {
        using var connection = _shop.State.Connect();
        var customers = connection.Query<(int Number, string Key)>("select number, key from customer").ToList();
        _shop.AddWave(
            id, customers.Select(customer => (customer.Number, customer.Key, customer.Number % 3 == 0 ? null : (IReadOnlyList<Offer>?)[Shop.Offer(customer.Number, 0, 1, 10)])),
            PlanTemplateStore.Text, status);
    }

    /// <summary>Receipts of every customer on every day.</summary>
    void Sell(DateOnly until)
    {
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = new DateOnly(2026, 11, 20); day <= until; day = day.AddDays(1))
            for (var customer = 0; customer < 120; customer++)
                if ((customer + day.DayNumber) % 7 == 0)
                    receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{customer},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:000},P1,1,{100 + customer},{100 + customer}\n");
        _shop.Import(
            until.AddDays(1).ToDateTime(default),
            ("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\n"), ("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\nP1,a,Food/Milk,,Big,10,6,none,,\n"),
            ($"receipts-{until.DayNumber}.csv", receipts.ToString()));
    }
}
