using MathNet.Numerics.Distributions;

namespace Volna.Learning.Demand;

/// <summary>
/// How demand for categories answers series by day. A window of the past is foretold from what was before it: by how much the log of a category's weekly purchases differs
/// from its mean before the window (the older the lighter), given how much the series differ from theirs. A ridge regression for each category; how strongly it is shrunk to no
/// answer, and which series are used at all, is decided by windows that were foretold from earlier ones alone.
/// </summary>
sealed class SeriesRegression
{
    /// <summary>What was before a window counts half as much after so many windows.</summary>
    const double HalfLifeWindows = 2;

    /// <summary>Windows needed before one to tell its usual level, to learn from before one is foretold, and to be foretold.</summary>
    const int LevelWindows = 2, LearnWindows = 4, LeastForetold = 4;

    /// <summary>Even where much is bought, a week's demand is off by so much for reasons that no series tells (variance of its logarithm).</summary>
    const double OtherReasons = 0.02;

    /// <summary>A window's shift that is common to all windows, such as growth, is held down by this.</summary>
    const double ShiftPenalty = 1;

    /// <summary>That a useless one of the series is used happens with at most this probability.</summary>
    const double MostFalseAlarms = 0.05;

    /// <summary>And one that lessens the squared error by a smaller share of what it is without any series isn't worth its risk.</summary>
    const double LeastGain = 0.05;

    static readonly double[] Penalties = [1, 10, 100, 1000];

    readonly CategoryDemand _demand;
    readonly int _window, _columns;
    readonly List<Row>[] _rows;

    /// <summary>One window of a category in a city.</summary>
    /// <param name="Start">Steps from the window's start to now.</param>
    /// <param name="Scale">Root of its weight.</param>
    /// <param name="Change">Of demand against its usual level.</param>
    /// <param name="Shifts">Of each series against its usual value.</param>
    readonly record struct Row(int Start, double Scale, double Change, double[] Shifts);

    /// <param name="past">Of each series: city by city, step by step, the last one first; mean 0.</param>
    public SeriesRegression(CategoryDemand demand, int windowDays, IReadOnlyList<double[]> past)
    {
        (_demand, _window, _columns) = (demand, windowDays / demand.StepDays, past.Count);
        var shifts = new double[demand.Cities][][];
        for (var city = 0; city < demand.Cities; city++)
        {
            var own = past.Select(series => Shifts(series.AsSpan(city * demand.Steps, demand.Steps))).ToArray();
            shifts[city] = [.. Enumerable.Range(0, Math.Max(0, LastStart + 1)).Select(start => Array.ConvertAll(own, series => series[start]))];
        }

        _rows = new List<Row>[demand.Categories];
        var logs = new double[demand.Steps];
        for (var category = 0; category < _rows.Length; category++)
        {
            _rows[category] = [];
            for (var city = 0; city < demand.Cities; city++)
            {
                var counts = demand.Of(city, category);
                var usual = 0.0;
                for (var step = 0; step < logs.Length; step++)
                {
                    logs[step] = Math.Log(counts[step] + 0.5);
                    usual += counts[step] / (double)logs.Length;
                }

                if (usual == 0) continue;
                // Windows overlap, one begins each step, so each counts for a part.
                var scale = Math.Sqrt(1 / (_window * ((1 / (_window * (usual + 0.5))) + OtherReasons)));
                var changes = Shifts(logs);
                for (var start = _window; start <= LastStart; start++) _rows[category].Add(new Row(start, scale, changes[start], shifts[city][start]));
            }

            // The oldest first.
            _rows[category].Sort((a, b) => b.Start.CompareTo(a.Start));
        }
    }

    /// <summary>The oldest window that has enough before it.</summary>
    int LastStart => _demand.Steps - (LevelWindows * _window);

    /// <summary>Windows of the past that can be foretold from others before them.</summary>
    public int Foretold => Math.Max(0, (LastStart - ((LearnWindows + 1) * _window) + 1) / _window);

    public bool CanJudge => Foretold >= LeastForetold;

