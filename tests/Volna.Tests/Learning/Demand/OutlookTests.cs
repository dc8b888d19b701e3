using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Days = Volna.Learning.Days;

namespace Volna.Tests.Learning.Demand;

/// <summary>A shop where ice cream is bought in warm weeks and soup in cold ones, and bread always.</summary>
public sealed class OutlookTests
{
    const int Bread = 1, IceCream = 2, Soup = 3, Others = 30, Weeks = 60;

    static readonly DateOnly Today = MadeUpShop.Today;

    static readonly List<CustomerHistory> Shop = MakeShop();

    static readonly Content Known = new([0, 1, 2, 3], [], [0, 0]) { Series = [Temperature(daysAhead: 28)] };

    [Fact]
    public void Where_a_series_drives_demand_the_coming_window_is_foretold_better_with_it()
    {
        var (with, without) = (Train(Known), Train(Content.None));
        Assert.Equal(("temperature", SeriesVerdict.Used), (Assert.Single(with.Series).Name, with.Series[0].Verdict));
        Assert.InRange(with.Series[0].Gain, 0.3, 1);
        Assert.Empty(without.Series);
        var (better, worse) = (Loss(Known), Loss(Known with { Series = [] }));
        Assert.True(better < 0.97 * worse, $"log loss {better} with the temperature, {worse} without it");
    }

    [Fact]
    public void A_series_by_chance_is_hardly_ever_used_and_makes_the_forecast_no_worse()
    {
        var without = Loss(Known with { Series = [] });
        var used = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var content = Known with { Series = [Chance(seed, "noise")] };
            if (Train(content).Series[0].Verdict == SeriesVerdict.Used) used++;
            Assert.True(Loss(content) < 1.005 * without, $"seed {seed}: {Loss(content)}, {without} without");
        }

