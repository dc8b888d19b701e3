using System.Runtime.InteropServices;

namespace Volna.Redemptions;

/// <summary>
/// Which offer goes to which line: each offer to at most one, each line at most one, with the largest sum of benefits. Where nothing competes that is
/// plain; else it is the assignment problem, solved exactly by the Hungarian method with potentials (Kuhn 1955; the O(n^2 m) form of Jonker and Volgenant
/// 1987). Benefits are made distinct by tiny additions, so that among equal sums fewer offers win, then earlier lines.
/// </summary>
static class Assignment
{
    // The additions stay below one minor unit: at most 500 offers of 2,048 steps each, a step being 2^-20 of it.
    const int Steps = 20;
    const int PerOffer = 2_048;

    public static List<LineUse> Best(List<LineUse> uses) => Competes(uses) ? Solve(uses) : uses;

    static bool Competes(List<LineUse> uses)
    {
        for (var i = 0; i < uses.Count; i++)
            for (var j = 0; j < i; j++)
                if (uses[i].Line == uses[j].Line || uses[i].Offer == uses[j].Offer)
                    return true;
        return false;
    }

    static List<LineUse> Solve(List<LineUse> uses)
    {
        var offers = uses.Select(use => use.Offer).Distinct().Order().ToArray();
        var lines = uses.Select(use => use.Line).Distinct().Order().ToArray();
        // Rows are offers; columns are lines, then one for each offer that stays unused. Both count from 1, 0 is the start of a search.
        var (rows, columns) = (offers.Length, lines.Length + offers.Length);
        var cost = new Int128[rows + 1, columns + 1];
        var at = new LineUse?[rows + 1, columns + 1];
        // A line that an offer doesn't speak of costs more than all benefits together.
        var never = (uses.Aggregate(Int128.Zero, (sum, use) => sum + use.Benefit.Minor) + 1) << Steps;
        for (var row = 1; row <= rows; row++)
            for (var column = 1; column <= lines.Length; column++)
                cost[row, column] = never;
        foreach (var use in CollectionsMarshal.AsSpan(uses))
        {
            var (row, column) = (Array.BinarySearch(offers, use.Offer) + 1, Array.BinarySearch(lines, use.Line) + 1);
            cost[row, column] = -((Int128)use.Benefit.Minor << Steps) + PerOffer + column;
            at[row, column] = use;
        }

        var (ofRow, ofColumn) = (new Int128[rows + 1], new Int128[columns + 1]);
        var (taken, way) = (new int[columns + 1], new int[columns + 1]);
        for (var row = 1; row <= rows; row++)
        {
            taken[0] = row;
            var here = 0;
            var (slack, seen) = (new Int128[columns + 1], new bool[columns + 1]);
            Array.Fill(slack, Int128.MaxValue);
            do
            {
                seen[here] = true;
                var (least, next) = (Int128.MaxValue, 0);
                for (var column = 1; column <= columns; column++)
                {
                    if (seen[column]) continue;
                    var reduced = cost[taken[here], column] - ofRow[taken[here]] - ofColumn[column];
                    if (reduced < slack[column]) (slack[column], way[column]) = (reduced, here);
                    if (slack[column] < least) (least, next) = (slack[column], column);
                }

                for (var column = 0; column <= columns; column++)
                {
                    if (seen[column])
                    {
                        ofRow[taken[column]] += least;
                        ofColumn[column] -= least;
                    }
                    else if (column > 0)
                    {
                        slack[column] -= least;
                    }
                }

                here = next;
            }
            while (taken[here] != 0);

            for (; here != 0; here = way[here]) taken[here] = taken[way[here]];
        }

        var chosen = new List<LineUse>();
        for (var column = 1; column <= lines.Length; column++)
            if (at[taken[column], column] is { } use)
                chosen.Add(use);
        return chosen;
    }
}
