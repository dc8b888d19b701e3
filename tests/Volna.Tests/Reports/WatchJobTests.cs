using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports;
using Volna.Reports.Health;
using Volna.Reports.Notices;

namespace Volna.Tests.Reports;

public sealed class WatchJobTests : IDisposable
{
    // The wave's second day is the newest whole one.
    static readonly DateOnly Newest = new(2026, 11, 27);
    static readonly DateTimeOffset Morning = new(2026, 11, 28, 6, 0, 0, TimeSpan.FromHours(3));

    readonly Shop _shop = new();

    public void Dispose() => _shop.Dispose();

    [Fact]
    public void A_turnover_below_its_learnt_corridor_is_told_once_and_stops_the_wave_where_the_plan_says_so()
    {
        Sell(customersOnNewestDay: 10);
        AddWave("""{ "stop": ["turnover"] }""");
        var look = Run();
        var turnover = Figure(look, HealthFigure.Turnover);
        Assert.False(turnover.IsWell);
        Assert.Equal(12, turnover.Corridor!.Days);
        Assert.Equal(["w"], look.Stopped);
        Assert.Equal(WaveStatus.Stopped, new WaveStore(_shop.State).Get("w").Status);
        var step = new WaveStore(_shop.State).Events("w")[^1];
        Assert.Equal("volna watch", step.By);
        Assert.Contains("оборот за день", step.Note, StringComparison.Ordinal);

        var notices = new NoticeStore(_shop.State).List(10);
        var notice = notices.Single(one => one.Data.Contains("\"figure\":\"turnover\"", StringComparison.Ordinal));
        Assert.Contains("was stopped", notice.Body.English, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(notice.Payload);
        Assert.True(data.RootElement.GetProperty("data").GetProperty("stopped").GetBoolean());
        Assert.Equal("2026-11-27", data.RootElement.GetProperty("data").GetProperty("day").GetString());

        Assert.Empty(Run().Live);
        Assert.Equal(notices.Count, new NoticeStore(_shop.State).List(10).Count);
    }

    [Fact]
    public void A_healthy_wave_is_left_alone()
    {
        Sell(customersOnNewestDay: 120);
        AddWave("""{ "stop": ["turnover", "margin"] }""");
        var look = Run();
        Assert.Empty(look.Stopped);
        Assert.True(Figure(look, HealthFigure.Turnover).IsWell && Figure(look, HealthFigure.Margin).IsWell);
        Assert.Equal(0, Figure(look, HealthFigure.Redemption).Measured.Value);
        Assert.Empty(new NoticeStore(_shop.State).List(10));
        Assert.Equal(look.Live[0].Figures.Select(figure => figure.Measured), Run().Live[0].Figures.Select(figure => figure.Measured));
    }

    [Fact]
    public void A_survey_is_judged_by_the_band_that_the_plan_sets_and_does_not_stop_what_it_does_not_name()
    {
        Sell(customersOnNewestDay: 120);
        AddWave("""{ "bands": { "satisfaction": { "atLeast": 4 }, "complaints": { "atMost": 1 } }, "stop": ["budgetPace"] }""");
        var survey = Path.Combine(Path.GetDirectoryName(_shop.Data.State)!, "survey.csv");
        File.WriteAllText(survey, "day,score,complaint\n2026-11-27,3,1\n2026-11-27,4,0\n2026-11-27,,1\n");
        Assert.Equal(3, WatchJob.ImportSurvey(_shop.State, survey));
        var look = Run();
        Assert.Equal((3.5, false), (Figure(look, HealthFigure.Satisfaction).Measured.Value, Figure(look, HealthFigure.Satisfaction).IsWell));
        Assert.Equal((2.0, false), (Figure(look, HealthFigure.Complaints).Measured.Value, Figure(look, HealthFigure.Complaints).IsWell));
        Assert.Empty(look.Stopped);
        Assert.Equal(2, new NoticeStore(_shop.State).List(10).Count);
    }

    [Fact]
    public void The_budget_s_pace_and_the_redemption_of_the_day_are_those_of_the_redemptions()
    {
        Sell(customersOnNewestDay: 120);
        AddWave("""{ "bands": { "budgetPace": { "atMost": 1.2 } } }""", till: """, "till": { "budget": 100 }""");

        // Two of seven days are past, and 60 of 100 are spent: 2.1 times as quick as the days.
        for (var offer = 1; offer <= 6; offer++)
            _shop.Run(
                "insert into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor) values ('w', @offer, 0, 'r', '1', 'S1', @day, 1000, 9000, 1000)",
                new { offer, day = offer == 1 ? "2026-11-26" : "2026-11-27" });
        var look = Run();
        Assert.Equal(0.6 / (2.0 / 7), Figure(look, HealthFigure.BudgetPace).Measured.Value, 9);
        Assert.False(Figure(look, HealthFigure.BudgetPace).IsWell);
        Assert.Equal(5.0 / 80, Figure(look, HealthFigure.Redemption).Measured.Value, 9);
        Assert.Equal(5_000.0 / Figure(look, HealthFigure.Turnover).Measured.Value, Figure(look, HealthFigure.DiscountShare).Measured.Value, 12);
    }

    [Fact]
    public void Redemptions_cut_by_a_floor_purchases_of_what_was_offered_and_slow_answers_are_measured()
    {
        Sell(customersOnNewestDay: 120);
        AddWave("""{ "bands": { "floorHits": { "atMost": 0.3 }, "latency": { "atMost": 50 } } }""");

        // Ten percent off 100.00: one got them whole, one lost a kopeck by rounding, two were cut by a floor.
        foreach (var (customer, paid, discount) in ((int, int, int)[])[(1, 9_000, 1_000), (2, 9_001, 999), (4, 9_400, 600), (5, 10_000, 0)])
            _shop.Run(
                "insert into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor) values ('w', @customer, 0, 'r', '1', 'S1', '2026-11-27', 1000, @paid, @discount)",
                new { customer, paid, discount });
        var times = new AnswerTimes();
        for (var call = 0; call < 100; call++) times.Add(TimeSpan.FromMilliseconds(100));
        WatchJob.KeepAnswerTimes(_shop.State, times, Morning);
        for (var call = 0; call < 100; call++) times.Add(TimeSpan.FromMilliseconds(1));
        WatchJob.KeepAnswerTimes(_shop.State, times, Morning);

        var look = Run();
        Assert.Equal((0.5, false), (Figure(look, HealthFigure.FloorHits).Measured.Value, Figure(look, HealthFigure.FloorHits).IsWell));
        Assert.InRange(Figure(look, HealthFigure.Latency).Measured.Value, 100, 125);
        Assert.False(Figure(look, HealthFigure.Latency).IsWell);
        Assert.Equal(new DateOnly(2026, 11, 28), Figure(look, HealthFigure.Latency).Measured.Day);
        Assert.Equal(1, Figure(look, HealthFigure.Match).Measured.Value);
    }

    [Fact]
    public void Whom_the_offers_still_reach_and_on_how_many_goods_redemptions_fall_is_measured()
    {
        Sell(customersOnNewestDay: 120);

        // Of the 80 with an offer, 60 agree to the application; then ten more of them withdraw that.
        _shop.Run("update customer set consents = case when number % 3 <> 0 and number % 12 in (1, 2) then 0 else 1 end");
        // Every second one has two offers. The first forty of those who redeem do so with ten products, the others each with one of her own.
        AddWave("""{ "bands": { "coverage": { "atLeast": 0.7 }, "variety": { "atLeast": 0.4 } } }""", offers: customer =>
            [Shop.Offer(customer, 0, customer <= 60 ? 1 + (customer % 10) : customer, 10), .. customer % 2 == 0 ? [Shop.Offer(customer, 1, 200, 10)] : Array.Empty<Offer>()]);
        var look = Run();
        Assert.Equal((0.75, true), (Figure(look, HealthFigure.Coverage).Measured.Value, Figure(look, HealthFigure.Coverage).IsWell));
        Assert.Equal(1.5, Figure(look, HealthFigure.OffersPerCustomer).Measured.Value);
        Assert.DoesNotContain(look.Live[0].Figures, figure => figure.Measured.Figure == HealthFigure.Variety);

        _shop.Run("update customer set consents = 0 where number % 12 = 4");
        foreach (var customer in Enumerable.Range(1, 90).Where(customer => customer % 3 != 0))
            _shop.Run(
                "insert into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor) values ('w', @customer, 0, @receipt, '1', 'S1', '2026-11-27', 1000, 9000, 1000)",
                new { customer, receipt = $"r{customer}" });
        look = Run();
        Assert.Equal((0.625, false), (Figure(look, HealthFigure.Coverage).Measured.Value, Figure(look, HealthFigure.Coverage).IsWell));
        Assert.Equal(1.4, Figure(look, HealthFigure.OffersPerCustomer).Measured.Value, 12);
        Assert.Equal(20.0 / 60, Figure(look, HealthFigure.Variety).Measured.Value, 12);
        Assert.False(Figure(look, HealthFigure.Variety).IsWell);
    }

    [Theory]
    [InlineData("day,score,complaint\n2026-13-01,1,0\n")]
    [InlineData("day,score,complaint\n2026-11-27,good,0\n")]
    [InlineData("day,score,complaint\n2026-11-27,4,yes\n")]
    [InlineData("score\n4\n")]
    public void A_survey_that_is_not_one_is_refused_whole(string content)
    {
        var survey = Path.Combine(Path.GetDirectoryName(_shop.Data.State)!, "survey.csv");
        File.WriteAllText(survey, content);
        Assert.StartsWith("survey-", Assert.Throws<BadInputException>(() => WatchJob.ImportSurvey(_shop.State, survey)).Code, StringComparison.Ordinal);
    }

    static Volna.Reports.Health.Health Figure(WatchJob.Look look, HealthFigure figure) => look.Live[0].Figures.Single(one => one.Measured.Figure == figure);

    WatchJob.Look Run() => WatchJob.Run(_shop.Data, _shop.State, Morning, null, TestContext.Current.CancellationToken);

    void AddWave(string watch, string till = "", Func<int, Offer[]>? offers = null)
    {
        using var connection = _shop.State.Connect();
        var customers = connection.Query<(int Number, string Key)>("select number, key from customer").ToList();
        var plan = PlanTemplateStore.Text;
        var end = plan.LastIndexOf('}');
        _shop.AddWave(
            "w", customers.Select(customer => (customer.Number, customer.Key, customer.Number % 3 == 0 ? null : (IReadOnlyList<Offer>?)(offers?.Invoke(customer.Number) ?? [Shop.Offer(customer.Number, 0, 1, 10)]))),
            $"{plan[..end].TrimEnd().TrimEnd(',')}, \"watch\": {watch}{till} }}", WaveStatus.Published);
    }

    /// <summary>Each of 120 customers buys for about as much each day of the twelve weeks before; on the newest day only some of them do.</summary>
    void Sell(int customersOnNewestDay)
    {
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = Newest.AddDays(-90); day <= Newest; day = day.AddDays(1))
            for (var customer = 0; customer < (day == Newest ? customersOnNewestDay : 120); customer++)
                receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{customer},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:000},P1,1,{100 + ((customer + day.DayNumber) % 9)},{100 + ((customer + day.DayNumber) % 9)}\n");
        _shop.Import(
            new DateTime(2026, 11, 28),
            ("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\n"), ("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\nP1,a,Food/Milk,,Big,10,6,none,,\n"),
            ("receipts.csv", receipts.ToString()));
    }
}
