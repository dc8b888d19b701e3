using System.Collections.Immutable;
using System.Numerics;

namespace Volna.Offers.Allocation;

/// <summary>
/// How the use of limits falls as prices rise, estimated from how near customers are to another choice: who would swap one offer for another at a small move
/// of prices tells how many would at a bigger one. It is what the second derivative of the bound would be, were the choices smooth.
/// </summary>
sealed class Curvature
{
    const int MostSweeps = 60;

    // A tenth of a limit's use falls away, at least, where an offer costs as much more as one is worth; else few customers would tell too much.
    const double LeastResponse = 0.1, Enough = 1e-5;

    // Of tens of thousands of limits, such as a cap on each product in each store, not all pairs fit into memory: beside each by itself, only what some of them have to do
    // with all others is kept, of those that the plan names first.
    const int MostPairs = 1 << 21;

    // Limits of which all pairs are kept, and where each stands among them, or -1.
    readonly int[] _paired, _rows;

    // A row for each of these, and what each of the others has to do with itself.
    readonly double[] _sums, _own;

    public Curvature(ImmutableArray<Limit> limits)
    {
        _paired = [.. Enumerable.Range(0, limits.Length).OrderBy(limit => limits[limit].IsStock).Take(MostPairs / Math.Max(limits.Length, 1)).Order()];
        _rows = new int[limits.Length];
        Array.Fill(_rows, -1);
        foreach (var (row, limit) in _paired.Index()) _rows[limit] = row;
        (_sums, _own) = (new double[_paired.Length * limits.Length], new double[limits.Length]);
    }

    /// <summary>A swap of one option for another that uses limits otherwise.</summary>
    /// <param name="changes">By how much more it uses each limit.</param>
    public void Add(ReadOnlySpan<(int Limit, double More)> changes, double weight)
    {
        foreach (var (limit, more) in changes)
        {
            var row = _rows[limit];
            if (row < 0) _own[limit] += weight * more * more;
            else
                foreach (var (column, other) in changes)
                    _sums[(row * _rows.Length) + column] += weight * more * other;
        }
    }

    public void Add(Curvature other)
    {
        for (var at = 0; at < _sums.Length; at++) _sums[at] += other._sums[at];
        for (var limit = 0; limit < _own.Length; limit++) _own[limit] += other._own[limit];
    }

    public void Clear()
    {
        Array.Clear(_sums);
        Array.Clear(_own);
    }

    /// <summary>
    /// The prices at which the limits would be just used up: the least of the bound's quadratic model, each price in turn put where it is least for itself
    /// (Gauss and Seidel), within what it may be.
    /// </summary>
    /// <param name="from">Prices at which the customers use <paramref name="used"/>.</param>
    /// <param name="used">By customers who share so much of the limits.</param>
    /// <param name="share">Of the limits, for these customers.</param>
    /// <param name="times">As many times more customers respond than the curvature is of.</param>
    /// <param name="reach">So far at most each price moves.</param>
    /// <param name="meanValue">Of an offer.</param>
    /// <param name="prices">Where to begin; becomes what is found.</param>
    public void Follow(AllocationProblem problem, PriceRange? range, ReadOnlySpan<double> from, ReadOnlySpan<double> used, double share, double times, ReadOnlySpan<double> reach, double meanValue, Span<double> prices)
    {
        var limits = _rows.Length;
        double[] left = [.. used], own = new double[limits];
        for (var limit = 0; limit < limits; limit++)
        {
            own[limit] = Response(problem.Limits[limit], limit, used[limit], meanValue, times);
            if (prices[limit] != from[limit]) Move(limit, prices[limit] - from[limit]);
        }

        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            double most = 0;
            for (var limit = 0; limit < limits; limit++)
            {
                var one = problem.Limits[limit];
                var next = prices[limit] + ((left[limit] - (share * one.Most)) / own[limit]);
                if (next < 0) next = one.AllowedPrice(Math.Min(0, prices[limit] + ((left[limit] - (share * one.Least)) / own[limit])));
                next = Math.Clamp(next, from[limit] - reach[limit], from[limit] + reach[limit]);
                if (range is not null) next = range.Within(limit, next);
                var change = next - prices[limit];
                if (change == 0) continue;
                prices[limit] = next;
                most = Math.Max(most, Math.Abs(change) * own[limit] / Math.Max(used[limit], 1));
                Move(limit, change);
            }

            if (most < Enough) break;
        }

        void Move(int limit, double change)
        {
            AddRow(left, limit, -change * times);
            left[limit] -= change * (own[limit] - (times * OwnOf(limit)));
        }
    }

    /// <summary>By how much the use of a limit falls where its price alone rises by one.</summary>
    double Response(Limit limit, int number, double used, double meanValue, double times) => Math.Max(
        times * OwnOf(number), LeastResponse * Math.Max(used, 1) / (limit.Counts == LimitUnit.Money ? 1 : meanValue));

    double OwnOf(int limit) => _rows[limit] is var row and >= 0 ? _sums[(row * _rows.Length) + limit] : _own[limit];

    void AddRow(double[] to, int limit, double factor)
    {
        var limits = _rows.Length;
        if (_rows[limit] < 0)
        {
            to[limit] += _own[limit] * factor;
            for (var row = 0; row < _paired.Length; row++) to[_paired[row]] += _sums[(row * limits) + limit] * factor;
            return;
        }

        var sums = _sums.AsSpan(_rows[limit] * limits, limits);
        var by = new Vector<double>(factor);
        var at = 0;
        for (; at <= limits - Vector<double>.Count; at += Vector<double>.Count) (new Vector<double>(to, at) + (new Vector<double>(sums[at..]) * by)).CopyTo(to, at);
        for (; at < limits; at++) to[at] += sums[at] * factor;
    }
}
