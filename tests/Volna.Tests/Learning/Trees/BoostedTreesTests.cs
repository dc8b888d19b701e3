using Volna.Kernels;
using Volna.Learning.Trees;

namespace Volna.Tests.Learning.Trees;

public sealed class BoostedTreesTests : ModelContract<BoostedTrees>
{
    static readonly TreeOptions s_options = new() { Trees = 60 };
    static readonly TreeTable s_rows = MadeUp(100, seed: 5);
    static readonly ParallelOptions TwoThreads = new() { MaxDegreeOfParallelism = 2 };

    [Fact]
    public void It_is_as_good_as_a_slow_and_plain_boosting()
    {
        var table = MadeUp(250, seed: 1);
        var options = new TreeOptions { Trees = 10, Leaves = 6 };
        var trees = BoostedTrees.Fit(table, null, options, TwoThreads);
        var scores = Score(trees, table);
        var expected = PlainBoosting.Scores(table, options);
        // Derivatives are rounded, so near-equal splits may fall otherwise: most scores agree, and the loss does.
        Assert.InRange(scores.Zip(expected).Count(pair => Math.Abs(pair.First - pair.Second) < 1e-3), 0.95 * table.Rows, table.Rows);
        Assert.Equal(TreeGradients.Loss(table, options, expected), TreeGradients.Loss(table, options, scores), 1e-3);
    }

