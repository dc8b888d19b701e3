namespace Volna.Learning.Uplift;

/// <summary>
/// Fits the learners from sums over parts of the customers, each part with a treated and an untreated half. What a learner needs besides the effect (what
/// would have been the outcome) comes from parts other than the one it is used on, and penalties are chosen by parts that were not fitted on: for the outcome
/// by its squared error, for the effect by how well all its learners together rank there.
/// </summary>
/// <param name="share">Of the treated: the same for all customers, because they were drawn.</param>
/// <param name="worth">How well effects rank the customers of a part; they add up over parts.</param>
sealed class UpliftFit(IReadOnlyList<(LinearSums Treated, LinearSums Control)> parts, double share, Func<int, double[][], double[]> worth, CancellationToken stop)
{
    /// <summary>On squared weights, relative to the columns' spread.</summary>
    static readonly double[] Penalties = [0.0001, 0.001, 0.01, 0.1, 1, 10];

    static readonly UpliftLearner[] Learners = Enum.GetValues<UpliftLearner>();

    readonly double _share = share;

    /// <summary>Effects as linear functions, and how well they ranked parts that they weren't fitted on, by learner.</summary>
    public (double[][] Effects, double[] Worths) Run(IReadOnlyList<int> from)
    {
        var outcome = Penalties.MinBy(penalty => from.Sum(judge => OutcomeLoss(judge, [.. from.Where(part => part != judge)], penalty)));
        var worths = new double[Penalties.Length, Learners.Length];
        foreach (var judge in from)
        {
            stop.ThrowIfCancellationRequested();
            var fitted = new Fitted(this, [.. from.Where(part => part != judge)], outcome);
            var judged = worth(judge, [.. from penalty in Penalties from learner in Learners select fitted.Effect(learner, penalty)]);
            for (var i = 0; i < judged.Length; i++) worths[i / Learners.Length, i % Learners.Length] += judged[i];
        }

        // Two models know nothing of effects: their penalty is the one that suits the outcome.
        var effect = Enumerable.Range(0, Penalties.Length).MaxBy(penalty => Learners.Where(learner => learner != UpliftLearner.TwoModel).Sum(learner => worths[penalty, (int)learner]));
        var all = new Fitted(this, from, outcome);
        return (
            [.. Learners.Select(learner => all.Effect(learner, learner == UpliftLearner.TwoModel ? outcome : Penalties[effect]))],
            [.. Learners.Select(learner => worths[learner == UpliftLearner.TwoModel ? Array.IndexOf(Penalties, outcome) : effect, (int)learner])]);
    }

    /// <summary>The squared error on a part of what others foretell of the outcome, but for a constant.</summary>
    double OutcomeLoss(int judge, IReadOnlyList<int> from, double penalty)
    {
        var (treated, control) = Sum(from);
        return parts[judge].Treated.Loss(treated.Solve(treated.Outcome, penalty)) + parts[judge].Control.Loss(control.Solve(control.Outcome, penalty));
    }

    (LinearSums Treated, LinearSums Control) Sum(IReadOnlyList<int> of)
    {
        var (treated, control) = (new LinearSums(parts[0].Treated.Columns), new LinearSums(parts[0].Treated.Columns));
        foreach (var part in of)
        {
            treated.Add(parts[part].Treated);
            control.Add(parts[part].Control);
        }

        return (treated, control);
    }

    /// <summary>A part as the R-learner sees it: products weighted by the squared surprise of the treatment, and with the surprise of the outcome.</summary>
    (LinearSums Products, double[] Right) Residual(int part, (double[] Treated, double[] Control) expected)
    {
        var (treated, control) = parts[part];
        var mean = Mix(expected.Treated, expected.Control, _share);
        var products = new LinearSums(treated.Columns).Add(treated, (1 - _share) * (1 - _share)).Add(control, _share * _share);
        return (products, Mix(Less(treated.Outcome, treated.Times(mean)), Less(control.Times(mean), control.Outcome), 1 - _share));
    }

    static double[] Mix(double[] a, double[] b, double shareOfA) => [.. a.Zip(b, (one, other) => (shareOfA * one) + ((1 - shareOfA) * other))];

    static double[] Less(double[] a, double[] b) => [.. a.Zip(b, (one, other) => one - other)];

    /// <summary>What was learnt from some parts.</summary>
    sealed class Fitted
    {
        readonly double _share;
        readonly (LinearSums Treated, LinearSums Control) _sums;
        readonly (double[] Treated, double[] Control) _expected;
        readonly (LinearSums Products, double[] Right) _residual;

        public Fitted(UpliftFit fit, IReadOnlyList<int> from, double penalty)
        {
            _share = fit._share;
            _sums = fit.Sum(from);
            _expected = Outcomes(_sums);
            _residual = (new LinearSums(_sums.Treated.Columns), new double[_sums.Treated.Columns]);
            foreach (var part in from)
            {
                var (products, right) = fit.Residual(part, Outcomes(fit.Sum([.. from.Where(other => other != part)])));
                _residual.Products.Add(products);
                for (var i = 0; i < right.Length; i++) _residual.Right[i] += right[i];
            }

            (double[] Treated, double[] Control) Outcomes((LinearSums Treated, LinearSums Control) sums) =>
                (sums.Treated.Solve(sums.Treated.Outcome, penalty), sums.Control.Solve(sums.Control.Outcome, penalty));
        }

        public double[] Effect(UpliftLearner learner, double penalty)
        {
            var (treated, control) = _sums;
            return learner switch
            {
                UpliftLearner.TwoModel => Less(treated.Solve(treated.Outcome, penalty), control.Solve(control.Outcome, penalty)),
                UpliftLearner.X => Mix(
                    control.Solve(Less(control.Times(_expected.Treated), control.Outcome), penalty), treated.Solve(Less(treated.Outcome, treated.Times(_expected.Control)), penalty), _share),
                UpliftLearner.ClassTransformation => new LinearSums(treated.Columns).Add(treated).Add(control).Solve(
                    [.. treated.Outcome.Zip(control.Outcome, (one, other) => (one / _share) - (other / (1 - _share)))], penalty),
                UpliftLearner.R => _residual.Products.Solve(_residual.Right, penalty),
                _ => throw new ArgumentOutOfRangeException(nameof(learner), learner, "No such learner."),
            };
        }
    }
}
