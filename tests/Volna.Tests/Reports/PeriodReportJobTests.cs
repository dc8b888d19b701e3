using System.Globalization;
using System.Text;
using Dapper;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports;
using Volna.Reports.Page;

namespace Volna.Tests.Reports;

public sealed class PeriodReportJobTests : IDisposable
{
    const double Share = 0.2;
    static readonly DateTimeOffset Late = new(2026, 12, 20, 6, 0, 0, TimeSpan.FromHours(3));
    static readonly DateOnly First = new(2026, 11, 19);

    readonly Shop _shop = new();

    public PeriodReportJobTests()
    {
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = First.AddDays(-30); day < First.AddDays(30); day = day.AddDays(1))
            for (var customer = 0; customer < 300; customer++)
                if ((customer + day.DayNumber) % 7 == 0)
                    receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{customer},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:000},P1,1,{100 + (customer * 37 % 101)},{100 + (customer * 37 % 101)}\n");
        _shop.Import(
            Late.DateTime,
            ("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\n"), ("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\nP1,a,Food/Milk,,Big,10,6,none,,\n"),
            ("receipts.csv", receipts.ToString()));
    }

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void Customers_of_each_wave_are_counted_by_the_messages_they_got_before_whether_they_buy_or_not()
    {
        for (var wave = 0; wave < 3; wave++) AddWave(wave);
        var report = Make();
        var expected = Enumerable.Range(0, 3).SelectMany(wave => Assigned().Select(customer => (Messages: Enumerable.Range(0, wave).Count(one => IsSent(one, customer.Number)), HeldOut: IsHeldOut(wave, customer.Number))))
            .GroupBy(one => one.Messages).OrderBy(group => group.Key).Select(group => (group.Key, (long)group.Count(one => !one.HeldOut), (long)group.Count(one => one.HeldOut)));
        Assert.Equal(expected, report.ByMessages.Select(one => (one.Messages, one.Treated, one.HeldOut)));
        Assert.All(report.ByMessages.Where(one => one.HeldOut >= 30), one => Assert.NotNull(one.Difference));
        var heldOut = report.ByMessages[0];
        var spend = Enumerable.Range(0, 3).SelectMany(wave => Assigned().Where(customer => IsHeldOut(wave, customer.Number) && Enumerable.Range(0, wave).All(one => !IsSent(one, customer.Number)))).Average(customer => Week(customer.Key));
        Assert.Equal(spend, heldOut.HeldOutSpend!.Value, 6);

        // A customer buys once a week.
        static double Week(string key) => 100.0 * (100 + (int.Parse(key[1..], CultureInfo.InvariantCulture) * 37 % 101));
    }

    [Fact]
    public void A_wave_whose_message_before_cannot_be_known_any_more_is_left_out()
    {
        for (var wave = 0; wave < 2; wave++) AddWave(wave);
        File.Delete(_shop.Data.Pack("w0"));
        Assert.Empty(Make().ByMessages);
    }

    [Fact]
    public void The_page_and_the_table_hold_every_part_and_say_where_there_is_not_enough_data_and_are_found_again()
    {
        AddWave(0);
        var report = Make();
        Assert.Null(report.MessagesTrend);
        var (csv, html) = (ReportStore.PeriodCsvPath(_shop.Data), ReportStore.PeriodPagePath(_shop.Data));
        ReportStore.Save(_shop.Data, report, csv, html, Language.Russian);
        var page = File.ReadAllText(html);
        Assert.Contains("Приносит ли волна меньше на тех, кому до неё много писали, сказать ещё нельзя: данных мало", page, StringComparison.Ordinal);
        Assert.Contains("Устают ли покупатели от волны к волне, сказать ещё нельзя: данных мало", page, StringComparison.Ordinal);
        Assert.Contains("be told yet: not enough data", PeriodPage.Of(report, Language.English), StringComparison.Ordinal);
        LinkedFigures.Check(page);
        var rows = File.ReadAllLines(csv);
        Assert.All(rows, row => Assert.Equal(rows[0].Count(c => c == ','), row.Count(c => c == ',')));
        Assert.Contains(rows, row => row.StartsWith("messages:0,spendPerCustomer,currency,", StringComparison.Ordinal));
        Assert.Contains("messages,changeWithEachMessage,share,,,,,,,,,,,,", rows);
        var found = ReportStore.FindPeriod(_shop.Data)!;
        Assert.Equal(page, PeriodPage.Of(found, Language.Russian));
    }

    PeriodReport Make() => PeriodReportJob.Make(_shop.Data, _shop.State, null, Late, null, TestContext.Current.CancellationToken);

    List<(int Number, string Key)> Assigned()
    {
        using var connection = _shop.State.Connect();
        return [.. connection.Query<(int Number, string Key)>("select number, key from customer").Where(customer => !UniversalHoldout.Includes(Share, Kernels.Hash64.Of(customer.Key)))];
    }

    void AddWave(int wave) => _shop.AddWave(
        $"w{wave}",
        Assigned().Select(customer => (customer.Number, customer.Key, IsHeldOut(wave, customer.Number) ? null : IsSent(wave, customer.Number) ? (IReadOnlyList<Offer>?)[Shop.Offer(customer.Number, 0, 1, 10)] : [])),
        PlanTemplateStore.Text.Replace("\"holdoutShare\": 0.1,", $"\"holdoutShare\": 0.3, \"universalHoldoutShare\": {Share.ToString(CultureInfo.InvariantCulture)},", StringComparison.Ordinal),
        WaveStatus.Published, new Period(First.AddDays(7 * wave), First.AddDays(7 * (wave + 1))));

    static bool IsHeldOut(int wave, int customer) => ((customer * 7) + (wave * 5)) % 10 < 3;

    /// <summary>Some get no offer.</summary>
    static bool IsSent(int wave, int customer) => !IsHeldOut(wave, customer) && customer % 4 != wave;
}
