using System.IO.Compression;
using System.Text;
using Volna.Reports;
using Volna.Reports.Experiments;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Experiments;

public sealed class ExperimentTests
{
    static readonly string[] Before = ["recency", "history", "mens", "womens", "newbie"];

    // A real randomised experiment, 64,000 customers in three arms. The figures come from Debian's python3-scipy 1.10.1:
    //   theta = numpy.linalg.lstsq(column_stack([ones, isTreated, X]), y)[0][2:]      (both arms compared, nothing else)
    //   scipy.stats.ttest_ind(r[treated], r[control], equal_var=False) and t.ppf(.975, df) for r = y and for r = y - X @ theta
    [Theory]
    [InlineData("spend", "Mens E-Mail", 21307, 1.422616511005773, 0.7698271558945367, 0.4851397325684075, 1.0545145792206658, 1.1638149682254859e-07, 0.7684913003558891, 0.48397754459608117, 1.053005056115697, 1.2024327352443932e-07)]
    [InlineData("spend", "Womens E-Mail", 21387, 1.0772015710478329, 0.4244122159365966, 0.16895678988377866, 0.6798676419894145, 0.0011293971023632519, 0.4243949851682616, 0.1690311958208377, 0.6797587745156854, 0.0011252827070264125)]
    [InlineData("visit", "Mens E-Mail", 21307, 0.18275684047496127, 0.07658956365153125, 0.06995314760976148, 0.083225979693301, 1.3644511962742709e-112, 0.07647789802696227, 0.06992360607084401, 0.08303218998308053, 4.909439180490424e-115)]
    [InlineData("visit", "Womens E-Mail", 21387, 0.151400383410483, 0.045233106587052985, 0.03889349376208028, 0.05157271941202569, 2.432447702312722e-44, 0.04538032462710399, 0.03910979629272143, 0.051650852961486554, 1.4513924613464242e-45)]
    [InlineData("conversion", "Mens E-Mail", 21307, 0.01253109306800582, 0.006805006519615695, 0.005000070747732388, 0.008609942291499001, 1.501815785154377e-13, 0.0067913821884572675, 0.0049884044971127035, 0.008594359879801831, 1.580288627663448e-13)]
    [InlineData("conversion", "Womens E-Mail", 21387, 0.008837144059475383, 0.003111057511085258, 0.0014985923661468032, 0.004723522656023713, 0.00015602839508556396, 0.003110629169267712, 0.0014994078261817742, 0.00472185051235365, 0.00015453229596370022)]
    public void Equals_scipy_on_a_real_experiment_plain_and_adjusted(
        string outcome, string arm, long n, double mean, double difference, double lower, double upper, double pValue,
        double adjustedDifference, double adjustedLower, double adjustedUpper, double adjustedPValue)
    {
        var table = ExperimentFeed.Read(
            Path.Combine(SharedData.Folder("hillstrom-email"), "hillstrom.csv.gz"), new ExperimentColumns("segment", outcome, null, Before, null), TestContext.Current.CancellationToken);
        var result = Experiment.Judge(table, new ExperimentQuestion("No E-Mail", null, null));

        Assert.Equal(["No E-Mail", "Mens E-Mail", "Womens E-Mail"], result.Arms.Select(one => one.Arm));
        Assert.Null(result.Arms[0].Difference);
        var found = result.Arms.Single(one => one.Arm == arm);
        Assert.Equal(n, found.N);
        AssertClose(mean, found.Mean);
        AssertClose(difference, found.Difference);
        AssertClose(lower, found.Lower);
        AssertClose(upper, found.Upper);
        AssertClose(pValue, found.PValue);
        Assert.Equal(AdjustmentVerdict.Sound, found.Adjusted!.Verdict);
        AssertClose(adjustedDifference, found.Adjusted.Difference);
        AssertClose(adjustedLower, found.Adjusted.Lower);
        AssertClose(adjustedUpper, found.Adjusted.Upper);
        AssertClose(adjustedPValue, found.Adjusted.PValue);

        // Holm: the smaller of two p-values counts twice, the larger once.
        var smaller = result.Arms.Skip(1).MinBy(one => one.PValue)!;
        Assert.Equal(found == smaller ? 2 * found.PValue!.Value : Math.Max(found.PValue!.Value, 2 * smaller.PValue!.Value), found.CorrectedPValue!.Value, 12);

        static void AssertClose(double expected, double? actual) => Assert.Equal(1, actual!.Value / expected, 1e-7);
    }

    [Fact]
    public void A_ratio_and_its_relative_change_equal_the_delta_method_in_numpy()
    {
        // spend / conversion, customers as the unit; see WelchTestTests.
        var table = ExperimentFeed.Read(
            Path.Combine(SharedData.Folder("hillstrom-email"), "hillstrom.csv.gz"), new ExperimentColumns("segment", "spend", "conversion", [], null), TestContext.Current.CancellationToken);
        var mens = Experiment.Judge(table, new ExperimentQuestion("No E-Mail", null, null)).Arms.Single(one => one.Arm == "Mens E-Mail");
        Assert.Equal(1, mens.Difference!.Value / -0.4757760790814558, 1e-6);
        Assert.Equal(1, mens.Lower!.Value / -23.06671296430654, 1e-6);
        Assert.Equal(1, mens.Upper!.Value / 22.115160806143628, 1e-6);
        Assert.Equal(1, mens.PValue!.Value / 0.9670736301284721, 1e-6);
        Assert.Null(mens.Adjusted);
    }

