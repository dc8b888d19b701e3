namespace Volna.Learning.Uplift;

/// <summary>
/// How well a ranking finds those whom a treatment changes. Treating the first share of the ranking brings, a treated customer,
/// Q = (Y1 - Y0 N1 / N0) / N: outcomes and customers of that share in both arms, N all treated (Radcliffe, "Using control groups to target on predicted lift",
/// 2007). Qini is the area between Q and the straight line to its end, which is what any ranking without knowledge brings, over shares from 0 to 1; in units
/// of the outcome, so it serves money as well as yes or no. Customers of one score are treated together: between their ends the curve is straight.
/// </summary>
sealed class QiniCurve
{
    readonly int[] _order, _ends;

    /// <param name="rows">The customers ranked.</param>
    /// <param name="scores">Of each; the higher, the earlier treated.</param>
    public QiniCurve(int[] rows, double[] scores)
    {
        _order = [.. rows];
        var falling = Array.ConvertAll(scores, score => -score);
        Array.Sort(falling, _order);
        _ends = [.. Enumerable.Range(1, rows.Length).Where(at => at == rows.Length || falling[at - 1] != falling[at])];
    }

    /// <param name="treated">Of all customers; the others likewise.</param>
    /// <param name="times">How often each counts; none for once.</param>
    public double Qini(bool[] treated, double[] outcome, ReadOnlySpan<byte> times)
    {
        var (sums, at, area, lastShare, lastQ) = (default(Arms), 0, 0.0, 0.0, 0.0);
        foreach (var end in _ends)
        {
            for (; at < end; at++) sums.Add(_order[at], treated, outcome, times);
            var (share, q) = (sums.Treated + sums.Control, sums.Control == 0 ? sums.TreatedOutcome : sums.TreatedOutcome - (sums.ControlOutcome * sums.Treated / sums.Control));
            area += (share - lastShare) * (q + lastQ) / 2;
            (lastShare, lastQ) = (share, q);
        }

        return sums.Treated == 0 || sums.Control == 0 ? 0 : ((area / lastShare) - (lastQ / 2)) / sums.Treated;
    }

    /// <summary>Mean outcome of the treated less that of the others among the first share of the ranking; null where one of both is empty.</summary>
    public double? UpliftAt(double share, bool[] treated, double[] outcome, ReadOnlySpan<byte> times)
    {
        var sums = default(Arms);
        foreach (var row in _order.AsSpan(0, (int)Math.Ceiling(share * _order.Length))) sums.Add(row, treated, outcome, times);
        return sums.Treated == 0 || sums.Control == 0 ? null : (sums.TreatedOutcome / sums.Treated) - (sums.ControlOutcome / sums.Control);
    }

    /// <summary>Customers and outcomes of both arms.</summary>
    struct Arms
    {
        public double Treated, Control, TreatedOutcome, ControlOutcome;

        public void Add(int row, bool[] treated, double[] outcome, ReadOnlySpan<byte> times)
        {
            double count = times.IsEmpty ? 1 : times[row];
            if (treated[row])
            {
                Treated += count;
                TreatedOutcome += count * outcome[row];
            }
            else
            {
                Control += count;
                ControlOutcome += count * outcome[row];
            }
        }
    }
}
