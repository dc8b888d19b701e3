using Volna.Intake.History;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

public sealed class DemandTrainingTests
{
    [Fact]
    public void The_back_test_beats_the_baselines_where_there_is_something_to_know()
    {
        var test = DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(1_000)), new DemandOptions()).BackTest;
        Assert.Equal(new Period(new DateOnly(2026, 4, 29), new DateOnly(2026, 5, 27)), test.Window);
        Assert.InRange(test.Customers, 800, 1_000);
        var model = test.All.Single(row => row.Method == RankingMethod.Model);
        foreach (var baseline in test.All.Where(row => row.Method != RankingMethod.Model))
        {
            Assert.True(model.At5.Recall > baseline.At5.Recall, $"recall@5 {model.At5.Recall} against {baseline.At5.Recall} of {baseline.Method}");
            Assert.InRange(model.At10.Ndcg, baseline.At10.Ndcg * 1.01, 1);
        }

        // What most people find lies in the top 5 of both; the model knows which of it is hers, and puts it first.
        Assert.InRange(test.Discovery[0].At5.Ndcg, test.Discovery[1].At5.Ndcg * 1.05, 1);
    }

    [Fact]
    public void As_many_are_bought_as_the_chances_say()
    {
        var test = DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(1_000)), new DemandOptions()).BackTest;
        foreach (var kind in Enum.GetValues<CandidateKind>())
        {
            var bins = test.Calibration.Where(bin => bin.Kind == kind).ToList();
            var (expected, bought) = (bins.Sum(bin => bin.Expected), bins.Sum(bin => bin.Bought));
            Assert.True(bought / expected is > 0.9 and < 1.1, $"{kind}: {expected:F0} expected, {bought} bought; {string.Join("; ", bins)}");
        }
    }

    [Fact]
    public void Shards_read_at_the_same_time_change_nothing()
    {
        // The first shard and the last know products the others don't.
        var customers = MadeUpShop.Customers(100);
        customers.Insert(0, new CustomerHistory(new CustomerId(1_000), [MadeUpShop.Line(-40, 300)]));
        customers.Add(new CustomerHistory(new CustomerId(1_001), [MadeUpShop.Line(-40, 500)]));
        var shards = customers.Chunk(13).ToArray();
        var source = PurchaseSource.Of(customers) with { Shards = shards.Length, ReadShard = shard => shards[shard] };
        var bytes = Enumerable.Range(1, 6).Select(threads => DemandFile.Write(
            DemandTraining.Run(source, new DemandOptions(), parallel: new ParallelOptions { MaxDegreeOfParallelism = threads }).Model)).ToList();
        Assert.All(bytes, other => Assert.Equal(bytes[0], other));
    }

    [Fact]
    public void A_sample_is_named_and_still_learns()
    {
        var trained = DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(1_000)), new DemandOptions { PanelLines = 10_000 });
        Assert.InRange(trained.BackTest.Customers, 50, 500);
        Assert.Contains(trained.Remarks, remark => remark.English.Contains("sample", StringComparison.Ordinal));
    }

    [Fact]
    public void A_window_that_does_not_fit_three_times_is_shortened_to_whole_weeks_and_said_so()
    {
        var trained = DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers()), new DemandOptions { WindowDays = 112 });
        Assert.Equal(91, trained.Model.WindowDays);
        Assert.Equal(91, trained.Options.WindowDays);
        Assert.Contains(trained.Remarks, remark => remark.English.Contains("shortened to 91 days", StringComparison.Ordinal));
    }

    [Fact]
    public void Chances_are_numbers_though_she_bought_last_more_than_a_hundred_half_lives_ago()
    {
        var customers = MadeUpShop.Customers();
        var longAgo = new CustomerHistory(new CustomerId(1_000), [MadeUpShop.Line(-1_500, MadeUpShop.Tea), MadeUpShop.Line(-1_490, MadeUpShop.Tea)]);
        customers.Add(longAgo);
        var trained = DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions { WindowDays = 1 });
        var candidates = new List<Candidate>();
        trained.Model.Score(longAgo, MadeUpShop.Today, candidates);
        Assert.NotEmpty(candidates);
        Assert.All(candidates, candidate => Assert.InRange(candidate.Chance, 0f, 1f));
        Assert.All(trained.BackTest.Calibration, bin => Assert.True(double.IsFinite(bin.Expected)));
    }

    [Fact]
    public void Too_little_history_is_refused_in_one_sentence()
    {
        Refused("no-purchases", []);
        Refused("too-few-returning", [MadeUpShop.Customer(1, 1)]);
        Refused("one-product", [.. Enumerable.Range(1, 50).Select(number => Bought(number, Enumerable.Range(1, 20).Select(week => MadeUpShop.Line(-7 * week, MadeUpShop.Milk))))]);
        Refused("history-too-short", [.. Enumerable.Range(1, 50).Select(number => Bought(number, [MadeUpShop.Line(-20, MadeUpShop.Milk), MadeUpShop.Line(-1, MadeUpShop.Tea)]))]);
        Refused("window-days", MadeUpShop.Customers(), windowDays: 0);
    }

    [Fact]
    public void It_stops_when_told_to()
    {
        var parallel = new ParallelOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.ThrowsAny<OperationCanceledException>(() => DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers()), new DemandOptions(), null, parallel));
    }

    static CustomerHistory Bought(int number, IEnumerable<PurchaseLine> lines) => new(new CustomerId(number), lines);

    static void Refused(string code, IReadOnlyList<CustomerHistory> customers, int windowDays = 28)
    {
        var refusal = Assert.Throws<BadInputException>(() => DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions { WindowDays = windowDays }));
        Assert.Equal(code, refusal.Code);
        Assert.DoesNotContain('\n', refusal.Sentence.English);
    }
}
