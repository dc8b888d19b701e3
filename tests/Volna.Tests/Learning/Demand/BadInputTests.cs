using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Learning.Trees;

namespace Volna.Tests.Learning.Demand;

/// <summary>What can't be learnt from is refused in a sentence, or answered by a fallback that is named; never by a silent constant.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("nobody", "no-purchases")]
    [InlineData("one customer", "too-few-returning")]
    [InlineData("one product", "one-product")]
    [InlineData("nobody comes back", "too-few-returning")]
    [InlineData("all brought back", "too-few-returning")]
    public void What_cannot_be_learnt_from_is_refused(string shop, string code)
    {
        List<CustomerHistory> customers = shop switch
        {
            "nobody" => [],
            "one customer" => [MadeUpShop.Customer(1, 1)],
            "one product" => [.. Enumerable.Range(1, 50).Select(number => Customer(number, week => [MadeUpShop.Line(-7 * week, MadeUpShop.Milk)]))],
            // Each comes once, one after the other.
            "nobody comes back" => [.. Enumerable.Range(1, 200).Select(number => new CustomerHistory(new CustomerId(number), [MadeUpShop.Line(-number, 1 + (number % 9)), MadeUpShop.Line(-number, 20)]))],
            "all brought back" => [.. Enumerable.Range(1, 50).Select(number => Customer(number, week => [MadeUpShop.Line(-7 * week, 1 + (week % 5)), MadeUpShop.Line((-7 * week) + 1, 1 + (week % 5), -1)]))],
            _ => throw new ArgumentOutOfRangeException(nameof(shop), shop, null),
        };
        var refusal = Assert.Throws<BadInputException>(() => DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions()));
        Assert.Equal(code, refusal.Code);
        Assert.DoesNotContain('\n', refusal.Sentence.English);
    }

    [Fact]
    public void Customers_who_are_all_alike_get_their_habits_and_it_is_said_that_no_discovery_could_be_learnt()
    {
        var customers = Enumerable.Range(1, 100).Select(number => Customer(number, week => [MadeUpShop.Line(-7 * week, MadeUpShop.Milk), MadeUpShop.Line(-7 * week, MadeUpShop.Tea)])).ToList();
        var trained = DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions());
        Assert.Contains(trained.Remarks, remark => remark.English.Contains("all discoveries have the same chance", StringComparison.Ordinal));
        var candidates = new List<Candidate>();
        trained.Model.Score(customers[0], MadeUpShop.Today, candidates);
        Assert.Equal([MadeUpShop.Milk, MadeUpShop.Tea], candidates.Select(candidate => candidate.Product).Order());
        Assert.All(candidates, candidate => Assert.InRange(candidate.Chance, 0.9f, 1));
    }

    [Fact]
    public void Where_nobody_bought_anything_of_a_kind_its_labels_teach_the_base_rate_which_is_said()
    {
        // Everybody keeps to her own three products: labels of all discoveries are zero.
        var customers = Enumerable.Range(1, 100).Select(number => Customer(number, week => [MadeUpShop.Line(-7 * week, 1 + (number % 10)), MadeUpShop.Line(-7 * week, 11 + (number % 7))])).ToList();
        var trained = DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions());
        Assert.Equal(0, trained.BackTest.DiscoveryCustomers);
        Assert.Contains(trained.Remarks, remark => remark.English.Contains("new to her", StringComparison.Ordinal));
        var candidates = new List<Candidate>();
        trained.Model.Score(customers[0], MadeUpShop.Today, candidates);
        Assert.Single(candidates.Where(candidate => candidate.Kind == CandidateKind.Discovery).Select(candidate => candidate.Chance).Distinct());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_regression_refuses_features_that_are_no_numbers(float value) =>
        Assert.Contains("Row 1, column 0", Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, 2, value, 4], 2, [true, false], 1, new ParallelOptions())).Message, StringComparison.Ordinal);

    [Fact]
    public void Trees_take_no_number_for_missing() =>
        Assert.True(float.IsFinite(KindWeights.Fit(
            2, 1, [.. Enumerable.Range(0, 400).SelectMany(i => (float[])[i % 7, i % 3 == 0 ? float.NaN : i])], [.. Enumerable.Range(0, 400).Select(i => i % 5 == 0)], new float[400],
            [.. Enumerable.Range(0, 100).SelectMany(i => (float[])[i % 7, float.NaN])], [.. Enumerable.Range(0, 100).Select(i => i % 5 == 0)], new float[100], new DemandOptions(), new ParallelOptions()) is var weights
            ? Score(weights, [3, float.NaN]) : float.NaN));

    static float Score(KindWeights weights, float[] row)
    {
        var score = new float[1];
        weights.Score(row, score, new TreeMemory());
        return score[0];
    }

    static CustomerHistory Customer(int number, Func<int, PurchaseLine[]> ofWeek) => new(new CustomerId(number), Enumerable.Range(1, 20).SelectMany(ofWeek));
}