    /// <summary>Adds one series after the other, each time the one that foretells best what it wasn't learnt from, as long as it surely does.</summary>
    /// <returns>The series chosen, by which share each lessened the squared error, and how strongly the answers to them are shrunk.</returns>
    public (List<(int Series, double Gain)> Chosen, double Penalty) Choose()
    {
        var chosen = new List<(int Series, double Gain)>();
        var penalty = 0.0;
        var errors = Errors([])[0];
        var leastGain = LeastGain * errors.Sum();
        var surely = StudentT.InvCDF(0, 1, errors.Length - 1, 1 - (MostFalseAlarms / _columns));
        while (true)
        {
            (int Series, double Penalty, double[] Errors)? best = null;
            for (var series = 0; series < _columns; series++)
            {
                if (chosen.Any(one => one.Series == series)) continue;
                var found = Errors([.. chosen.Select(one => one.Series), series]);
                for (var i = 0; i < found.Length; i++)
                    if (IsSurelyLess(found[i], errors, surely, leastGain) && (best is not { } other || found[i].Sum() < other.Errors.Sum())) best = (series, Penalties[i], found[i]);
            }

            if (best is not { } next) return (chosen, penalty);
            chosen.Add((next.Series, 1 - (next.Errors.Sum() / errors.Sum())));
            (penalty, errors) = (next.Penalty, next.Errors);
        }
    }

    static bool IsSurelyLess(double[] errors, double[] before, double surely, double leastGain)
    {
        var less = errors.Zip(before, (now, then) => then - now).Aggregate(default(Kernels.Moments), (sum, value) => sum.With(value));
        return less.Sum > leastGain && less.Mean > surely * Math.Sqrt(less.Variance / less.Count);
    }

    /// <summary>How the log of a category's demand answers each of some series, learnt from all windows.</summary>
    public double[] Answer(int category, int[] series, double penalty)
    {
        var sums = new LinearSums(series.Length + 1);
        foreach (var row in _rows[category]) sums.Add(Columns(row, series), row.Scale * row.Change);
        return Solve(sums, penalty)[1..];
    }

    /// <summary>By penalty, the squared error of each window foretold, summed over categories and cities.</summary>
    double[][] Errors(int[] series)
    {
        var errors = Penalties.Select(_ => new double[Foretold]).ToArray();
        foreach (var rows in _rows)
        {
            var sums = new LinearSums(series.Length + 1);
            var (learnt, at) = (0, 0);
            for (var window = Foretold; window > 0; window--)
            {
                // What ended before the window began.
                for (; learnt < rows.Count && rows[learnt].Start >= (window + 1) * _window; learnt++) sums.Add(Columns(rows[learnt], series), rows[learnt].Scale * rows[learnt].Change);
                var answers = Array.ConvertAll(Penalties, penalty => Solve(sums, penalty));
                while (at < rows.Count && rows[at].Start > window * _window) at++;
                for (; at < rows.Count && rows[at].Start == window * _window; at++)
                {
                    var x = Columns(rows[at], series);
                    for (var i = 0; i < answers.Length; i++)
                    {
                        var error = rows[at].Scale * rows[at].Change;
                        for (var k = 0; k < x.Length; k++) error -= answers[i][k] * x[k];
                        errors[i][window - 1] += error * error;
                    }
                }
            }
        }

        return errors;
    }

    /// <summary>1 for the shift that all windows have in common, and the series; with the row's weight.</summary>
    static double[] Columns(in Row row, int[] series)
    {
        var x = new double[series.Length + 1];
        x[0] = row.Scale;
        for (var k = 0; k < series.Length; k++) x[k + 1] = row.Scale * row.Shifts[series[k]];
        return x;
    }

    static double[] Solve(LinearSums sums, double penalty)
    {
        var matrix = sums.Products.ToArray();
        for (var k = 0; k < sums.Columns; k++) matrix[(k * sums.Columns) + k] += k == 0 ? ShiftPenalty : penalty;
        return Cholesky.Solve(matrix, sums.Outcome);
    }

    /// <summary>By the window's start: the window's mean less what was usual before.</summary>
    double[] Shifts(ReadOnlySpan<double> steps)
    {
        var shifts = Usual(steps, _window);
        double sum = 0;
        for (var start = 1; start < shifts.Length; start++)
        {
            sum += steps[start - 1] - (start > _window ? steps[start - 1 - _window] : 0);
            shifts[start] = (sum / _window) - shifts[start];
        }

        return shifts;
    }

    /// <summary>By step: the mean from it on backwards, the older the lighter.</summary>
    public static double[] Usual(ReadOnlySpan<double> steps, int window)
    {
        var (usual, keep, sum, weight) = (new double[steps.Length], Math.Pow(0.5, 1 / (HalfLifeWindows * window)), 0.0, 0.0);
        for (var step = steps.Length - 1; step >= 0; step--)
        {
            (sum, weight) = (steps[step] + (keep * sum), 1 + (keep * weight));
            usual[step] = sum / weight;
        }

        return usual;
    }
}
