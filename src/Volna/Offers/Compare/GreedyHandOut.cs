using Volna.Offers.Allocation;
using Volna.Offers.Choice;

namespace Volna.Offers.Compare;

/// <summary>How a greedy way of sharing out sees a candidate.</summary>
/// <param name="candidate">Who could get it.</param>
/// <param name="options">Her options on it, rising in depth and in value.</param>
/// <returns>Its rank, the highest goes first, and the place of the option that it would be.</returns>
delegate (double Rank, int Place) Greed(in ValuedCandidate candidate, ReadOnlySpan<Option> options);

/// <summary>Hands out the candidates of all customers in falling order of rank, each as long as her slots, the categories and all limits have room: what is done without prices.</summary>
sealed class GreedyHandOut(AllocationProblem problem, SharedLimits limits, IReadOnlyList<ValuedBlock> blocks)
{
    public Allocated Run(Greed greed, CancellationToken stop)
    {
        var ranked = Rank(greed, stop);
        var (allocation, stock, chosen) = (new Allocated(problem), new Stock(problem), new List<int>());
        foreach (var one in ranked)
        {
            var (block, option) = (problem.Blocks[one.Block], blocks[one.Block].OptionsOf(one.Customer)[one.Place]);
            chosen.Clear();
            foreach (var place in allocation.Of(one.Block, one.Customer)) chosen.Add(place);
            if (!HasRoom(blocks[one.Block].OptionsOf(one.Customer), chosen, option, problem.Slots[block.Segments[one.Customer]][option.Kind]) || !stock.Allows(option)) continue;
            stock.Take(option);
            chosen.Add(one.Place);
            allocation.Set(one.Block, one.Customer, chosen);
            allocation.ValueMilli += option.ValueMilli;
        }

        allocation.Limits = [.. problem.Limits.Select((_, limit) => new LimitUse(stock.Used(limit), 0))];
        return allocation;
    }

    List<(double Rank, int Block, int Customer, int Place)> Rank(Greed greed, CancellationToken stop)
    {
        var ranked = new List<(double Rank, int Block, int Customer, int Place)>();
        for (var number = 0; number < blocks.Count; number++)
            for (var customer = 0; customer < blocks[number].Customers.Length; customer++)
            {
                stop.ThrowIfCancellationRequested();
                var options = blocks[number].OptionsOf(customer);
                var at = 0;
                foreach (ref readonly var candidate in blocks[number].CandidatesOf(customer))
                {
                    var first = at;
                    while (at < options.Length && limits.ProductOf(options[at].Good) == candidate.Product && options[at].Kind == (int)candidate.Kind) at++;
                    var (rank, place) = greed(candidate, options[first..at]);
                    ranked.Add((rank, number, customer, first + place));
                }
            }

        ranked.Sort(static (a, b) => (b.Rank, a.Block, a.Customer, a.Place).CompareTo((a.Rank, b.Block, b.Customer, b.Place)));
        return ranked;
    }

    bool HasRoom(ReadOnlySpan<Option> options, List<int> chosen, in Option option, int slots)
    {
        var (category, ofKind, alike) = (problem.Goods[option.Good].Category, 0, 0);
        foreach (var place in chosen)
        {
            if (options[place].Good == option.Good) return false;
            if (options[place].Kind == option.Kind) ofKind++;
            if (category != 0 && problem.Goods[options[place].Good].Category == category) alike++;
        }

        return ofKind < slots && alike < problem.MostPerCategory;
    }
}