    [Fact]
    public void What_is_no_experiment_is_told_in_one_sentence_that_names_the_place()
    {
        var cases = """
            content                          control  code              said
            -                                none     file-empty        is empty
            group,spend,before               none     no-rows           one row a customer
            group,spend,before\na,1,2        none     no-control        found the arms a; expected 'none'
            group,before\na,1                none     column-missing    `spend`
            group,spend,before\na,x,1        a        experiment-value  line 2, column `spend`: found 'x', expected a number
            group,spend,before\na,1,         a        experiment-value  line 2, column `before`: found '', expected a number
            group,spend,before\na,1,2\n,1,2  a        experiment-value  line 3, column `group`: found '', expected a name
            group,spend,before\na,1          a        experiment-row    line 2 can't be read
            group,spend,before\na,NaN,1      a        experiment-value  found 'NaN'
            """;
        using var folder = new TemporaryFolder();
        foreach (var line in cases.Split('\n').Skip(1))
        {
            var cells = line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var path = Path.Combine(folder.Path, "table.csv");
            File.WriteAllText(path, cells[0] == "-" ? "" : cells[0].Replace("\\n", "\n", StringComparison.Ordinal));
            var refusal = Assert.Throws<BadInputException>(() => Judge(path, cells[1]));
            Assert.True(refusal.Code == cells[2], $"{line}: was {refusal.Code}");
            Assert.Contains(cells[3], refusal.Sentence.English, StringComparison.Ordinal);
            Assert.StartsWith(path, refusal.Sentence.Russian, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Few_customers_and_equal_outcomes_give_a_verdict_and_no_number()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "table.csv");
        Write(path, (i, arm) => arm == "none" && i >= 3 ? null : $"{i % 5},{i}");
        Assert.Equal(NoVerdict.TooFewCustomers, Judge(path, "none").Arms[1].Verdict);

        Write(path, (i, _) => $"7,{i}");
        var equal = Judge(path, "none").Arms[1];
        Assert.Equal(NoVerdict.NothingVaries, equal.Verdict);
        Assert.Null(equal.Difference);
    }

    [Fact]
    public void A_covariate_on_which_the_arms_differ_leaves_the_plain_figure_standing_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "table.csv");

        // Measured after the beginning: the treated have more of it, and adjusting would take the effect away.
        Write(path, (i, arm) => $"{(arm == "mail" ? 10 : 5) + (i % 5)},{(arm == "mail" ? 10 : 5) + (i % 5)}");
        var mail = Judge(path, "none").Arms.Single(one => one.Arm == "mail");
        Assert.Equal(5, mail.Difference!.Value, 9);
        Assert.Equal(AdjustmentVerdict.NotBalanced, mail.Adjusted!.Verdict);
        Assert.Null(mail.Adjusted.Difference);
        Assert.True(mail.Adjusted.BalancePValue < 1e-10);
    }

    [Fact]
    public void A_cap_holds_back_the_one_customer_who_would_decide()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "table.csv");
        Write(path, (i, arm) => $"{(arm == "mail" && i == 0 ? 1_000_000 : i % 5)},0");
        var table = Read(path, null);
        Assert.Equal(4, table.Quantile(0.99));
        var result = Experiment.Judge(table, new ExperimentQuestion("none", 4, null));
        Assert.Equal(1, result.Capped);
        Assert.InRange(Math.Abs(result.Arms[1].Difference!.Value), 0, 0.1);
    }

    [Fact]
    public void Within_strata_a_chance_difference_in_their_mix_does_not_count()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "table.csv");

        // Big shoppers spend 100, small ones 10, mail adds 1; but the mail arm happens to have more big ones.
        Write(path, (i, arm) => $"{(i < (arm == "mail" ? 60 : 40) ? 100 : 10) + (arm == "mail" ? 1 : 0) + (i % 3)},{(i < (arm == "mail" ? 60 : 40) ? 1 : 0)}");
        var table = Read(path, "before");
        var within = Experiment.Judge(table, new ExperimentQuestion("none", null, null)).Arms.Single(one => one.Arm == "mail");
        Assert.Equal(1, within.Difference!.Value, 0.1);
        Assert.True(Judge(path, "none").Arms.Single(one => one.Arm == "mail").Difference > 15);
    }

    [Fact]
    public void Semicolons_and_decimal_commas_are_read_where_they_are_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "table.csv.gz");
        using (var packed = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest), Encoding.UTF8))
            packed.Write("group;spend\nnone;1,5\nmail;2,5\n");
        var table = ExperimentFeed.Read(path, new ExperimentColumns("group", "spend", null, [], null, ';'), TestContext.Current.CancellationToken);
        Assert.Equal([1.5, 2.5], table.Outcome);
        Assert.Equal(["mail", "none"], table.Arms);
    }

    static ExperimentResult Judge(string path, string control) => Experiment.Judge(Read(path, null), new ExperimentQuestion(control, null, null));

    static ExperimentTable Read(string path, string? stratum) =>
        ExperimentFeed.Read(path, new ExperimentColumns("group", "spend", null, stratum is null ? ["before"] : [], stratum), TestContext.Current.CancellationToken);

    static void Write(string path, Func<int, string, string?> row)
    {
        var lines = new StringBuilder("group,spend,before\n");
        foreach (var arm in (string[])["none", "mail"])
            for (var i = 0; i < 100; i++)
                if (row(i, arm) is { } cells)
                    lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{arm},{cells}\n");
        File.WriteAllText(path, lines.ToString());
    }
}