        Assert.InRange(used, 0, 2);
    }

    [Fact]
    public void Among_others_the_series_that_drives_demand_is_found()
    {
        var series = Train(Known with { Series = [Chance(3, "a"), Temperature(28), Chance(4, "b"), Chance(5, "c")] }).Series;
        Assert.Equal(["temperature"], series.Where(one => one.Verdict == SeriesVerdict.Used).Select(one => one.Name));
        Assert.All(series.Where(one => one.Name != "temperature"), one => Assert.Equal(SeriesVerdict.ForetellsNoBetter, one.Verdict));
        Assert.StartsWith("Series temperature is used: with it the error", series[1].Words.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_s_answer_has_its_sign_and_what_does_not_answer_stays_nearly_as_it_is()
    {
        // A warm window comes, after cold ones.
        var outlook = Of(Known, Weeks);
        Assert.InRange(outlook.Lift(0, IceCream), 0.3f, 1.4f);
        Assert.InRange(outlook.Lift(0, Soup), -1.4f, -0.3f);
        Assert.InRange(outlook.Lift(0, Bread), -0.1f, 0.1f);
        Assert.Equal(0, outlook.Lift(0, 9_999));
        Assert.Equal(outlook.Lift(0, Soup), outlook.Lift(7, Soup));
    }

    [Fact]
    public void The_chances_of_the_coming_window_follow_it_and_the_reason_says_so()
    {
        var (model, cold) = (Train(Known).Model, Train(Known with { Series = [Temperature(28, ahead: 0)] }).Model);
        var customer = MadeUpShop.Customer(
            MadeUpShop.Line(-40, Bread), MadeUpShop.Line(-40, IceCream), MadeUpShop.Line(-33, Bread), MadeUpShop.Line(-12, Soup), MadeUpShop.Line(-5, Bread));
        double Chance(DemandModel from, int product) => Score(from, customer, Today).Single(candidate => candidate.Product == product).Chance;
        Assert.True(Chance(model, IceCream) > 1.5 * Chance(cold, IceCream), $"{Chance(model, IceCream)} where it gets warm, {Chance(cold, IceCream)} where it stays cold");
        Assert.True(Chance(model, Soup) < Chance(cold, Soup) / 1.5, $"{Chance(model, Soup)} where it gets warm, {Chance(cold, Soup)} where it stays cold");
        Assert.Contains(model.Explain(customer, Today, IceCream), reason => reason.Reason == CandidateReason.TimeIsRight);
        Assert.DoesNotContain(model.Explain(customer, Today, Soup), reason => reason.Reason == CandidateReason.TimeIsRight);
        Assert.DoesNotContain(cold.Explain(customer, Today, IceCream), reason => reason.Reason == CandidateReason.TimeIsRight);
        var (warm, usual) = (Score(model, MadeUpShop.Customer(), Today), Score(cold, MadeUpShop.Customer(), Today));
        Assert.True(warm.Single(candidate => candidate.Product == IceCream).Chance > usual.Single(candidate => candidate.Product == IceCream).Chance);
    }

    [Theory]
    [InlineData(SeriesVerdict.Used, -60, 28, 60)]
    [InlineData(SeriesVerdict.Used, -60, 14, 60)]
    [InlineData(SeriesVerdict.NotKnownAhead, -60, 13, 60)]
    [InlineData(SeriesVerdict.NotKnownAhead, -60, 0, 60)]
    [InlineData(SeriesVerdict.KnownTooSeldom, -29, 28, 60)]
    [InlineData(SeriesVerdict.HistoryTooShort, -60, 28, 42)]
    public void A_series_that_cannot_be_used_is_named_with_the_cause(SeriesVerdict verdict, int firstWeek, int daysAhead, int weeks)
    {
        var use = Assert.Single(Of(Known with { Series = [Temperature(daysAhead, firstWeek: firstWeek)] }, weeks).Series);
        Assert.Equal((verdict, verdict == SeriesVerdict.Used), (use.Verdict, use.Gain > 0));
        Assert.NotEmpty(use.Words.English);
        Assert.NotEmpty(use.Words.Russian);
    }

    [Fact]
    public void A_series_that_never_changes_is_not_used()
    {
        var flat = Temperature(28) with { Values = Temperature(28).Values.ToDictionary(one => one.Key, _ => 5.0) };
        Assert.Equal(SeriesVerdict.NeverChanges, Assert.Single(Of(Known with { Series = [flat] }, Weeks).Series).Verdict);
    }

    [Fact]
    public void Nothing_is_learnt_from_purchases_of_the_day_or_later()
    {
        var day = Days.Of(Today) - 28;
        Outlook At(IEnumerable<CustomerHistory> shop) =>
            Outlook.Of(Panel.Gather(PurchaseSource.Of([.. shop]), new DemandOptions(), [day], null, new ParallelOptions()), day, Known, 28);
        var cut = Shop.Select(customer => new CustomerHistory(customer.Customer, customer.Before(Days.Date(day)).ToArray()));
        Assert.Equal(At(cut).Lifts, At(Shop).Lifts);
        Assert.NotEmpty(At(Shop).Lifts);
    }

    [Fact]
    public void A_city_s_own_values_come_before_those_of_all()
    {
        var series = new DaySeries("t", new Dictionary<(int, int), double> { [(0, 1)] = 1, [(0, 2)] = 1, [(2, 1)] = 5 });
        Assert.Equal(3, series.Mean(2, 1, 3));
        Assert.Equal(1, series.Mean(1, 1, 3));
        Assert.Null(series.Mean(0, 2, 5));
    }

    [Fact]
    public void Each_city_has_its_own_weather()
    {
        var values = Temperature(28).Values;
        // In the second city it stays as it was.
        var there = new DaySeries("temperature", values.SelectMany(one => ((int City, int Day, double Value)[])
            [(1, one.Key.Day, one.Value), (2, one.Key.Day, one.Key.Day < Days.Of(Today) ? one.Value : 0)]).ToDictionary(one => (one.City, one.Day), one => one.Value));
        var outlook = Of(new Content([0, 1, 2, 3], [], [0, 1, 2]) { Series = [there] }, Weeks, customer => customer % 2 == 0 ? 1 : 2);
        Assert.InRange(outlook.Lift(1, IceCream), 0.3f, 1.4f);
        Assert.True(outlook.Lift(2, IceCream) < 0, $"{outlook.Lift(2, IceCream)}");
    }

    [Fact]
    public void Lifts_survive_saving_and_loading()
    {
        var model = Train(Known).Model;
        var bytes = DemandFile.Write(model);
        var read = DemandFile.Read(bytes);
        Assert.Equal(bytes, DemandFile.Write(read));
        Assert.NotEqual(0, read.Market.Outlook.Lift(0, Soup));
        Assert.Equal(model.Market.Outlook.Lift(0, Soup), read.Market.Outlook.Lift(0, Soup));
    }

    static Outlook Of(Content content, int weeks, Func<int, int>? storeOf = null)
    {
        var shop = Shop.Select(customer => new CustomerHistory(customer.Customer, customer.Lines.ToArray()
            .Where(line => Days.OfMinute(line.Minute) >= Days.Of(Today) - (7 * weeks)).Select(line => storeOf is null ? line : line with { Store = storeOf(customer.Customer.Value) })));
        return Outlook.Of(Panel.Gather(PurchaseSource.Of([.. shop]), new DemandOptions(), [Days.Of(Today)], null, new ParallelOptions()), Days.Of(Today), content, 28);
    }

    static List<Candidate> Score(DemandModel model, CustomerHistory customer, DateOnly day)
    {
        var candidates = new List<Candidate>();
        model.Score(customer, day, candidates);
        return candidates;
    }

    /// <summary>Of ice cream and soup in the back-test's window.</summary>
    static double Loss(Content content)
    {
        // As the back-test does: from the days before its window alone.
        var options = new DemandOptions();
        var start = Today.AddDays(-28);
        var panel = Panel.Gather(PurchaseSource.Of(Shop), options, [Days.Of(start) - 28, Days.Of(start)], null, new ParallelOptions());
        var markets = panel.Tallies.Select(tally => Market.Of(panel, tally, content, options, new ParallelOptions())).ToList();
        var model = DemandModel.Fit(panel, markets[0], markets[1], options, new ParallelOptions());
        var (loss, count) = (0.0, 0);
        var (candidates, later) = (new List<Candidate>(), new Shopper());
        foreach (var customer in Shop)
        {
            var bought = later.BoughtWithin(customer, Days.Of(start), Days.Of(start) + 28);
            model.Score(customer, start, candidates);
            foreach (var candidate in candidates.Where(candidate => candidate.Product is IceCream or Soup))
            {
                loss -= Math.Log(bought.Contains(candidate.Product) ? candidate.Chance : 1 - candidate.Chance);
                count++;
            }
        }

        return loss / count;
    }

    static TrainedDemand Train(Content content) => DemandTraining.Run(PurchaseSource.Of(Shop) with { Content = content }, new DemandOptions());

    /// <summary>Spells of four weeks: cold, and before it cold, and before that warm twice, others by chance; warm ahead. What follows on what teaches nothing.</summary>
    static bool IsWarm(int weeksFromToday) => -(int)Math.Floor(weeksFromToday / 4.0) switch
    {
        0 or 3 or 4 => true,
        1 or 2 => false,
        var spell => new Draw(1, "spell", (ulong)spell).NextUnit() < 0.5,
    };

    /// <param name="ahead">From today on; null for what comes.</param>
    static DaySeries Temperature(int daysAhead, double? ahead = null, int firstWeek = -Weeks) => new("temperature", Enumerable.Range(7 * firstWeek, (-7 * firstWeek) + daysAhead)
        .ToDictionary(day => (0, Days.Of(Today) + day), day => day >= 0 && ahead is { } value ? value : IsWarm((int)Math.Floor(day / 7.0)) ? 20.0 : 0));

    /// <summary>Spells as long as those of the weather that have nothing to do with anything.</summary>
    static DaySeries Chance(ulong seed, string name) => new(name, Enumerable.Range(-7 * Weeks, (7 * Weeks) + 28)
        .ToDictionary(day => (0, Days.Of(Today) + day), day => new Draw(seed, "noise", (ulong)(1_000 + (int)Math.Floor(day / 28.0))).NextUnit()));

    static List<CustomerHistory> MakeShop() =>
    [
        .. Enumerable.Range(1, 300).Select(number =>
        {
            var draw = new Draw(1, "weather", (ulong)number);
            var lines = new List<PurchaseLine>();
            for (var week = -Weeks; week < 0; week++)
            {
                var day = (7 * week) + 2;
                if (draw.NextUnit() < 0.7) lines.Add(MadeUpShop.Line(day, Bread));
                if (draw.NextUnit() < (IsWarm(week) ? 0.3 : 0.03)) lines.Add(MadeUpShop.Line(day, IceCream));
                if (draw.NextUnit() < (IsWarm(week) ? 0.03 : 0.3)) lines.Add(MadeUpShop.Line(day, Soup));
                if (draw.NextUnit() < 0.3) lines.Add(MadeUpShop.Line(day, 10 + draw.NextBelow(Others)));
            }

            return new CustomerHistory(new CustomerId(number), lines);
        }),
    ];
}
