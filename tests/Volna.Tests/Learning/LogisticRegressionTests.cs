using Volna.Kernels;
using Volna.Learning;

namespace Volna.Tests.Learning;

public sealed class LogisticRegressionTests : LearningContract<double[]>
{
    [Fact]
    public void One_yes_or_no_column_gives_the_log_odds_of_its_table()
    {
        // 30 of 100 without, 60 of 80 with: the odds are 30/70 and 60/20.
        var (rows, labels) = (new List<float>(), new List<bool>());
        for (var i = 0; i < 100; i++) (rows, labels).Add(0, i < 30);
        for (var i = 0; i < 80; i++) (rows, labels).Add(1, i < 60);
        var weights = LogisticRegression.Fit([.. rows], 1, [.. labels], 0, new ParallelOptions());
        Assert.Equal(Math.Log(30 / 70.0), weights[0], 8);
        Assert.Equal(Math.Log(60 / 20.0) - Math.Log(30 / 70.0), weights[1], 8);
    }

    [Fact]
    public void Columns_that_say_nothing_or_the_same_twice_do_no_harm()
    {
        var (rows, labels) = Drawn(1_000, 0, [1, 0, 0]);
        for (var row = 0; row < labels.Length; row++)
        {
            rows[(row * 3) + 1] = rows[row * 3];
            rows[(row * 3) + 2] = 4;
        }

        var weights = LogisticRegression.Fit(rows, 3, labels, 1, new ParallelOptions());
        Assert.Equal(weights[1], weights[2], 6);
        Assert.InRange(weights[1] + weights[2], 0.7, 1.3);
        Assert.Equal(0, weights[3]);
    }

    [Fact]
    public void A_stronger_penalty_means_smaller_weights_also_where_the_labels_are_wholly_separated()
    {
        float[] rows = [-2, -1, 1, 2];
        bool[] labels = [false, false, true, true];
        var weak = LogisticRegression.Fit(rows, 1, labels, 0.1, new ParallelOptions());
        var strong = LogisticRegression.Fit(rows, 1, labels, 10, new ParallelOptions());
        Assert.InRange(strong[1], 0.01, weak[1] / 2);
    }

    [Fact]
    public void Labels_that_are_all_alike_teach_the_base_rate_alone()
    {
        var weights = LogisticRegression.Fit([1, 2, 3], 1, [false, false, false], 1, new ParallelOptions());
        Assert.Equal(Math.Log(0.5 / 3.5), weights[0], 12);
        Assert.Equal(0, weights[1]);
    }

    /// <summary>Weights that made the labels are found again.</summary>
    protected override void FindPattern(double[] model)
    {
        foreach (var (found, truth) in model.Zip([-1, 0.5, -2, 0])) Assert.Equal(truth, found, 0.05);
    }

    protected override double[] Fit(ulong world, int threads)
    {
        var (rows, labels) = Drawn(100_000, -1, [0.5, -2, 0], world);
        return LogisticRegression.Fit(rows, 3, labels, 1, new ParallelOptions { MaxDegreeOfParallelism = threads });
    }

    protected override double[] Ask(double[] model, int @case) => [model[0] + (model[1] * @case) - (model[2] * @case) + model[3]];

    protected override object Whole(double[] model) => model;

    static (float[] Rows, bool[] Labels) Drawn(int count, double intercept, double[] weights, ulong seed = 1)
    {
        var draw = new Draw(seed, "logistic", 0);
        var rows = new float[count * weights.Length];
        var labels = new bool[count];
        for (var row = 0; row < count; row++)
        {
            var score = intercept;
            for (var k = 0; k < weights.Length; k++) score += weights[k] * (rows[(row * weights.Length) + k] = (float)draw.NextNormal());
            labels[row] = draw.NextUnit() < 1 / (1 + Math.Exp(-score));
        }

        return (rows, labels);
    }
}

static class TrainingTable
{
    public static void Add(this (List<float> Rows, List<bool> Labels) table, float value, bool label)
    {
        table.Rows.Add(value);
        table.Labels.Add(label);
    }
}
