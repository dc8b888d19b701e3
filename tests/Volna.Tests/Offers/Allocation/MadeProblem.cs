using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Offers.Allocation;

namespace Volna.Tests.Offers.Allocation;

/// <summary>A made-up wave to be allocated: a total budget, and limits of money or offers on goods of which customers have options at several depths.</summary>
static class MadeProblem
{
    /// <param name="tightness">Share of what unlimited offers would use that limits leave, about.</param>
    public static AllocationProblem Make(
        ulong seed, int customers, int limits, int candidates = 12, int goods = 300, double tightness = 0.5, ImmutableArray<int>? slots = null, int mostPerCategory = 2)
    {
        var draw = new Draw(seed, "allocation", 0);
        var kinds = slots ?? [2, 2, 1];
        var madeGoods = Enumerable.Range(0, goods).Select(good =>
            new Good(good % 100, draw.NextUnit() < 0.8 && limits > 0 ? [0, 1 + draw.NextBelow(limits)] : [0])).ToImmutableArray();
        var used = new double[limits + 1];
        var blocks = new List<CustomerBlock>();
        for (var first = 0; first < customers; first += 5_000)
        {
            var starts = new List<int> { 0 };
            var options = new List<Option>();
            for (var customer = first; customer < Math.Min(first + 5_000, customers); customer++)
            {
                for (var candidate = 0; candidate < candidates; candidate++)
                {
                    var good = (int)(goods * Math.Pow(draw.NextUnit(), 2));
                    var (value, cost) = (100_000 * draw.NextUnit(), 30_000 * (0.2 + draw.NextUnit()));
                    var kind = draw.NextBelow(4) == 0 ? 2 : candidate % 2;
                    for (var step = 0; step < 3; step++)
                        options.Add(new Option(good, kind, step, (int)((value * (1 + (0.3 * step))) - 20_000), (int)(cost * (1 + step))));
                    if (candidate >= kinds.Sum()) continue;
                    foreach (var limit in madeGoods[good].Limits) used[limit] += limit % 2 == 0 ? cost : 1;
                }

                starts.Add(options.Count);
            }

            // A customer's options on one good in one kind stand together.
            var sorted = options.ToArray();
            for (var customer = 0; customer + 1 < starts.Count; customer++)
            {
                var own = sorted.AsSpan(starts[customer], starts[customer + 1] - starts[customer]);
                own.Sort(static (a, b) => (a.Good, a.Kind, a.Step, a.ValueMilli).CompareTo((b.Good, b.Kind, b.Step, b.ValueMilli)));
            }

            blocks.Add(new CustomerBlock(new ushort[starts.Count - 1], [.. starts], sorted));
        }

        return new AllocationProblem
        {
            Limits = [.. used.Select((use, limit) => limit % 2 == 0
                ? new Limit($"money {limit}", LimitUnit.Money, (long)(use * tightness * (0.5 + draw.NextUnit())))
                : new Limit($"offers {limit}", LimitUnit.Offers, (long)(use * tightness * (0.5 + draw.NextUnit())) + 1))],
            Goods = madeGoods,
            Slots = [kinds],
            MostPerCategory = mostPerCategory,
            Blocks = blocks,
        };
    }
}
