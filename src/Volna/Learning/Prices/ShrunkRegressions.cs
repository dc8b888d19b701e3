namespace Volna.Learning.Prices;

/// <summary>
/// One linear regression for each group (a store), each shrunk to the mean of all: a group of few rows or little variation borrows from the others, one of
/// many keeps to its own. The groups' coefficients are taken as drawn around their mean with a spread estimated from the groups themselves (empirical Bayes;
/// DerSimonian, Laird, "Meta-analysis in clinical trials", 1986, for each coefficient); a group's shrunk ones are the most likely given that and its rows.
/// </summary>
/// <param name="Mean">Of the groups' coefficients.</param>
/// <param name="Spread">Standard deviation of the groups' true coefficients.</param>
/// <param name="MeanError">Standard error of the mean.</param>
/// <param name="Own">Each group's coefficients from its rows alone.</param>
/// <param name="Shrunk">Each group's coefficients.</param>
sealed record ShrunkRegressions(double[] Mean, double[] Spread, double[] MeanError, double[][] Own, double[][] Shrunk)
{
    // A coefficient that is the same in all groups still needs a finite weight.
    const double LeastSpread = 1e-3;

    /// <param name="groups">Each with more rows than columns; the columns best have a mean near 0.</param>
    public static ShrunkRegressions Fit(IReadOnlyList<LinearSums> groups)
    {
        var columns = groups[0].Columns;
        var own = groups.Select(group => group.Solve(group.Outcome, 0)).ToArray();
        var noise = groups.Zip(own, (group, weights) => group.OutcomeSquares + group.Loss(weights)).Sum() / groups.Sum(group => group.Count - columns);
        // Where nothing is left to explain, hardly anything.
        noise = Math.Max(noise, 1e-12);
        var variances = groups.Select(group => Enumerable.Range(0, columns).Select(column => noise * group.Solve(Unit(columns, column), 0)[column]).ToArray()).ToArray();

        var (mean, spread, error) = (new double[columns], new double[columns], new double[columns]);
        for (var column = 0; column < columns; column++)
            (mean[column], spread[column], error[column]) = Meta([.. own.Select(one => one[column])], [.. variances.Select(one => one[column])]);
        return new ShrunkRegressions(mean, spread, error, own, [.. groups.Select(group => Shrink(group, mean, spread, noise))]);
    }

    static double[] Shrink(LinearSums group, double[] mean, double[] spread, double noise)
    {
        var (posterior, right) = (new LinearSums(mean.Length).Add(group, 1 / noise), Array.ConvertAll(group.Outcome, one => one / noise));
        for (var column = 0; column < mean.Length; column++)
        {
            var certainty = 1 / Math.Pow(Math.Max(spread[column], LeastSpread), 2);
            posterior.Products[(column * mean.Length) + column] += certainty;
            right[column] += certainty * mean[column];
        }

        return posterior.Solve(right, 0);
    }

    /// <summary>Mean, spread of the true values and error of the mean, from estimates with their variances.</summary>
    static (double Mean, double Spread, double Error) Meta(double[] values, double[] variances)
    {
        var weights = Array.ConvertAll(variances, variance => 1 / variance);
        var (total, squares) = (weights.Sum(), weights.Sum(weight => weight * weight));
        var first = values.Zip(weights, (value, weight) => value * weight).Sum() / total;
        var scatter = values.Zip(weights, (value, weight) => weight * (value - first) * (value - first)).Sum();
        var spread = values.Length < 2 ? 0 : Math.Max(0, (scatter - (values.Length - 1)) / (total - (squares / total)));
        weights = Array.ConvertAll(variances, variance => 1 / (variance + spread));
        return (values.Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum(), Math.Sqrt(spread), Math.Sqrt(1 / weights.Sum()));
    }

    static double[] Unit(int columns, int column)
    {
        var unit = new double[columns];
        unit[column] = 1;
        return unit;
    }
}
