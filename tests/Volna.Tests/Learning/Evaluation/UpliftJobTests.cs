using System.Globalization;
using System.Text;
using Volna.Kernels;
using Volna.Learning.Evaluation;
using Volna.Learning.Uplift;

namespace Volna.Tests.Learning.Evaluation;

public sealed class UpliftJobTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("visit", 0.106167, 0.182757, 0.151400)]
    [InlineData("conversion", 0.005726, 0.012531, 0.008837)]
    [InlineData("spend", 0.652789, 1.422617, 1.077202)]
    public void Of_a_real_mail_experiment_the_means_are_the_published_ones_and_what_came_of_the_mail_is_no_feature(string outcome, double none, double men, double women)
    {
        var result = UpliftTable.Of(AnyTableFeed.Read(Mail(), TestContext.Current.CancellationToken), new UpliftColumns("segment", "No E-Mail", null, outcome, null));
        Assert.Equal([("No E-Mail", 21_306), ("Mens E-Mail", 21_307), ("Womens E-Mail", 21_387)], result.Arms.Select(arm => (arm.Arm, arm.N)));
        Assert.Equal([none, men, women], result.Arms.Select(arm => Math.Round(arm.Mean, 6)));
        Assert.Equal(["recency", "history_segment", "history", "mens", "womens", "zip_code", "newbie", "channel"], result.Features);
    }

    [Theory]
    [InlineData("visit")]
    [InlineData("spend")]
    public void Of_a_real_mail_experiment_the_learner_chosen_on_other_parts_finds_more_than_two_models(string outcome)
    {
        var result = Run(Mail(), new UpliftColumns("segment", "No E-Mail", null, outcome, null));
        Assert.True(result.Learners[(int)result.Best].Qini > result.Learners[(int)UpliftLearner.TwoModel].Qini, $"{result.Best}: {string.Join("; ", (object[])result.Learners)}");
    }

    [Fact]
    public void Where_only_some_are_changed_every_learner_finds_them_and_the_interval_holds_the_truth()
    {
        // Only customers with a = 1, half of all, answer: by 1. Treating them first, Q rises to 0.5 at half and stays: the area above the line is 1/8.
        var result = Run(Made(4_000, (draw, a, treated) => (treated && a == 1 ? 1 : 0) + (0.2 * draw.NextNormal())), new UpliftColumns("t", null, null, "y", null));
        Assert.All(result.Learners, one =>
        {
            Assert.InRange(one.Qini, 0.115, 0.135);
            Assert.InRange(0.125, one.Lower, one.Upper);
            Assert.InRange(one.UpliftAt30.Value, 0.95, 1.05);
        });
        Assert.InRange(result.Uplift, 0.45, 0.55);
    }

    [Fact]
    public void Where_all_are_changed_alike_no_learner_pretends_to_know_whom()
    {
        var result = Run(Made(4_000, (draw, a, treated) => a + (treated ? 1 : 0) + draw.NextNormal()), new UpliftColumns("t", null, null, "y", null));
        // Parts left out are a little unlike the others, so a ranking by noise does slightly worse than none.
        Assert.All(result.Learners, one => Assert.InRange(one.Lower, -0.1, 0));
    }

    [Fact]
    public void The_same_seed_gives_the_same_with_any_number_of_threads()
    {
        var file = Made(1_000, (draw, a, treated) => a * draw.NextUnit());
        var columns = new UpliftColumns("t", "0", null, "y", ["a", "b"]);
        var (one, many) = (UpliftJob.Run(file, columns, 5, 100, new ParallelOptions { MaxDegreeOfParallelism = 1 }), UpliftJob.Run(file, columns, 5, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }));
        Assert.Equal(one.Learners, many.Learners);
        Assert.NotEqual(one.Learners, UpliftJob.Run(file, columns, 6, 100, new ParallelOptions()).Learners);
    }

    [Theory]
    [InlineData("t,a,z", "t", null, "y", "column-missing")]
    [InlineData("t,a,y", "u", null, "y", "column-missing")]
    [InlineData("t,a,y;1,2,1", "t", null, "y", "no-control")]
    [InlineData("t,a,y;0,2,1;1,2,3", "t", "no", "y", "no-control")]
    [InlineData("t,a,y;a,2,1;b,2,3", "t", null, "y", "no-control")]
    [InlineData("t,a,y;0,2,1;1,2,3", "t", null, "y", "arm-too-small")]
    [InlineData("t,a,y;0,2,NaN;1,2,3", "t", null, "y", "table-value")]
    [InlineData("t,a,y;0,2,5;1,2,x", "t", null, "y", "table-value")]
    [InlineData("t,a,y;0,2", "t", null, "y", "table-row")]
    [InlineData("t,a,y", "t", null, "y", "no-rows")]
    public void A_file_that_does_not_do_is_refused_with_its_place(string content, string treatment, string? control, string outcome, string code)
    {
        var file = _folder.Write("customers.csv", content.Replace(';', '\n') + (code == "column-missing" ? "\n0,1,1\n" : "\n"));
        var refused = Assert.Throws<BadInputException>(() => Run(file, new UpliftColumns(treatment, control, null, outcome, null)));
        Assert.Equal(code, refused.Code);
        Assert.Contains(file, refused.Sentence.English, StringComparison.Ordinal);
        Assert.Contains(file, refused.Sentence.Russian, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outcome-constant", "1", "1,1", "2,2")]
    [InlineData("no-features", "3,4", "1,1", "1,1")]
    [InlineData("table-value", "3,4", "1,NaN", "1,2")]
    public void What_nothing_can_be_learnt_from_is_refused(string code, string outcomes, string a, string b)
    {
        var table = new StringBuilder("t,a,b,y\n");
        string Pick(string list, int row) => list.Split(',') is var words ? words[row / 2 % words.Length] : "";
        for (var row = 0; row < 400; row++) table.Append(CultureInfo.InvariantCulture, $"{row % 2},{Pick(a, row)},{Pick(b, row)},{Pick(outcomes, row)}\n");
        Assert.Equal(code, Assert.Throws<BadInputException>(() => Run(_folder.Write("customers.csv", table.ToString()), new UpliftColumns("t", null, null, "y", null))).Code);
    }

    [Fact]
    public void A_column_that_differs_between_the_arms_or_tells_the_outcome_is_left_out_and_named()
    {
        var table = new StringBuilder("t,a,came,receipts,name,y\n");
        for (var row = 0; row < 2_000; row++)
        {
            var draw = new Draw(3, "customer", (ulong)row);
            var (treated, a) = (row % 2, draw.NextBelow(2));
            var bought = draw.NextUnit() < 0.2 + (0.2 * treated) ? 1 : 0;
            table.Append(CultureInfo.InvariantCulture, $"{treated},{a},{treated + draw.NextNormal()},{bought * (1 + draw.NextBelow(3))},n{row},{bought}\n");
        }

        var result = Run(_folder.Write("customers.csv", table.ToString()), new UpliftColumns("t", null, null, "y", null));
        Assert.Equal(["a"], result.Features);
        Assert.Equal(["came", "receipts", "name"], result.LeftOut.Select(one => one.Column));
    }

    static string Mail() => Path.Combine(SharedData.Folder("hillstrom-email"), "hillstrom.csv.gz");

    static UpliftResult Run(string file, UpliftColumns columns) => UpliftJob.Run(file, columns, seed: 1, draws: 100, new ParallelOptions());

    string Made(int customers, Func<Draw, int, bool, double> outcome)
    {
        var table = new StringBuilder("t,a,b,y\n");
        for (var row = 0; row < customers; row++)
        {
            var draw = new Draw(7, "customer", (ulong)row);
            var (treated, a) = (draw.NextBelow(2), draw.NextBelow(2));
            table.Append(CultureInfo.InvariantCulture, $"{treated},{a},{draw.NextNormal()},{outcome(draw, a, treated == 1)}\n");
        }

        return _folder.Write("customers.csv", table.ToString());
    }
}