    [Fact]
    public void Of_many_rows_too_any_number_of_threads_gives_the_same_bytes_and_blocks_score_as_single_rows()
    {
        var table = MadeUp(30_000, seed: 3);
        var options = new TreeOptions { Trees = 10 };
        var bytes = BoostedTrees.Fit(table, null, options, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Save();
        var trees = BoostedTrees.Fit(table, null, options, new ParallelOptions { MaxDegreeOfParallelism = 5 });
        Assert.Equal(bytes, trees.Save());
        var plain = new float[table.Rows];
        trees.ScorePlain(table.Values, plain);
        Assert.Equal(plain, Score(trees, table));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    public void Any_number_of_rows_is_scored_alike(int rows)
    {
        var table = MadeUp(500, seed: 4);
        var trees = BoostedTrees.Fit(table, null, new TreeOptions { Trees = 5, Leaves = 40 }, TwoThreads);
        var scores = new float[rows];
        trees.Score(table.Values.AsSpan(0, rows * table.Columns.Length), scores);
        Assert.Equal(Score(trees, table)[..rows], scores);
    }

    [Fact]
    public void A_score_never_falls_with_a_rising_column_nor_rises_with_a_falling_one()
    {
        var draw = new Draw(6, "monotone", 0);
        float[] values = new float[3 * 5_000], labels = new float[5_000];
        for (var row = 0; row < labels.Length; row++)
        {
            for (var k = 0; k < 3; k++) values[(row * 3) + k] = (float)draw.NextNormal();
            // Waves on both columns, which free trees would follow.
            var z = Math.Sin(3 * values[row * 3]) + values[row * 3] - Math.Cos(2 * values[(row * 3) + 1]) - values[(row * 3) + 1] + (values[row * 3] * values[(row * 3) + 2]);
            labels[row] = draw.NextUnit() < 1 / (1 + Math.Exp(-z)) ? 1 : 0;
        }

        var free = BoostedTrees.Fit(new TreeTable([ColumnKind.Number, ColumnKind.Number, ColumnKind.Number], values, labels, []), null, new TreeOptions { Trees = 50 }, TwoThreads);
        var bound = BoostedTrees.Fit(new TreeTable([ColumnKind.Rising, ColumnKind.Falling, ColumnKind.Number], values, labels, []), null, new TreeOptions { Trees = 50 }, TwoThreads);
        Assert.True(Violations(free) > 0);
        Assert.Equal(0, Violations(bound));

        int Violations(BoostedTrees trees)
        {
            const int Steps = 100;
            var violations = 0;
            for (var row = 0; row < 50; row++)
            {
                for (var column = 0; column < 2; column++)
                {
                    var walk = new float[3 * Steps];
                    for (var i = 0; i < Steps; i++)
                    {
                        values.AsSpan(row * 3, 3).CopyTo(walk.AsSpan(i * 3));
                        walk[(i * 3) + column] = -3 + (6f * i / Steps);
                    }

                    var scores = new float[Steps];
                    trees.Score(walk, scores);
                    for (var i = 1; i < Steps; i++)
                        if (column == 0 ? scores[i] < scores[i - 1] - 1e-6f : scores[i] > scores[i - 1] + 1e-6f) violations++;
                }
            }

            return violations;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_missing_goes_where_the_data_say(bool missingIsGood)
    {
        var draw = new Draw(7, "missing", 0);
        float[] values = new float[4_000], labels = new float[4_000];
        for (var row = 0; row < labels.Length; row++)
        {
            values[row] = draw.NextBelow(3) == 0 ? float.NaN : (float)draw.NextUnit();
            var isGood = float.IsNaN(values[row]) ? missingIsGood : values[row] > 0.5;
            labels[row] = draw.NextUnit() < (isGood ? 0.9 : 0.1) ? 1 : 0;
        }

        var trees = BoostedTrees.Fit(new TreeTable([ColumnKind.Number], values, labels, []), null, new TreeOptions { Trees = 30 }, TwoThreads);
        var scores = new float[3];
        trees.Score([0.1f, 0.9f, float.NaN], scores);
        Assert.True(scores[0] < -1);
        Assert.True(scores[1] > 1);
        Assert.Equal(missingIsGood, scores[2] > 1);
        Assert.Equal(missingIsGood, scores[2] > -1);
    }

    [Fact]
    public void Categories_are_told_apart_better_than_as_numbers_and_an_unknown_one_does_no_harm()
    {
        var draw = new Draw(8, "categories", 0);
        float[] values = new float[6_000], labels = new float[6_000];
        for (var row = 0; row < labels.Length; row++)
        {
            values[row] = draw.NextBelow(100);
            labels[row] = draw.NextUnit() < (new Draw(8, "good", (ulong)values[row]).NextBelow(2) == 0 ? 0.8 : 0.2) ? 1 : 0;
        }

        var options = new TreeOptions { Trees = 5, Leaves = 4 };
        double Loss(ColumnKind kind)
        {
            var table = new TreeTable([kind], values, labels, []);
            return TreeGradients.Loss(table, options, Score(BoostedTrees.Fit(table, null, options, TwoThreads), table));
        }

        Assert.True(Loss(ColumnKind.Category) < Loss(ColumnKind.Number) - 0.05, $"{Loss(ColumnKind.Category)} against {Loss(ColumnKind.Number)}");
        var trees = BoostedTrees.Fit(new TreeTable([ColumnKind.Category], values, labels, []), null, options, TwoThreads);
        var scores = new float[3];
        trees.Score([1_000, float.NaN, -1], scores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.Single(scores.Distinct());
    }

    [Fact]
    public void Rows_held_back_stop_the_growth_and_the_best_is_kept()
    {
        var table = MadeUp(2_000, seed: 9);
        var held = MadeUp(2_000, seed: 10);
        var options = new TreeOptions { Trees = 500, LearningRate = 0.3, Patience = 10 };
        var stopped = BoostedTrees.Fit(table, held, options, TwoThreads);
        var whole = BoostedTrees.Fit(table, null, options, TwoThreads);
        Assert.InRange(stopped.Count, 2, 200);
        Assert.True(TreeGradients.Loss(held, options, Score(stopped, held)) < TreeGradients.Loss(held, options, Score(whole, held)));
    }

    [Fact]
    public void With_lists_the_better_rows_come_first_although_levels_differ()
    {
        var options = new TreeOptions { Loss = TreeLoss.LambdaRank, Trees = 50, Leaves = 8 };
        var trees = BoostedTrees.Fit(Lists(seed: 1), null, options, TwoThreads);
        var other = Lists(seed: 2);
        var loss = TreeGradients.Loss(other, options, Score(trees, other));
        Assert.True(loss < 0.5 * TreeGradients.Loss(other, options, new float[other.Rows]), $"{loss}");
        Assert.Equal(trees.Save(), BoostedTrees.Fit(Lists(seed: 1), null, options, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Save());

        static TreeTable Lists(ulong seed)
        {
            const int Count = 300, Rows = 20;
            var draw = new Draw(seed, "lists", 0);
            float[] values = new float[Count * Rows * 2], labels = new float[Count * Rows];
            for (var list = 0; list < Count; list++)
            {
                for (var i = list * Rows; i < (list + 1) * Rows; i++)
                {
                    var (good, noise) = ((float)draw.NextNormal(), (float)draw.NextNormal());
                    (values[2 * i], values[(2 * i) + 1]) = (good, noise);
                    labels[i] = good + (0.3 * draw.NextNormal()) > 1 ? good > 1.8 ? 2 : 1 : 0;
                }
            }

            return new TreeTable([ColumnKind.Number, ColumnKind.Number], values, labels, [.. Enumerable.Range(0, Count + 1).Select(list => list * Rows)]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Labels_that_are_all_alike_are_refused(float label)
    {
        var table = MadeUp(100, seed: 1) with { Labels = [.. Enumerable.Repeat(label, 100)] };
        var refusal = Assert.Throws<BadInputException>(() => BoostedTrees.Fit(table, null, new TreeOptions(), TwoThreads));
        Assert.Equal("labels-alike", refusal.Code);
    }

    [Fact]
    public void Nothing_but_missing_values_gives_the_base_rate()
    {
        float[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? 1f : 0)];
        var nothing = new float[200];
        nothing.AsSpan().Fill(float.NaN);
        var trees = BoostedTrees.Fit(new TreeTable([ColumnKind.Number, ColumnKind.Category], nothing, labels, []), null, new TreeOptions(), TwoThreads);
        Assert.Equal(0, trees.Count);
        var score = new float[1];
        trees.Score([1, 2], score);
        Assert.Equal(Math.Log(25 / 75.0), score[0], 1e-5);
    }

    /// <summary>It finds what decides, and beats the base rate on other rows.</summary>
    protected override void FindPattern(BoostedTrees model)
    {
        var other = MadeUp(5_000, seed: 1_000);
        Assert.InRange(TreeGradients.Loss(other, s_options, Score(model, other)), 0, 0.95 * TreeGradients.Loss(other, s_options, new float[other.Rows]));
    }

    protected override BoostedTrees Fit(ulong world, int threads) => BoostedTrees.Fit(MadeUp(10_000, world), null, s_options, new ParallelOptions { MaxDegreeOfParallelism = threads });

    protected override double[] Ask(BoostedTrees model, int @case)
    {
        var score = new float[1];
        model.Score(s_rows.Values.AsSpan(@case * model.Columns, model.Columns), score);
        return [score[0]];
    }

    protected override double[][] AskTogether(BoostedTrees model) => [.. Score(model, s_rows)[..Cases].Select(score => (double[])[score])];

    protected override byte[] Save(BoostedTrees model) => model.Save();

    protected override BoostedTrees Load(byte[] bytes) => BoostedTrees.Load(bytes, Name);

    protected override BoostedTrees LoadOfFormat(int format) => Load(Empty("trees", format));

    static float[] Score(BoostedTrees trees, TreeTable table)
    {
        var scores = new float[table.Rows];
        trees.Score(table.Values, scores);
        return scores;
    }

    /// <summary>Ten columns, of which some decide, alone and together; one is a category, one often missing, one has few values.</summary>
    internal static TreeTable MadeUp(int rows, ulong seed)
    {
        const int Columns = 10;
        var draw = new Draw(seed, "table", 0);
        float[] values = new float[rows * Columns], labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var x = values.AsSpan(row * Columns, Columns);
            for (var k = 0; k < Columns; k++) x[k] = (float)draw.NextNormal();
            x[7] = draw.NextBelow(12);
            if (draw.NextBelow(3) == 0) x[8] = float.NaN;
            x[9] = draw.NextBelow(3);
            var z = (1.2 * x[0]) - (0.8 * x[1] * x[2]) + Math.Sin(2 * x[4]) + (x[7] % 2) + (float.IsNaN(x[8]) ? 0.7 : 0) - 1;
            labels[row] = draw.NextUnit() < 1 / (1 + Math.Exp(-z)) ? 1 : 0;
        }

        var kinds = new ColumnKind[Columns];
        kinds[7] = ColumnKind.Category;
        return new TreeTable(kinds, values, labels, []);
    }
}
