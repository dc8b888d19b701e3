using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Uplift;

namespace Volna.Tests.Learning.Uplift;

/// <summary>What is learnt: the effect by each learner, as a constant and the weights of two columns.</summary>
public sealed class UpliftFitTests : LearningContract<double[][]>
{
    const int Parts = 5;

    /// <summary>The treatment adds 1 and as much again as the first column says; the second column changes the outcome alone.</summary>
    protected override void FindPattern(double[][] model)
    {
        Assert.Equal(Enum.GetValues<UpliftLearner>().Length, model.Length);
        Assert.All(model, effect => Assert.All(effect.Zip([1, 1, 0.0]), pair => Assert.Equal(pair.Second, pair.First, 0.1)));
    }

    protected override double[][] Fit(ulong world, int threads)
    {
        var draw = new Draw(world, "uplift", 0);
        var parts = new (LinearSums Treated, LinearSums Control)[Parts];
        var rows = new (double[] X, double Outcome, bool Treated)[Parts * 2_000];
        for (var row = 0; row < rows.Length; row++)
        {
            var (x, treated) = ((double[])[1, draw.NextNormal(), draw.NextNormal()], draw.NextBelow(2) == 0);
            rows[row] = (x, x[2] + (treated ? 1 + x[1] : 0) + draw.NextNormal(), treated);
        }

        for (var part = 0; part < Parts; part++)
        {
            parts[part] = (new LinearSums(3), new LinearSums(3));
            foreach (var (x, outcome, treated) in rows.Where((_, row) => row % Parts == part)) (treated ? parts[part].Treated : parts[part].Control).Add(x, outcome);
        }

        return new UpliftFit(parts, 0.5, Worth, CancellationToken.None).Run([0, 1, 2, 3, 4]).Effects;

        double[] Worth(int part, double[][] effects) => Array.ConvertAll(effects, effect => -rows.Where((_, row) => row % Parts == part)
            .Average(row => Math.Pow((row.Treated ? 2 * row.Outcome : -2 * row.Outcome) - effect[0] - (effect[1] * row.X[1]) - (effect[2] * row.X[2]), 2)));
    }

    protected override double[] Ask(double[][] model, int @case) => Array.ConvertAll(model, effect => effect[0] + (effect[1] * (@case - 10)) + (effect[2] * @case));
}
