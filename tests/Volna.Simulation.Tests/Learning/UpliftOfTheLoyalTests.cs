using System.Globalization;
using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Evaluation;
using Volna.Learning.Uplift;

namespace Volna.Simulation.Tests.Learning;

/// <summary>Holds the uplift learners against a wave that hurts the loyal: learnt from what is seen of one half of the customers, judged by the truth of the other.</summary>
public sealed class UpliftOfTheLoyalTests(ITestOutputHelper output)
{
    const int Parts = 5;

    static readonly MadeWave Wave = Worlds.HurtsTheLoyal(5, 12_000);

    [Theory]
    [InlineData("visits")]
    [InlineData("spend")]
    public void Each_learner_ranks_the_loyal_last_and_writing_to_whom_it_says_brings_more_than_writing_to_all(string outcome)
    {
        double With(int row) => outcome == "visits" ? Wave.Customers[row].With.Visits : Wave.Customers[row].With.Takings.Spend.Minor;
        double Without(int row) => outcome == "visits" ? Wave.Customers[row].Without.Visits : Wave.Customers[row].Without.Takings.Spend.Minor;

        var table = Table(outcome);
        var judged = Enumerable.Range(0, Wave.Customers.Count).Where(row => PartOf(row) >= Parts).ToArray();
        var loyal = judged.OrderBy(row => Wave.Customers[row].Before.Visits).ThenBy(row => row).Skip(3 * judged.Length / 4).ToHashSet();
        var (effects, _) = new UpliftFit(Sums(table), 0.5, Worth, CancellationToken.None).Run([.. Enumerable.Range(0, Parts)]);
        var all = judged.Sum(row => With(row) - Without(row));
        foreach (var learner in Enum.GetValues<UpliftLearner>())
        {
            var scores = Array.ConvertAll(judged, row => Score(effects[(int)learner], row));
            var place = judged.Zip(scores).OrderByDescending(one => one.Second).Select((one, at) => (one.First, At: (at + 0.5) / judged.Length)).ToDictionary(one => one.First, one => one.At);
            var (ofLoyal, ofOthers) = (loyal.Average(row => place[row]), judged.Where(row => !loyal.Contains(row)).Average(row => place[row]));
            var (qini, targeted) = (TrueQini(scores), judged.Zip(scores).Where(one => one.Second > 0).Sum(one => With(one.First) - Without(one.First)));
            output.WriteLine($"{outcome}, {learner}: place of the loyal {ofLoyal:F2}, of others {ofOthers:F2}; true Qini {qini:F3}; to those said {targeted / judged.Length:F3}, to all {all / judged.Length:F3}");
            Assert.True(ofLoyal > ofOthers + 0.3);
            Assert.True(qini > 0);
            Assert.True(targeted > Math.Max(all, 0));
        }

        double Score(double[] effect, int row) => effect.Zip(table.Rows[row], (weight, x) => weight * x).Sum();

        double[] Worth(int part, double[][] candidates)
        {
            var rows = Enumerable.Range(0, Wave.Customers.Count).Where(row => PartOf(row) == part).ToArray();
            return Array.ConvertAll(candidates, effect => new QiniCurve(rows, Array.ConvertAll(rows, row => Score(effect, row))).Qini(table.Treated, table.Outcome, default));
        }

        // Each customer stands in both arms, with the life of each.
        double TrueQini(double[] scores) => new QiniCurve([.. Enumerable.Range(0, 2 * judged.Length)], [.. scores, .. scores]).Qini(
            [.. judged.Select(_ => true), .. judged.Select(_ => false)], [.. judged.Select(With), .. judged.Select(Without)], default);
    }

    /// <summary>The first parts are learnt from.</summary>
    static int PartOf(int customer) => new Draw(1, "uplift-part", (ulong)customer).NextBelow(2 * Parts);

    static (LinearSums, LinearSums)[] Sums(UpliftTable table)
    {
        var sums = Enumerable.Range(0, Parts).Select(_ => (Treated: new LinearSums(table.Rows[0].Length), Control: new LinearSums(table.Rows[0].Length))).ToArray();
        for (var row = 0; row < table.Rows.Length; row++)
            if (PartOf(row) < Parts)
                (table.Treated[row] ? sums[PartOf(row)].Treated : sums[PartOf(row)].Control).Add(table.Rows[row], table.Outcome[row]);
        return sums;
    }

    /// <summary>As an analyst would make it: what was known before, who was treated, and what she did then.</summary>
    static UpliftTable Table(string outcome)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, Wave.Customers.Select(customer => string.Create(
                CultureInfo.InvariantCulture,
                $"{(customer.Treated ? 1 : 0)},{customer.Before.Visits},{customer.Before.Takings.Spend.Minor},{customer.Before.Takings.Margin.Minor},{(outcome == "visits" ? customer.During.Visits : customer.During.Takings.Spend.Minor)}"))
                .Prepend("treated,receipts_before,spend_before,margin_before,outcome"));
            return UpliftTable.Of(AnyTableFeed.Read(path, CancellationToken.None), new UpliftColumns("treated", null, null, "outcome", null));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
