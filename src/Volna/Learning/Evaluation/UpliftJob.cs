using Volna.Kernels;
using Volna.Learning.Uplift;

namespace Volna.Learning.Evaluation;

/// <summary>An estimate with its 95 % interval.</summary>
public readonly record struct Estimate(double Value, double Lower, double Upper);

/// <summary>How well a learner finds those whom the treatment changes.</summary>
/// <param name="Qini">See <see cref="QiniCurve"/>; 0 for a ranking without knowledge.</param>
/// <param name="AboveTwoModel">Its Qini less that of two models; both see the same customers, so this is surer than the two intervals.</param>
/// <param name="UpliftAt10">Effect among the 10 % ranked first.</param>
public sealed record UpliftQuality(double Qini, double Lower, double Upper, Estimate AboveTwoModel, Estimate UpliftAt10, Estimate UpliftAt20, Estimate UpliftAt30);

/// <param name="Arms">Means of the outcome, the control first.</param>
/// <param name="Uplift">Among all customers compared.</param>
/// <param name="Learners">By <see cref="UpliftLearner"/>.</param>
/// <param name="Best">The learner that ranked best where none of the figures comes from: parts within the parts learnt from.</param>
public sealed record UpliftResult(
    int Customers, IReadOnlyList<UpliftArm> Arms, double Uplift, IReadOnlyList<string> Features, IReadOnlyList<LeftOut> LeftOut, UpliftQuality[] Learners, UpliftLearner Best);

/// <summary>
/// Judges the uplift learners on an experiment. The customers are drawn into parts; each part is ranked by learners that saw only the others, whose options
/// were chosen within those others. So that the figures don't hang on one draw, they are means over several. Intervals come from drawing the customers anew,
/// with what was learnt left as it is.
/// </summary>
public static class UpliftJob
{
    const int Partitions = 4, Parts = 5;
    static readonly double[] Shares = [0.1, 0.2, 0.3];
    static readonly UpliftLearner[] Learners = Enum.GetValues<UpliftLearner>();

    /// <param name="draws">For the intervals.</param>
    public static UpliftResult Run(string path, UpliftColumns columns, ulong seed, int draws, ParallelOptions parallel)
    {
        var table = UpliftTable.Of(AnyTableFeed.Read(path, parallel.CancellationToken), columns);
        var judged = new Judged[Partitions * Parts];
        for (var partition = 0; partition < Partitions; partition++)
        {
            var parts = PartsOf(table.Treated, seed, partition);
            var sums = Array.ConvertAll(parts, rows => SumUp(table, rows));
            var first = partition * Parts;
            Parallel.For(0, Parts, parallel, part => judged[first + part] = Learn(table, parts, sums, part, parallel.CancellationToken));
        }

        var figures = new double[draws + 1][,];
        Parallel.For(0, draws + 1, parallel, draw => figures[draw] = Figures(table, judged, draw == 0 ? [] : Drawn(table.Treated.Length, seed, draw)));
        var (treated, control) = (Mean(true), Mean(false));
        return new UpliftResult(
            table.Treated.Length, table.Arms, treated - control, table.Features, table.LeftOut, [.. Learners.Select((_, at) => Quality(at))],
            Learners.MaxBy(learner => judged.Sum(one => one.Worths[(int)learner])));

        double Mean(bool ofTreated) => Enumerable.Range(0, table.Outcome.Length).Where(row => table.Treated[row] == ofTreated).Average(row => table.Outcome[row]);

        UpliftQuality Quality(int at)
        {
            var qini = Of(one => one[at, 0]);
            return new UpliftQuality(
                qini.Value, qini.Lower, qini.Upper, Of(one => one[at, 0] - one[(int)UpliftLearner.TwoModel, 0]), Of(one => one[at, 1]), Of(one => one[at, 2]), Of(one => one[at, 3]));
        }

        Estimate Of(Func<double[,], double> figure)
        {
            var drawn = figures[1..].Select(figure).Order().ToArray();
            return new Estimate(figure(figures[0]), drawn[(int)(0.025 * draws)], drawn[(int)(0.975 * draws)]);
        }
    }

    /// <summary>Parts of equal size, both arms alike.</summary>
    static int[][] PartsOf(bool[] treated, ulong seed, int partition)
    {
        var parts = Enumerable.Range(0, Parts).Select(_ => new List<int>()).ToArray();
        foreach (var arm in Enumerable.Range(0, treated.Length).GroupBy(row => treated[row]))
            foreach (var (at, row) in arm.OrderBy(row => new Draw(seed, $"parts {partition}", (ulong)row).Next()).Index())
                parts[at % Parts].Add(row);
        return Array.ConvertAll(parts, part => part.ToArray());
    }

    static (LinearSums Treated, LinearSums Control) SumUp(UpliftTable table, int[] rows)
    {
        var (treated, control) = (new LinearSums(table.Rows[0].Length), new LinearSums(table.Rows[0].Length));
        foreach (var row in rows) (table.Treated[row] ? treated : control).Add(table.Rows[row], table.Outcome[row]);
        return (treated, control);
    }

    /// <summary>Ranks a part by what the others teach.</summary>
    static Judged Learn(UpliftTable table, int[][] parts, (LinearSums Treated, LinearSums Control)[] sums, int part, CancellationToken stop)
    {
        var share = (double)table.Treated.Count(one => one) / table.Treated.Length;
        var (effects, worths) = new UpliftFit(sums, share, Worth, stop).Run([.. Enumerable.Range(0, Parts).Where(other => other != part)]);
        return new Judged(worths, Array.ConvertAll(effects, effect => Rank(table, parts[part], effect)));

        double[] Worth(int judge, double[][] candidates) => Array.ConvertAll(candidates, effect => Rank(table, parts[judge], effect).Qini(table.Treated, table.Outcome, default));
    }

    static QiniCurve Rank(UpliftTable table, int[] rows, double[] effect) => new(rows, Array.ConvertAll(rows, row =>
    {
        var (x, score) = (table.Rows[row], 0.0);
        for (var k = 0; k < x.Length; k++) score += effect[k] * x[k];
        return score;
    }));

    /// <summary>How often each customer comes when as many as there are are drawn.</summary>
    static byte[] Drawn(int customers, ulong seed, int draw)
    {
        var (times, chance) = (new byte[customers], new Draw(seed, "customers", (ulong)draw));
        for (var i = 0; i < customers; i++) times[chance.NextBelow(customers)]++;
        return times;
    }

    /// <summary>Qini and uplift at the shares, by learner: means over the parts.</summary>
    static double[,] Figures(UpliftTable table, Judged[] judged, byte[] times)
    {
        var figures = new double[Learners.Length, 1 + Shares.Length];
        foreach (var one in judged)
        {
            for (var learner = 0; learner < Learners.Length; learner++)
            {
                Add(learner, 0, one.Curves[learner].Qini(table.Treated, table.Outcome, times));
                for (var share = 0; share < Shares.Length; share++) Add(learner, 1 + share, one.Curves[learner].UpliftAt(Shares[share], table.Treated, table.Outcome, times) ?? 0);
            }

            void Add(int learner, int figure, double value) => figures[learner, figure] += value / judged.Length;
        }

        return figures;
    }

    /// <param name="Worths">By learner, within the other parts.</param>
    /// <param name="Curves">By learner.</param>
    sealed record Judged(double[] Worths, QiniCurve[] Curves);
}
